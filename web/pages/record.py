"""A record's page is read from the record's own events, up to the moment that is looked at.

One read gives both: the state, which is the events folded, and the timeline, which is the events told.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar
from uuid import UUID

from flask import url_for

from adapters.views.questions.rounds import SCORED, SEALED
from domain.errors import NotFound
from domain.model.record import Record
from domain.model.studio import Studio
from domain.values import Actor
from web.context import queries, register
from web.pages.asof import AsOf
from web.pages.names import Names

AnyRecord = TypeVar("AnyRecord", bound=Record)
OWN = frozenset({"originator_id", "originator_version", "timestamp", "by", "request_id"})
"""What every event has; the rest are its facts."""
PAGE = 500
PAGES = {
    "studio": "pages.studios.show",
    "call": "pages.calls.show",
    "notice": "pages.notices.show",
    "fund": "pages.funds.show",
}
"""Records that have a page, by the first part of a topic."""


@dataclass(frozen=True)
class Told:
    """One row of a timeline: what happened, when, by whom, and where it stands in the log."""

    position: int
    version: int
    topic: str
    at: datetime
    by: Actor
    facts: Mapping[str, Any]
    names: Names
    record: str = ""
    positions: Sequence[int] = ()
    linked: bool = True

    def entry(self, version: int) -> str:
        """What an event of the same record is called that this one cites by its version."""
        if 0 < version <= len(self.positions):
            return f"日志第 {self.positions[version - 1]} 条"
        return f"本记录第 {version} 项"

    @property
    def about(self) -> tuple[str, str] | None:
        """Address and name of the record, where the row stands outside the record's own page."""
        kind = self.topic.partition(".")[0]
        if not self.record or kind not in PAGES:
            return None
        return url_for(PAGES[kind], id=self.record), self.names[self.record]

    @property
    def templates(self) -> list[str]:
        """The template of this type of event, and the one for types that are not known yet."""
        return [f"events/{self.topic}.html", "events/unknown.html"]

    @property
    def organisation(self) -> str | None:
        return self.names[self.by.organisation] if self.by.organisation else None

    @property
    def person(self) -> str | None:
        return self.names[self.by.account] if self.by.account else None

    @property
    def rule(self) -> str | None:
        return f"规则 {self.by.rule}" if self.by.rule else None

    @property
    def json_url(self) -> str:
        """Where the event itself is, as it was recorded."""
        return url_for("pages.log.event", position=self.position)


@dataclass(frozen=True)
class Reading(Generic[AnyRecord]):
    """A record as it stood, with its timeline, oldest first."""

    record: AnyRecord
    rows: tuple[Told, ...]
    names: Names


def read(kind: type[AnyRecord], id: UUID, as_of: AsOf | None) -> Reading[AnyRecord]:
    """The record now or as of a moment; NotFound where it did not exist then."""
    names = Names(as_of)
    positions = _positions(id, as_of)
    events: Sequence[Any] = list(register().events.get(id, lte=len(positions)))
    record: Any = None
    for event in events:
        record = event.mutate(record)
    names.fetch(id for event in events for id in _ids(event))
    names.learn(_people(events))
    names.learn_applications(_applications(events))
    if not isinstance(record, kind):
        raise NotFound(f"{kind.TOPIC}_unknown", "没有这条记录，或当时还没有", id=str(id))
    return Reading(
        record,
        tuple(
            Told(
                position=positions[event.originator_version - 1],
                version=event.originator_version,
                topic=event.TOPIC,
                at=event.timestamp,
                by=event.by,
                facts=_facts(event, record),
                names=names,
                positions=positions,
            )
            for event in events
        ),
        names,
    )


def _facts(event: Any, record: Record) -> dict[str, Any]:
    """What an event tells; a score of a round that is open tells neither points nor opinion."""
    facts = {name: value for name, value in vars(event).items() if name not in OWN}
    if event.TOPIC != SCORED or not isinstance(record, Studio):
        return facts
    if record.application(event.application).round_closed(event.stage):
        return facts
    return {**{name: facts[name] for name in facts.keys() - SEALED}, "sealed": True}


def told(item: Mapping[str, Any], names: Names) -> Told:
    """A row from the views' own timeline, whose facts are plain JSON and leave out the long ones."""
    by = item["by"]
    for kind in ("account", "organisation"):
        if by[kind]:
            names.learn({by[kind]: by[f"{kind}_name"] or by[kind]})
    return Told(
        position=item["position"],
        version=item["version"],
        topic=item["topic"],
        at=datetime.fromisoformat(item["at"]),
        by=Actor(_id(by["account"]), _id(by["organisation"]), by["rule"]),
        facts=item["facts"],
        names=names,
        record=item["record"],
    )


def _id(text: str | None) -> UUID | None:
    return UUID(text) if text else None


def _ids(event: Any) -> Iterator[UUID | None]:
    """The ids that an event speaks of, which its row may have to name."""
    yield from (event.by.account, event.by.organisation)
    yield from (value for value in vars(event).values() if isinstance(value, UUID))


def _people(events: Sequence[Any]) -> dict[UUID | str, str]:
    """The names of members, whom only the record itself names."""
    joined = [event.member for event in events if event.TOPIC == "studio.member_joined"]
    return {member.id: member.name for member in joined}


def _applications(events: Sequence[Any]) -> dict[UUID, UUID]:
    """The studios of a call's applications."""
    entered = [event for event in events if event.TOPIC == "call.application_entered"]
    return {event.application: event.studio for event in entered}


def _positions(id: UUID, as_of: AsOf | None) -> list[int]:
    """The log positions of the record's events, oldest first; versions count from 1."""
    found: list[int] = []
    after: int | None = None
    while True:
        page = queries().timeline(
            record=id,
            as_of=as_of.position if as_of else None,
            after=after,
            limit=PAGE,
            newest_first=False,
        )
        found += [item["position"] for item in page["items"]]
        after = page["next"]
        if after is None:
            return found
