"""What the simulation begins with. MINGPAI_SIMULATE=all lets a whole year take its course, else some weeks do.

MINGPAI_SEED repeats what chance decided; MINGPAI_DEATHS sets how often the process is killed.
"""

from __future__ import annotations

import os
from pathlib import Path
from random import Random, SystemRandom

import pytest

from tests.simulation.course import Base, base_of

WHOLE = os.environ.get("MINGPAI_SIMULATE") == "all"
USUAL = 20261120

collect_ignore = ["test_weeks.py"] if WHOLE else ["test_year.py"]


@pytest.fixture(scope="session")
def base(tmp_path_factory: pytest.TempPathFactory) -> Base:
    """The home that all courses begin with."""
    return base_of(tmp_path_factory.mktemp("simulation") / "base")


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the homes of the courses stand."""
    return tmp_path_factory.mktemp("courses")


@pytest.fixture(scope="session")
def seed() -> int:
    """What chance hangs on: a new one for each whole year, printed so that it can be given again."""
    given = os.environ.get("MINGPAI_SEED")
    found = int(given) if given else SystemRandom().randrange(10**9) if WHOLE else USUAL
    print(f"\nMINGPAI_SEED={found}")
    return found


@pytest.fixture
def chance(seed: int, request: pytest.FixtureRequest) -> Random:
    """Chance, for each test its own, whichever of them are run."""
    return Random(f"{seed} {request.node.name}")


@pytest.fixture(scope="session")
def deaths() -> int:
    """How often the process is killed."""
    return int(os.environ.get("MINGPAI_DEATHS", "1000" if WHOLE else "12"))
