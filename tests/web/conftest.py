"""A small town with one studio on its way, for what every endpoint has in common."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.journeys.steps import apply
from tests.journeys.town import Branch, Person, Reply, Town, branch

POLICY, CATEGORY = "wuxi-2022", "model_worker"


@dataclass
class Village:
    """A town with a branch of two units, an open call and one application."""

    town: Town
    officer: Person
    branch: Branch
    call: str
    applied: Reply
    fund: str

    @property
    def unit(self) -> Person:
        return self.branch.units[0].union


def village(town: Town) -> Village:
    """People a town."""
    officer, places = town.officer(), branch(town, "滨湖区总工会", units=2)
    call = officer.do(
        "/calls",
        policy=POLICY,
        title="2022 年",
        federation=town.city,
        uses={"equipment": "购置设备"},
    )["call"]
    applied = apply(town, places.units[0], call, POLICY, CATEGORY)
    assert applied.status == 201, applied.body
    money = {"name": "补助", "payer": town.city, "year": 2022, "source": "city"}
    return Village(town, officer, places, call, applied, officer.do("/funds", **money)["fund"])


@pytest.fixture(scope="module")
def still_town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Village]:
    """One for all tests of a module, in which nothing may change."""
    home = tmp_path_factory.mktemp("town")
    town = Town(home, f"sqlite:///{home / 'still.sqlite'}", "2022-10-20 09:00:00")
    yield village(town)
    town.close()


@pytest.fixture
def small_town(tmp_path: Path, sqlite_url: str) -> Iterator[Village]:
    """On SQLite: what is tested here does not reach the database's own ways."""
    town = Town(tmp_path, sqlite_url, "2022-10-20 09:00:00")
    yield village(town)
    town.close()


@pytest.fixture
def any_town(tmp_path: Path, database_url: str) -> Iterator[Village]:
    """On both kinds of database."""
    town = Town(tmp_path, database_url, "2022-10-20 09:00:00")
    yield village(town)
    town.close()
