"""The cast of a city: its federation, the unions that recommend, units, and everyone's accounts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from random import Random
from uuid import UUID

from adapters.demonstration.clock import dice
from adapters.demonstration.dossiers import Applicant
from adapters.demonstration.stage import Player, Stage
from adapters.demonstration.units import UnitName, Units
from adapters.demonstration.words import Trade
from domain.model.organisation import Kind
from domain.policy.policy import Category
from domain.values import Role


@dataclass(frozen=True)
class Union:
    """A recommending union with one who reviews and one who pays."""

    id: UUID
    name: str
    officer: Player
    payer: Player


@dataclass(frozen=True)
class Unit:
    """A unit below a recommending union, with its union's account."""

    id: UUID
    words: UnitName
    union: Union
    player: Player


@dataclass
class City:
    """A federation and all who act in it. Submitting, naming and paying are different people."""

    stage: Stage
    slug: str
    short: str
    name: str
    id: UUID
    chance: Random
    units: Units
    admin: Player
    reviewers: list[Player] = field(default_factory=list)
    auditors: list[Player] = field(default_factory=list)
    unions: list[Union] = field(default_factory=list)
    opened: int = 0
    numbered: int = 0

    @property
    def reviewer(self) -> Player:
        """Reviews materials and visits sites."""
        return self.reviewers[0]

    @property
    def namer(self) -> Player:
        """Names, posts notices and grants."""
        return self.reviewers[1]

    @property
    def payer(self) -> Player:
        """Pays and reconciles."""
        return self.reviewers[2]

    @property
    def auditor(self) -> Player:
        """Reads everything and decides nothing."""
        return self.auditors[0]

    def union(self, name: str) -> Union:
        """One of its recommending unions by name."""
        return next(union for union in self.unions if union.name == name)

    def account(
        self, username: str, place: UUID, role: Role, organisation: UUID | None = None
    ) -> Player:
        """Open an account at a place, with a role there or on another organisation."""
        directory, name = self.stage.register.directory, self.stage.people.name(self.chance)
        held = organisation or place
        account = directory.open_account(
            self.stage.by(self.admin), username=f"{self.slug}.{username}", name=name, home=place
        )
        directory.grant_role(self.stage.by(self.admin), account, role, held)
        return Player(f"{self.slug}.{username}", name, account, role, held)

    def enrol(self, name: str) -> Union:
        """Register a recommending union and its two accounts."""
        number = len(self.unions) + 1
        place = self.stage.register.directory.register_organisation(
            self.stage.by(self.admin),
            name=name,
            kind=Kind.RECOMMENDING_UNION,
            parent=self.id,
            code=f"{self.slug.upper()}-{number:02d}",
        )
        union = Union(
            place,
            name,
            self.account(f"union{number:02d}", place, Role.RECOMMENDING_UNION),
            self.account(f"union{number:02d}.pay", place, Role.RECOMMENDING_UNION),
        )
        self.unions.append(union)
        return union

    def enrol_unit(self, union: Union) -> Unit:
        """Register an invented unit below a union, with its union's account."""
        words = self.units.unit(self.chance)
        self.opened += 1
        place = self.stage.register.directory.register_organisation(
            self.stage.by(self.admin),
            name=words.name,
            kind=Kind.UNIT,
            parent=union.id,
            code=f"{self.slug.upper()}-U{self.opened:03d}",
        )
        return Unit(
            place, words, union, self.account(f"unit{self.opened:03d}", place, Role.UNIT_UNION)
        )

    def applicant(self, unit: Unit, category: Category, founded: date) -> Applicant:
        """A studio of a unit that could apply in a category."""
        chance, trade = self.chance, unit.words.trade
        leader, at = self.stage.people.person(chance), chance.randrange(len(trade.fields))
        name = f"{leader.name}{trade.fields[at]}创新工作室"
        if category.kind == "station":
            name = f"{unit.words.name.removesuffix('有限公司')}职工创新创业服务站"
        elif category.naming is not None:
            name = category.naming.apply(leader.name)
        return Applicant(
            name=name,
            leader=leader,
            unit=unit.words,
            job=chance.choice(trade.jobs),
            field=trade.fields[at],
            founded_on=founded,
            recommender=unit.union.name,
            federation=self.name,
            size=chance.randint(6, 16),
            area=chance.randint(60, 240),
        )


EVERYBODY = ("admin", "review", "name", "pay", "assess", "audit", "union01", "unit001")


def found(
    stage: Stage,
    *,
    slug: str,
    short: str,
    name: str,
    unions: Sequence[str],
    trades: Sequence[Trade],
    shown: Sequence[str] = ("name", "union01", "unit001"),
    parent: UUID | None = None,
) -> City:
    """Set a federation up with its officers, auditor and recommending unions.

    `shown` are the accounts that a visitor is told about.
    """
    directory, chance = stage.register.directory, dice(name)
    code = slug.upper()
    if parent is None:
        place = directory.found(stage.setup(), name=name, code=code)
    else:
        place = directory.register_organisation(
            stage.setup(), name=name, kind=Kind.FEDERATION, parent=parent, code=code
        )
    admin = _admin(stage, slug, place, chance)
    city = City(
        stage, slug, short, name, place, chance, Units(name.removesuffix("市总工会"), trades), admin
    )
    for username in ("review", "name", "pay", "assess"):
        city.reviewers.append(city.account(username, place, Role.CITY_OFFICER))
    city.auditors.append(city.account("audit", place, Role.AUDITOR))
    for union in unions:
        city.enrol(union)
    stage.accounts.extend(f"{slug}.{username}" for username in shown)
    return city


def _admin(stage: Stage, slug: str, place: UUID, chance: Random) -> Player:
    directory, name = stage.register.directory, stage.people.name(chance)
    username = f"{slug}.admin"
    account = directory.open_account(stage.setup(), username=username, name=name, home=place)
    directory.grant_role(stage.setup(), account, Role.ADMINISTRATOR, place)
    return Player(username, name, account, Role.ADMINISTRATOR, place)
