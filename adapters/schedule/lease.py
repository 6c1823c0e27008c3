"""The lease: of all the processes that could act because time passes, one does.

Each holder has a fencing number, greater than all before. Whatever it writes is checked against it in the
same transaction, so that one who was taken for dead and wakes up again changes nothing. Signs of life are
counted, not timed: a contender takes over once it has seen the same count for a while on a clock of its own
that only runs forward. No clock of the day is asked, so none that is wrong or set back does harm.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from time import monotonic
from typing import Final

import sqlalchemy as sa
from sqlalchemy import Connection, Engine
from sqlalchemy.exc import IntegrityError

from adapters.log.engine import reading, writing
from adapters.log.recorder import Recorded
from adapters.outside import ensure
from adapters.schedule.tables import leases

NAME: Final = "scheduler"

BEAT: Final = 5.0
"""Seconds between two signs of life."""

PATIENCE: Final = 16.0
"""Seconds without one after which the holder is taken for dead: three were missed."""


class LeaseLost(Exception):
    """Another one holds the lease now; nothing was written."""


@dataclass(frozen=True, slots=True)
class Seen:
    """The lease as it stands: who holds it, the fencing number, the signs of life so far."""

    holder: str | None
    fence: int
    beat: int


class Lease:
    """One contender for the lease, and its holder once it has it. `holder` names it, such as host and process."""

    def __init__(
        self, engine: Engine, holder: str, *, clock: Callable[[], float] = monotonic
    ) -> None:
        ensure(engine)
        self._engine = engine
        self._clock = clock
        self._seen: tuple[Seen, float] | None = None
        self._thread = threading.local()
        self.holder = holder
        self.fence: int | None = None

    def acquire(self) -> bool:
        """Take the lease if it is free, or if its holder gave no sign of life for long enough."""
        if self.fence is not None:
            return True
        seen, now = self.look(), self._clock()
        if seen is not None and seen.holder is not None:
            if self._seen is None or self._seen[0] != seen:
                self._seen = (seen, now)
                return False
            if now - self._seen[1] < PATIENCE:
                return False
        if self._take(seen):
            self.fence = (seen.fence if seen else 0) + 1
        self._seen = None
        return self.fence is not None

    def renew(self) -> bool:
        """Give a sign of life; False, and no holder any more, where another one took over."""
        if self.fence is None:
            return False
        with writing(self._engine) as connection:
            found = connection.execute(
                sa.update(leases).where(*self._mine()).values(beat=leases.c.beat + 1)
            )
        if not found.rowcount:
            self.fence = None
        return bool(found.rowcount)

    def release(self) -> None:
        """Give the lease back, so that the next one need not wait."""
        if self.fence is not None:
            with writing(self._engine) as connection:
                connection.execute(sa.update(leases).where(*self._mine()).values(holder=None))
            self.fence = None

    def look(self) -> Seen | None:
        """The lease as it stands; None before anyone ever held it."""
        columns = (leases.c.holder, leases.c.fence, leases.c.beat)
        with reading(self._engine) as connection:
            row = connection.execute(sa.select(*columns).where(leases.c.name == NAME)).first()
        return Seen(*row) if row else None

    @contextmanager
    def fencing(self) -> Iterator[None]:
        """Within it, whatever this thread records in the log is checked against the fencing number.

        Raises LeaseLost where there is none.
        """
        if self.fence is None:
            raise LeaseLost("the lease is not held")
        self._thread.fence = self.fence
        try:
            yield
        finally:
            self._thread.fence = None

    def check(self, connection: Connection) -> None:
        """Raise LeaseLost, and so undo the transaction, unless the lease is still held.

        Outside `fencing` nothing is checked: people's commands need no lease.
        """
        fence = getattr(self._thread, "fence", None)
        if fence is None:
            return
        mine = (leases.c.name == NAME, leases.c.holder == self.holder, leases.c.fence == fence)
        wanted = sa.select(leases.c.fence).where(*mine)
        if connection.execute(wanted.with_for_update(read=True)).first() is None:
            raise LeaseLost(f"fence {fence} is over")

    def follow(self, connection: Connection, recorded: Sequence[Recorded]) -> None:
        """As a follower of the log: what a scheduler that lost the lease records is undone."""
        self.check(connection)

    def _mine(self) -> tuple[sa.ColumnElement[bool], ...]:
        return (leases.c.name == NAME, leases.c.holder == self.holder, leases.c.fence == self.fence)

    def _take(self, seen: Seen | None) -> bool:
        taken = {"holder": self.holder, "fence": (seen.fence if seen else 0) + 1, "beat": 0}
        with writing(self._engine) as connection:
            if seen is None:
                return self._begin(connection, taken)
            same = (
                leases.c.name == NAME,
                leases.c.holder.is_not_distinct_from(seen.holder),
                leases.c.fence == seen.fence,
                leases.c.beat == seen.beat,
            )
            return bool(connection.execute(sa.update(leases).where(*same).values(**taken)).rowcount)

    def _begin(self, connection: Connection, taken: dict[str, object]) -> bool:
        try:
            with connection.begin_nested():
                connection.execute(sa.insert(leases).values(name=NAME, **taken))
        except IntegrityError:
            return False
        return True
