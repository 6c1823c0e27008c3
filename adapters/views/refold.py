"""Folding the log anew, from its first event, into tables beside the views."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from typing import Any

from eventsourcing.persistence import Mapper, Notification
from sqlalchemy import Connection, Index, MetaData

from adapters.log.recorder import LogRecorder, Recorded
from adapters.views import schema
from adapters.views.decoding import for_folds
from adapters.views.folds import apply
from adapters.views.shape import View
from adapters.views.store import Store
from adapters.views.versions import Fold, Row

BATCH = 10_000
"""Events that are read, folded and written at a time."""

ROOM = 250_000
"""Current rows that are kept in memory, of about a kilobyte each."""

Progress = Callable[[int, int], None]
"""Told how many events are folded, and how many there are."""


class Refold:
    """A fold over the whole log, written in batches into tables that have no indexes at first.

    Finished versions are written once, with their end; current rows stay in memory as long as
    there is room, and are written last.
    """

    def __init__(
        self,
        tables: MetaData,
        prefix: str,
        dialect: str,
        suffix: str = "",
        room: int = ROOM,
    ) -> None:
        named = {name.removeprefix(prefix): table for name, table in tables.tables.items()}
        self._store = Store(dialect, named, bulk=True)
        self._room = room
        self._spilled = False
        self._indexes = list(schema.indexes(tables, prefix, suffix))
        self._made: list[Index] = []
        self._cursor: Any = None
        self._fold = Fold(self._read)
        self._held: list[Recorded] = []
        self.position = 0

    def _read(self, view: View, ids: Sequence[str]) -> Iterable[Row]:
        """Until rows had to leave memory, what is not there is nowhere."""
        return self._store.current(self._cursor, view, ids) if self._spilled else ()

    def take(self, connection: Connection, recorded: Sequence[Recorded], *, last: bool) -> None:
        """Fold a batch and write what is finished; `last` tells that its last command is whole."""
        self._cursor = connection.connection.cursor()
        try:
            events = self._held + list(recorded)
            whole = len(events) if last else _last_whole(events)
            apply(self._fold, events[:whole], read_ahead=self._spilled)
            self._held = events[whole:]
            if whole:
                self.position = events[whole - 1].position
            full = self._fold.size > self._room
            self._write(connection, everything=full)
            if full:
                self._index_keys(connection)
        finally:
            self._cursor.close()

    def finish(self, connection: Connection) -> None:
        """Write all that is still in memory. What is taken after this is read from the tables."""
        self._cursor = connection.connection.cursor()
        try:
            self._write(connection, everything=True)
        finally:
            self._cursor.close()

    def _write(self, connection: Connection, *, everything: bool) -> None:
        fold, cursor = self._fold, self._cursor
        if fold.requests:
            self._store.extend(cursor, fold.timeline, fold.requests)
            fold.timeline.clear()
            fold.requests.clear()
        self._store.write(cursor, fold.take(everything=everything))
        if everything:
            fold.forget()
            self._spilled = True

    def _index_keys(self, connection: Connection) -> None:
        """From now on rows are looked for in the tables."""
        if not self._made:
            self._made = [index for index in self._indexes if index.unique]
            for index in self._made:
                index.create(connection)

    def indexing(self) -> Iterator[Callable[[Connection], None]]:
        """Makes the indexes that are not there yet, one a step."""
        for index in self._indexes:
            if index not in self._made:
                yield index.create


def _last_whole(events: Sequence[Recorded]) -> int:
    """How many events belong to commands that are surely whole: all but those of the last one."""
    end = len(events) - 1
    while end > 0 and events[end - 1].event.request_id == events[-1].event.request_id:
        end -= 1
    return max(end, 0)


@contextmanager
def untracked() -> Iterator[None]:
    """Without the cycle collector, which would look through all rows in memory again and again."""
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collecting:
            gc.enable()


def batches(
    recorder: LogRecorder, mapper: Mapper[Any], start: int, stop: int
) -> Iterator[list[Recorded]]:
    """The events from one position to another, decoded, a batch at a time."""
    stream: Iterator[Notification] = recorder.stream(start, stop, batch=BATCH)
    decode = for_folds(mapper).to_domain_event
    while found := [Recorded(each.id, decode(each)) for each in islice(stream, BATCH)]:
        yield found
