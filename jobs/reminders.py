"""Reminders: what is pending becomes messages at its moments, each once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from adapters.bootstrap import House
from adapters.log.engine import writing
from adapters.matters import due_messages
from adapters.messages.outbox import post, unposted
from domain.values import local
from jobs.job import Tally


@dataclass(frozen=True, slots=True)
class Quiet:
    """What a look found that had nothing more to say: until then, and while nothing changes, none is needed."""

    position: int | None
    today: date
    outages: int
    until: datetime


class Reminders:
    """The job. It remembers only why there is nothing to do, so a new one begins by looking."""

    def __init__(self) -> None:
        self._quiet: Quiet | None = None

    def __call__(self, house: House, now: datetime, tally: Tally) -> None:
        """Say what has to have been said by now and was not."""
        position, outages = house.recorder.max_notification_id(), house.runs.outages()
        today, quiet = local(now).date(), self._quiet
        if (
            quiet is not None
            and (quiet.position, quiet.today, quiet.outages) == (position, today, outages)
            and now < quiet.until
        ):
            return
        said, until = due_messages(house, now)
        new = unposted(house.engine, said)
        for at in range(0, len(new), BATCH):
            with writing(house.engine) as connection:
                house.lease.check(connection)
                tally.add("提醒", post(connection, new[at : at + BATCH], now))
        self._quiet = Quiet(position, today, outages, until) if until else None


BATCH = 500
"""So many messages are written in one transaction."""
