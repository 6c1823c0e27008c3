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

from adapters.log import tables as log_tables
from adapters.views.shape import FOREVER
from adapters.views.tables import VIEWS, requests, timeline
from tests.databases import libpq

Write = tuple[str, list[tuple[Any, ...]]]


class Driver(Protocol):
    """A connection of a driver with a cursor that takes plain SQL."""

    def cursor(self) -> Any: ...


def transactions(
    engine: sa.Engine, commits: Sequence[tuple[int, int]], mark: str
) -> list[list[Write]]:
    """What each commit (first and last position) wrote: statements with their rows."""
    with engine.connect() as connection:
        return [_writes(connection, first, last, mark) for first, last in commits]


def _writes(connection: sa.Connection, first: int, last: int, mark: str) -> list[Write]:
    events, writes = log_tables.events, []
    raw = sa.text("SELECT * FROM events WHERE position BETWEEN :first AND :last ORDER BY position")
    span = {"first": first, "last": last}
    writes.append(_insert(events.name, connection.execute(raw, span), mark))
    tree = sa.text("SELECT size, root, frontier FROM tree")
    state = [tuple(row) for row in connection.execute(tree)]
    assign = f"UPDATE tree SET size = {mark}, root = {mark}, frontier = {mark}"
    writes.append((assign, state))
    for table, column in ((timeline, "position"), (requests, "first")):
        query = sa.text(f"SELECT * FROM {table.name} WHERE {column} BETWEEN :first AND :last")
        writes.append(_insert(table.name, connection.execute(query, span), mark))
    for name in VIEWS:
        ended = sa.text(f"SELECT until, id, since FROM {name} WHERE until = :first")
        ends = [tuple(row) for row in connection.execute(ended, {"first": first})]
        if ends:
            where = f"id = {mark} AND since = {mark}"
            writes.append((f"UPDATE {name} SET until = {mark} WHERE {where}", ends))
        query = sa.text(f"SELECT * FROM {name} WHERE since = :first")
        begun = _insert(name, connection.execute(query, {"first": first}), mark)
        if begun[1]:
            writes.append(begun)
    return writes


def _insert(table: str, found: sa.CursorResult[Any], mark: str) -> Write:
    names = list(found.keys())
    rows = [
        tuple(FOREVER if name == "until" else value for name, value in zip(names, row, strict=True))
        for row in found
    ]
    quoted = ", ".join(f'"{name}"' for name in names)
    return f"INSERT INTO {table} ({quoted}) VALUES ({', '.join([mark] * len(names))})", rows


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
