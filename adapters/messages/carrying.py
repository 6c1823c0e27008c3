"""Carrying: what is due is sent, at least once, and in the ordinary case exactly once.

A delivery is claimed in a short transaction, in which its next attempt moves ahead; it is sent outside of any, and marked
afterwards. Who falls between sending and marking sends again later, under the same id. While the mail server itself
cannot be reached no mail loses an attempt; a program that does not answer is left alone for the rest of the run.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from time import monotonic
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Connection

from adapters.log.engine import reading, writing
from adapters.messages.deliveries import ATTEMPTS, pause
from adapters.messages.forms import Outcome
from adapters.messages.posting import TIMEOUT
from adapters.messages.sending import Sender
from adapters.messages.tables import deliveries
from adapters.outside import stamp

if TYPE_CHECKING:
    from adapters.bootstrap import House

_CLAIM: Final = timedelta(minutes=15)
"""So long nobody else touches what was claimed. A run ends well before that."""

_SOON: Final = timedelta(minutes=1)
"""After so long it is looked whether the mail server is back."""

_RUN: Final = 300.0
_SHARE: Final = 60.0
"""Seconds that a run, and one receiver in it, may take."""

_BATCH: Final = 50

Due = Any


@dataclass(frozen=True, slots=True)
class Carried:
    """How many were sent, are tried again, were given up, and had nobody to go to any more."""

    sent: int = 0
    retried: int = 0
    dead: int = 0
    dropped: int = 0


def carry(
    house: House,
    now: datetime,
    *,
    most: int = 200,
    check: Callable[[Connection], object] | None = None,
    timeout: float = TIMEOUT,
) -> Carried:
    """Send what is due at `now`, at most so many. check: called as each is claimed; it raises to end the run."""
    run = _Run(house, now, timeout, check)
    try:
        while run.done < most and monotonic() < run.ends:
            found = run.due(min(_BATCH, most - run.done))
            if not found:
                break
            for each in found:
                run.carry(each)
    finally:
        run.sender.close()
    counted = run.counted
    return Carried(*(counted.get(state, 0) for state in ("sent", "retry", "dead", "dropped")))


class _Run:
    """One run: what it has done, and whom it leaves alone."""

    def __init__(
        self,
        house: House,
        now: datetime,
        timeout: float,
        check: Callable[[Connection], object] | None,
    ) -> None:
        self._check = check
        self._engine = house.engine
        self._now = now
        self.sender = Sender(house, now, timeout)
        self.ends = monotonic() + _RUN
        self.done = 0
        self.counted: dict[str, int] = {}
        self._spent: dict[str, float] = {}
        self._closed: set[str] = set()

    def due(self, most: int) -> Sequence[Due]:
        """What is due and goes to nobody who is left alone, the longest due first."""
        d = deliveries.c
        wanted = sa.select(deliveries).where(
            d.state == "waiting", d.channel != "digest", d.next_at <= stamp(self._now)
        )
        if "mail" in self._closed:
            wanted = wanted.where(d.channel != "mail")
        programs = [UUID(each) for each in self._closed - {"mail"}]
        if programs:
            wanted = wanted.where(d.target.not_in(programs))
        with reading(self._engine) as connection:
            return connection.execute(wanted.order_by(d.next_at, d.id).limit(most)).all()

    def carry(self, each: Due) -> None:
        """Claim one, send it, and mark what became of it."""
        way = "mail" if each.channel == "mail" else str(each.target)
        if way in self._closed or not self._claim(each):
            return
        began = monotonic()
        outcome = self.sender.send(each)
        self._spent[way] = self._spent.get(way, 0.0) + monotonic() - began
        tired = way != "mail" and (outcome.state == "retry" or self._spent[way] > _SHARE)
        if outcome.state == "later" or tired:
            self._closed.add(way)
        state = self._mark(each, outcome)
        self.done += 1
        self.counted[state] = self.counted.get(state, 0) + 1

    def _claim(self, each: Due) -> bool:
        d = deliveries.c
        mine = sa.and_(d.id == each.id, d.state == "waiting", d.next_at == each.next_at)
        claimed = {"next_at": stamp(self._now + _CLAIM), "attempts": each.attempts + 1}
        with writing(self._engine) as connection:
            if self._check is not None:
                self._check(connection)
            change = sa.update(deliveries).where(mine).values(claimed)
            return connection.execute(change).rowcount == 1

    def _mark(self, each: Due, outcome: Outcome) -> str:
        """Write down what became of it; the state, or `retry`."""
        attempts = each.attempts + 1
        state = outcome.state
        values: dict[str, Any] = {"answer": outcome.answer, "error": outcome.error}
        if state == "later":
            soon = stamp(self._now + _SOON)
            values |= {"attempts": each.attempts, "next_at": soon}
            state = "retry"
        elif state == "retry" and attempts < ATTEMPTS:
            wait = max(pause(each.id, attempts), timedelta(seconds=outcome.wait or 0))
            values |= {"next_at": stamp(self._now + wait)}
        else:
            state = "dead" if state == "retry" else state
            values |= {"state": state, "ended_at": stamp(self._now), "next_at": None}
        mine = (deliveries.c.id == each.id) & (deliveries.c.state == "waiting")
        with writing(self._engine) as connection:
            connection.execute(sa.update(deliveries).where(mine).values(values))
        return state
