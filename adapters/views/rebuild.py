"""Refolding the views from the log: to put new ones in their place, or to compare.

Both work while the register is in use. A rebuild writes beside the views and takes their place
in one transaction, so one that is killed leaves the views as they were; what it left beside them
is removed by the next. Only one rebuild may run at a time.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from eventsourcing.persistence import Mapper
from sqlalchemy import Connection, Engine, MetaData, Select, Table

from adapters.garbage import untracked
from adapters.log.engine import writing
from adapters.log.recorder import LogRecorder
from adapters.log.tables import APPEND_LOCK
from adapters.views import schema
from adapters.views.refold import Progress, Refold, batches
from adapters.views.shape import FOREVER, metadata
from adapters.views.tables import layout

BESIDE = "next_"
ASIDE = "check_"
SHOWN = 100
"""How many differing rows are told for a table."""


@dataclass(frozen=True)
class Difference:
    """A row that is where it should not be (`unexpected`) or not where it should be (`missing`)."""

    table: str
    kind: str
    row: dict[str, Any]


@untracked()
def rebuild(
    engine: Engine,
    recorder: LogRecorder,
    mapper: Mapper[Any],
    progress: Progress | None = None,
) -> int:
    """Refold all views from the log and let them take the place of the present ones.

    Returns how many events were folded. Commands go on meanwhile; those recorded since are folded
    last, under the log's lock.
    """
    tables = schema.copies(BESIDE)
    with writing(engine) as connection:
        _drop(connection, tables)
        tables.create_all(connection)
        suffix = _free_suffix(connection)
    fold = Refold(tables, BESIDE, engine.dialect.name, suffix)
    stop = recorder.max_notification_id() or 0
    for batch in batches(recorder, mapper, 1, stop):
        with writing(engine) as connection:
            fold.take(connection, batch, last=batch[-1].position == stop)
        if progress is not None:
            progress(batch[-1].position, stop)
    with writing(engine) as connection:
        fold.finish(connection)
    for make in fold.indexing():
        with writing(engine) as connection:
            make(connection)
    with writing(engine) as connection:
        if engine.dialect.name == "postgresql":
            connection.execute(sa.select(sa.func.pg_advisory_xact_lock(APPEND_LOCK)))
        end = recorder.max_notification_id() or 0
        for batch in batches(recorder, mapper, stop + 1, end):
            fold.take(connection, batch, last=batch[-1].position == end)
        fold.finish(connection)
        _take_place(connection, tables)
    return end


def _drop(connection: Connection, tables: MetaData) -> None:
    """Drop tables. Views hold nothing secret, so SQLite need not overwrite every page with zeros."""
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("PRAGMA secure_delete = OFF")
    tables.drop_all(connection)
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("PRAGMA secure_delete = ON")


def _free_suffix(connection: Connection) -> str:
    """Index names are unique in a database, so those of two generations alternate."""
    inspector = sa.inspect(connection)
    if not inspector.has_table("requests"):
        return ""
    taken = {index["name"] for index in inspector.get_indexes("requests")}
    return "" if "requests_request_id" not in taken else "_b"


def _take_place(connection: Connection, tables: MetaData) -> None:
    """The new tables take the names of the old ones, which are gone."""
    _drop(connection, metadata)
    for table in tables.sorted_tables:
        name = table.name.removeprefix(BESIDE)
        connection.exec_driver_sql(f"ALTER TABLE {table.name} RENAME TO {name}")
    connection.execute(layout.insert().values(digest=schema.digest()))


@untracked()
def check(
    engine: Engine,
    recorder: LogRecorder,
    mapper: Mapper[Any],
    progress: Progress | None = None,
) -> list[Difference]:
    """Refold the log into temporary tables and compare them with the views, row for row.

    What is recorded while it runs is left out of the comparison. Writes nothing that stays.
    """
    tables = schema.copies(ASIDE, temporary=True)
    stop = recorder.max_notification_id() or 0
    with _scratch(engine) as connection:
        tables.create_all(connection, checkfirst=False)
        fold = Refold(tables, ASIDE, engine.dialect.name, "_aside")
        for batch in batches(recorder, mapper, 1, stop):
            fold.take(connection, batch, last=batch[-1].position == stop)
            if progress is not None:
                progress(batch[-1].position, stop)
        fold.finish(connection)
        found = [
            difference
            for table in metadata.sorted_tables
            if table is not layout
            for difference in _compare(connection, table, tables.tables[ASIDE + table.name], stop)
        ]
    return found


@contextmanager
def _scratch(engine: Engine) -> Iterator[Connection]:
    """A connection whose temporary tables lie in a file, for they are as large as the views."""
    with engine.connect() as connection:
        driver: Any = connection.connection.driver_connection
        if engine.dialect.name == "sqlite":
            driver.execute("PRAGMA temp_store = FILE")
        try:
            transaction = connection.begin()
            yield connection
            transaction.rollback()
        finally:
            if engine.dialect.name == "sqlite":
                driver.rollback()
                driver.execute("PRAGMA temp_store = MEMORY")


def _compare(connection: Connection, live: Table, folded: Table, stop: int) -> list[Difference]:
    """Rows that only one of two tables has, as of the position where the folding ended."""
    here, there = _as_of(live, stop), sa.select(*folded.columns)
    found = []
    for kind, query in (("unexpected", here.except_(there)), ("missing", there.except_(here))):
        rows = connection.execute(query.limit(SHOWN)).mappings()
        found += [Difference(live.name, kind, dict(row)) for row in rows]
    return found


def _as_of(table: Table, stop: int) -> Select[Any]:
    """A table as it was when the log ended at a position."""
    if "until" not in table.c:
        first = next(iter(table.primary_key.columns))
        return sa.select(*table.columns).where(first <= stop)
    columns: list[Any] = [
        sa.case((column > stop, sa.literal_column(str(FOREVER))), else_=column).label("until")
        if column.name == "until"
        else column
        for column in table.columns
    ]
    return sa.select(*columns).where(table.c.since <= stop)
