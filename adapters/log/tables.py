"""The log's tables: the events, the tree's present state and its stored nodes.

Rows are only ever added to ``events`` and ``nodes``; ``tree`` is one row, replaced by each append in the events' transaction.
"""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import BigInteger, Column, Engine, Integer, LargeBinary, MetaData, Table, Text
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator, TypeEngine, Uuid

from adapters.log.engine import writing
from adapters.log.merkle import EMPTY_ROOT

APPEND_LOCK: Final = 0x6D696E67
"""The key of PostgreSQL's advisory lock under which positions are given out."""

metadata = MetaData()


class CompactUuid(TypeDecorator[UUID]):
    """A UUID: PostgreSQL's own type, 16 bytes on SQLite (half the index that text would need)."""

    impl = LargeBinary(16)
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """The column's type on this database."""
        if dialect.name == "postgresql":
            return dialect.type_descriptor(Uuid())
        return dialect.type_descriptor(LargeBinary(16))

    def process_bind_param(self, value: UUID | None, dialect: Dialect) -> Any:
        """The UUID as the driver takes it."""
        return value.bytes if value is not None and dialect.name == "sqlite" else value

    def process_result_value(self, value: Any | None, dialect: Dialect) -> UUID | None:
        """The UUID from what the driver gave."""
        return UUID(bytes=value) if value is not None and dialect.name == "sqlite" else value


_Position = BigInteger().with_variant(Integer(), "sqlite")
_Hash = LargeBinary(32)

events = Table(
    "events",
    metadata,
    Column("position", _Position, primary_key=True, autoincrement=False),
    Column("originator_id", CompactUuid, nullable=False),
    Column("originator_version", BigInteger, nullable=False),
    Column("leaf_hash", _Hash, nullable=False),
    Column("topic", Text, nullable=False),
    Column("state", LargeBinary, nullable=False),
    sa.UniqueConstraint("originator_id", "originator_version", name="events_originator"),
)

tree = Table(
    "tree",
    metadata,
    Column("id", Integer, sa.CheckConstraint("id = 1"), primary_key=True, autoincrement=False),
    Column("size", BigInteger, nullable=False),
    Column("root", _Hash, nullable=False),
    Column("frontier", LargeBinary, nullable=False),
    postgresql_with={"fillfactor": 10},
)
"""``frontier`` is the roots of the perfect subtrees that make up the tree, the largest first, 32 bytes each."""

nodes = Table(
    "nodes",
    metadata,
    Column("level", Integer, primary_key=True, autoincrement=False),
    Column("number", _Position, primary_key=True, autoincrement=False),
    Column("hash", _Hash, nullable=False),
    sqlite_with_rowid=False,
)
"""One row for each full tile: level 1 covers 256 leaves, level 2 covers 65,536, and so on."""


def create(engine: Engine) -> None:
    """Creates the tables that are missing and the tree's row; safe to call from several processes at once."""
    with writing(engine) as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(sa.select(sa.func.pg_advisory_xact_lock(APPEND_LOCK)))
        metadata.create_all(connection)
        if connection.execute(sa.select(tree.c.id)).first() is None:
            connection.execute(tree.insert().values(id=1, size=0, root=EMPTY_ROOT, frontier=b""))
