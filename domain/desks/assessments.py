"""Desk: the yearly assessment, from self-checks to de-naming, correction and reinstatement."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from uuid import UUID

from domain.desks.closing import batches, missed_of
from domain.desks.desk import Desk, policy_ref, require
from domain.errors import DomainError, Forbidden, Invalid, NotFound, OutOfOrder
from domain.model.campaign import Campaign, campaign_id
from domain.model.fund import Fund
from domain.model.organisation import Kind, Organisation
from domain.model.studio import Studio
from domain.policy.terms import Assessment
from domain.policy.timing import due_day
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


@dataclass(frozen=True)
class Outcome:
    """What became of results that were filed together: how many are recorded, which were refused
    (by their place) and why, and how many names ended by rule.
    """

    recorded: int
    refused: Mapping[int, DomainError]
    de_named: int


class Assessments(Desk):
    """Dynamic management: 自检、考核、督导整改、取消命名、恢复命名."""

    def open(self, mandate: Mandate, *, federation: UUID, policy: str, year: int) -> UUID:
        """Open a federation's assessment of a year under a policy; an officer may, or the rule.

        There is one for the three, however often it is opened.
        """
        place = self.register.get(Organisation, federation, mandate)
        _require_city(mandate, place.lineage)
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
        self.register.save(*studios.values(), *self._freed(mandate, studios.values()))
        return checks

    def check_each(
        self, mandate: Mandate, *, year: int, results: Sequence[Result], keep: bool = True
    ) -> Outcome:
        """File in one commit those of many results that may be filed; tell why the others may not.

        Without `keep` it is only tried, and nothing is recorded.
        """
        studios = self.register.get_many(Studio, [result.studio for result in results], mandate)
        refused: dict[int, DomainError] = {}
        for at, result in enumerate(results):
            try:
                self._file(mandate, studios[result.studio], year, result)
            except DomainError as refusal:
                refused[at] = refusal
        changed = [studio for studio in studios.values() if studio.pending_events]
        ended = [
            event
            for studio in changed
            for event in studio.pending_events
            if getattr(event, "TOPIC", "") == "studio.de_named"
        ]
        if keep and changed:
            self.register.save(*changed, *self._freed(mandate, changed))
        return Outcome(len(results) - len(refused), refused, len(ended))

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

    def close(
        self, mandate: Mandate, campaign: UUID, *, namings: Iterable[tuple[UUID, str]]
    ) -> list[UUID]:
        """End a campaign. Of the given namings (studio, number) those without a result are 未考核.

        They are read as they are needed. More than BATCH are recorded in commits of so many, each
        with a request id of its own, the last one with the end; what was cut off in between is
        closed by closing again. Returns the studios, once for each naming that was missed.
        """
        found = self.register.get(Campaign, campaign, mandate)
        _require_city(mandate, [found.federation])
        missing: list[UUID] = []
        rule = self._rule(found.policy.id)
        for batch, last in batches(namings):
            step = replace(mandate, request_id=f"{mandate.request_id} {found.version}")
            given = mandate if last else step
            missed = missed_of(self.register, given, found, rule, batch)
            ids = [studio.id for studio in missed]
            if last:
                found.under(given).close(ids)
            elif ids:
                found.under(given).miss(ids)
            changed = {studio.id: studio for studio in missed}.values()
            self.register.save(found, *changed, *self._freed(given, changed))
            missing += ids
        return missing

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
        self.register.save(found, *self._freed(mandate, [found]))

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

    def _freed(self, mandate: Mandate, studios: Iterable[Studio]) -> list[Fund]:
        """The funds, unsaved, of the grants that end with a name."""
        return self.register.subsidies.cancel_unpaid(
            mandate.under_rule(CANCELLED), studios, "已取消命名"
        )

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
    return due_day(rule.due_month_day, year)


def _require_city(mandate: Mandate, lineage: Iterable[UUID]) -> None:
    """An officer of the city, or the rule when the time has come."""
    if mandate.role is not Role.RULE:
        require(mandate, Role.CITY_OFFICER, lineage)
