"""Following the log for programs: each endpoint has read the log up to its cursor, and is told of what it asked for.

An event is told by its topic, its place in the log, its record and the organisation that acted: nothing else of it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

import sqlalchemy as sa
from eventsourcing.persistence import Notification
from sqlalchemy import Connection

from adapters.log.engine import reading, writing
from adapters.messages.deliveries import delivery_id, insert, new_row
from adapters.messages.endpoints import RECORDS, Endpoint, matches, opened
from adapters.messages.forms import Said
from adapters.messages.tables import endpoints
from adapters.messages.telling import address
from adapters.views.shape import FOREVER, View
from adapters.views.tables import VIEWS, organisations
from domain.values import local

if TYPE_CHECKING:
    from adapters.bootstrap import House

_BATCH: Final = 500
_MOST: Final = 20
"""Batches that are read for one endpoint in one run."""

_PAGES: Final = ("studio", "call", "notice", "fund")
"""Kinds of records that have a page of their own."""


def follow_log(house: House, now: datetime) -> int:
    """Make the deliveries of events that endpoints asked for; returns how many.

    The cursor moves in the transaction that writes them, so that each event is told to each endpoint once.
    """
    wanted = sa.select(endpoints).where(endpoints.c.enabled.is_(True), endpoints.c.topics != "[]")
    with reading(house.engine) as connection:
        rows = connection.execute(wanted.order_by(endpoints.c.id)).all()
    return sum(_follow(house, opened(house, row), now) for row in rows)


def _follow(house: House, endpoint: Endpoint, now: datetime) -> int:
    made, cursor = 0, endpoint.cursor
    for _ in range(_MOST):
        found = house.recorder.select_notifications(cursor + 1, _BATCH)
        if not found:
            break
        meant = [each for each in found if matches(endpoint.topics, each.topic)]
        with writing(house.engine) as connection:
            if not _move(connection, endpoint.id, cursor, found[-1].id):
                break  # another process is at it
            own = _own(connection, endpoint.federation, meant)
            made += insert(connection, [_row(endpoint, each, now) for each in own])
        cursor = found[-1].id
    return made


def _move(connection: Connection, id: UUID, cursor: int, to: int) -> bool:
    mine = (endpoints.c.id == id) & (endpoints.c.cursor == cursor)
    moved = connection.execute(sa.update(endpoints).where(mine).values(cursor=to))
    return moved.rowcount == 1


def _row(endpoint: Endpoint, each: Notification, now: datetime) -> dict[str, Any]:
    id = delivery_id("event", each.id, endpoint.id)
    about = {"position": each.id, "topic": each.topic}
    return new_row(id, endpoint.form, endpoint.id, at=now, next_at=now, **about)


def _own(
    connection: Connection, federation: UUID, events: Sequence[Notification]
) -> list[Notification]:
    """Those whose record stands at the federation or below it; others' are nobody's business here."""
    roots = _paths(connection, organisations, {str(federation)})
    root = roots.get(str(federation), "")
    if not root:
        return []
    paths: dict[str, str] = {}
    for kind in {each.topic.partition(".")[0] for each in events} & set(RECORDS):
        of_kind = {str(e.originator_id) for e in events if e.topic.startswith(f"{kind}.")}
        paths |= _paths(connection, VIEWS[f"{kind}s"], of_kind)
    return [each for each in events if paths.get(str(each.originator_id), "").startswith(root)]


def _paths(connection: Connection, view: View, ids: set[str]) -> Mapping[str, str]:
    columns = view.table.c
    wanted = sa.select(columns.id, columns.path).where(
        columns.id.in_(sorted(ids)), columns.until == sa.literal_column(str(FOREVER))
    )
    return {row.id: row.path or "" for row in connection.execute(wanted)}


def said_of_event(house: House, delivery: UUID, position: int) -> Said:
    """What is told of an event."""
    (found,) = house.recorder.select_notifications(position, 1, position)
    event: Any = house.register.mapper.to_domain_event(found)
    kind, id = found.topic.partition(".")[0], str(found.originator_id)
    path = f"/{kind}s/{id}" if kind in _PAGES else f"/log/{position}"
    link = address(house.settings, path)
    by = getattr(event, "by", None)
    organisation = str(by.organisation) if by is not None and by.organisation else None
    at = event.timestamp.isoformat()
    data = {
        "id": str(delivery),
        "position": position,
        "topic": found.topic,
        "record": {"kind": kind, "id": id},
        "by": {"organisation": organisation},
        "link": link,
    }
    text = f"日志第 {position} 条，{local(event.timestamp):%Y-%m-%d %H:%M:%S}"
    return Said(str(delivery), found.topic, at, f"事件 {found.topic}", text, link, data)
