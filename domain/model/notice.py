"""Public notices: the list shown for N working days, its clock, and the objections that hold naming."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Self
from uuid import UUID

from eventsourcing.domain import event

from domain.errors import Invalid, NotFound, OutOfOrder, Refused
from domain.model.record import Record
from domain.values import Mandate, Person, local


@dataclass
class Objection:
    """kind: objection (in time), lead (anonymous), complaint (late). Only the first kind blocks."""

    id: UUID
    studio: UUID | None
    kind: str
    received_at: datetime
    closed: bool = False
    upheld: bool = False


@dataclass(frozen=True, slots=True)
class Clock:
    """A notice period: its days, the last moment for objections, and what it was computed from.

    provisional: it reaches into a year whose holidays are not published. `ends_on` is then the
    earliest day on which it can end, and it ends only once the last day has been computed.
    """

    starts_on: date
    ends_on: date
    objections_until: datetime
    days: int
    unit: str
    count_first_day: bool
    calendar: str
    provisional: bool = False


class Notice(Record):
    """One notice for many studios. What is posted is the list of entries and its content's hash."""

    TOPIC = "notice"
    FIRST = "Posted"

    @event("Posted", topic="notice.posted")
    def __init__(
        self, call: UUID, entries: list[dict[str, Any]], clock: Clock, media: str, content: str
    ) -> None:
        self.call = call
        self.entries = entries
        self.clock = clock
        self.first_day = clock.starts_on
        self.media = media
        self.content = content
        self.objections: dict[UUID, Objection] = {}
        self.dropped: set[UUID] = set()
        self.applications: dict[UUID, UUID] = {e["studio"]: e["application"] for e in entries}
        self.completed = False
        self.extensions: list[int] = []

    @classmethod
    def post(
        cls,
        mandate: Mandate,
        id: UUID,
        *,
        call: UUID,
        entries: list[dict[str, Any]],
        clock: Clock,
        media: str,
        content: str,
    ) -> Self:
        """Post a list for the clock's period; `content` is the SHA-256 (hex) of what is shown."""
        _require_list(entries)
        _require_present(mandate, clock)
        return cls.begin(
            mandate, id, call=call, entries=entries, clock=clock, media=media, content=content
        )

    @property
    def studios(self) -> list[UUID]:
        """Studios on the list that were not dropped."""
        return [e["studio"] for e in self.entries if e["studio"] not in self.dropped]

    def blocking(self, studio: UUID | None = None) -> list[Objection]:
        """Open objections that hold naming, of one studio (and of the whole list) or of all.

        One against a studio that left the list holds that studio only, not the others.
        """
        return [
            objection
            for objection in self.objections.values()
            if objection.kind == "objection"
            and not objection.closed
            and objection.studio in (None, *(self.studios if studio is None else (studio,)))
        ]

    def object(
        self,
        objection: UUID,
        *,
        studio: UUID | None,
        text: str,
        objector: Person | None,
        received_at: datetime,
    ) -> str:
        """Take an objection in and return its kind: objection, lead or complaint.

        In time is until the last moment of the last day, or the pack's office hour. A late one is
        kept as a complaint and an anonymous one as a lead; neither blocks (domain.md §3). One that
        came in time, but is entered after the notice was completed, holds whoever is not yet named.
        """
        if studio is not None and studio not in self.studios:
            raise NotFound("not_on_notice", "该工作室不在公示名单中", field="studio")
        if received_at > self.mandate.at:
            raise Invalid("received_in_future", "收到时间不能晚于当前时间", field="received_at")
        if local(received_at).date() < self.first_day:
            raise Invalid("received_before_notice", "收到时间早于公示开始日", field="received_at")
        if received_at > self.clock.objections_until and not self.clock.provisional:
            kind = "complaint"
        else:
            kind = "lead" if objector is None else "objection"
        self._objected(
            objection=objection,
            studio=studio,
            kind=kind,
            text=text,
            objector=objector,
            received_at=received_at,
        )
        return kind

    def adopt(self, objection: UUID, reason: str) -> None:
        """An officer adopts an anonymous lead, which then blocks like any objection."""
        if self._open_objection(objection).kind != "lead":
            raise OutOfOrder("not_a_lead", "只有匿名线索可以转为异议")
        self._adopted(objection=objection, reason=reason)

    def close(self, objection: UUID, *, finding: str, upheld: bool) -> None:
        """Close with a finding. One upheld against a studio drops that studio; the others go on."""
        found = self._open_objection(objection)
        if upheld and found.kind != "objection":
            raise OutOfOrder("not_an_objection", "线索须先转为异议，逾期投诉不影响本次公示")
        if upheld and found.studio is None:
            raise Refused("restart_instead", "针对整个名单的异议成立时，请更正后重新公示")
        self._closed(objection=objection, finding=finding, upheld=upheld)

    def extend(self, clock: Clock, reason: str) -> None:
        """An outage in mid-period is recorded and makes the period longer."""
        self._require_running()
        if clock.ends_on <= self.clock.ends_on:
            raise Invalid("not_longer", "延长后的截止日必须晚于原截止日", field="days")
        self._extended(clock=clock, reason=reason)

    def recompute(self, clock: Clock, because: str) -> None:
        """By rule: the calendar is known now, or was corrected, and the last day follows from it."""
        self._require_running()
        if clock == self.clock:
            raise OutOfOrder("nothing_changed", "公示截止日没有变化")
        self._clock_recomputed(clock=clock, because=because)

    def restart(
        self, clock: Clock, entries: list[dict[str, Any]], content: str, reason: str
    ) -> None:
        """A material change starts the period anew; studios may be taken out, none put in."""
        self._require_running()
        _require_list(entries)
        _require_present(self.mandate, clock)
        self._restarted(clock=clock, entries=entries, content=content, reason=reason)

    def drop(self, studio: UUID, reason: str) -> None:
        """Take a studio off the list, because it withdrew or ended; the others go on."""
        self._require_running()
        if studio not in self.studios:
            raise NotFound("not_on_notice", "该工作室不在公示名单中", field="studio")
        self._dropped(studio=studio, reason=reason)

    def complete(self) -> None:
        """End the notice: the last day is over and every objection is closed with a finding."""
        self._require_running()
        if self.clock.provisional:
            raise OutOfOrder(
                "notice_provisional",
                f"公示截止日待定（不早于 {self.clock.ends_on}）：节假日安排导入后方可办结",
                ends_on=self.clock.ends_on.isoformat(),
            )
        if self.mandate.on <= self.clock.ends_on:
            raise OutOfOrder(
                "notice_running",
                f"公示至 {self.clock.ends_on} 24:00 止，次日起方可命名",
                ends_on=self.clock.ends_on.isoformat(),
            )
        if self.blocking():
            raise OutOfOrder(
                "objections_open",
                f"还有 {len(self.blocking())} 件异议未办结",
                objections=[str(objection.id) for objection in self.blocking()],
            )
        self._completed()

    def _require_running(self) -> None:
        if self.completed:
            raise OutOfOrder("notice_completed", "公示已办结")

    def _open_objection(self, objection: UUID) -> Objection:
        found = self.objections.get(objection)
        if found is None:
            raise NotFound("objection_unknown", "没有这件异议")
        if found.closed:
            raise OutOfOrder("objection_closed", "该异议已办结")
        return found

    @event("ObjectionRaised", topic="notice.objection_raised")
    def _objected(
        self,
        objection: UUID,
        studio: UUID | None,
        kind: str,
        text: str,
        objector: Person | None,
        received_at: datetime,
    ) -> None:
        self.objections[objection] = Objection(objection, studio, kind, received_at)

    @event("LeadAdopted", topic="notice.lead_adopted")
    def _adopted(self, objection: UUID, reason: str) -> None:
        self.objections[objection].kind = "objection"

    @event("ObjectionClosed", topic="notice.objection_closed")
    def _closed(self, objection: UUID, finding: str, upheld: bool) -> None:
        found = self.objections[objection]
        found.closed, found.upheld = True, upheld
        if upheld and found.studio is not None:
            self.dropped.add(found.studio)

    @event("Extended", topic="notice.extended")
    def _extended(self, clock: Clock, reason: str) -> None:
        self.extensions.append(clock.days - self.clock.days)
        self.clock = clock

    @event("ClockRecomputed", topic="notice.clock_recomputed")
    def _clock_recomputed(self, clock: Clock, because: str) -> None:
        self.clock = clock

    @event("Restarted", topic="notice.restarted")
    def _restarted(
        self, clock: Clock, entries: list[dict[str, Any]], content: str, reason: str
    ) -> None:
        self.clock = clock
        self.first_day = min(self.first_day, clock.starts_on)
        self.entries = entries
        self.content = content
        self.extensions = []

    @event("Dropped", topic="notice.dropped")
    def _dropped(self, studio: UUID, reason: str) -> None:
        self.dropped.add(studio)

    @event("Completed", topic="notice.completed")
    def _completed(self) -> None:
        self.completed = True


def _require_list(entries: list[dict[str, Any]]) -> None:
    if not entries:
        raise Invalid("notice_empty", "公示名单不能为空", field="entries")


def _require_present(mandate: Mandate, clock: Clock) -> None:
    if clock.starts_on < mandate.on:
        raise Invalid("starts_in_past", "公示开始日不能早于今天", field="starts_on")
