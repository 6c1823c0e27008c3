"""The facts of events, as plain JSON: read from the log at their positions, decrypting nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, Final
from uuid import UUID

import orjson
import sqlalchemy as sa
from sqlalchemy import Connection

from adapters.log.tables import events

STAMP: Final = ("timestamp", "by", "request_id", "originator_topic")
"""What every event has; the timeline tells it."""


def facts_at(connection: Connection, positions: Iterable[int]) -> dict[int, dict[str, Any]]:
    """The facts of the events at these positions."""
    wanted = sa.select(events.c.position, events.c.state).where(
        events.c.position.in_(sorted(set(positions)))
    )
    return {position: facts_of(state) for position, state in connection.execute(wanted)}


def fact_at(connection: Connection, position: int | None) -> dict[str, Any]:
    """The facts of one event; none at no position."""
    return {} if position is None else facts_at(connection, [position]).get(position, {})


def facts_of(state: bytes) -> dict[str, Any]:
    """An event's own facts, without what all events carry."""
    found = orjson.loads(state)
    return {name: plain(value) for name, value in found.items() if name not in STAMP}


def plain(value: Any) -> Any:
    """A stored value as JSON: without the marks of types."""
    if isinstance(value, list):
        return [plain(item) for item in value]
    if not isinstance(value, dict):
        return value
    if "_type_" in value:
        data = value["_data_"]
        special = _SPECIAL.get(value["_type_"])
        return special(data) if special else plain(data)
    return {name: plain(item) for name, item in value.items()}


def _actor(data: list[str | None]) -> dict[str, str | None]:
    account, organisation, rule = data
    return {
        "account": _id(account) if account else None,
        "organisation": _id(organisation) if organisation else None,
        "rule": rule,
    }


def _sealed(data: dict[str, str]) -> dict[str, str]:
    return {"subject": _id(data["s"]), "field": data["f"], "token": data["c"]}


def _id(hexadecimal: str) -> str:
    return str(UUID(hex=hexadecimal))


_SPECIAL: Final[dict[str, Callable[[Any], Any]]] = {
    "uuid_hex": _id,
    "actor": _actor,
    "sealed": _sealed,
}
