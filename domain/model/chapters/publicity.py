"""Chapter two: on public notice, with its clock and the objections that hold naming."""

from uuid import UUID

from eventsourcing.domain import event

from domain.errors import OutOfOrder
from domain.model.chapters.state import StudioState
from domain.model.notice import Clock


class Publicity(StudioState):
    """The studio's side of a notice; the notice itself decides about objections and time."""

    def publicize(self, application: UUID, *, notice: UUID, clock: Clock) -> None:
        """Put on a notice; every stage was passed, on or before the day it starts."""
        found = self.open_application(application)
        if not found.publicity:
            raise OutOfOrder("no_publicity", "本政策没有公示环节")
        if found.status == "returned" or found.next_stage is not None:
            raise OutOfOrder(
                "not_approved", "尚未通过全部评审环节，不能公示", stage=found.next_stage
            )
        if found.notice is not None and found.notice != notice:
            raise OutOfOrder("on_notice", "该工作室已在公示中")
        if found.passed and clock.starts_on < max(found.passed.values()):
            raise OutOfOrder(
                "notice_before_approval", "公示开始日不能早于审定日", field="starts_on"
            )
        self._publicized(application=application, notice=notice, clock=clock)

    def note_objection(self, application: UUID, *, objection: UUID, kind: str) -> None:
        """An objection, lead or complaint that concerns this studio was received."""
        found = self.application(application)
        self._objection_raised(
            application=application, notice=found.notice, objection=objection, kind=kind
        )

    def note_finding(
        self, application: UUID, *, objection: UUID, finding: str, upheld: bool
    ) -> None:
        """An objection was closed; upheld against this studio, it ends its application."""
        self.application(application)
        self._objection_closed(
            application=application, objection=objection, finding=finding, upheld=upheld
        )

    def unlist(self, application: UUID, *, reason: str) -> None:
        """Taken off its notice; another notice, or none, may follow. Open objections still hold."""
        found = self.open_application(application)
        if not found.on_notice:
            raise OutOfOrder("not_on_notice", "该工作室不在公示中")
        self._unlisted(application=application, notice=found.notice, reason=reason)

    def complete_publicity(self, application: UUID) -> None:
        """The notice ended with nothing left open."""
        found = self.open_application(application)
        if not found.on_notice:
            raise OutOfOrder("not_on_notice", "该工作室不在公示中")
        self._publicity_completed(application=application, notice=found.notice)

    @event("Publicized", topic="studio.publicized")
    def _publicized(self, application: UUID, notice: UUID, clock: Clock) -> None:
        found = self.applications[application]
        found.notice = notice
        found.clock = clock

    @event("ObjectionRaised", topic="studio.objection_raised")
    def _objection_raised(
        self, application: UUID, notice: UUID | None, objection: UUID, kind: str
    ) -> None:
        found = self.applications[application]
        if kind == "objection" and found.open:
            found.objections.add(objection)

    @event("ObjectionClosed", topic="studio.objection_closed")
    def _objection_closed(
        self, application: UUID, objection: UUID, finding: str, upheld: bool
    ) -> None:
        found = self.applications[application]
        found.objections.discard(objection)
        if upheld and found.open:
            found.status = "dropped"

    @event("Unlisted", topic="studio.unlisted")
    def _unlisted(self, application: UUID, notice: UUID | None, reason: str) -> None:
        found = self.applications[application]
        found.notice = None
        found.clock = None

    @event("PublicityCompleted", topic="studio.publicity_completed")
    def _publicity_completed(self, application: UUID, notice: UUID | None) -> None:
        self.applications[application].notice_done = True
