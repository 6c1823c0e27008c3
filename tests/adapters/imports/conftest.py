"""A city on each kind of database."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.adapters.imports.scene import City


@pytest.fixture
def city(tmp_path: Path, database_url: str) -> Iterator[City]:
    """With nine studios, three in each part of the city."""
    made = City(tmp_path, database_url).name(9)
    yield made
    made.house.close()
