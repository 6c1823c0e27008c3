"""Events as they are stored, read by position or by record, with their facts beside the exact bytes."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import ColumnElement, Engine

from adapters.audit.verify import plain
from adapters.log.engine import reading
from adapters.log.scan import LogDamaged
from adapters.log.tables import events

Event = dict[str, Any]
"""originator_id, originator_version, topic and state as they are in the leaf, and `facts`, the state's."""

STAMP: Final = ("timestamp", "by", "request_id", "originator_topic")
"""What every event has besides its own facts."""

_AT_ONCE: Final = 500
_COLUMNS: Final = (
    events.c.position,
    events.c.originator_id,
    events.c.originator_version,
    events.c.topic,
    events.c.state,
)


def at_positions(engine: Engine, positions: Iterable[int]) -> dict[int, Event]:
    """The events at these positions."""
    wanted = sorted(set(positions))
    found: dict[int, Event] = {}
    for start in range(0, len(wanted), _AT_ONCE):
        found |= _read(engine, events.c.position.in_(wanted[start : start + _AT_ONCE]))
    return found


def of_records(
    engine: Engine, ids: Iterable[UUID], until: int, topics: Iterable[str] = ()
) -> dict[int, Event]:
    """The events of records up to a position, of all topics or of some."""
    wanted = sorted(set(ids))
    found: dict[int, Event] = {}
    for start in range(0, len(wanted), _AT_ONCE):
        tests = [events.c.originator_id.in_(wanted[start : start + _AT_ONCE])]
        tests += [events.c.topic.in_(some)] if (some := sorted(topics)) else []
        found |= _read(engine, sa.and_(events.c.position <= until, *tests))
    return found


def mentioning(engine: Engine, id: UUID) -> dict[int, Event]:
    """Every event of a record or that mentions it: a scan of the whole log, within the database."""
    needle = sa.literal(id.hex.encode(), sa.LargeBinary)
    if engine.dialect.name == "sqlite":
        found: ColumnElement[int] = sa.func.instr(events.c.state, needle)
    else:
        found = sa.func.position(needle.op("IN")(events.c.state))
    return _read(engine, sa.or_(found > 0, events.c.originator_id == id))


def _read(engine: Engine, test: ColumnElement[bool]) -> dict[int, Event]:
    query = sa.select(*_COLUMNS).where(test).order_by(events.c.position)
    with reading(engine) as connection:
        return {row.position: event_of(*row) for row in connection.execute(query)}


def event_of(position: int, originator: UUID, version: int, topic: str, state: bytes) -> Event:
    """An event from its row. Raises LogDamaged where there is none in it."""
    try:
        text, facts = bytes(state).decode(), json.loads(state, object_hook=plain)
    except (TypeError, ValueError) as error:
        raise LogDamaged("该条记录不是有效的事件", position) from error
    return {
        "originator_id": str(originator),
        "originator_version": version,
        "topic": topic,
        "state": text,
        "facts": facts,
    }
