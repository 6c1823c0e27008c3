"""The end of a name by rule, and the way back: revoked, reinstated, or not."""

from datetime import date
from typing import Any

from eventsourcing.domain import event

from domain.errors import OutOfOrder
from domain.model.chapters.state import Naming, StudioState
from domain.policy.terms import Assessment
from domain.values import Actor, Mandate, PolicyRef

NO_CASCADE = "一处取消命名，其他命名只提醒、不连带"
"""The rule under which other namings are alerted (domain.md §3: named at several levels)."""


class Revocation(StudioState):
    """What follows once the years have been counted; the counting is in Checks."""

    def revoke(self, number: str, *, document: str, reason: str) -> None:
        """Confirm a de-naming that the rule proposed (`revocation: proposed`)."""
        naming = self.active_naming(number)
        if not naming.proposed:
            raise OutOfOrder("not_proposed", "没有依规提出的取消命名建议")
        self._end_name(naming, reason=reason, clause=None, document=document)

    def reinstate(self, number: str, *, document: str, reason: str) -> None:
        """Decide a reinstatement case in the studio's favour; it must not have ended, or been named anew."""
        naming = self.naming(number)
        if not naming.case:
            raise OutOfOrder("no_case", "没有待决定的恢复命名事项")
        self.require_alive()
        self.require_unnamed(naming.level, naming.category, but=number)
        self._reinstated(number=number, document=document, reason=reason, by=self.mandate.actor)

    def decline_reinstatement(self, number: str, *, document: str, reason: str) -> None:
        """Decide a reinstatement case against the studio."""
        if not self.naming(number).case:
            raise OutOfOrder("no_case", "没有待决定的恢复命名事项")
        self._reinstatement_declined(number=number, document=document, reason=reason)

    def fail_run(self, rule: Assessment, naming: Naming, years: tuple[int, ...]) -> None:
        """The run is full: say so, naming its sources, and end the name where the pack does."""
        sources = []
        for year in years:
            check = naming.governing(year)
            if check is not None:
                sources.append({"year": year, "check": check.id, "version": check.version})
            else:
                sources.append({"year": year, "check": None, "version": naming.missed[year]})
        author = self._begin_rule(rule, naming)
        self._failed_three_years(
            number=naming.number,
            years=list(years),
            sources=sources,
            clause=rule.clause,
            text=rule.text,
            policy=naming.policy,
        )
        if rule.revocation == "automatic":
            reason = f"{'、'.join(map(str, years))} 年度{rule.counted} {len(years)} 年考核不合格"
            self._end_name(naming, reason=reason, clause=rule.clause, document=None)
        self.mandate = author

    def withdraw_proposal(self, rule: Assessment, naming: Naming) -> None:
        """The run no longer holds, so what the rule proposed falls."""
        because, author = self.version, self._begin_rule(rule, naming)
        self._proposal_withdrawn(number=naming.number, because=because)
        self.mandate = author

    def weigh_end(self, rule: Assessment, naming: Naming, *, holds: bool) -> None:
        """A result of a de-named studio changed: a case opens, or the one that is open falls."""
        if not naming.case and not holds:
            self._case_opened(number=naming.number, because=self.version)
        elif naming.case and holds:
            author = self._begin_rule(rule, naming)
            self._reinstatement_declined(
                number=naming.number,
                document="",
                reason=f"更正后{rule.counted}不合格仍然成立，依规不予恢复",
            )
            self.mandate = author

    def _end_name(
        self, naming: Naming, *, reason: str, clause: str | None, document: str | None
    ) -> None:
        """De-name at one level. Whatever else the studio is named goes on; who keeps it is told."""
        author = self.mandate
        self._de_named(
            number=naming.number, on=author.on, reason=reason, clause=clause, document=document
        )
        others = [
            {
                "number": other.number,
                "level": other.level,
                "category": other.category,
                "federation": other.federation,
            }
            for other in self.namings.values()
            if other.status == "active"
        ]
        if others:
            self.mandate = author.under_rule(NO_CASCADE)
            self._other_namings_alerted(number=naming.number, on=author.on, others=others)
            self.mandate = author

    def _begin_rule(self, rule: Assessment, naming: Naming) -> Mandate:
        """Let the rule act from now on; returns the mandate to go back to."""
        author = self.mandate
        self.mandate = author.under_rule(f"{naming.policy.id} {rule.clause}")
        return author

    @event("FailedThreeYears", topic="studio.failed_three_years")
    def _failed_three_years(
        self,
        number: str,
        years: list[int],
        sources: list[dict[str, Any]],
        clause: str,
        text: str,
        policy: PolicyRef,
    ) -> None:
        self.namings[number].proposed = True

    @event("DeNamed", topic="studio.de_named")
    def _de_named(
        self, number: str, on: date, reason: str, clause: str | None, document: str | None
    ) -> None:
        naming = self.namings[number]
        naming.status = "de_named"
        naming.ended_on = on
        naming.proposed = False

    @event("OtherNamingsAlerted", topic="studio.other_namings_alerted")
    def _other_namings_alerted(self, number: str, on: date, others: list[dict[str, Any]]) -> None:
        for other in others:
            self.namings[other["number"]].alerts[number] = on

    @event("ProposalWithdrawn", topic="studio.proposal_withdrawn")
    def _proposal_withdrawn(self, number: str, because: int) -> None:
        self.namings[number].proposed = False

    @event("ReinstatementCaseOpened", topic="studio.reinstatement_case_opened")
    def _case_opened(self, number: str, because: int) -> None:
        self.namings[number].case = True

    @event("Reinstated", topic="studio.reinstated")
    def _reinstated(self, number: str, document: str, reason: str, by: Actor) -> None:
        naming = self.namings[number]
        naming.approvers |= {by.account} if by.account else set()
        naming.status = "active"
        naming.ended_on = None
        naming.case = False
        for other in self.namings.values():
            other.alerts.pop(number, None)

    @event("ReinstatementDeclined", topic="studio.reinstatement_declined")
    def _reinstatement_declined(self, number: str, document: str, reason: str) -> None:
        self.namings[number].case = False
