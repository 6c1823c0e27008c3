"""Which handlers an event's topic calls, and which rows they will ask for."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from typing import Any
from uuid import UUID

import orjson

from adapters.log.recorder import Recorded
from adapters.views.tables import VIEWS
from adapters.views.versions import Fold

Handler = Callable[[Fold, Any], None]

HANDLERS: dict[str, list[Handler]] = defaultdict(list)
_READS: dict[str, set[str]] = defaultdict(set)


_MANY = 20_000
"""How many ids are remembered as text at most."""

_texts: dict[int, str] = {}


def uid(value: UUID) -> str:
    """An id as text. The same ids come again and again, and `str` of one takes over a microsecond."""
    number = value.int
    found = _texts.get(number)
    if found is None:
        if len(_texts) >= _MANY:
            _texts.clear()
        found = _texts[number] = orjson.dumps(value)[1:-1].decode()
    return found


def text(value: object | None) -> str | None:
    """An id, date or number as text; None stays None."""
    if value is None:
        return None
    return uid(value) if isinstance(value, UUID) else str(value)


def naming_id(e: Any) -> str:
    """The id of the naming that an event of its studio is about."""
    return f"{uid(e.originator_id)}/{e.number}"


def _of(name: str) -> Callable[[Any], str]:
    return lambda event: uid(getattr(event, name))


KEYS: dict[str, Callable[[Any], str]] = {
    "studios": _of("originator_id"),
    "calls": _of("originator_id"),
    "funds": _of("originator_id"),
    "applications": _of("application"),
    "namings": naming_id,
    "standings": naming_id,
    "checks": _of("check"),
    "grants": _of("grant"),
}
"""How the row that an event is about is found, in the views that are read ahead."""


def on(topic: str, reads: str = "") -> Callable[[Handler], Handler]:
    """Mark what a topic does to views; `reads` names the views whose row it needs."""

    def mark(handler: Handler) -> Handler:
        HANDLERS[topic].append(handler)
        _READS[topic].update(reads.split())
        return handler

    return mark


def prefetch(fold: Fold, recorded: Sequence[Recorded]) -> None:
    """Read ahead what many events will need: one query a view."""
    wanted: dict[str, list[str]] = defaultdict(list)
    for _, event in recorded:
        for name in _READS.get(event.TOPIC, ()):
            wanted[name].append(KEYS[name](event))
    for name, ids in wanted.items():
        fold.prefetch(VIEWS[name], ids)


def evidence(file: Any) -> dict[str, Any]:
    """A file's reference as JSON keeps it."""
    return {"sha256": file.sha256, "name": file.name, "size": file.size, "type": file.type}


def dump(value: Any) -> str:
    """JSON as it is kept in a column: UUIDs and dates as text, keys in order."""
    return orjson.dumps(value, option=orjson.OPT_SORT_KEYS | orjson.OPT_NON_STR_KEYS).decode()


def load(column: str | None) -> Any:
    """What `dump` kept; an empty object where there is nothing."""
    return orjson.loads(column) if column else {}
