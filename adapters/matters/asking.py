"""What the questions about due things share: one snapshot, the moment, the settings, who holds office."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from functools import cached_property
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy import ColumnElement, Connection, Row, Select, Table

from adapters.matters.timings import Timings
from adapters.views.questions.moment import below
from adapters.views.shape import FOREVER, View
from adapters.views.tables import namings, organisations, timeline
from domain.matters import Addressee, Matter
from domain.policy.timing import Timing
from domain.policy.workdays import Calendar, NotGazetted
from domain.ports import Policies
from domain.values import Role, local

LISTED = 5
"""So many names at most stand in a text; of more it says that there are others."""


FEW = 500
"""So many ids stand in one question."""


class Days:
    """A calendar as it was at one moment: each day is looked up once, for a question asks of few days often."""

    def __init__(self, calendar: Calendar) -> None:
        self._calendar = calendar
        self._worked: dict[date, bool | NotGazetted] = {}

    def is_working_day(self, day: date) -> bool:
        """Whether the day is worked. Raises NotGazetted."""
        if day not in self._worked:
            try:
                self._worked[day] = self._calendar.is_working_day(day)
            except NotGazetted as unknown:
                self._worked[day] = unknown
        found = self._worked[day]
        if isinstance(found, NotGazetted):
            raise found
        return found

    def version(self, year: int) -> str:
        """Who answers for the year. Raises NotGazetted."""
        return self._calendar.version(year)


@dataclass(frozen=True)
class Place:
    """A federation or a recommending union."""

    id: str
    name: str
    kind: str
    federation: str
    closed: bool


@dataclass(frozen=True)
class Asking:
    """One snapshot of the register at `now` (UTC), with what decides when something is due.

    scope: a path of the organisation tree; where it is given, rows that stand elsewhere are left
    out wherever that saves work, so that matters of others may still be among the answers.
    """

    connection: Connection
    now: datetime
    timings: Timings
    policies: Policies
    calendar: Calendar
    scope: str | None = None

    @cached_property
    def today(self) -> date:
        """The day on the clocks of Asia/Shanghai: the business date."""
        return local(self.now).date()

    @staticmethod
    def holds(table: Table) -> ColumnElement[bool]:
        """The condition that a row holds now."""
        return table.c.until == sa.literal_column(str(FOREVER))

    def near(self, table: Table) -> ColumnElement[bool]:
        """The condition that a row holds now, and stands within the scope."""
        if self.scope is None:
            return self.holds(table)
        return sa.and_(self.holds(table), below(table, self.scope))

    def rows(self, query: Select[Any]) -> Sequence[Row[Any]]:
        """The rows of a query."""
        return self.connection.execute(query).all()

    @cached_property
    def places(self) -> Mapping[str, Place]:
        """Every federation and recommending union, by its id."""
        c = organisations.table.c
        query = sa.select(c.id, c.name, c.kind, c.federation, c.closed).where(
            self.holds(organisations.table), c.kind.in_(("federation", "recommending_union"))
        )
        found = self.rows(query.order_by(c.path))
        return {
            row.id: Place(row.id, row.name, row.kind, row.federation, row.closed) for row in found
        }

    @cached_property
    def naming_federations(self) -> list[str]:
        """The federations that have named a studio that still is."""
        n = namings.table
        query = sa.select(n.c.federation).where(self.near(n), n.c.status == "active").distinct()
        return sorted(row.federation for row in self.rows(query))

    def unions(self, federation: str) -> list[Place]:
        """The recommending unions of a federation that are not closed."""
        return [
            place
            for place in self.places.values()
            if (place.federation, place.kind) == (federation, "recommending_union")
            and not place.closed
        ]

    def names(self, view: View, ids: Iterable[str]) -> dict[str, str]:
        """What a few rows of a view are called, by their ids."""
        wanted = sorted(set(ids))
        found: dict[str, str] = {}
        for start in range(0, len(wanted), FEW):
            c = view.table.c
            some = c.id.in_(wanted[start : start + FEW])
            rows = self.rows(sa.select(c.id, c.name).where(self.holds(view.table), some))
            found |= {row.id: row.name for row in rows}
        return found

    def timing(self, federation: str) -> Timing:
        """A federation's settings."""
        return self.timings(federation)

    def told_to(self, matter: Matter) -> Matter:
        """A matter with those whom its federation wants to be told of it too."""
        own = self.timings(matter.federation).reminding(matter.kind)
        also = [Addressee(matter.federation, Role(role)) for role in own.also] if own else []
        known = {(to.organisation, to.role) for to in matter.to if to.overdue_days is None}
        new = [to for to in also if (to.organisation, to.role) not in known]
        return replace(matter, to=(*matter.to, *new)) if new else matter

    def hour(self, federation: str, moment: datetime) -> str:
        """A moment as a text tells it: the federation's clock, to the minute."""
        zone = ZoneInfo(self.timing(federation).zone)
        return f"{moment.astimezone(zone):%Y-%m-%d %H:%M}"

    def recommender(self, id: str, overdue_days: int | None = None) -> Addressee:
        """Who answers for what a recommending union does; of a unit without one, the city."""
        place = self.places.get(id)
        city = place is not None and place.kind == "federation"
        role = Role.CITY_OFFICER if city else Role.RECOMMENDING_UNION
        return Addressee(UUID(id), role, overdue_days)

    def position_at(self, at: datetime) -> int:
        """The last position that was recorded by a moment; 0 where none was."""
        t = timeline.c
        query = sa.select(t.position).where(t["at"] <= at.astimezone(UTC).isoformat())
        found = self.connection.scalar(query.order_by(t["at"].desc(), t.position.desc()).limit(1))
        return found or 0

    def last(self, record: str, topic: str) -> datetime:
        """When something last happened to a record, to which it must have happened."""
        found = self.last_of(record, (topic,))
        if found is None:
            raise LookupError(f"{topic} never happened to {record}")
        return found

    def last_of(self, record: str, topics: tuple[str, ...]) -> datetime | None:
        """When one of several things last happened to a record; None where none did."""
        t = timeline.c
        query = sa.select(t["at"]).where(t.record == record, t.topic.in_(topics))
        found = self.connection.scalar(query.order_by(t.position.desc()).limit(1))
        return moment(found) if found else None


def unit(id: str) -> Addressee:
    """The unit's union."""
    return Addressee(UUID(id), Role.UNIT_UNION)


def city(federation: str, overdue_days: int | None = None) -> Addressee:
    """The officers of a federation."""
    return Addressee(UUID(federation), Role.CITY_OFFICER, overdue_days)


def moment(text: str) -> datetime:
    """A moment as the views keep it."""
    return datetime.fromisoformat(text)


def yuan(fen: int) -> str:
    """An amount as a text tells it: `20,000`, and `20,000.50` where there are fen."""
    return f"{fen // 100:,}" if fen % 100 == 0 else f"{fen // 100:,}.{fen % 100:02d}"


def listed(names: Iterable[str]) -> str:
    """Names with 、 between, and 等 where there are too many to list."""
    found = sorted(set(names))
    return "、".join(found[:LISTED]) + ("等" if len(found) > LISTED else "")


def several(count: int) -> dict[str, int]:
    """The number of studios, where a text that names one is about more."""
    return {"count": count} if count > 1 else {}
