"""The outbox: what is said is written in the transaction that caused it, under a key that is written once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID, uuid5

import orjson
import sqlalchemy as sa
from sqlalchemy import Connection, Engine
from sqlalchemy.dialects import postgresql, sqlite

from adapters.log.engine import reading
from adapters.outside import METADATA, stamp
from domain.matters import Message

MESSAGES_NAMESPACE = UUID("a1d4f1f2-3c3e-5b0a-9a39-6b6f4c1f5f10")

messages = sa.Table(
    "messages",
    METADATA,
    sa.Column("id", sa.Uuid, primary_key=True),
    sa.Column("key", sa.Text, nullable=False, unique=True),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("federation", sa.Uuid, nullable=False),
    sa.Column("organisation", sa.Uuid, nullable=False),
    sa.Column("role", sa.Text, nullable=False),
    sa.Column("thread", sa.Text, nullable=False),
    sa.Column("facts", sa.Text, nullable=False),
    sa.Column("link", sa.Text, nullable=False),
    sa.Column("due_on", sa.Text),
    sa.Column("step", sa.Text),
    sa.Column("moment", sa.Text, nullable=False),
    sa.Column("created_at", sa.Text, nullable=False),
    sa.Column("spread_at", sa.Text),
    sa.Index("messages_of", "organisation", "role", "created_at"),
    sa.Index("messages_thread", "thread"),
    sa.Index(
        "messages_unspread",
        "created_at",
        sqlite_where=sa.text("spread_at IS NULL"),
        postgresql_where=sa.text("spread_at IS NULL"),
    ),
)
"""One row a message. facts is JSON; moment: when it was due to be said; spread_at: since when every
way by which it goes out is known (`deliveries`)."""

message_reads = sa.Table(
    "message_reads",
    METADATA,
    sa.Column("message", sa.Uuid, primary_key=True),
    sa.Column("account", sa.Uuid, primary_key=True),
    sa.Column("read_at", sa.Text, nullable=False),
)

_CHUNK = 200


def message_id(key: str) -> UUID:
    """The message's id, by which receivers drop what comes twice; it follows from the key."""
    return uuid5(MESSAGES_NAMESPACE, key)


def post(connection: Connection, said: Iterable[Message], at: datetime) -> int:
    """Write messages into the outbox in the caller's transaction; those that stand there already are left.

    Returns how many are new.
    """
    rows = {each.key: _row(each, at) for each in said}
    new = 0
    for start in range(0, len(rows), _CHUNK):
        part = list(rows.values())[start : start + _CHUNK]
        # Without the option PostgreSQL's driver is not asked how many rows an INSERT of several made.
        made = _insert(connection).values(part).execution_options(preserve_rowcount=True)
        new += connection.execute(made).rowcount
    return new


def unposted(engine: Engine, said: Sequence[Message]) -> list[Message]:
    """Those of the messages under whose keys nothing was said yet."""
    keys = [each.key for each in said]
    known: set[str] = set()
    with reading(engine) as connection:
        for start in range(0, len(keys), _CHUNK):
            part = keys[start : start + _CHUNK]
            wanted = sa.select(messages.c.key).where(messages.c.key.in_(part))
            known.update(connection.execute(wanted).scalars())
    return [each for each in said if each.key not in known]


def _insert(connection: Connection) -> Any:
    insert: Any = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}
    statement = insert[connection.dialect.name](messages)
    return statement.on_conflict_do_nothing(index_elements=["key"])


def _row(message: Message, at: datetime) -> dict[str, Any]:
    return {
        "id": message_id(message.key),
        "key": message.key,
        "kind": message.kind,
        "federation": message.federation,
        "organisation": message.organisation,
        "role": message.role.value,
        "thread": message.thread,
        "facts": orjson.dumps(dict(message.facts), option=orjson.OPT_SORT_KEYS).decode(),
        "link": message.link,
        "due_on": message.due_on.isoformat() if message.due_on else None,
        "step": message.step,
        "moment": stamp(message.moment),
        "created_at": stamp(at),
        "spread_at": None,
    }
