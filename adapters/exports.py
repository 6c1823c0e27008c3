"""Whole exports of the log, streamed: one JSON object a line, in order of positions."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path

from eventsourcing.persistence import Notification

from adapters.log import leaf
from adapters.log.recorder import LogRecorder


def export_events(
    recorder: LogRecorder,
    output: Path,
    *,
    stop: int | None = None,
    progress: Callable[[int, int | None], None] | None = None,
) -> int:
    """Write every event up to a position (all without one) and return how many there were.

    Personal values stay sealed: an event is written as it is stored. The file takes its name
    only when it is whole.
    """
    partial = output.with_name(output.name + ".part")
    last = stop if stop is not None else recorder.max_notification_id() or 0
    count = 0
    with partial.open("w", encoding="utf-8", newline="\n") as out:
        for event in recorder.stream(stop=last):
            out.write(json.dumps(_line(event), ensure_ascii=False, separators=(",", ":")) + "\n")
            count += 1
            if progress is not None and count % 500 == 0:
                progress(count, last)
        out.flush()
        os.fsync(out.fileno())
    partial.replace(output)
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
