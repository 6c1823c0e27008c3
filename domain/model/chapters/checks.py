"""Chapter five: yearly checks, rectification, three failures in a row, correction, reinstatement.

Changchun 长会办字〔2023〕33号 五5 is the only notice that says 连续三年不合格的取消命名; what it leaves
open is decided in domain.md §3. The rule itself comes from the pack, as `Assessment`.
"""

from datetime import date, timedelta
from uuid import UUID

from eventsourcing.domain import event

from domain.errors import Invalid, OutOfOrder
from domain.model import runs
from domain.model.chapters.revocation import Revocation
from domain.model.chapters.state import Check, Naming
from domain.policy.terms import Assessment, Grade
from domain.values import Evidence

ASSESSORS = {"unit_union": "所在单位工会", "recommending_union": "推荐单位工会", "city": "市总工会"}


class Checks(Revocation):
    """A year has one governing result; a run is counted over years, not over recordings."""

    def self_check(
        self, number: str, *, year: int, period: str, summary: str, evidence: list[Evidence]
    ) -> None:
        """The studio's own look at a period of a year; one for each period."""
        naming = self.active_naming(number)
        if not naming.on.year <= year <= self.mandate.on.year:
            raise Invalid("year_out_of_range", "自检年度须在命名年度与今年之间", field="year")
        if (year, period) in naming.self_checks:
            raise OutOfOrder("already_checked", f"{year} 年 {period} 已自检", field="period")
        self._self_checked(
            number=number, year=year, period=period, summary=summary, evidence=evidence
        )

    def check(
        self,
        rule: Assessment,
        number: str,
        *,
        check: UUID,
        year: int,
        assessor: str,
        grade: str,
        findings: str,
        evidence: list[Evidence],
        due_on: date,
        received_on: date,
    ) -> None:
        """Record one assessor's result of a year and what follows from it by rule.

        A failing that completes a run of N years is recorded with FailedThreeYears and, where
        the pack revokes by itself, DeNamed, all in one commit; an earlier one orders
        rectification. A late filing is only marked; years up to a name's end may get one.
        """
        naming = self._assessed(number, year)
        given = _grade(rule, grade)
        self._require_new(naming, year, assessor, received_on)
        before = naming.results()
        self._annually_checked(
            check=check,
            number=number,
            year=year,
            assessor=assessor,
            grade=grade,
            grade_name=given.name,
            failing=given.failing,
            counts=runs.counts(rule, year, naming.on.year),
            findings=findings,
            evidence=evidence,
            due_on=due_on,
            received_on=received_on,
            late=received_on > due_on,
        )
        self._follow_up(rule, naming, year, before)

    def _require_new(self, naming: Naming, year: int, assessor: str, received_on: date) -> None:
        if assessor not in ASSESSORS:
            raise Invalid("assessor_unknown", "考核单位不明", field="assessor")
        if year < naming.on.year or year > self.mandate.on.year:
            raise Invalid("year_out_of_range", "考核年度须在命名年度与今年之间", field="year")
        if received_on > self.mandate.on:
            raise Invalid("date_in_future", "收到日期不能晚于今天", field="received_on")
        if assessor in naming.checks.get(year, {}):
            raise OutOfOrder(
                "already_checked",
                f"{ASSESSORS[assessor]}已录入 {year} 年度结果，请用更正",
                field="year",
            )

    def correct(
        self, rule: Assessment, number: str, *, check: UUID, grade: str, reason: str, document: str
    ) -> None:
        """Correct a recorded result by a formal decision; the old event stays and is cited.

        A correction that completes a run de-names like a check; one that breaks the run of a
        de-named studio opens a reinstatement case, which an officer decides, and one that breaks
        a run for which de-naming was only proposed ends the proposal.
        """
        naming = self.naming(number)
        found = naming.check(check)
        given = _grade(rule, grade)
        if grade == found.grade:
            raise OutOfOrder("nothing_changed", "更正后的结果与原结果相同", field="grade")
        before = naming.results()
        self._corrected(
            check=check,
            number=number,
            year=found.year,
            cites=found.version,
            old_grade=found.grade,
            grade=grade,
            grade_name=given.name,
            failing=given.failing,
            reason=reason,
            document=document,
        )
        self._follow_up(rule, naming, found.year, before)

    def miss(self, rule: Assessment, number: str, year: int) -> None:
        """The campaign closed without a result for the year: 未考核, which by itself is no failing.

        Only a pack that says `missing_year: fails` lets it count, and then a run may be full.
        """
        naming = self.active_naming(number)
        if naming.governing(year) is not None or year in naming.missed:
            raise OutOfOrder("already_checked", f"{year} 年度已有结果", field="year")
        before = naming.results()
        self._assessment_missed(number=number, year=year)
        if rule.missing_year == "fails":
            self._follow_up(rule, naming, year, before)

    def rectify(
        self, number: str, *, year: int, accepted: bool, findings: str, evidence: list[Evidence]
    ) -> None:
        """Record how a rectification was judged; it does not erase the year's result."""
        naming = self.active_naming(number)
        if year not in naming.rectifications:
            raise OutOfOrder("no_rectification", f"{year} 年度没有待办的整改", field="year")
        self._rectified(
            number=number, year=year, accepted=accepted, findings=findings, evidence=evidence
        )

    def _assessed(self, number: str, year: int) -> Naming:
        naming = self.naming(number)
        over = naming.status in ("de_named", "upgraded")
        if over and naming.ended_on and year <= naming.ended_on.year:
            return naming
        return self.active_naming(number)

    def _follow_up(
        self, rule: Assessment, naming: Naming, year: int, before: dict[int, bool | None]
    ) -> None:
        """What a year's result brings about by rule: nothing, an order, or the end of the name."""
        results = naming.results()
        full = runs.full_run(rule, results, naming.on.year)
        if year in naming.rectifications and not results.get(year):
            self._rectification_lifted(number=naming.number, year=year, because=self.version)
        if naming.status == "de_named":
            if results != before:
                self.weigh_end(rule, naming, holds=bool(full))
        elif naming.status != "active":
            return
        elif full and not naming.proposed:
            self.fail_run(rule, naming, full)
        else:
            if naming.proposed and not full:
                self.withdraw_proposal(rule, naming)
            if results.get(year) and not before.get(year):
                self._order_rectification(rule, naming, year)

    def _order_rectification(self, rule: Assessment, naming: Naming, year: int) -> None:
        run = runs.run_with(rule, naming.results(), naming.on.year, year)
        self._rectification_ordered(
            number=naming.number,
            year=year,
            due_on=self.mandate.on + timedelta(days=rule.rectification_days),
            failures=len(run),
            remaining=max(rule.failures_to_revoke - len(run), 0),
            clause=rule.clause,
        )

    @event("SelfChecked", topic="studio.self_checked")
    def _self_checked(
        self, number: str, year: int, period: str, summary: str, evidence: list[Evidence]
    ) -> None:
        self.namings[number].self_checks.add((year, period))

    @event("AnnuallyChecked", topic="studio.annually_checked")
    def _annually_checked(
        self,
        check: UUID,
        number: str,
        year: int,
        assessor: str,
        grade: str,
        grade_name: str,
        failing: bool,
        counts: bool,
        findings: str,
        evidence: list[Evidence],
        due_on: date,
        received_on: date,
        late: bool,
    ) -> None:
        found = Check(check, year, assessor, grade, failing, self.version + 1)
        self.namings[number].checks.setdefault(year, {})[assessor] = found

    @event("CheckCorrected", topic="studio.check_corrected")
    def _corrected(
        self,
        check: UUID,
        number: str,
        year: int,
        cites: int,
        old_grade: str,
        grade: str,
        grade_name: str,
        failing: bool,
        reason: str,
        document: str,
    ) -> None:
        found = self.namings[number].check(check)
        found.grade, found.failing, found.version = grade, failing, self.version + 1

    @event("AssessmentMissed", topic="studio.assessment_missed")
    def _assessment_missed(self, number: str, year: int) -> None:
        self.namings[number].missed[year] = self.version + 1

    @event("RectificationOrdered", topic="studio.rectification_ordered")
    def _rectification_ordered(
        self, number: str, year: int, due_on: date, failures: int, remaining: int, clause: str
    ) -> None:
        self.namings[number].rectifications[year] = due_on

    @event("RectificationLifted", topic="studio.rectification_lifted")
    def _rectification_lifted(self, number: str, year: int, because: int) -> None:
        del self.namings[number].rectifications[year]

    @event("Rectified", topic="studio.rectified")
    def _rectified(
        self, number: str, year: int, accepted: bool, findings: str, evidence: list[Evidence]
    ) -> None:
        if accepted:
            del self.namings[number].rectifications[year]


def _grade(rule: Assessment, id: str) -> Grade:
    grade = rule.grade(id)
    if grade is None:
        names = "、".join(f"{known.id}（{known.name}）" for known in rule.grades)
        raise Invalid("grade_unknown", f"考核等次须为：{names}", field="grade")
    return grade
