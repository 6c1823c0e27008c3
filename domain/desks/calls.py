"""Desk: opening a call from a policy, moving its deadline, choosing among candidates, ending it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from domain.desks.desk import Desk, by_rule, policy_ref, require
from domain.errors import Invalid, OutOfOrder, Refused
from domain.model.call import Call
from domain.model.organisation import Kind, Organisation
from domain.model.studio import Studio
from domain.policy.policy import Policy
from domain.policy.terms import Quota
from domain.values import Mandate, Money, Role, local


class Calls(Desk):
    """One year's invitation: what the policy says is copied into it and stays."""

    def open(
        self,
        mandate: Mandate,
        *,
        policy: str,
        title: str,
        federation: UUID,
        opens_at: datetime | None = None,
        deadline: datetime | None = None,
        reason: str | None = None,
        amounts: Mapping[str, Money] | None = None,
        uses: Mapping[str, str] | None = None,
        unions: Mapping[str, UUID] | None = None,
    ) -> UUID:
        """Open a call under a policy in effect; `reason` answers another deadline than the policy's.

        `amounts` (per category) and `uses` fill in what the notice leaves to the call;
        `unions` maps names in the policy's quota tables to organisations.
        """
        self._require_federation(mandate, federation)
        pack = self.policy(policy)
        _require_effective(pack, local(opens_at or mandate.at).date())
        filing = pack.deadline()
        stated = filing.instant(local(opens_at or mandate.at).date()) if filing else None
        call = Call.open(
            mandate,
            self.register.new_id(),
            stated=stated,
            reason=reason,
            title=title,
            federation=federation,
            opens_at=opens_at or mandate.at,
            deadline=deadline or stated,
            late=filing.late if filing else "refused",
            amounts=_amounts(pack, amounts or {}),
            uses={use.id: use.name for use in pack.permitted_uses} or dict(uses or {}),
            **_promises(pack, unions or {}),
        )
        self.register.save(call)
        return call.id

    def _require_federation(self, mandate: Mandate, id: UUID) -> None:
        place = self.register.get(Organisation, id, mandate)
        require(mandate, Role.CITY_OFFICER, place.lineage)
        if place.kind != Kind.FEDERATION:
            raise Invalid("not_a_federation", "申报批次只能由总工会发起", field="federation")

    def extend(self, mandate: Mandate, call: UUID, *, deadline: datetime, reason: str) -> None:
        """Move the deadline later, with the reason."""
        found = self._of_federation(mandate, call)
        found.extend(deadline, reason)
        self.register.save(found)

    def pass_deadline(self, mandate: Mandate, call: UUID) -> None:
        """By rule: take no more applications, for the deadline is over."""
        by_rule(mandate)
        found = self.register.get(Call, call, mandate)
        found.pass_deadline()
        self.register.save(found)

    def close(self, mandate: Mandate, call: UUID) -> None:
        """Take no more applications."""
        found = self._of_federation(mandate, call)
        found.close()
        self.register.save(found)

    def rank(
        self, mandate: Mandate, call: UUID, *, union: UUID, category: str, order: list[UUID]
    ) -> None:
        """A recommending union ranks what it recommends in a category, best first."""
        found = self.register.get(Call, call, mandate)
        place = self.register.get(Organisation, union, mandate)
        # Units attached directly to the federation are ranked by the federation itself.
        own = (Role.CITY_OFFICER,) if union == found.federation else ()
        require(mandate, (Role.RECOMMENDING_UNION, *own), place.lineage)
        found.rank(union, category, order)
        self.register.save(found)

    def select(
        self,
        mandate: Mandate,
        call: UUID,
        *,
        category: str,
        places: int,
        chosen: list[UUID],
        opinion: str,
    ) -> None:
        """Choose among the candidates that passed all earlier stages; more of them than places."""
        found = self._of_federation(mandate, call)
        if found.stage("selection") is None:
            raise OutOfOrder("no_selection", "本政策没有遴选环节")
        waiting = self._waiting(mandate, found, category, "selection")
        for application, studio in waiting.items():
            self.register.review.admit(mandate, studio, found, application, "selection")
        found.select(category, places, list(waiting), chosen)
        for application in chosen:
            waiting[application].review(
                application,
                stage="selection",
                outcome="passed",
                opinion=opinion,
                judgements={},
                rank=found.entry(application).rank,
                document=None,
            )
        self.register.save(found, *(waiting[application] for application in chosen))

    def conclude(self, mandate: Mandate, call: UUID, reason: str) -> None:
        """End the call's business. What is still open is not chosen; naming nobody is legal."""
        found = self._of_federation(mandate, call)
        entries = {
            entry.application: entry.studio
            for entry in found.entries.values()
            if entry.state in ("entered", "recommended", "selected")
        }
        studios = self.register.get_many(Studio, entries.values(), mandate)
        for application, studio in entries.items():
            if studios[studio].application(application).on_notice:
                raise OutOfOrder("on_notice", "还有公示中的工作室，不能办结")
            studios[studio].close_application(application, reason)
            found.leave(application, "not_chosen")
        found.conclude(reason)
        self.register.save(found, *studios.values())

    def _of_federation(self, mandate: Mandate, call: UUID) -> Call:
        found = self.register.get(Call, call, mandate)
        require(mandate, Role.CITY_OFFICER, [found.federation])
        return found

    def _waiting(
        self, mandate: Mandate, call: Call, category: str, stage: str
    ) -> dict[UUID, Studio]:
        """The studios whose application in a category stands at a stage, by application."""
        entries = {
            entry.application: entry.studio
            for entry in call.entries.values()
            if entry.category == category and entry.state in ("entered", "recommended")
        }
        studios = self.register.get_many(Studio, entries.values(), mandate)
        return {
            application: studios[studio]
            for application, studio in entries.items()
            if studios[studio].application(application).stands_at(stage)
        }


