"""Who acts in the simulated year, and under which names: the same act gives the same ids whenever it is done."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid5

import sqlalchemy as sa

from adapters.bootstrap import House
from adapters.commits import Commits
from adapters.log.engine import reading
from adapters.views.shape import FOREVER
from adapters.views.tables import accounts, checks, namings, roles
from domain.model.campaign import campaign_id
from domain.model.organisation import Kind
from domain.values import Actor, Mandate, Role
from tests.domain.persons import uid
from tests.domain.world import Filed, Who, World

HOLDS: sa.ColumnElement[int] = sa.literal_column(str(FOREVER))

KNOWN = {
    "officer": "wuxi.name",
    "granter": "wuxi.name",
    "payer": "wuxi.pay",
    "admin": "wuxi.admin",
    "甲区": "wuxi.union01",
    "乙区": "wuxi.union02",
}
"""What the tests call people, and what the demonstration calls them."""

UNITS = {"厂一": "甲区", "厂二": "甲区", "厂三": "甲区", "厂四": "乙区", "厂五": "乙区"}


class Clock:
    """A clock that stands where it is put."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now


class Ids:
    """New ids, made of the act's name; a job that makes one has no name, and gives itself away."""

    def __init__(self) -> None:
        self.act = ""
        self.given = 0

    def __call__(self) -> UUID:
        assert self.act, "a job made an id that another run would make otherwise"
        self.given += 1
        return uuid5(uid("simulation"), f"{self.act}/{self.given}")


@dataclass
class Cast(World):
    """The tests' world, played by people of the demonstration; what the clock says is the house's."""

    house: House | None = None
    ids: Ids | None = None
    act: str = ""

    def __post_init__(self) -> None:
        """Everybody is here already."""

    @property
    def now(self) -> datetime:
        assert self.house is not None
        return self.house.clock()

    @property
    def setup(self) -> Mandate:
        """A mandate to look at something with."""
        return Mandate(Actor(None, None, "setup"), Role.RULE, self.now, "look")

    def by(self, name: str, **more: Any) -> Mandate:
        """A person's mandate for the act under way."""
        who = self.who(name)
        return self.register.directory.mandate(
            who.account,
            role=who.role,
            organisation=who.organisation,
            at=self.now,
            request_id=self._request(),
            **more,
        )

    def public(self) -> Mandate:
        """The mandate of somebody without an account."""
        return Mandate(Actor(None, None), Role.PUBLIC, self.now, self._request())

    def _request(self) -> str:
        """An act's first command has its name."""
        self.requests += 1
        return self.act if self.requests == 1 else f"{self.act} {self.requests}"

    def known(self, username: str) -> bool:
        """Whether there is an account of that name."""
        a = accounts.table.c
        with reading(self.engine) as connection:
            found = connection.execute(sa.select(a.id).where(a.username == username))
            return found.first() is not None

    def who(self, name: str) -> Who:
        """An account of the demonstration, in its role."""
        username = KNOWN.get(name, name)
        a, r = accounts.table, roles.table
        wanted = (
            sa.select(a.c.id, r.c.role, r.c.organisation)
            .join_from(a, r, r.c.account == a.c.id)
            .where(a.c.until == HOLDS, r.c.until == HOLDS, a.c.username == username)
        )
        with reading(self.engine) as connection:
            row = connection.execute(wanted).one()
        return Who(UUID(row.id), Role(row.role), UUID(row.organisation))

    @contextmanager
    def acting(self, name: str) -> Iterator[None]:
        """Within it, ids and requests are those of an act."""
        assert self.ids is not None
        self.act = self.ids.act = name
        self.ids.given = self.requests = 0
        try:
            yield
        finally:
            self.act = self.ids.act = ""

    def once(self, name: str, do: Callable[[Cast], object]) -> None:
        """Do an act that is one commit, unless it was done before somebody was cut off."""
        if not self.done(name):
            with self.acting(name):
                do(self)
                assert self.requests == 1, f"{name} is {self.requests} commands"

    def done(self, name: str) -> bool:
        """Whether an act was recorded."""
        return bool(Commits(self.engine, self.register).of(name))

    def made(self, name: str, topic: str) -> Any:
        """The event of an act."""
        found = Commits(self.engine, self.register).of(name)
        return next(each.event for each in found if each.topic == topic)

    def record(self, name: str, topic: str) -> UUID:
        """The record that an act made."""
        id: UUID = self.made(name, topic).originator_id
        return id

    def filed(self, name: str) -> Filed:
        """The application that an act filed."""
        event = self.made(name, "studio.applied")
        return Filed(event.originator_id, event.application)

    def naming(self, number: str) -> tuple[UUID, UUID]:
        """The studio with a number, and its unit."""
        n = namings.table.c
        wanted = sa.select(n.studio, n.unit).where(n.until == HOLDS, n.number == number)
        with reading(self.engine) as connection:
            row = connection.execute(wanted).one()
        return UUID(row.studio), UUID(row.unit)

    def owed(self, union: str, year: int) -> list[tuple[UUID, str]]:
        """A union's names in force that were given before a year and have no result of its own, in order."""
        n, c = namings.table.c, checks.table.c
        of_union = str(self.who(union).organisation)
        done = sa.select(c.studio + c.number).where(
            c.until == HOLDS, c.year == year, c.assessor == "recommending_union"
        )
        wanted = sa.select(n.studio, n.number).where(
            *(n.until == HOLDS, n.status == "active", n.recommender == of_union),
            *(n.named_on < f"{year}-01-01", (n.studio + n.number).not_in(done)),
        )
        with reading(self.engine) as connection:
            rows = connection.execute(wanted.order_by(n.number)).all()
        return [(UUID(row.studio), row.number) for row in rows]

    def campaign(self, officer: str, policy: str, year: int) -> UUID:
        """The assessment of a year, by an officer of its federation."""
        return campaign_id(self.who(officer).organisation, policy, year)

    def unit_of_number(self, number: str) -> str:
        """The user name of the unit that a studio belongs to."""
        _, unit = self.naming(number)
        a, r = accounts.table, roles.table
        wanted = sa.select(a.c.username).join_from(a, r, r.c.account == a.c.id)
        wanted = wanted.where(a.c.until == HOLDS, r.c.until == HOLDS, r.c.organisation == str(unit))
        with reading(self.engine) as connection:
            return str(connection.execute(wanted.order_by(a.c.username)).scalars().first())

    def found_units(self) -> None:
        """Units of our own in Wuxi, each with its union's account of the same name."""
        directory = self.register.directory
        for name, union in UNITS.items():
            place = directory.register_organisation(
                self.by("admin"),
                name=name,
                kind=Kind.UNIT,
                parent=self.who(union).organisation,
                code=name,
            )
            account = directory.open_account(self.by("admin"), username=name, name=name, home=place)
            directory.grant_role(self.by("admin"), account, Role.UNIT_UNION, place)
        self.find_places()

    def find_places(self) -> None:
        """The places by the tests' names."""
        self.places["city"] = self.who("officer").organisation
        for name in ("甲区", "乙区", *UNITS):
            self.places[name] = self.who(name).organisation


def cast_of(house: House, ids: Ids) -> Cast:
    """The people of a house."""
    found = Cast(house.register, house.engine, house=house, ids=ids)
    if found.known("厂一"):
        found.find_places()
    return found
