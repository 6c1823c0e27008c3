"""Keeps the views up to date in the very transaction that records the events."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from eventsourcing.persistence import OperationalError
from sqlalchemy import Connection, Engine

from adapters.log.engine import reading
from adapters.log.recorder import Recorded
from adapters.views import schema
from adapters.views.folds import apply
from adapters.views.shape import View
from adapters.views.store import Store
from adapters.views.versions import Fold, Row


class Projector:
    """A follower of the log: events in, versioned rows out."""

    def __init__(self, engine: Engine, *, create_tables: bool = True) -> None:
        self.engine = engine
        self._store = Store(engine.dialect.name)
        self._sound = False
        if create_tables:
            schema.create(engine)

    def follow(self, connection: Connection, recorded: Sequence[Recorded]) -> None:
        """Fold the events into the views; an error undoes the append.

        A request that was recorded before violates the uniqueness of its id, so that a command
        that is sent twice is done once.
        """
        if not self._sound:
            self._require_sound(connection, recorded[0].position - 1)
        cursor: Any = connection.connection.cursor()
        try:

            def read(view: View, ids: Sequence[str]) -> Iterable[Row]:
                return self._store.current(cursor, view, ids)

            fold = Fold(read)
            apply(fold, recorded)
            self._store.extend(cursor, fold.timeline, fold.requests)
            self._store.write(cursor, fold.take())
        finally:
            cursor.close()

    def fault(self) -> str | None:
        """Why the views must be rebuilt before anything is recorded; None where they need not."""
        with reading(self.engine) as connection:
            return schema.fault(connection)

    def _require_sound(self, connection: Connection, before: int) -> None:
        """Looked at once: nothing is recorded on views that miss events or have another layout."""
        if fault := schema.fault(connection, before):
            raise OperationalError(f"{fault}；请运行 mingpai rebuild")
        self._sound = True
