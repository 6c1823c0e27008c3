"""Four schedulers on one PostgreSQL: one works, whoever is killed is replaced, and everything is done once."""

from __future__ import annotations

import os
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from threading import Event
from time import monotonic

import pytest

from adapters.schedule.lease import BEAT, PATIENCE, Lease
from tests.domain.world import World
from tests.jobs.conftest import Town, town_at

PATIENT = 300.0
"""Seconds after which the machine is not slow any more, but something is wrong."""

CALLS = 12


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


@pytest.fixture
def shared(home: Path, postgresql_url: str) -> Iterator[Town]:
    """A town on PostgreSQL, in 2022, for processes that live today."""
    made = town_at(home, postgresql_url)
    yield made
    made.house.close()


def start(home: Path, url: str) -> subprocess.Popen[bytes]:
    given = {"MINGPAI_HOME": str(home), "MINGPAI_DATABASE_URL": url}
    return subprocess.Popen(
        [sys.executable, "-m", "mingpai", "jobs", "serve"],
        env={**os.environ, **given},
        stdout=subprocess.DEVNULL,
    )


def until(found: Callable[[], object]) -> None:
    """Look until it is so."""
    ends, pause = monotonic() + PATIENT, Event()
    while not found():
        assert monotonic() < ends, "it did not come about"
        pause.wait(0.2)


def held(lease: Lease, fence: int) -> bool:
    """Whether somebody holds the lease under this number."""
    seen = lease.look()
    return seen is not None and seen.holder is not None and seen.fence == fence


def pid_of(lease: Lease) -> int:
    """The process that holds the lease."""
    seen = lease.look()
    assert seen is not None
    assert seen.holder is not None
    return int(seen.holder.rpartition(":")[2])


def grown(world: World, length: int) -> bool:
    """Whether somebody has begun to work on what was opened."""
    return world.length() > length


def test_whoever_is_killed_is_replaced_and_everything_is_done_once(
    shared: Town, home: Path, postgresql_url: str
) -> None:
    lease, world = shared.house.lease, shared.world

    def opened() -> int:
        """Calls that are long over for a process that lives today."""
        before = world.length()
        for _ in range(CALLS):
            world.opens()
        return before + CALLS

    length = opened()
    with ExitStack() as stack:
        processes = {}
        for _ in range(4):
            process = start(home, postgresql_url)
            stack.callback(process.wait)
            stack.callback(process.kill)
            processes[process.pid] = process
        for fence in (1, 2):
            until(partial(held, lease, fence))
            until(partial(grown, world, length))
            length = opened() if fence == 1 else length
            processes[pid_of(lease)].kill()
        until(partial(held, lease, 3))
        until(lambda: world.topics().count("call.deadline_passed") == 2 * CALLS)
        last = processes[pid_of(lease)]
        last.terminate()
        assert last.wait(PATIENT) == 0
        until(partial(held, lease, 4))
    ended = Counter(e.originator_id for e in world.events() if e.TOPIC == "call.deadline_passed")
    assert set(ended.values()) == {1}
    fences = [run.fence or 0 for run in shared.house.runs.listed(job="calls", limit=500)]
    assert sorted(fences, reverse=True) == fences


def test_a_crash_is_noticed_within_half_a_minute() -> None:
    assert PATIENCE + 2 * BEAT <= 30
