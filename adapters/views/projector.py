"""Keeps the views up to date in the very transaction that records the events."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Connection, Engine

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
        if create_tables:
            schema.create(engine)

    def follow(self, connection: Connection, recorded: Sequence[Recorded]) -> None:
        """Fold the events into the views; an error undoes the append.

        A request that was recorded before violates the uniqueness of its id, so that a command
        that is sent twice is done once.
        """
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
