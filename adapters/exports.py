"""Whole exports of the log, streamed: one JSON object a line, in order of positions."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import IO

from eventsourcing.persistence import Notification

from adapters.log import leaf
from adapters.log.recorder import LogRecorder


def export_events(
    recorder: LogRecorder,
    out: IO[str],
    *,
    as_of: int | None = None,
    progress: Callable[[int], None] | None = None,
) -> int:
    """Write every event up to a position (all without one) and return how many there were.

    Personal values stay sealed: an event is written as it is stored.
    """
    count = 0
    for event in recorder.stream(stop=as_of):
        out.write(json.dumps(_line(event), ensure_ascii=False, separators=(",", ":")) + "\n")
        count += 1
        if progress is not None:
            progress(count)
    return count


def _line(event: Notification) -> dict[str, object]:
    return {
        "position": event.id,
        "originator_id": str(event.originator_id),
        "originator_version": event.originator_version,
        "topic": event.topic,
        "state": json.loads(event.state),
        "leaf_hash": leaf.hash_of(event).hex(),
    }
