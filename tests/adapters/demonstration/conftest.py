"""The demonstration, told twice at the same time by two processes, once for the whole test run."""

from __future__ import annotations

import fcntl
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from adapters import bootstrap
from adapters.bootstrap import House
from adapters.demonstration import demonstration_clock
from adapters.settings import Settings
from domain.model.record import Record

ROOT = Path(__file__).resolve().parents[3]


@dataclass
class Tale:
    """A told demonstration: the house as it stands, its summary, and every event in order."""

    house: House
    summary: dict[str, Any]
    events: list[Any]

    def of(self, studio: str | UUID) -> list[Any]:
        """A studio's own events."""
        return [event for event in self.events if str(event.originator_id) == str(studio)]

    def topics(self, studio: str | UUID) -> list[str]:
        """A studio's life as topics, without `studio.`."""
        return [event.TOPIC.removeprefix("studio.") for event in self.of(studio)]

    def having(self, topic: str) -> list[Any]:
        """All events of a topic."""
        return [event for event in self.events if topic == event.TOPIC]


@pytest.fixture(scope="session")
def homes(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Two homes; the processes that filled them hashed text differently."""
    base = tmp_path_factory.getbasetemp()
    shared = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "demonstration"
    shared.mkdir(exist_ok=True)
    pair = shared / "one", shared / "two"
    with (shared / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (shared / "told").exists():
            _tell(pair)
            (shared / "told").touch()
    return pair


def _tell(pair: tuple[Path, Path]) -> None:
    told = [
        subprocess.Popen(
            [sys.executable, "-m", "tests.adapters.demonstration.telling", str(home)],
            cwd=ROOT,
            env={**os.environ, "PYTHONHASHSEED": str(seed)},
        )
        for seed, home in enumerate(pair, start=1)
    ]
    assert [process.wait() for process in told] == [0, 0]


@pytest.fixture(scope="session")
def tale(homes: tuple[Path, Path]) -> Iterator[Tale]:
    """The first of the two, with its events read once."""
    house = bootstrap.build(Settings.at(homes[0]), clock=demonstration_clock())
    summary = json.loads(homes[0].with_suffix(".json").read_text("utf-8"))
    mapper, recorder = house.register.mapper, house.register.recorder
    last = recorder.max_notification_id() or 0
    stored = recorder.select_notifications(1, last)
    events: list[Record.Event] = [mapper.to_domain_event(each) for each in stored]
    yield Tale(house, summary, events)
    house.close()
