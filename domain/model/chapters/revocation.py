"""The end of a name by rule, and the way back: revoked, reinstated, or not."""

from datetime import date
from typing import Any

from eventsourcing.domain import event

from domain.errors import OutOfOrder
from domain.model.chapters.state import StudioState
from domain.values import PolicyRef


class Revocation(StudioState):
    """What follows once the years have been counted; the counting is in Checks."""

    def revoke(self, number: str, *, document: str, reason: str) -> None:
        """Confirm a de-naming that the rule proposed (`revocation: proposed`)."""
        naming = self.active_naming(number)
        if not naming.proposed:
            raise OutOfOrder("not_proposed", "没有依规提出的取消命名建议")
        self._de_named(
            number=number, on=self.mandate.on, reason=reason, clause=None, document=document
        )

    def reinstate(self, number: str, *, document: str, reason: str) -> None:
        """Decide a reinstatement case in the studio's favour."""
        if not self.naming(number).case:
            raise OutOfOrder("no_case", "没有待决定的恢复命名事项")
        self._reinstated(number=number, document=document, reason=reason)

    def decline_reinstatement(self, number: str, *, document: str, reason: str) -> None:
        """Decide a reinstatement case against the studio."""
        if not self.naming(number).case:
            raise OutOfOrder("no_case", "没有待决定的恢复命名事项")
        self._reinstatement_declined(number=number, document=document, reason=reason)

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

    @event("ReinstatementCaseOpened", topic="studio.reinstatement_case_opened")
    def _case_opened(self, number: str, because: int) -> None:
        self.namings[number].case = True

    @event("Reinstated", topic="studio.reinstated")
    def _reinstated(self, number: str, document: str, reason: str) -> None:
        naming = self.namings[number]
        naming.status = "active"
        naming.ended_on = None
        naming.case = False

    @event("ReinstatementDeclined", topic="studio.reinstatement_declined")
    def _reinstatement_declined(self, number: str, document: str, reason: str) -> None:
        self.namings[number].case = False
