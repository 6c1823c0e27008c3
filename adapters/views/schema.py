"""Making the views' tables and their indexes, in their place or beside it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

import sqlalchemy as sa
from sqlalchemy import Connection, Engine, Index, MetaData, Table
from sqlalchemy.schema import CreateIndex, CreateTable

from adapters.log.engine import writing
from adapters.log.tables import tree
from adapters.views.shape import metadata
from adapters.views.tables import VIEWS, layout, log_indexes, requests

CREATION_LOCK = 0x76696577
"""The key of PostgreSQL's advisory lock under which the tables are made."""


def create(engine: Engine) -> None:
    """Create the tables where there are none; safe to call from several processes at once."""
    with writing(engine) as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(sa.select(sa.func.pg_advisory_xact_lock(CREATION_LOCK)))
        if not sa.inspect(connection).has_table(layout.name):
            tables = copies("")
            tables.drop_all(connection)
            tables.create_all(connection)
            for index in indexes(tables):
                index.create(connection)
            connection.execute(layout.insert().values(digest=digest()))


def indexes(tables: MetaData, prefix: str = "", suffix: str = "") -> Iterator[Index]:
    """All indexes, made on tables whose names begin with a prefix."""
    for view in VIEWS.values():
        yield from view.indexes(tables.tables[prefix + view.name], suffix)
    grown = (tables.tables[prefix + "timeline"], tables.tables[prefix + "requests"])
    yield from log_indexes(*grown, suffix)


def copies(prefix: str, *, temporary: bool = False) -> MetaData:
    """The same tables under names that begin with a prefix, without indexes."""
    found = MetaData()
    for table in metadata.sorted_tables:
        columns = [
            sa.Column(
                column.name,
                column.type,
                primary_key=column.primary_key,
                nullable=column.nullable,
                autoincrement=False,
            )
            for column in table.columns
        ]
        Table(prefix + table.name, found, *columns, prefixes=["TEMPORARY"] if temporary else [])
    return found


def digest() -> str:
    """What tells one layout of the tables from another."""
    made = [str(CreateTable(table)) for table in metadata.sorted_tables]
    made += [str(CreateIndex(index)) for index in indexes(copies(""))]
    return hashlib.sha256("".join(made).encode()).hexdigest()[:16]


def fault(connection: Connection, recorded: int | None = None) -> str | None:
    """Why the views cannot be used as they are, or None: another layout, or behind the log.

    `recorded` is the log's last position; None looks it up.
    """
    inspector = sa.inspect(connection)
    if not inspector.has_table(layout.name):
        return "视图还没有建立"
    if connection.scalar(sa.select(layout.c.digest)) != digest():
        return "视图的表结构是另一个版本的"
    if recorded is None:
        if not inspector.has_table(tree.name):
            return None
        recorded = connection.scalar(sa.select(tree.c.size)) or 0
    followed = connection.scalar(sa.select(sa.func.max(requests.c.last))) or 0
    if recorded != followed:
        return f"视图只到日志第 {followed} 条，日志已有 {recorded} 条"
    return None
