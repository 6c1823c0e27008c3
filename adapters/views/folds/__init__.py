"""How each kind of event changes the views: one module a group of views."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from operator import attrgetter

from adapters.log.recorder import Recorded
from adapters.views.folds import (
    applications,
    calls,
    checks,
    endings,
    ledgers,
    money,
    namings,
    organisations,
    studios,
)
from adapters.views.folds.dispatch import HANDLERS, prefetch
from adapters.views.versions import Fold

MODULES = (organisations, studios, applications, calls, namings, checks, endings, money, ledgers)

_request = attrgetter("event.request_id")
_MANY = 8
"""From how many events on rows are read ahead."""


def apply(fold: Fold, recorded: Sequence[Recorded], *, read_ahead: bool = True) -> None:
    """Fold recorded events, in order; those of one request make one version of each row."""
    if read_ahead and len(recorded) > _MANY:
        prefetch(fold, recorded)
    for request_id, group in groupby(recorded, key=_request):
        _apply_command(fold, request_id, list(group))


def _apply_command(fold: Fold, request_id: str, recorded: Sequence[Recorded]) -> None:
    fold.begin(recorded[0].position)
    fold.requests.append((recorded[0].position, recorded[-1].position, request_id))
    timestamp = by = None
    stamp: tuple[str | None, ...] = ()
    for position, event in recorded:
        if event.timestamp is not timestamp or event.by is not by:
            timestamp, by = event.timestamp, event.by
            stamp = (
                timestamp.isoformat(),
                str(by.account) if by.account else None,
                str(by.organisation) if by.organisation else None,
                by.rule,
                request_id,
            )
        fold.position = position
        topic = event.TOPIC
        fold.timeline.append(
            (position, str(event.originator_id), event.originator_version, topic, *stamp)
        )
        for handler in HANDLERS.get(topic, ()):
            handler(fold, event)
