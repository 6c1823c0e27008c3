"""The towns of the stories."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.journeys.town import Town

Build = Callable[[str], Town]


@pytest.fixture
def build_town(tmp_path: Path, database_url: str) -> Iterator[Build]:
    """Builds a town at a moment (Asia/Shanghai), once on each kind of database."""
    towns: list[Town] = []

    def build(now: str) -> Town:
        towns.append(Town(tmp_path, database_url, now))
        return towns[-1]

    yield build
    for town in towns:
        town.close()
