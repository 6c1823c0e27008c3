"""The recorder: one transaction for the events, the tree, everything that follows them, and what the caller adds.

Positions are given out from the tree's size under a lock, so they are dense, commit in order, and are never used again, not even for
a row that someone deleted.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple, Protocol
from uuid import UUID

from eventsourcing import persistence
from eventsourcing.persistence import ApplicationRecorder, Notification, StoredEvent, Tracking
from sqlalchemy import Connection, Engine

from adapters.log import leaf
from adapters.log.cache import Head
from adapters.log.drivers import DRIVERS, Row
from adapters.log.engine import writing
from adapters.log.errors import translated
from adapters.log.queries import Queries, Stored
from adapters.log.subscription import Appends, LogSubscription
from adapters.log.tree import Tree

Within = Callable[[Connection], None]


class Recorded(NamedTuple):
    """A domain event and the position at which it was recorded."""

    position: int
    event: Any


class Follower(Protocol):
    """Whoever must be up to date whenever the log is, such as the read models."""

    def follow(self, connection: Connection, recorded: Sequence[Recorded]) -> None:
        """Takes up events in the transaction that records them; an exception undoes the whole append."""


class LogRecorder(ApplicationRecorder):
    """eventsourcing's recorder for applications, on SQLite and PostgreSQL.

    Errors of the database come as the library's (``IntegrityError`` for a stream that moved on, ``OperationalError`` …); what a follower
    or ``within`` raises otherwise comes through as it is. Nothing of a failed append remains.
    """

    def __init__(self, engine: Engine, followers: Sequence[Follower] = ()) -> None:
        self.engine = engine
        self.followers = tuple(followers)
        self._driver = DRIVERS[engine.dialect.name]
        self._queries = Queries(engine)
        self._appends = Appends()

    def insert_events(
        self,
        stored_events: Sequence[StoredEvent],
        *,
        domain_events: Sequence[Any] | None = None,
        within: Within | None = None,
        tracking: Tracking | None = None,
        **unknown: Any,
    ) -> Sequence[int]:
        """Records the events durably and returns their positions.

        ``domain_events`` are the same events before they were encoded, for the followers, which refuse to do without. ``within`` runs
        last in the same transaction, even when there are no events.
        """
        if unknown:
            raise TypeError(f"the log does not know what to do with {', '.join(sorted(unknown))}")
        if tracking is not None:
            raise persistence.NotSupportedError("this log tracks no other application")
        if self.followers and domain_events is None and stored_events:
            raise persistence.ProgrammingError("the followers need the domain events")
        if not stored_events and within is None:
            return []
        with translated(), writing(self.engine) as connection:
            positions = self._append(connection, stored_events) if stored_events else range(0)
            if self.followers and stored_events and domain_events is not None:
                recorded = [Recorded(*pair) for pair in zip(positions, domain_events, strict=True)]
                for follower in self.followers:
                    follower.follow(connection, recorded)
            if within is not None:
                within(connection)
        if positions:
            self._appends.announce()
        return list(positions)

    def _append(self, connection: Connection, stored_events: Sequence[StoredEvent]) -> range:
        hashes = [leaf.hash_of(event) for event in stored_events]
        cursor = connection.connection.cursor()
        try:
            row = self._driver.lock(cursor)
            if row is None:
                raise persistence.ProgrammingError("the log has no tree: create its tables")
            tree, full = Tree(*row).append(hashes)
            positions = range(row[0] + 1, tree.size + 1)
            if not self._driver.insert(
                cursor, self._rows(positions, stored_events, hashes), row[0], tree
            ):
                raise persistence.OperationalError("the tree changed during an append")
            if full:
                self._driver.insert_nodes(cursor, full)
        finally:
            cursor.close()
        return positions

    def _rows(
        self, positions: range, stored_events: Sequence[StoredEvent], hashes: Sequence[bytes]
    ) -> list[Row]:
        id_in = self._driver.id_in
        return [
            (
                position,
                id_in(event.originator_id),  # type: ignore[arg-type] # a UUID, or it had no hash
                event.originator_version,
                leaf_hash,
                event.topic,
                event.state,
            )
            for position, event, leaf_hash in zip(positions, stored_events, hashes, strict=True)
        ]

    def select_events(
        self,
        originator_id: UUID | str,
        *,
        gt: int | None = None,
        lte: int | None = None,
        desc: bool = False,
        limit: int | None = None,
    ) -> Sequence[StoredEvent]:
        """The events of one stream, by version."""
        with translated():
            return self._queries.stream(originator_id, gt, lte, limit, desc=desc)

    def streams(self, originator_ids: Iterable[UUID]) -> Iterator[tuple[UUID, Iterator[Stored]]]:
        """The rows of several streams, each with its id, by stream and version; unknown ids and repeated ones add nothing.

        Up to 5,000 streams are read in one snapshot.
        """
        with translated():
            yield from self._queries.streams(set(originator_ids))

    def unchanged(self, heads: Mapping[UUID, Head]) -> set[UUID]:
        """Those of some streams whose last event is still this one, of this hash, at this position."""
        with translated():
            rows = self._queries.heads({id: head.version for id, head in heads.items()})
        found: dict[UUID, Head | None] = {}
        for id, *head in rows:
            found[id] = None if id in found else Head(*head)
        return {id for id, head in found.items() if head == heads[id]}

    def select_notifications(
        self,
        start: int | None,
        limit: int,
        stop: int | None = None,
        topics: Sequence[str] = (),
        *,
        inclusive_of_start: bool = True,
    ) -> Sequence[Notification]:
        """Events by position, from ``start`` (or after it) up to and including ``stop``, at most ``limit``."""
        with translated():
            return self._queries.log(start, stop, topics, limit, inclusive=inclusive_of_start)

    def max_notification_id(self) -> int | None:
        """The last position, or None in an empty log."""
        with translated():
            return self._queries.last()

    def stream(
        self, start: int = 1, stop: int | None = None, *, batch: int = 1_000
    ) -> Iterator[Notification]:
        """All events by position in flat memory, one short transaction a ``batch``; ends with the last one recorded by then."""
        position = start
        while True:
            found = self.select_notifications(position, batch, stop)
            yield from found
            if len(found) < batch:
                return
            position = found[-1].id + 1

    def subscribe(self, gt: int | None = None, topics: Sequence[str] = ()) -> LogSubscription:
        """Events after ``gt`` as they are recorded, by this process (at once) or by others (by looking twice a second)."""
        return LogSubscription(self, self._appends, gt, topics)
