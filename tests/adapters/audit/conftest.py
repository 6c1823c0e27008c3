"""One bundle for all tests that only look at it, and towns of their own for the others."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.adapters.audit.scene import Town, members


@dataclass(frozen=True)
class Bundle:
    """A sound bundle, its members, the key it verifies under, and the register it came from."""

    path: Path
    vkey: str
    members: dict[str, bytes]
    town: Town

    @property
    def key_file(self) -> Path:
        return self.town.house.settings.signing_key_file


@pytest.fixture(scope="session")
def bundle(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bundle]:
    """A bundle on SQLite."""
    home = tmp_path_factory.mktemp("town")
    town = Town(home, f"sqlite:///{home / 'mingpai.db'}").until_money()
    path = home / "bundle.zip"
    made = town.bundle(path)
    yield Bundle(path, made.vkey, members(path), town)
    town.house.close()


@pytest.fixture
def town(tmp_path: Path, database_url: str) -> Iterator[Town]:
    """A town with its subsidy, once on each kind of database."""
    made = Town(tmp_path, database_url).until_money()
    yield made
    made.house.close()
