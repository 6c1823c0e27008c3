"""Making the views' tables and their indexes, here or under other names."""

from __future__ import annotations

from collections.abc import Iterator

import sqlalchemy as sa
from sqlalchemy import Connection, Engine, Index, MetaData, Table

from adapters.log.engine import writing
from adapters.views.shape import metadata
from adapters.views.tables import VIEWS, log_indexes

CREATION_LOCK = 0x76696577
"""The key of PostgreSQL's advisory lock under which the tables are made."""


def create(engine: Engine) -> None:
    """Create the tables where there are none; safe to call from several processes at once."""
    with writing(engine) as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(sa.select(sa.func.pg_advisory_xact_lock(CREATION_LOCK)))
        if not sa.inspect(connection).has_table("timeline"):
            metadata.create_all(connection)
            for index in indexes(metadata):
                index.create(connection)


def indexes(tables: MetaData, prefix: str = "", suffix: str = "") -> Iterator[Index]:
    """All indexes, made on tables whose names begin with a prefix."""
    for view in VIEWS.values():
        yield from view.indexes(tables.tables[prefix + view.name], suffix)
    grown = (tables.tables[prefix + "timeline"], tables.tables[prefix + "requests"])
    yield from log_indexes(*grown, suffix)


def copies(prefix: str, prefixes: list[str] | None = None) -> MetaData:
    """The same tables under names that begin with a prefix, without indexes."""
    found = MetaData()
    for table in metadata.sorted_tables:
        columns = [
            sa.Column(
                c.name, c.type, primary_key=c.primary_key, nullable=c.nullable, autoincrement=False
            )
            for c in table.columns
        ]
        Table(prefix + table.name, found, *columns, prefixes=prefixes or [])
    return found


def drop(connection: Connection, tables: MetaData) -> None:
    """Drop tables where they exist."""
    tables.drop_all(connection, checkfirst=True)