def _require_effective(pack: Policy, day: date) -> None:
    """A call opens on a day on which its policy is in effect."""
    first, last = pack.effective_from, pack.effective_to
    if (first is None or first <= day) and (last is None or day <= last):
        return
    span = "，".join(
        [*([f"自 {first} 起施行"] if first else []), *([f"至 {last} 止"] if last else [])]
    )
    raise Refused(
        "policy_not_effective",
        f"“{pack.document.name}”{span}，{day} 不能据此开始申报",
        field="policy",
        effective_from=first.isoformat() if first else None,
        effective_to=last.isoformat() if last else None,
    )


def _promises(pack: Policy, unions: Mapping[str, UUID]) -> dict[str, Any]:
    """What the call copies from the policy as it stands."""
    return {
        "policy": policy_ref(pack),
        "categories": {category.id: category.name for category in pack.categories},
        "stages": [_stage(stage) for stage in pack.stages],
        "quotas": [rule for quota in pack.quotas for rule in _quota(quota, unions)],
        "warnings": [warning.message for warning in pack.warnings],
    }


def _stage(stage: Any) -> dict[str, Any]:
    return {
        "id": stage.id,
        "name": stage.name,
        "by": stage.by,
        "ranking": stage.ranking,
        "more_candidates_than_places": stage.more_candidates_than_places,
        "categories": list(stage.categories),
        "clause": stage.clause,
    }


def _quota(quota: Quota, unions: Mapping[str, UUID]) -> list[dict[str, Any]]:
    """A quota as the call keeps it: one rule for everyone, and one for each union in its table."""
    common: dict[str, Any] = {
        "id": quota.id,
        "per": quota.per,
        "force": quota.force,
        "clause": quota.clause,
        "text": quota.text,
        "except": [],
    }
    rules = []
    told: dict[UUID, set[str]] = {}
    for row in quota.rows:
        if row.union not in unions:
            raise Invalid(
                "union_unmapped", f"名额表中的“{row.union}”没有对应的组织", field="unions"
            )
        categories = list(row.categories or quota.categories)
        union = unions[row.union]
        rules.append({**common, "categories": categories, "cap": row.cap, "union": union})
        told.setdefault(union, set()).update(categories)
    if quota.cap is not None:
        for union, known in told.items():
            rest = [each for each in quota.categories if each not in known]
            if rest:
                rules.append({**common, "categories": rest, "cap": quota.cap, "union": union})
        everyone = {"categories": list(quota.categories), "cap": quota.cap, "union": None}
        rules.append({**common, **everyone, "except": list(told)})
    return rules


def _amounts(pack: Policy, given: Mapping[str, Money]) -> dict[str, Money]:
    """What a named studio of each category receives: the notice's amount, else the call's own."""
    amounts = {}
    for category in pack.categories:
        if category.subsidy is None:
            if category.id in given:
                raise Invalid("no_subsidy", f"“{category.name}”没有补助", field="amounts")
            continue
        stated = category.subsidy.amounts
        amount = given.get(category.id, category.subsidy.amount)
        if stated and amount is not None and amount not in stated:
            told = "、".join(f"{each} 元" for each in stated)
            raise Refused(
                "amount_differs",
                f"通知规定“{category.name}”补助 {told}",
                field="amounts",
                clause=category.subsidy.clause,
            )
        if amount is not None and (limit := category.subsidy.broken_by(amount)):
            raise Refused(
                "amount_differs",
                f"通知规定“{category.name}”补助{category.subsidy.words}",
                field="amounts",
                clause=category.subsidy.clause,
                limit=limit[0].fen,
            )
        if amount is not None:
            amounts[category.id] = amount
    return amounts
