"""Reads the log's tables as they are stored, whatever is in them: for those who trust nothing that stands there.

Rows come from the driver's own cursor, with texts as bytes, so that nothing is converted, repaired or refused on the way. Each query
is a short transaction of its own.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from typing import Any, Final, NamedTuple

import psycopg
from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError

from adapters.log.drivers import DRIVERS
from adapters.log.merkle import MAX_SIZE
from adapters.log.tree import TILE_HEIGHT, Tree

BATCH: Final = 2_048
UNREADABLE: Final = (sqlite3.Error, psycopg.Error, DBAPIError, UnicodeDecodeError)
"""What the drivers raise for rows that cannot be read."""


class LogDamaged(Exception):
    """The log is not what it was; ``first`` and ``last`` are the positions between which it was changed (equal when it is certain).

    ``reason`` is Chinese.
    """

    def __init__(self, reason: str, first: int, last: int | None = None) -> None:
        self.reason = reason
        self.first = first
        self.last = first if last is None else last
        where = f"{first}" if self.last == first else f"{first}–{self.last}"
        super().__init__(f"第 {where} 条：{reason}")


class EventRow(NamedTuple):
    """One row of ``events`` as stored: 16 bytes of id, the topic as UTF-8."""

    position: int
    originator: bytes
    version: int
    leaf_hash: bytes
    topic: bytes
    state: bytes


class Standing(NamedTuple):
    """What the log says of itself at one moment, and what lies outside of what it says."""

    tree: Tree
    strays: tuple[int, int] | None
    """The first and last position of rows that the tree does not count."""
    nodes: int


class Scan:
    """The raw rows of one database."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._driver = DRIVERS[engine.dialect.name]
        self._sql = _SQL[engine.dialect.name]

    def standing(self) -> Standing:
        """The tree's row and the strays, in one snapshot; raises :class:`LogDamaged` where it is no tree's row."""
        rows = self._fetch("standing")
        if not rows:
            raise LogDamaged("哈希树的记录不见了", 1)
        key, size, root, frontier, count, first, last, nodes = rows[0]
        if key != 1 or count != 1:
            raise LogDamaged("哈希树的记录不止一行，或被改过编号", 1)
        if not _is_tree(size, root, frontier):
            raise LogDamaged("哈希树的记录已损坏", 1)
        strays = None if first is None else (first, last)
        return Standing(Tree(size, root, frontier), strays, nodes)

    def events(self, first: int, last: int) -> Iterator[list[EventRow]]:
        """The rows between two positions in batches, up to the first that is missing or cannot be read: then :class:`LogDamaged`."""
        while first <= last:
            rows, damage = self._batch(first, min(first + BATCH - 1, last), last)
            if rows:
                yield rows
            if damage is not None:
                raise damage
            first += len(rows)

    def nodes(self, level: int, number: int) -> Iterator[tuple[int, int, Any]]:
        """The stored nodes of a level, from a number on."""
        while True:
            rows = self._fetch("nodes", level, number, BATCH)
            yield from rows
            if not rows or type(rows[-1][1]) is not int:
                return
            number = rows[-1][1] + 1

    def streams(self) -> Iterator[tuple[bytes, int, int]]:
        """(originator, version, position) of every event by originator and version, in flat memory."""
        connection = self._engine.raw_connection()
        try:
            driver: Any = connection.driver_connection
            if self._engine.dialect.name == "sqlite":
                cursor = driver.cursor()
            else:
                cursor = driver.cursor(name="streams", binary=True)
                cursor.itersize = 10_000
            try:
                yield from cursor.execute(self._sql["streams"])
            finally:
                cursor.close()
                driver.rollback()
        finally:
            connection.close()

    def complaints(self) -> list[str]:
        """What the database itself finds wrong with its file, such as an index that is not that of its table; SQLite only."""
        if self._engine.dialect.name != "sqlite":
            return []
        said = [row[0] for row in self._fetch("check")]
        return [] if said == ["ok"] else said

    def _batch(self, first: int, end: int, last: int) -> tuple[list[Any], LogDamaged | None]:
        try:
            rows = self._fetch("events", first, end)
        except UNREADABLE:
            return self._one_by_one(first, end)
        if len(rows) == end - first + 1 and rows[0][0] == first and rows[-1][0] == end:
            return rows, None
        good = [row for n, row in enumerate(rows, start=first) if row[0] == n]
        return good, self._gap(first + len(good), last)

    def _one_by_one(self, first: int, end: int) -> tuple[list[Any], LogDamaged | None]:
        rows: list[Any] = []
        for position in range(first, end + 1):
            try:
                found = self._fetch("events", position, position)
            except UNREADABLE:
                return rows, LogDamaged("该条记录无法读出", position)
            if not found:
                return rows, self._gap(position, end)
            rows += found
        return rows, None

    def _gap(self, missing: int, last: int) -> LogDamaged:
        after = self._fetch("next", missing, last)[0][0]
        return LogDamaged("记录不见了", missing, last if after is None else after - 1)

    def _fetch(self, name: str, *parameters: int) -> list[Any]:
        return self._driver.fetch(self._engine, self._sql[name], parameters)


def nodes_of(size: int) -> int:
    """How many nodes a log of this size keeps."""
    return sum(size >> height for height in range(TILE_HEIGHT, size.bit_length(), TILE_HEIGHT))


def _is_tree(size: Any, root: Any, frontier: Any) -> bool:
    of_hashes = isinstance(root, bytes) and isinstance(frontier, bytes)
    return of_hashes and type(size) is int and 0 <= size <= MAX_SIZE


_STANDING: Final = (
    "SELECT t.id, t.size, t.root, t.frontier, (SELECT count(*) FROM tree),"
    " (SELECT min(position) FROM events WHERE position < 1 OR position > t.size),"
    " (SELECT max(position) FROM events WHERE position < 1 OR position > t.size),"
    " (SELECT count(*) FROM nodes) FROM tree AS t ORDER BY t.id LIMIT 1"
)
_EVENTS: Final = (
    "SELECT position, {id}, originator_version, leaf_hash, {topic}, state"
    " FROM events WHERE position BETWEEN {p} AND {p} ORDER BY position"
)
_NODES: Final = (
    "SELECT level, number, hash FROM nodes WHERE level = {p} AND number >= {p}"
    " ORDER BY number LIMIT {p}"
)
_NEXT: Final = "SELECT min(position) FROM events WHERE position > {p} AND position <= {p}"
_STREAMS: Final = (
    "SELECT {id}, originator_version, position FROM events"
    " ORDER BY originator_id, originator_version, position"
)
_DIALECTS: Final = {
    "sqlite": {
        "p": "?",
        "id": "originator_id",
        "topic": "CASE typeof(topic) WHEN 'text' THEN CAST(topic AS BLOB) END",
    },
    "postgresql": {
        "p": "%s",
        "id": "uuid_send(originator_id)",
        "topic": "convert_to(topic, 'UTF8')",
    },
}
_SQL: Final = {
    dialect: {
        name: statement.format(**words)
        for name, statement in (
            ("standing", _STANDING),
            ("events", _EVENTS),
            ("nodes", _NODES),
            ("next", _NEXT),
            ("streams", _STREAMS),
            ("check", "PRAGMA integrity_check(10)"),
        )
    }
    for dialect, words in _DIALECTS.items()
}
