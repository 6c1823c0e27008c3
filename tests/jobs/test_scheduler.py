"""The scheduler: who holds the lease works at once, the others wait, and a clock that is set back stops nothing."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from queue import SimpleQueue
from threading import current_thread
from threading import enumerate as enumerate_threads

import pytest

from adapters.bootstrap import House, build
from adapters.schedule.lease import Lease
from jobs.job import Job, Tally
from jobs.scheduler import Scheduler
from tests.jobs.conftest import Town, town_at

SOON = 60.0
"""Seconds within which something must have happened, however slow the machine."""


class Bell:
    """A job that rings, so that a test may wait for it."""

    def __init__(self, name: str) -> None:
        self.rings: SimpleQueue[str] = SimpleQueue()
        self.job = Job(name, "铃", timedelta(hours=1), self._ring)

    def _ring(self, house: House, now: datetime, tally: Tally) -> None:
        tally.add("铃响", 1)
        self.rings.put(current_thread().name)

    def heard(self) -> bool:
        return bool(self.rings.get(timeout=SOON))


@pytest.fixture
def town(tmp_path: Path, sqlite_url: str) -> Iterator[Town]:
    made = town_at(tmp_path / "home", sqlite_url)
    yield made
    made.house.close()


@pytest.fixture
def other(town: Town, tmp_path: Path, sqlite_url: str) -> Iterator[Town]:
    """Another process's view of the same house."""
    house = town.house
    again = build(house.settings, clock=house.clock, policies=house.policies, new_id=house.new_id)
    yield Town(again, town.world)
    again.close()


def test_who_takes_the_lease_looks_at_once_and_gives_it_back_at_the_end(town: Town) -> None:
    bell = Bell("bell")
    scheduler = Scheduler(town.house, [bell.job])
    scheduler.start()
    assert bell.heard() is True
    scheduler.stop()
    (run,) = town.house.runs.listed()
    assert (run.job, run.fence, run.done) == ("bell", 1, {"铃响": 1})
    seen = town.house.lease.look()
    assert seen is not None
    assert (seen.holder, seen.fence) == (None, 1)
    assert town.house.runs.last_beat() == town.world.now


def test_a_second_scheduler_waits_until_the_first_is_gone(town: Town, other: Town) -> None:
    first, second = Bell("first"), Bell("second")
    one, two = Scheduler(town.house, [first.job]), Scheduler(other.house, [second.job])
    one.start()
    assert first.heard() is True
    two.start()
    one.stop()
    assert second.heard() is True
    two.stop()
    assert [(run.job, run.fence) for run in town.house.runs.listed()] == [
        ("second", 2),
        ("first", 1),
    ]


def test_runs_that_stand_in_line_when_it_stops_do_not_hold_it_up(town: Town) -> None:
    bells = [Bell(f"bell {number}") for number in range(12)]
    scheduler = Scheduler(town.house, [bell.job for bell in bells])
    before = set(enumerate_threads())
    scheduler.start()
    assert bells[0].heard() is True
    scheduler.stop()
    for thread in set(enumerate_threads()) - before:
        thread.join(SOON)
        assert thread.is_alive() is False


def test_a_clock_that_is_set_back_makes_every_job_look_again(town: Town) -> None:
    hours = iter(range(1_000_000))
    wall = datetime(2026, 11, 1, tzinfo=UTC)
    bell = Bell("bell")
    scheduler = Scheduler(
        town.house, [bell.job], wall=lambda: wall - next(hours) * timedelta(hours=1)
    )
    scheduler.start()
    assert (bell.heard(), bell.heard(), bell.heard()) == (True, True, True)
    scheduler.stop()


def test_a_scheduler_that_lost_the_lease_stops_working(town: Town, other: Town) -> None:
    bell = Bell("bell")
    scheduler = Scheduler(town.house, [bell.job])
    scheduler.start()
    assert bell.heard() is True
    seconds = [0.0]
    rival = Lease(other.house.engine, "rival", clock=lambda: seconds[0])
    while not rival.acquire():
        seconds[0] += 1_000.0
    scheduler.stop()
    assert (town.house.lease.fence, rival.renew()) == (None, True)
