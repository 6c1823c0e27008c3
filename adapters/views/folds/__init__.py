"""How each kind of event changes the views: one module a group of views."""

from __future__ import annotations

from collections.abc import Sequence

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
from adapters.views.folds.dispatch import HANDLERS, prefetch, text, uid
from adapters.views.versions import Fold

MODULES = (organisations, studios, applications, calls, namings, checks, endings, money, ledgers)

_MANY = 8
"""From how many events on rows are read ahead."""


def apply(fold: Fold, recorded: Sequence[Recorded], *, read_ahead: bool = True) -> None:
    """Fold recorded events, in order; those of one request make one version of each row."""
    if read_ahead and len(recorded) > _MANY:
        prefetch(fold, recorded)
    request_id = timestamp = by = None
    stamp: tuple[str | None, ...] = ()
    for position, event in recorded:
        if event.request_id != request_id:
            request_id = event.request_id
            fold.begin(position, request_id)
            timestamp = None
        if event.timestamp is not timestamp or event.by is not by:
            timestamp, by = event.timestamp, event.by
            stamp = (
                timestamp.isoformat(),
                text(by.account),
                text(by.organisation),
                by.rule,
                request_id,
            )
        fold.happened(position, uid(event.originator_id), event, stamp)
        for handler in HANDLERS.get(event.TOPIC, ()):
            handler(fold, event)
    fold.pause()
