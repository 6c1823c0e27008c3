"""The tables outside the log, searched for a person: what the views hold, and words that stand somewhere in clear."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import ColumnElement, Engine, Table

from adapters.answers import ANSWERS, Answers
from adapters.audit.page import evidence_of
from adapters.audit.stored import Event
from adapters.log.engine import reading, writing
from adapters.log.tables import metadata as log_tables
from adapters.views.shape import FOREVER
from adapters.views.tables import VIEWS

SHORTEST: Final = 6
"""Shorter words, such as 汉族, stand in many texts that are about nobody."""


def view_rows(engine: Engine, id: UUID) -> list[dict[str, Any]]:
    """Every version of every row of a view that mentions an id: view, id, since, until (positions) and the columns that do."""
    found: list[dict[str, Any]] = []
    with reading(engine) as connection:
        for name, view in VIEWS.items():
            columns = _texts(view.table)
            query = sa.select(view.table).where(_holding(columns, [str(id)]))
            for row in connection.execute(query.order_by(view.table.c.since)).mappings():
                own = {c.name: row[c.name] for c in columns if str(id) in (row[c.name] or "")}
                until = None if row["until"] == FOREVER else row["until"]
                found.append(
                    {"view": name, "id": row["id"], "since": row["since"], "until": until}
                    | {"columns": own}
                )
    return found


def rows_outside(engine: Engine, id: UUID) -> list[dict[str, Any]]:
    """How many rows outside the log and the views name an id, by table and column: sign-in data, uploads, messages."""
    found, told = sa.MetaData(), []
    inside = {*log_tables.tables, *(view.table.name for view in VIEWS.values()), "timeline"}
    with reading(engine) as connection:
        found.reflect(connection)
        for table in found.sorted_tables:
            for column in table.columns if table.name not in inside else ():
                text = sa.cast(column, sa.Text)
                if isinstance(column.type, sa.LargeBinary):
                    continue
                query = sa.select(sa.func.count()).where(text.in_([str(id), id.hex]))
                if rows := connection.scalar(query.select_from(table)):
                    told.append({"table": table.name, "column": column.name, "rows": rows})
    return told


def files_of(events: Iterable[Event]) -> list[dict[str, str]]:
    """The attachments of some events."""
    named = {digest: name for event in events for digest, name in evidence_of(event).items()}
    return [{"sha256": digest, "name": name} for digest, name in named.items()]


def drop_answers(engine: Engine, words: Collection[str]) -> int:
    """Drop remembered answers in which one of the words stands, from the file too; returns how many rows went."""
    if not words:
        return 0
    Answers(engine)  # makes the table where nobody needed it yet
    with writing(engine) as connection:
        if engine.dialect.name == "sqlite":
            connection.exec_driver_sql("PRAGMA secure_delete = ON")
        gone = connection.execute(
            sa.delete(ANSWERS).where(_holding([ANSWERS.c.body], words))
        ).rowcount
    if gone:
        with engine.connect() as connection:
            auto = connection.execution_options(isolation_level="AUTOCOMMIT")
            clean = "PRAGMA wal_checkpoint(TRUNCATE)"
            auto.exec_driver_sql(
                clean if engine.dialect.name == "sqlite" else f"VACUUM {ANSWERS.name}"
            )
    return gone


def leftovers(engine: Engine, words: Collection[str]) -> Iterator[str]:
    """Where in the database, outside the log, one of the words still stands in clear (Chinese)."""
    telling = [word for word in words if len(word) >= SHORTEST]
    if not telling:
        return
    found = sa.MetaData()
    with reading(engine) as connection:
        found.reflect(connection)
        for table in found.sorted_tables:
            if table.name in log_tables.tables:
                continue
            for column in _texts(table):
                query = sa.select(sa.func.count()).where(_holding([column], telling))
                if count := connection.scalar(query):
                    yield f"表 {table.name} 的 {column.name} 栏有 {count} 行"


def _texts(table: Table) -> list[sa.Column[Any]]:
    return [each for each in table.columns if isinstance(each.type, sa.Text | sa.String)]


def _holding(columns: Iterable[ColumnElement[Any]], words: Collection[str]) -> ColumnElement[bool]:
    tests = [each.contains(word, autoescape=True) for each in columns for word in sorted(words)]
    return sa.or_(sa.false(), *tests)
