"""Deliveries: what became of each message and event on each way, to be read, and to be sent once more.

States: waiting; sent; dead (given up, or refused for good); dropped (nobody to send it to any more); gathered (it went
into a digest, whose own row says the rest).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID, uuid5

import sqlalchemy as sa
from sqlalchemy import ColumnElement, Connection, Engine
from sqlalchemy.dialects import postgresql, sqlite

from adapters.log.engine import reading, writing
from adapters.messages.outbox import MESSAGES_NAMESPACE, messages
from adapters.messages.tables import deliveries
from adapters.outside import stamp
from domain.errors import Invalid, NotFound, OutOfOrder

STATES: Final = ("waiting", "sent", "dead", "dropped", "gathered")
ENDED: Final = ("dead", "dropped")
"""States from which a delivery can be sent once more."""

ATTEMPTS: Final = 8
_PAUSES: Final = (60, 300, 900, 3_600, 10_800, 21_600, 43_200)
"""Seconds after the first attempt, the second, …: the eighth is about a day after the first."""

_CHUNK: Final = 200


def delivery_id(*parts: object) -> UUID:
    """The id of a delivery; it follows from what goes where, so that nothing goes there twice."""
    return uuid5(MESSAGES_NAMESPACE, ":".join(map(str, parts)))


def pause(id: UUID, attempt: int) -> timedelta:
    """How long to wait after an attempt (from 1 on): longer each time, and up to a fifth more by chance.

    The chance is made of the delivery's id, so that it is the same each time it is asked.
    """
    seconds = _PAUSES[min(attempt, len(_PAUSES)) - 1]
    drawn = hashlib.sha256(id.bytes + attempt.to_bytes(4, "big")).digest()
    return timedelta(seconds=round(seconds * (1 + drawn[0] / 255 / 5)))


def insert(connection: Connection, rows: Sequence[Mapping[str, Any]]) -> int:
    """Write new rows in the caller's transaction; those that stand there already are left. How many are new."""
    made: Any = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}
    new = 0
    for start in range(0, len(rows), _CHUNK):
        statement = made[connection.dialect.name](deliveries).values(rows[start : start + _CHUNK])
        # Without the option PostgreSQL's driver is not asked how many rows an INSERT of several made.
        counted = statement.on_conflict_do_nothing().execution_options(preserve_rowcount=True)
        new += connection.execute(counted).rowcount
    return new


def new_row(
    id: UUID, channel: str, target: UUID, *, at: datetime, next_at: datetime, **more: Any
) -> dict[str, Any]:
    """A row that waits; more: message, or position and topic."""
    return {
        "id": id,
        "message": None,
        "position": None,
        "topic": None,
        "channel": channel,
        "target": target,
        "state": "waiting",
        "attempts": 0,
        "next_at": stamp(next_at),
        "made_at": stamp(at),
        **more,
    }


def listed(
    engine: Engine,
    targets: Sequence[UUID],
    *,
    state: str | None = None,
    cursor: str | None = None,
    limit: int = 50,
) -> tuple[list[dict[str, Any]], str | None]:
    """Deliveries to some targets, the newest first, and the cursor of the next page. Raises Invalid."""
    d = deliveries.c
    wanted = sa.select(deliveries, messages.c.kind, messages.c.thread).outerjoin_from(
        deliveries, messages, d.message == messages.c.id
    )
    wanted = wanted.where(d.target.in_(targets), *_narrowed(state, cursor))
    with reading(engine) as connection:
        rows = connection.execute(
            wanted.order_by(d.made_at.desc(), d.id.desc()).limit(limit + 1)
        ).all()
    items = [dict(row._mapping) for row in rows[:limit]]  # noqa: SLF001 - SQLAlchemy's public name
    last = rows[limit - 1] if len(rows) > limit else None
    return items, f"{last.made_at}|{last.id}" if last else None


def dead(engine: Engine, limit: int = 1_000) -> list[dict[str, str | None]]:
    """What was given up, the newest first. what: the kind of message, the event's topic, or `digest`."""
    d = deliveries.c
    wanted = (
        sa.select(d.id, d.channel, d.target, d.ended_at, d.error, d.topic, messages.c.kind)
        .outerjoin_from(deliveries, messages, d.message == messages.c.id)
        .where(d.state == "dead")
        .order_by(d.ended_at.desc(), d.id)
        .limit(limit)
    )
    with reading(engine) as connection:
        rows = connection.execute(wanted).all()
    return [
        {
            "id": str(row.id),
            "channel": row.channel,
            "target": str(row.target),
            "what": row.kind or row.topic or "digest",
            "ended_at": row.ended_at,
            "error": row.error,
        }
        for row in rows
    ]


def _narrowed(state: str | None, cursor: str | None) -> Iterable[ColumnElement[bool]]:
    d = deliveries.c
    if state is not None:
        if state not in STATES:
            raise Invalid("state_unknown", f"状态应为：{'、'.join(STATES)}", field="state")
        yield d.state == state
    if cursor is not None:
        made_at, _, id = cursor.partition("|")
        try:
            datetime.fromisoformat(made_at)
            yield sa.tuple_(d.made_at, d.id) < sa.tuple_(
                sa.literal(made_at), sa.literal(UUID(id), sa.Uuid)
            )
        except ValueError as error:
            raise Invalid("cursor_malformed", "翻页位置不正确", field="cursor") from error


def target_of(engine: Engine, id: UUID) -> UUID:
    """To whom a delivery goes. Raises NotFound."""
    with reading(engine) as connection:
        found: UUID | None = connection.execute(
            sa.select(deliveries.c.target).where(deliveries.c.id == id)
        ).scalar()
    if found is None:
        raise NotFound("delivery_unknown", "没有这条投递记录")
    return found


def resend(engine: Engine, id: UUID, now: datetime) -> None:
    """Let a delivery that ended without success begin anew. Raises NotFound, OutOfOrder."""
    target_of(engine, id)
    if _again(engine, deliveries.c.id == id, now) == 0:
        raise OutOfOrder("delivery_not_ended", "只有失败或已取消的投递才能重新发送")


def resend_all(engine: Engine, target: UUID, now: datetime) -> int:
    """Let every dead delivery to a target begin anew; how many."""
    return _again(engine, (deliveries.c.target == target) & (deliveries.c.state == "dead"), now)


def resend_every(engine: Engine, now: datetime) -> int:
    """Let every dead delivery there is begin anew; how many."""
    return _again(engine, deliveries.c.state == "dead", now)


def forget(engine: Engine, before: datetime) -> int:
    """Drop what went out, or had nobody to go to, before a moment; returns how many.

    What was given up stays until somebody sends it again.
    """
    d = deliveries.c
    ended = d.state.in_(("sent", "gathered", "dropped")) & (d.ended_at < stamp(before))
    with writing(engine) as connection:
        return connection.execute(sa.delete(deliveries).where(ended)).rowcount


def _again(engine: Engine, which: ColumnElement[bool], now: datetime) -> int:
    anew = {
        "state": "waiting",
        "attempts": 0,
        "next_at": stamp(now),
        "ended_at": None,
        "answer": None,
        "error": None,
    }
    change = sa.update(deliveries).where(which, deliveries.c.state.in_(ENDED)).values(anew)
    with writing(engine) as connection:
        return connection.execute(change).rowcount
