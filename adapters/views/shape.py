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

POSITION = BigInteger().with_variant(Integer(), "sqlite")
_Columns = Iterator["Column[Any]"]


@dataclass(frozen=True)
class View:
    """A table of versioned rows, and what its lists are filtered by.

    now: columns indexed among the rows that hold now; then: columns indexed for any moment.
    inner: only the folds read it, to go on from; no list and no history shows it.
    """

    name: str
    table: Table
    now: tuple[tuple[str, ...], ...] = ()
    then: tuple[tuple[str, ...], ...] = ()
    inner: bool = False

    def indexes(self, table: Table, suffix: str = "") -> Iterator[Index]:
        """The indexes, made on the view's table or on one that shall take its place."""
        named = self.table.name
        yield Index(f"{named}_key{suffix}", table.c.id, table.c.since, unique=True)
        if not self.inner:
            yield Index(f"{named}_since{suffix}", table.c.since)
        for columns in self.now:
            name = f"{named}_now_{'_'.join(columns)}{suffix}"
            living = table.c.until == sa.literal_column(str(FOREVER))
            yield Index(name, *_of(table, columns), sqlite_where=living, postgresql_where=living)
        for columns in self.then:
            name = f"{named}_then_{'_'.join(columns)}{suffix}"
            yield Index(name, *_of(table, columns), table.c.until, table.c.since)


def _of(table: Table, columns: Iterable[str]) -> list[Column[Any]]:
    return [table.c[column] for column in columns]


TEXT = Text().with_variant(Text(collation="C"), "postgresql")
"""Sorted by code point on both databases."""


def texts(names: str) -> _Columns:
    for name in names.split():
        yield Column(name, TEXT)


def jsons(names: str) -> _Columns:
    """Text columns that hold JSON."""
    for name in names.split():
        yield Column(name, TEXT, info={"json": True})


def numbers(names: str) -> _Columns:
    for name in names.split():
        yield Column(name, BigInteger)


def flags(names: str) -> _Columns:
    for name in names.split():
        yield Column(name, Boolean(create_constraint=False))


made: dict[str, View] = {}
"""Every view that was made, by its name."""


def view(
    name: str,
    *columns: Iterable[Column[Any]],
    now: str = "",
    then: str = "",
    inner: bool = False,
) -> View:
    """`now` and `then` list indexes, apart by spaces; the columns of one are joined by +."""
    table = Table(
        name,
        metadata,
        Column("id", TEXT, nullable=False),
        Column("since", BigInteger, nullable=False),
        Column("until", BigInteger, nullable=False),
        *(column for group in columns for column in group),
    )
    view = View(name, table, _indexed(now), _indexed(then), inner)
    made[name] = view
    return view


def _indexed(names: str) -> tuple[tuple[str, ...], ...]:
    return tuple(tuple(columns.split("+")) for columns in names.split())
