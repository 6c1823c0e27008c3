"""Which handlers an event's topic calls, and which rows they will ask for."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from typing import Any

import orjson

from adapters.log.recorder import Recorded
from adapters.views.tables import VIEWS
from adapters.views.versions import Fold

Handler = Callable[[Fold, Any], None]

HANDLERS: dict[str, list[Handler]] = defaultdict(list)
_READS: dict[str, set[str]] = defaultdict(set)


def of_event(*names: str) -> Callable[[Any], str]:
    """The id of a row: fields of the event, joined by slashes."""

    def key(event: Any) -> str:
        return "/".join(str(getattr(event, name)) for name in names)

    return key


KEYS: dict[str, Callable[[Any], str]] = {
    "studios": of_event("originator_id"),
    "calls": of_event("originator_id"),
    "funds": of_event("originator_id"),
    "applications": of_event("application"),
    "namings": of_event("originator_id", "number"),
    "checks": of_event("check"),
    "grants": of_event("grant"),
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


def text(value: object | None) -> str | None:
    """An id, date or number as text; None stays None."""
    return None if value is None else str(value)


def evidence(file: Any) -> dict[str, Any]:
    """A file's reference as JSON keeps it."""
    return {"sha256": file.sha256, "name": file.name, "size": file.size, "type": file.type}


def dump(value: Any) -> str:
    """JSON as it is kept in a column: UUIDs and dates as text, keys in order."""
    return orjson.dumps(value, option=orjson.OPT_SORT_KEYS | orjson.OPT_NON_STR_KEYS).decode()


def load(column: str | None) -> Any:
    """What `dump` kept; an empty object where there is nothing."""
    return orjson.loads(column) if column else {}
