"""The home of the simulated year: the demonstration, what happened before, and who is reached how."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from uuid import UUID

from adapters.bootstrap import House, build
from adapters.demonstration import demonstration_clock, demonstration_ids, fill
from adapters.log.engine import hasty
from adapters.messages.contacts import set_contact
from adapters.messages.endpoints import Wish, add_endpoint, change_endpoint, endpoints_of
from adapters.settings import Settings
from tests.domain.persons import at, uid
from tests.simulation import script
from tests.simulation.cast import Cast, Clock, Ids, cast_of
from tests.simulation.rules import policies

BEFORE = at("2026-11-20", "21:00")

READERS = {
    "wuxi.name": "each",
    "wuxi.union01": "each",
    "wuxi.union03": "daily",
    "changchun.assess": "daily",
    "changchun.union04": "each",
    "changchun.union06": "daily",
    "changchun.union13": "each",
    "changchun.unit002": "daily",
    "jingzhou.name": "daily",
    "nanchang.name": "daily",
    "jiujiang.name": "each",
    "厂一": "each",
    "厂五": "daily",
}
"""Accounts that are reached by mail, and how."""

KINDS = ("assessment.*", "notice.*", "studio.*", "calendar.missing", "rectification.*")
TOPICS = ("studio.*", "notice.completed", "campaign.*", "call.deadline_passed")


@dataclass(frozen=True)
class Ways:
    """Where what goes out arrives."""

    smtp_url: str
    hook_url: str


def settings(home: Path, ways: Ways | None = None) -> Settings:
    """Of a home, with its mail server if anything is to go out."""
    given = {"public_url": "https://register.example"}
    if ways is not None:
        given |= {"smtp_url": ways.smtp_url, "mail_from": "演示 <register@city.example>"}
    return Settings.at(home, **given)


def open_home(home: Path, now: datetime, ways: Ways | None = None) -> tuple[House, Cast, Clock]:
    """The house of a home, whose clock stands at a moment, and its people."""
    clock, ids = Clock(now), Ids()
    house = build(settings(home, ways), clock=clock, new_id=ids, policies=policies())
    return house, cast_of(house, ids), clock


def make(home: Path) -> None:
    """Make the home that every course of the year begins with."""
    house = build(
        settings(home),
        clock=demonstration_clock(),
        new_id=demonstration_ids(),
        policies=policies(),
    )
    with hasty(*house.engines):
        fill(house)
    house.close()
    house, cast, _ = open_home(home, BEFORE)
    with hasty(*house.engines):
        script.before(cast)
        for number, (name, mail) in enumerate(READERS.items()):
            email = f"reader{number}@city.example"
            set_contact(house, cast.who(name).account, BEFORE, email=email, mail=mail)
        for city in ("wuxi", "changchun"):
            wish = Wish("webhook", city, "http://127.0.0.1:1/", kinds=KINDS, topics=TOPICS)
            place = _federation(cast, city)
            add_endpoint(house, uid(city), place, wish, by=None, now=BEFORE)
    house.close()


def _federation(cast: Cast, city: str) -> UUID:
    return cast.who(f"{city}.name").organisation


def copy(base: Path, home: Path, ways: Ways) -> None:
    """A home of its own for one course of the year."""
    shutil.copytree(base, home)
    house, cast, _ = open_home(home, BEFORE, ways)
    for each in endpoints_of(house, [_federation(cast, city) for city in ("wuxi", "changchun")]):
        wish = Wish(each.form, each.name, ways.hook_url, kinds=each.kinds, topics=each.topics)
        change_endpoint(house, each.id, wish)
    house.close()
