"""Records that were saved, kept in memory for the next command that asks for them.

A record is taken out for use, never lent: a command that is refused half-way, or dies, leaves nothing behind. What is kept is used only
where its last event is still the last one in the log, at the same position and with the same leaf hash: other processes' writes and a
database that was restored under a running process are noticed by that. Personal values are as sealed here as they are in the log.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Iterable
from typing import Any, Final, NamedTuple
from uuid import UUID

from eventsourcing.persistence import Notification

from adapters.log import leaf

ROOM: Final = 2_000
"""How many records are kept, of about ten kilobytes each."""


class Head(NamedTuple):
    """A stream's last event."""

    version: int
    position: int
    leaf_hash: bytes


class Kept(NamedTuple):
    """A record as it was after its stream's last event."""

    last: Notification
    record: Any

    @property
    def head(self) -> Head:
        """Hashed only now: most records that are kept are not asked for again."""
        return Head(self.last.originator_version, self.last.id, leaf.hash_of(self.last))


class SavedRecords:
    """The records that were saved last; safe to use from several threads."""

    def __init__(self, room: int = ROOM) -> None:
        self._room = room
        self._lock = threading.Lock()
        self._kept: OrderedDict[UUID, Kept] = OrderedDict()

    def __len__(self) -> int:
        return len(self._kept)

    def take(self, ids: Iterable[UUID]) -> dict[UUID, Kept]:
        """Those of some ids that are here, and from now on are not."""
        with self._lock:
            pop = self._kept.pop
            found = {id: pop(id, None) for id in ids} if self._kept else {}
        return {id: kept for id, kept in found.items() if kept is not None}

    def keep(self, records: Iterable[tuple[UUID, Kept]]) -> None:
        """Keep records that nobody else holds. Where there is no more room, those saved first go."""
        with self._lock:
            for id, kept in records:
                self._kept[id] = kept
                self._kept.move_to_end(id)
            while len(self._kept) > self._room:
                self._kept.popitem(last=False)
