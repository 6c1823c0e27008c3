"""A house with the desk tests' people in it, whose clock is theirs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from adapters.bootstrap import House, build
from adapters.log.engine import reading
from adapters.messages.outbox import messages
from adapters.settings import Settings
from jobs.catalogue import catalogue
from jobs.running import Ran, run
from tests.domain.rules import policy, rolling
from tests.domain.world import World


@dataclass
class Town:
    """The house, its people, and the jobs that look after it."""

    house: House
    world: World

    def runs(self, name: str) -> Mapping[str, int]:
        """What one run of a job does now; nothing goes wrong."""
        ran = self.tries(name)
        assert ran.errors == []
        return ran.done

    def tries(self, name: str) -> Ran:
        """How one run of a job goes now."""
        job = next(job for job in catalogue() if job.name == name)
        return run(self.house, job, self.world.now)

    def said(self, *kinds: str) -> Sequence[tuple[Any, ...]]:
        """What was said of these kinds: kind, to whom, in which role, at which step."""
        columns = (messages.c.kind, messages.c.organisation, messages.c.role, messages.c.step)
        wanted = sa.select(*columns).where(messages.c.kind.in_(kinds)).order_by(messages.c.key)
        names = {id: name for name, id in self.world.places.items()}
        with reading(self.house.engine) as connection:
            found = connection.execute(wanted)
            return sorted((kind, names[to], role, step) for kind, to, role, step in found)


def town_at(home: Path, url: str, **ports: Any) -> Town:
    """A town on an empty database."""
    worlds: list[World] = []
    house = build(
        Settings.at(home, database_url=url),
        clock=lambda: worlds[0].now,
        policies={each.id: each for each in (policy(), rolling())},
        **ports,
    )
    worlds.append(World(house.register, house.engine))
    return Town(house, worlds[0])


@pytest.fixture
def town(tmp_path: Path, database_url: str) -> Iterator[Town]:
    made = town_at(tmp_path / "home", database_url)
    yield made
    made.house.close()
