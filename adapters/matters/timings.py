"""Each federation's settings of passing time: its own, else those of the nearest one above it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import timedelta
from functools import lru_cache
from uuid import UUID

import orjson
import sqlalchemy as sa
from sqlalchemy import ColumnElement, Connection

from adapters.packs.timing import read_timing
from adapters.views.shape import FOREVER
from adapters.views.tables import organisations
from domain.matters import KINDS
from domain.policy.timing import DEFAULT, Reminding, Timing

LEAST = 60
"""So many days before its due day everything has come to light."""

HOLIDAYS = timedelta(days=15)
"""No run of days off is longer, so no reminder moves back by more."""


class Timings:
    """federation → Timing, as the register has it at one moment."""

    def __init__(self, settings: Mapping[str, tuple[str, str | None]]) -> None:
        """settings: federation → its path, and its settings as they are recorded."""
        self._paths = {id: path for id, (path, _) in settings.items()}
        self._set = {path: text for path, text in settings.values() if text}

    def __call__(self, federation: UUID | str) -> Timing:
        """The settings that hold for a federation; the defaults where nobody above it has any."""
        path = self._paths.get(str(federation), "")
        while path.strip("/"):
            if text := self._set.get(path):
                return _read(text)
            path = path[: path.rindex("/", 0, -1) + 1]
        return DEFAULT

    def ahead(self, kind: str) -> timedelta:
        """How long before its due day a kind may have to be spoken of under anybody's settings."""
        rhythms = [KINDS[kind], *(KINDS[kind].under(own) for own in self._remindings(kind))]
        first = max((day for each in rhythms if each for day in each.before), default=0)
        return timedelta(days=max(first, LEAST)) + HOLIDAYS

    def _remindings(self, kind: str) -> Iterator[Reminding]:
        for text in self._set.values():
            if own := _read(text).reminding(kind):
                yield own


def read_timings(connection: Connection, held: ColumnElement[bool] | None = None) -> Timings:
    """The settings of every federation, from the views: those that hold now, or that held when the condition says."""
    c = organisations.table.c
    if held is None:
        held = c.until == sa.literal_column(str(FOREVER))
    query = sa.select(c.id, c.path, c.timing).where(held, c.kind == "federation")
    return Timings({row.id: (row.path, row.timing) for row in connection.execute(query)})


@lru_cache(maxsize=256)
def _read(text: str) -> Timing:
    return read_timing(orjson.loads(text))
