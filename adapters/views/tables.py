"""The views' tables: rows in versions, each valid from log position `since` up to before `until`.

Every view has one text key, `id`; its other columns are those of the record as it stood. Now is
`until = FOREVER`, and as of a position is `since <= position < until`. Business dates and moments
(UTC) are ISO text, money is integer fen, `*_at` that hold integers are log positions whose events
hold the long texts (dossiers, verdicts, opinions): those are stored once, in the log itself.
JSON columns are text. Nothing personal is copied here.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy import BigInteger, Boolean, Column, Index, Integer, MetaData, Table, Text

FOREVER: Final = 2**62
"""The `until` of a row that holds now."""

metadata = MetaData()

_Position = BigInteger().with_variant(Integer(), "sqlite")
_Columns = Iterator["Column[Any]"]


@dataclass(frozen=True)
class View:
    """A table of versioned rows, and what its lists are filtered by.

    now: columns indexed among the rows that hold now; then: columns indexed for any moment.
    """

    table: Table
    now: tuple[tuple[str, ...], ...] = ()
    then: tuple[tuple[str, ...], ...] = ()

    @property
    def name(self) -> str:
        return self.table.name

    def indexes(self, table: Table, suffix: str = "") -> Iterator[Index]:
        """The indexes, made on the view's table or on one that shall take its place."""
        named = self.table.name
        yield Index(f"{named}_key{suffix}", table.c.id, table.c.since, unique=True)
        for columns in self.now:
            name = f"{named}_now_{'_'.join(columns)}{suffix}"
            living = table.c.until == sa.literal_column(str(FOREVER))
            yield Index(name, *_of(table, columns), sqlite_where=living, postgresql_where=living)
        for columns in self.then:
            name = f"{named}_then_{'_'.join(columns)}{suffix}"
            yield Index(name, *_of(table, columns), table.c.until, table.c.since)


def _of(table: Table, columns: Iterable[str]) -> list[Column[Any]]:
    return [table.c[column] for column in columns]


def _texts(names: str) -> _Columns:
    for name in names.split():
        yield Column(name, Text)


def _numbers(names: str) -> _Columns:
    for name in names.split():
        yield Column(name, BigInteger)


def _flags(names: str) -> _Columns:
    for name in names.split():
        yield Column(name, Boolean(create_constraint=False))


VIEWS: dict[str, View] = {}
"""Every view by its name."""


def _view(
    name: str,
    *columns: Iterable[Column[Any]],
    now: str = "",
    then: str = "",
) -> View:
    """`now` and `then` list indexes, apart by spaces; the columns of one are joined by +."""
    table = Table(
        name,
        metadata,
        Column("id", Text, nullable=False),
        Column("since", BigInteger, nullable=False),
        Column("until", BigInteger, nullable=False),
        *(column for group in columns for column in group),
    )
    view = View(table, tuple(map(_split, now.split())), tuple(map(_split, then.split())))
    VIEWS[name] = view
    return view


def _split(columns: str) -> tuple[str, ...]:
    return tuple(columns.split("+"))


timeline = Table(
    "timeline",
    metadata,
    Column("position", _Position, primary_key=True, autoincrement=False),
    Column("record", Text, nullable=False),
    Column("version", BigInteger, nullable=False),
    Column("topic", Text, nullable=False),
    Column("at", Text, nullable=False),
    Column("account", Text),
    Column("organisation", Text),
    Column("rule", Text),
    Column("request_id", Text, nullable=False),
)
"""One row an event. Its facts are the event's, read from the log at the same position."""

requests = Table(
    "requests",
    metadata,
    Column("first", _Position, primary_key=True, autoincrement=False),
    Column("last", BigInteger, nullable=False),
    Column("request_id", Text, nullable=False),
)
"""One row a command: its events, from the first position to the last. A request is done once."""

organisations = _view(
    "organisations",
    _texts("name kind parent federation recommender path code"),
    _flags("closed"),
    now="path parent",
)
accounts = _view(
    "accounts", _texts("username name home path"), _flags("disabled"), now="path username"
)
roles = _view("roles", _texts("account role organisation path"), now="account path")
studios = _view(
    "studios",
    _texts("name unit recommender federation path leader_id leader founded_on predecessors"),
    _texts("status ended_on successor honour level category number named_on namings"),
    _texts("due_on due dues"),
    _numbers("applications_open failing_run"),
    now="path recommender name",
    then="path",
)
"""status: registered, applying, named, de_named, closed or merged. `namings` and `dues` are JSON."""


def log_indexes(timeline: Table, requests: Table, suffix: str = "") -> Iterator[Index]:
    """The indexes of the two tables that only grow."""
    t, r = timeline.c, requests.c
    yield Index(f"timeline_record{suffix}", t.record, t.position)
    yield Index(f"timeline_at{suffix}", t["at"], t.position)
    yield Index(f"timeline_account{suffix}", t.account, t.position)
    yield Index(f"requests_request_id{suffix}", r.request_id, unique=True)
