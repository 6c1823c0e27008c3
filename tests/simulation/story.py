"""The log read as a story, by itself: who has a name, a result, a filing, a rectification at a moment.

It shares no code with the views and with what asks them: the oracle's expectations come from here.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

Number = tuple[UUID, str]


@dataclass
class Name:
    """A studio's name in force or not."""

    policy: str
    federation: UUID
    on: date
    unit: UUID
    recommender: UUID
    active: bool = True


@dataclass
class Campaign:
    """A year's assessment that is open."""

    id: UUID
    federation: UUID
    policy: str
    year: int
    due_on: date
    since: datetime
    filed: set[UUID] = field(default_factory=set)


@dataclass
class Call:
    """A call, and which of its applications stand."""

    id: UUID
    federation: UUID
    opens_at: datetime
    deadline: datetime | None
    closed: bool = False
    recommenders: dict[UUID, UUID] = field(default_factory=dict)
    recommended: set[UUID] = field(default_factory=set)

    @property
    def busy(self) -> set[UUID]:
        """The unions that recommend somebody."""
        return {self.recommenders[each] for each in self.recommended}


@dataclass
class Mending:
    """A rectification that is awaited: since it was ordered, or last refused."""

    due_on: date
    since: datetime


@dataclass
class Story:
    """What holds once some events have happened."""

    unions: dict[UUID, UUID] = field(default_factory=dict)
    lineages: dict[UUID, list[UUID]] = field(default_factory=dict)
    names: dict[Number, Name] = field(default_factory=dict)
    results: dict[tuple[UUID, str, int], set[str]] = field(default_factory=dict)
    looked: set[tuple[UUID, str, int]] = field(default_factory=set)
    campaigns: dict[UUID, Campaign] = field(default_factory=dict)
    calls: dict[UUID, Call] = field(default_factory=dict)
    mendings: dict[tuple[UUID, str, int], Mending] = field(default_factory=dict)
    federations: set[UUID] = field(default_factory=set)

    def happen(self, event: Any) -> None:
        """One more event."""
        tell = getattr(self, "_" + event.TOPIC.replace(".", "_"), None)
        if tell is not None:
            tell(event)

    def of_union(self, federation: UUID) -> list[UUID]:
        """A federation's recommending unions."""
        return [union for union, of in self.unions.items() if of == federation]

    def _organisation_registered(self, e: Any) -> None:
        if e.kind == "recommending_union":
            self.unions[e.originator_id] = e.federation

    def _organisation_closed(self, e: Any) -> None:
        self.unions.pop(e.originator_id, None)

    def _studio_registered(self, e: Any) -> None:
        self.lineages[e.originator_id] = e.lineage

    def _studio_named(self, e: Any) -> None:
        unit, recommender, *_ = self.lineages[e.originator_id]
        name = Name(e.policy.id, e.federation, e.on, unit, recommender)
        self.names[e.originator_id, e.number] = name
        self.federations.add(e.federation)

    _studio_naming_recorded = _studio_named

    def _studio_upgraded(self, e: Any) -> None:
        self._end(e.originator_id, e.from_number)
        self._studio_named(e)

    def _studio_de_named(self, e: Any) -> None:
        self._end(e.originator_id, e.number)

    def _studio_reinstated(self, e: Any) -> None:
        self.names[e.originator_id, e.number].active = True

    def _studio_merged(self, e: Any) -> None:
        for studio, number in list(self.names):
            if studio == e.originator_id:
                self._end(studio, number)

    _studio_closed = _studio_merged

    def _end(self, studio: UUID, number: str) -> None:
        self.names[studio, number].active = False

    def _studio_annually_checked(self, e: Any) -> None:
        self.results.setdefault((e.originator_id, e.number, e.year), set()).add(e.assessor)

    def _studio_self_checked(self, e: Any) -> None:
        self.looked.add((e.originator_id, e.number, e.year))

    def _studio_rectification_ordered(self, e: Any) -> None:
        mending = Mending(e.due_on, e.timestamp)
        self.mendings[e.originator_id, e.number, e.year] = mending

    def _studio_rectified(self, e: Any) -> None:
        if e.accepted:
            del self.mendings[e.originator_id, e.number, e.year]
        else:
            self.mendings[e.originator_id, e.number, e.year].since = e.timestamp

    def _studio_rectification_lifted(self, e: Any) -> None:
        del self.mendings[e.originator_id, e.number, e.year]

    def _campaign_opened(self, e: Any) -> None:
        self.campaigns[e.originator_id] = Campaign(
            e.originator_id, e.federation, e.policy.id, e.year, e.due_on, e.timestamp
        )

    def _campaign_filed_by_union(self, e: Any) -> None:
        self.campaigns[e.originator_id].filed.add(e.union)

    def _campaign_closed(self, e: Any) -> None:
        del self.campaigns[e.originator_id]

    def _call_opened(self, e: Any) -> None:
        call = Call(e.originator_id, e.federation, e.opens_at, e.deadline)
        self.calls[e.originator_id] = call
        self.federations.add(e.federation)

    def _call_extended(self, e: Any) -> None:
        self.calls[e.originator_id].deadline = e.deadline

    def _call_closed(self, e: Any) -> None:
        self.calls[e.originator_id].closed = True

    _call_concluded = _call_deadline_passed = _call_closed

    def _call_application_entered(self, e: Any) -> None:
        self.calls[e.originator_id].recommenders[e.application] = e.recommender

    def _call_application_recommended(self, e: Any) -> None:
        self.calls[e.originator_id].recommended.add(e.application)

    def _call_application_left(self, e: Any) -> None:
        self.calls[e.originator_id].recommended.discard(e.application)


def by_time(events: Iterable[Any]) -> list[Any]:
    """Events in the order in which they happened."""
    return sorted(events, key=lambda event: event.timestamp)
