"""The bare driver: exactly the rows that a command wrote, written again with nothing around them.

The databases are copied before the measured commands run. Afterwards the rows that the commands
left, table by table, are read from the original and written into the copy by plain driver calls
in transactions of the same size and durability.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Sequence
from typing import Any, Protocol

import psycopg
import sqlalchemy as sa

from adapters.views.shape import FOREVER
from adapters.views.tables import VIEWS
from tests.databases import libpq

Write = tuple[str, list[tuple[Any, ...]]]


class Driver(Protocol):
    """A connection of a driver with a cursor that takes plain SQL."""

    def cursor(self) -> Any: ...


def transactions(
    engine: sa.Engine, commits: Sequence[tuple[int, int]], mark: str
) -> list[list[Write]]:
    """What each commit (first and last position) wrote: statements with their rows."""
    found: dict[int, list[Write]] = {first: [] for first, _ in commits}
    begins = {at: first for first, last in commits for at in range(first, last + 1)}
    with engine.connect() as connection:
        for name, column in (
            ("events", "position"),
            ("timeline", "position"),
            ("requests", "first"),
        ):
            _inserts(connection, name, column, begins, found, mark)
        state = [tuple(row) for row in connection.execute(TREE)]
        for writes in found.values():
            assign = f"UPDATE tree SET size = {mark}, root = {mark}, frontier = {mark}"
            writes.append((assign, state))
        for name in VIEWS:
            _ends(connection, name, begins, found, mark)
            _inserts(connection, name, "since", begins, found, mark)
    return list(found.values())


TREE = sa.text("SELECT size, root, frontier FROM tree")


def _ends(
    connection: sa.Connection,
    table: str,
    begins: dict[int, int],
    found: dict[int, list[Write]],
    mark: str,
) -> None:
    query = sa.text(f"SELECT until, id, since FROM {table} WHERE until < {FOREVER}")
    rows: dict[int, list[tuple[Any, ...]]] = {}
    for row in connection.execute(query):
        if row[0] in begins:
            rows.setdefault(begins[row[0]], []).append(tuple(row))
    statement = f"UPDATE {table} SET until = {mark} WHERE id = {mark} AND since = {mark}"
    for first, ended in rows.items():
        found[first].append((statement, ended))


def _inserts(
    connection: sa.Connection,
    table: str,
    column: str,
    begins: dict[int, int],
    found: dict[int, list[Write]],
    mark: str,
) -> None:
    result = connection.execute(sa.text(f'SELECT * FROM {table} ORDER BY "{column}"'))
    names = list(result.keys())
    at = names.index(column)
    quoted = ", ".join(f'"{name}"' for name in names)
    statement = f"INSERT INTO {table} ({quoted}) VALUES ({', '.join([mark] * len(names))})"
    rows: dict[int, list[tuple[Any, ...]]] = {}
    for row in result:
        if row[at] in begins:
            values = [FOREVER if name == "until" else v for name, v in zip(names, row, strict=True)]
            rows.setdefault(begins[row[at]], []).append(tuple(values))
    for first, added in rows.items():
        found[first].append((statement, added))


def replay_sqlite(path: str, work: list[list[Write]]) -> float:
    """Seconds to write the transactions, each committed durably (WAL, synchronous FULL)."""
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    cursor = connection.cursor()
    begin = time.perf_counter()
    for writes in work:
        cursor.execute("BEGIN IMMEDIATE")
        _run(cursor, writes)
        cursor.execute("COMMIT")
    elapsed = time.perf_counter() - begin
    connection.close()
    return elapsed


def replay_postgresql(url: str, work: list[list[Write]]) -> float:
    """Seconds to write the transactions, each committed durably."""
    with psycopg.connect(libpq(url), autocommit=True) as connection:
        cursor = connection.cursor()
        begin = time.perf_counter()
        for writes in work:
            with connection.transaction():
                _run(cursor, writes)
        return time.perf_counter() - begin


def _run(cursor: Any, writes: list[Write]) -> None:
    for statement, rows in writes:
        if len(rows) == 1:
            cursor.execute(statement, rows[0])
        else:
            cursor.executemany(statement, rows)
