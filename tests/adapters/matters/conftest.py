"""The town of the views' story, to be stopped at any moment and asked what is due."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from adapters.matters import pending, tasks
from adapters.messages.wording import missing_facts, unknown_facts
from domain.matters import Matter
from domain.policy.workdays import NotGazetted
from domain.values import SHANGHAI, Role
from tests.adapters.views.story import Story, WeekendCalendar
from tests.databases import Postgres

NAMES = {
    Role.CITY_OFFICER: "city",
    Role.RECOMMENDING_UNION: "union",
    Role.UNIT_UNION: "unit",
}


class Office:
    """A role on an organisation."""

    def __init__(self, role: Role, organisation: Any) -> None:
        self.role = role
        self.organisation = organisation


class UpTo(WeekendCalendar):
    """A calendar that knows the years up to one."""

    def __init__(self, year: int) -> None:
        self.year = year

    def is_working_day(self, day: date) -> bool:
        self.version(day.year)
        return super().is_working_day(day)

    def version(self, year: int) -> str:
        if year > self.year:
            raise NotGazetted(year)
        return super().version(year)


class Town(Story):
    """The story, one step at a time."""

    def to(self, day: str, hour: int = 9) -> None:
        """Let the clocks show an hour of a day."""
        moment = datetime.combine(date.fromisoformat(day), time(hour), SHANGHAI)
        self.now = moment.astimezone(UTC)

    def due(self, kind: str | None = None) -> list[Matter]:
        """What is pending, or what is of one kind; its facts are those that the texts tell."""
        found = sorted(pending(self.house, self.now), key=lambda each: each.thread)
        assert len({each.thread for each in found}) == len(found)
        for each in found:
            assert unknown_facts(each.kind, each.facts) == []
            assert missing_facts(each.kind, each.facts) == []
            assert each.since <= self.now
        again = sorted(pending(self.house, self.now), key=lambda each: each.thread)
        assert again == found
        return [each for each in found if kind in (None, each.kind)]

    def kinds(self) -> set[str]:
        """The kinds of what is pending."""
        return {each.kind for each in self.due()}

    def told(self, matter: Matter) -> list[str]:
        """To whom a matter is told: `union0`, and `city+14` where only from 14 days overdue on."""
        places = {self.city: ""}
        places |= {id: str(n) for n, id in enumerate(self.unions)}
        places |= {id: str(n) for n, id in enumerate(self.units)}
        return sorted(
            f"{NAMES[to.role]}{places[to.organisation]}"
            + (f"+{to.overdue_days}" if to.overdue_days else "")
            for to in matter.to
        )

    def owed(self, kind: str, *facts: str) -> list[tuple[Any, ...]]:
        """What is pending of a kind: to whom, and these facts."""
        found = [
            (",".join(self.told(each)), *(each.facts.get(name) for name in facts))
            for each in self.due(kind)
        ]
        return sorted(found, key=str)

    def tasks(self, who: str) -> list[Matter]:
        """The tasks of a person."""
        _, role, organisation = self.accounts[who]
        return tasks(self.house, self.now, [Office(role, organisation)])

    def knows_up_to(self, year: int) -> None:
        """Take the calendars of later years away."""
        self.house.register.calendar = UpTo(year)


@pytest.fixture
def town(database_url: str, tmp_path: Path) -> Iterator[Town]:
    """A town with its organisations and people, on the morning of Friday 1 March 2024."""
    made = Town(tmp_path, database_url)
    made.settle()
    yield made
    made.house.close()


@pytest.fixture(scope="session")
def sqlite_original(tmp_path_factory: pytest.TempPathFactory) -> Town:
    """The town once three studios are named, with its home folder; its house is closed."""
    home = tmp_path_factory.mktemp("original")
    return _named(home, f"sqlite:///{home / 'mingpai.sqlite'}")


@pytest.fixture(scope="session")
def postgresql_original(
    tmp_path_factory: pytest.TempPathFactory, postgres_server: Postgres
) -> Iterator[Town]:
    """The same on PostgreSQL."""
    with postgres_server.database() as url:
        yield _named(tmp_path_factory.mktemp("original"), url)


def _named(home: Path, url: str) -> Town:
    town = Town(home, url)
    for chapter in (town.settle, town.intake, town.publicity, town.naming):
        chapter()
    town.house.close()
    return town


@pytest.fixture(params=["sqlite", "postgresql"])
def named(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Town]:
    """A copy of the town once three studios are named: two in 2024, one in 2019."""
    original: Town = request.getfixturevalue(f"{request.param}_original")
    home = tmp_path / "home"
    shutil.copytree(original.house.settings.home, home)
    if request.param == "sqlite":
        yield from _copy(original, home, f"sqlite:///{home / 'mingpai.sqlite'}")
        return
    server: Postgres = request.getfixturevalue("postgres_server")
    url = server.create_database(template=original.house.settings.database_url)
    yield from _copy(original, home, url)
    server.drop_database(url)


def _copy(original: Town, home: Path, url: str) -> Iterator[Town]:
    copy = Town(home, url)
    own = ("house", "register", "after")
    vars(copy).update({name: value for name, value in vars(original).items() if name not in own})
    copy.accounts, copy.units = dict(original.accounts), list(original.units)
    copy.register.new_id = uuid4
    yield copy
    copy.house.close()
