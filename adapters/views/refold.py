"""Folding the log anew, from its first event, into tables beside the views."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from itertools import groupby
from typing import Any, NamedTuple
from uuid import UUID

import sqlalchemy as sa
from eventsourcing.persistence import Mapper
from sqlalchemy import Connection, Index, MetaData

from adapters.log.drivers import DRIVERS
from adapters.log.recorder import LogRecorder, Recorded
from adapters.log.tables import events
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
        """Makes the indexes that are not there yet, those of one table a step."""
        missing = [index for index in self._indexes if index not in self._made]
        for _, group in groupby(missing, key=lambda index: index.table):
            yield partial(_create, list(group))


def _create(indexes: Sequence[Index], connection: Connection) -> None:
    for index in indexes:
        index.create(connection, checkfirst=False)


def _last_whole(events: Sequence[Recorded]) -> int:
    """How many events belong to commands that are surely whole: all but those of the last one."""
    end = len(events) - 1
    while end > 0 and events[end - 1].event.request_id == events[-1].event.request_id:
        end -= 1
    return max(end, 0)


class _Stored(NamedTuple):
    """What a mapper asks of a stored event."""

    position: int
    originator_id: UUID
    originator_version: int
    topic: str
    state: bytes


def batches(
    recorder: LogRecorder, mapper: Mapper[Any], start: int, stop: int
) -> Iterator[list[Recorded]]:
    """The events from one position to another, decoded, a batch at a time.

    They are read on the driver's own cursor, and ids are made once: reading takes half of the
    time that the recorder's notifications take.
    """
    engine, driver = recorder.engine, DRIVERS[recorder.engine.dialect.name]
    query = sa.select(*(events.c[name] for name in _Stored._fields))
    position = events.c.position
    decode: Callable[[Any], Any] = for_folds(mapper).to_domain_event
    known: dict[Any, UUID] = {}
    while start <= stop:
        end = min(start + BATCH - 1, stop)
        chunk = query.where(position.between(start, end)).order_by(position)
        found = []
        for row in driver.fetch(
            engine, str(chunk.compile(engine, compile_kwargs={"literal_binds": True})), ()
        ):
            at, record, version, topic, state = row
            id = known.get(record) or known.setdefault(record, driver.id_out(record))
            found.append(Recorded(at, decode(_Stored(at, id, version, topic, state))))
        yield found
        start = end + 1
