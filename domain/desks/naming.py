"""Desk: naming after the notice, plaques, and what changes a named studio without ending it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from domain.desks.claims import number_of
from domain.desks.desk import Desk, policy_ref, refuse_reserved, require
from domain.errors import Invalid, OutOfOrder, Refused
from domain.model.call import Call
from domain.model.claim import Claim
from domain.model.notice import Notice
from domain.model.studio import Studio
from domain.policy.evaluate import check_leader
from domain.policy.policy import Policy
from domain.values import Mandate, Role

REPORTERS = (Role.UNIT_UNION, Role.RECOMMENDING_UNION, Role.CITY_OFFICER)
"""Who may report that a leader is gone; who follows is the city's decision."""


class NamingDesk(Desk):
    """The city's decisions on names."""

    def name(
        self,
        mandate: Mandate,
        studio: UUID,
        application: UUID,
        *,
        number: str,
        document: str,
        on: date | None = None,
    ) -> None:
        """Name one studio by a numbered decision; an ended notice is completed with it."""
        call = self.register.get(Studio, studio, mandate).application(application).call
        self.name_all(mandate, call, numbers={application: number}, document=document, on=on)

    def name_all(
        self,
        mandate: Mandate,
        call: UUID,
        *,
        numbers: Mapping[UUID, str],
        document: str,
        on: date | None = None,
    ) -> None:
        """Name several studios of a call in one decision; `numbers` gives each application its own."""
        found = self.register.get(Call, call, mandate)
        require(mandate, Role.CITY_OFFICER, [found.federation])
        pack = self.policy(found.policy.id)
        wanted = {application: found.entry(application).studio for application in numbers}
        studios = self.register.get_many(Studio, wanted.values(), mandate)
        notices = self._complete_notices(mandate, studios, wanted)
        claims = []
        for application, id in wanted.items():
            studio = studios[id]
            studio.name_it(
                application,
                number=numbers[application],
                level=pack.level,
                federation=found.federation,
                document=document,
                on=on or mandate.on,
                upgrades=_lower_naming(pack, studio, application),
            )
            found.name(application, numbers[application])
            claims.append(self._claim(mandate, found.federation, numbers[application], id))
        self.register.save(found, *notices, *studios.values(), *claims)

    def record_naming(
        self,
        mandate: Mandate,
        studio: UUID,
        *,
        policy: str,
        category: str,
        number: str,
        document: str,
        on: date,
    ) -> None:
        """Enter a naming decided before this register was kept."""
        found = self.register.get(Studio, studio, mandate)
        require(mandate, Role.CITY_OFFICER, found.lineage)
        pack = self.policy(policy)
        pack.category(category)
        self._require_no_procedure(found, pack.level, category)
        federation = _organisation(mandate)
        found.record_naming(
            number=number,
            level=pack.level,
            category=category,
            federation=federation,
            document=document,
            on=on,
            policy=policy_ref(pack),
        )
        self.register.save(found, self._claim(mandate, federation, number, studio))

    def _require_no_procedure(self, studio: Studio, level: str, category: str) -> None:
        """Who is in the procedure is named by it, and never around it."""
        for each in studio.applications.values():
            same = each.category == category and self.policy(each.policy.id).level == level
            if each.open and same:
                raise OutOfOrder(
                    "application_open",
                    "该工作室同一类别的申报正在审核，须按程序命名；补录以往命名请先办结该申报",
                )

    def issue_plaque(
        self, mandate: Mandate, studio: UUID, number: str, *, plaque: str, on: date | None = None
    ) -> None:
        """Record that the plaque was handed over."""
        found = self._named(mandate, studio, number)
        category = self.policy(found.naming(number).policy.id).category(
            found.naming(number).category
        )
        if not category.plaque:
            raise Refused("no_plaque", f"“{category.name}”不颁发牌匾", clause=category.clause)
        found.issue_plaque(number, plaque=plaque, on=on or mandate.on)
        self.register.save(found)

    def rename(self, mandate: Mandate, studio: UUID, *, name: str, reason: str) -> None:
        """Rename a studio; where its category prescribes how names are made, the rule holds."""
        found = self.register.get(Studio, studio, mandate)
        require(mandate, Role.CITY_OFFICER, found.lineage)
        self._check_name(found, name, found.leader.name)
        found.rename(name, reason=reason)
        self.register.save(found)

    def date_founding(
        self, mandate: Mandate, studio: UUID, *, founded_on: date, reason: str
    ) -> None:
        """Enter or correct the day of a studio's founding, which dossiers are compared with."""
        found = self.register.get(Studio, studio, mandate)
        require(mandate, Role.CITY_OFFICER, found.lineage)
        found.date_founding(founded_on, reason=reason)
        self.register.save(found)

    def open_leader_change(
        self,
        mandate: Mandate,
        studio: UUID,
        *,
        why: str,
        on: date,
        reason: str,
        number: str | None = None,
    ) -> None:
        """Report that the leader retired, left, lost the title or died: a change case opens."""
        found = self.register.get(Studio, studio, mandate)
        require(mandate, REPORTERS, found.lineage)
        found.open_leader_change(why, on=on, reason=reason, number=number)
        self.register.save(found)

    def close_leader_change(self, mandate: Mandate, studio: UUID, *, reason: str) -> None:
        """Close the change case without a successor, with the reason."""
        found = self.register.get(Studio, studio, mandate)
        require(mandate, Role.CITY_OFFICER, found.lineage)
        found.close_leader_change(reason=reason)
        self.register.save(found)

    def change_leader(
        self,
        mandate: Mandate,
        studio: UUID,
        *,
        leader: Mapping[str, Any],
        facts: Mapping[str, Any],
        reason: str,
        name: str | None = None,
    ) -> None:
        """A successor takes over; `facts` are the leader's, as a dossier has them.

        The successor is checked against the leader conditions of every category that the studio
        is named in; an open change case ends with it. Where a name is the leader's, the new name
        comes in the same commit.
        """
        found = self.register.get(Studio, studio, mandate)
        require(mandate, Role.CITY_OFFICER, found.lineage)
        refuse_reserved(leader)
        refuse_reserved(facts)
        successor = self.person(self.register.new_id(), leader)
        verdicts = [
            verdict.as_dict()
            for naming in found.namings.values()
            if naming.status == "active"
            for verdict in check_leader(
                self.policy(naming.policy.id).category(naming.category),
                {"leader": {**facts, "name": successor.name}},
                mandate.on,
            )
        ]
        self._check_name(found, name or found.name, successor.name)
        found.change_leader(successor, reason=reason, verdicts=verdicts)
        if name is not None and name != found.name:
            found.rename(name, reason=reason)
        self.register.save(found)

    def merge(
        self, mandate: Mandate, studio: UUID, *, successor: UUID, decision: str, on: date
    ) -> None:
        """End a studio in favour of another, which goes on; its unpaid subsidies are cancelled."""
        both = self.register.get_many(Studio, [studio, successor], mandate)
        for each in both.values():
            require(mandate, Role.CITY_OFFICER, each.lineage)
        both[successor].require_alive()
        calls = self._leave_calls(mandate, both[studio], "merged")
        both[studio].merge_into(successor, decision=decision, on=on)
        funds = self.register.subsidies.cancel_unpaid(mandate, [both[studio]], "工作室已合并")
        self.register.save(both[studio], *calls, *funds)

    def close(self, mandate: Mandate, studio: UUID, *, reason: str, on: date) -> None:
        """Close a studio; its unpaid subsidies are cancelled in the same commit."""
        found = self.register.get(Studio, studio, mandate)
        require(mandate, Role.CITY_OFFICER, found.lineage)
        calls = self._leave_calls(mandate, found, "closed")
        found.close(reason=reason, on=on)
        funds = self.register.subsidies.cancel_unpaid(mandate, [found], "工作室已关闭")
        self.register.save(found, *calls, *funds)

    def _leave_calls(self, mandate: Mandate, studio: Studio, why: str) -> list[Call]:
        """An ended studio's open applications leave their calls, so that these can be concluded."""
        pending = {each.id: each.call for each in studio.applications.values() if each.open}
        calls = self.register.get_many(Call, pending.values(), mandate)
        for application, call in pending.items():
            calls[call].leave(application, why)
        return list(calls.values())

    def _complete_notices(
        self, mandate: Mandate, studios: dict[UUID, Studio], wanted: Mapping[UUID, UUID]
    ) -> list[Notice]:
        """Complete the notices that ended but were not closed yet; their studios join `studios`."""
        pending = {
            notice
            for application, studio in wanted.items()
            if (notice := studios[studio].application(application).notice) is not None
            and not studios[studio].application(application).notice_done
        }
        notices = self.register.get_many(Notice, sorted(pending), mandate)
        for ended in notices.values():
            studios.update(self.register.publicity.completed(mandate, ended))
        return list(notices.values())

    def _claim(self, mandate: Mandate, federation: UUID, number: str, studio: UUID) -> Claim:
        return number_of(self.register, mandate, federation, number, studio)

    def _check_name(self, studio: Studio, name: str, leader: str) -> None:
        for naming in studio.namings.values():
            category = self.policy(naming.policy.id).category(naming.category)
            pattern = category.naming
            if naming.status == "active" and pattern and not pattern.matches(name, leader):
                raise Invalid("name_pattern", f"名称应为“{pattern.apply(leader)}”", field="name")

    def _named(self, mandate: Mandate, studio: UUID, number: str) -> Studio:
        found = self.register.get(Studio, studio, mandate)
        require(mandate, Role.CITY_OFFICER, [found.naming(number).federation])
        return found


def _lower_naming(pack: Policy, studio: Studio, application: UUID) -> str | None:
    """The number of the naming that this one rises from, if the category has a lower one.

    Raises OutOfOrder where that naming was taken away after the dossier had been judged with it.
    """
    found = studio.application(application)
    lower = pack.category(found.category).upgrades_from
    lower_ones = [
        naming
        for naming in studio.namings.values()
        if naming.level == pack.level and naming.category in lower
    ]
    for naming in lower_ones:
        if naming.status == "active":
            return naming.number
    for naming in lower_ones:
        if naming.status == "de_named" and naming.ended_on and naming.ended_on >= found.filed_on:
            raise OutOfOrder(
                "lower_name_ended",
                f"命名“{naming.number}”在申报后被取消，不能据此升级；请撤回，符合条件后重新申报",
            )
    return None


def _organisation(mandate: Mandate) -> UUID:
    if mandate.organisation is None:
        raise Invalid("organisation_missing", "须代表一个组织办理", field="organisation")
    return mandate.organisation
