"""Desk: the yearly assessment, from self-checks to de-naming, correction and reinstatement."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from domain.desks.desk import Desk, policy_ref, require
from domain.errors import Forbidden, Invalid, NotFound, OutOfOrder
from domain.model import runs
from domain.model.campaign import Campaign, campaign_id
from domain.model.organisation import Kind, Organisation
from domain.model.studio import Studio
from domain.policy.terms import Assessment
from domain.values import Evidence, Mandate, Role

ASSESSOR_OF = {
    Role.UNIT_UNION: "unit_union",
    Role.RECOMMENDING_UNION: "recommending_union",
    Role.CITY_OFFICER: "city",
}

CANCELLED = "取消命名后未拨付的补助一并取消"
"""The rule under which unpaid grants end with a name (domain.md §3)."""


@dataclass(frozen=True)
class Result:
    """One studio's result of a year, as an assessor files it."""

    studio: UUID
    number: str
    grade: str
    findings: str = ""
    evidence: tuple[Evidence, ...] = field(default=())
    received_on: date | None = None


class Assessments(Desk):
    """Dynamic management: 自检、考核、督导整改、取消命名、恢复命名."""

    def open(self, mandate: Mandate, *, federation: UUID, policy: str, year: int) -> UUID:
        """Open a federation's assessment of a year under a policy."""
        place = self.register.get(Organisation, federation, mandate)
        require(mandate, Role.CITY_OFFICER, place.lineage)
        if place.kind != Kind.FEDERATION:
            raise Invalid("not_a_federation", "年度考核只能由总工会发起", field="federation")
        rule = self._rule(policy)
        if self.register.exists(campaign_id(federation, policy, year)):
            raise OutOfOrder("campaign_open", f"{year} 年度考核已开始", field="year")
        if year > mandate.on.year:
            raise Invalid("year_in_future", "不能考核将来的年度", field="year")
        campaign = Campaign.open(
            mandate,
            federation=federation,
            year=year,
            policy=policy_ref(self.policy(policy)),
            due_on=due_on(rule, year),
        )
        self.register.save(campaign)
        return campaign.id

    def self_check(
        self,
        mandate: Mandate,
        studio: UUID,
        *,
        number: str,
        year: int,
        period: str,
        summary: str,
        evidence: Sequence[Evidence] = (),
    ) -> None:
        """A studio looks at its own work of a period."""
        found = self.register.get(Studio, studio, mandate)
        require(mandate, Role.UNIT_UNION, found.lineage)
        found.self_check(number, year=year, period=period, summary=summary, evidence=list(evidence))
        self.register.save(found)

    def check(self, mandate: Mandate, *, year: int, result: Result) -> UUID:
        """File one result; what follows from it by rule is in the same commit."""
        return self.check_many(mandate, year=year, results=[result])[0]

    def check_many(self, mandate: Mandate, *, year: int, results: Sequence[Result]) -> list[UUID]:
        """File many results in one commit: all of them or none. Returns their ids in order."""
        studios = self.register.get_many(Studio, [result.studio for result in results], mandate)
        checks = [self._file(mandate, studios[result.studio], year, result) for result in results]
        funds = self.register.subsidies.cancel_unpaid(
            mandate.under_rule(CANCELLED), studios.values(), "已取消命名"
        )
        self.register.save(*studios.values(), *funds)
        return checks

    def file(
        self, mandate: Mandate, campaign: UUID, *, union: UUID, received_on: date | None = None
    ) -> None:
        """Record that a union has filed all its results of the year with the city."""
        found = self.register.get(Campaign, campaign, mandate)
        place = self.register.get(Organisation, union, mandate)
        require(
            mandate,
            (Role.RECOMMENDING_UNION, Role.CITY_OFFICER),
            [*place.lineage, found.federation],
        )
        if found.federation not in place.lineage:
            raise Forbidden("outside_scope", "该单位不属于本总工会", field="union")
        found.file(union, _received(mandate, received_on))
        self.register.save(found)

    def close(self, mandate: Mandate, campaign: UUID, *, namings: Mapping[UUID, str]) -> list[UUID]:
        """End a campaign. Of the given namings (studio → number) those without a result are 未考核.

        Returns the studios that were missed.
        """
        found = self.register.get(Campaign, campaign, mandate)
        require(mandate, Role.CITY_OFFICER, [found.federation])
        rule = self._rule(found.policy.id)
        studios = self.register.get_many(Studio, namings, mandate)
        missed = []
        for id, number in namings.items():
            naming = studios[id].naming(number)
            expected = runs.counts(rule, found.year, naming.on.year)
            here = (naming.federation, naming.policy.id) == (found.federation, found.policy.id)
            open_ = naming.status == "active" and here
            if expected and open_ and naming.governing(found.year) is None:
                studios[id].miss(rule, number, found.year)
                missed.append(id)
        found.close(missed)
        funds = self.register.subsidies.cancel_unpaid(
            mandate.under_rule(CANCELLED), [studios[id] for id in missed], "已取消命名"
        )
        self.register.save(found, *(studios[id] for id in missed), *funds)
        return missed

    def correct(
        self,
        mandate: Mandate,
        studio: UUID,
        *,
        number: str,
        check: UUID,
        grade: str,
        reason: str,
        document: str,
    ) -> None:
        """Correct a result by a formal decision; de-naming or a reinstatement case may follow."""
        found = self._of_federation(mandate, studio, number)
        rule = self._rule(found.naming(number).policy.id)
        found.correct(rule, number, check=check, grade=grade, reason=reason, document=document)
        funds = self.register.subsidies.cancel_unpaid(
            mandate.under_rule(CANCELLED), [found], "已取消命名"
        )
        self.register.save(found, *funds)

    def rectify(
        self,
        mandate: Mandate,
        studio: UUID,
        *,
        number: str,
        year: int,
        accepted: bool,
        findings: str,
        evidence: Sequence[Evidence] = (),
    ) -> None:
        """Judge a rectification."""
        found = self.register.get(Studio, studio, mandate)
        require(mandate, (Role.RECOMMENDING_UNION, Role.CITY_OFFICER), found.lineage)
        found.rectify(
            number, year=year, accepted=accepted, findings=findings, evidence=list(evidence)
        )
        self.register.save(found)

    def revoke(
        self, mandate: Mandate, studio: UUID, *, number: str, document: str, reason: str
    ) -> None:
        """Confirm a de-naming that the rule has proposed."""
        found = self._of_federation(mandate, studio, number)
        found.revoke(number, document=document, reason=reason)
        funds = self.register.subsidies.cancel_unpaid(mandate, [found], "已取消命名")
        self.register.save(found, *funds)

    def reinstate(
        self,
        mandate: Mandate,
        studio: UUID,
        *,
        number: str,
        document: str,
        reason: str,
        accepted: bool = True,
    ) -> None:
        """Decide a reinstatement case, for the studio or against it."""
        found = self._of_federation(mandate, studio, number)
        decide = found.reinstate if accepted else found.decline_reinstatement
        decide(number, document=document, reason=reason)
        self.register.save(found)

    def _file(self, mandate: Mandate, studio: Studio, year: int, result: Result) -> UUID:
        assessor = ASSESSOR_OF.get(mandate.role)
        naming = studio.naming(result.number)
        # What governs is the result of the city that named, not of any federation in between.
        city = mandate.role is Role.CITY_OFFICER
        require(mandate, tuple(ASSESSOR_OF), [naming.federation] if city else studio.lineage)
        rule = self._rule(naming.policy.id)
        check = self.register.new_id()
        studio.check(
            rule,
            result.number,
            check=check,
            year=year,
            assessor=assessor or "",
            grade=result.grade,
            findings=result.findings,
            evidence=list(result.evidence),
            due_on=due_on(rule, year),
            received_on=_received(mandate, result.received_on),
        )
        return check

    def _rule(self, policy: str) -> Assessment:
        rule = self.policy(policy).assessment
        if rule is None:
            raise NotFound("no_assessment", "该政策没有年度考核规定", field="policy")
        return rule

    def _of_federation(self, mandate: Mandate, studio: UUID, number: str) -> Studio:
        found = self.register.get(Studio, studio, mandate)
        require(mandate, Role.CITY_OFFICER, [found.naming(number).federation])
        return found


def _received(mandate: Mandate, stated: date | None) -> date:
    """The day a filing was received: today, unless the city enters one that came on paper."""
    if stated is None or stated == mandate.on:
        return mandate.on
    if mandate.role is not Role.CITY_OFFICER:
        raise Forbidden("received_by_city", "收到日期由市总工会登记", field="received_on")
    return stated


def due_on(rule: Assessment, year: int) -> date:
    """The day by which a year's results are filed with the city (Changchun: every year-end)."""
    month, day = map(int, rule.due_month_day.split("-"))
    return date(year, month, day)
