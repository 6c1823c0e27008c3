"""Desk: the ledgers of members, results, activities and apprenticeships."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from domain.values import Mandate
from web.api.people import FileField, PersonSchema, files
from web.blueprint import Blueprint
from web.commands import command
from web.context import register
from web.fields import Command, Day, Flag, Id, Whole, Words, part

blueprint = Blueprint("ledgers", __name__, description="台账")

STUDIO = "/studios/<uuid:studio>"


class Member(Command):
    """Who joins."""

    member = part(PersonSchema)
    duty = Words(100)
    frontline = Flag()
    on = Day()


class Leaving(Command):
    """Why and when a member leaves."""

    reason = Words(2_000)
    on = Day()


class Term(Command):
    """Until when somebody belongs to the studio, and what says so. Of nobody: its leader."""

    person = Id(load_default=None, allow_none=True)
    ends_on = Day()
    basis = Words(500)


class Achievement(Command):
    """A recognised result."""

    title = Words(200)
    kind = Words(50)
    recognised_by = Words(100)
    on = Day()
    evidence = files()


class Activity(Command):
    """An activity that was held."""

    title = Words(200)
    kind = Words(50)
    participants = Whole(0, 1_000_000)
    on = Day()


class Apprenticeship(Command):
    """An agreement of master and apprentice (名师带徒)."""

    master = part(PersonSchema)
    apprentice = part(PersonSchema)
    starts_on = Day()
    ends_on = Day()
    duties = Words(5_000)
    plan = Words(5_000)
    agreement = FileField(load_default=None, allow_none=True)


class Survey(Command):
    """What a survey of a year found (调查摸底), and the class the studio is managed in."""

    year = Whole(1949, 2999)
    grade = Words(50)
    findings = Words(5_000)
    evidence = files()


@command(blueprint, f"{STUDIO}/members", Member, ids={"member": "studio.member_joined:member.id"})
def join(mandate: Mandate, studio: UUID, **data: Any) -> None:
    """A member joins; personal values are sealed."""
    register().ledgers.join(mandate, studio, **data)


@command(blueprint, f"{STUDIO}/members/<uuid:member>/leave", Leaving)
def part_with(mandate: Mandate, studio: UUID, member: UUID, **data: Any) -> None:
    """A member leaves."""
    register().ledgers.part(mandate, studio, member=member, **data)


@command(blueprint, f"{STUDIO}/terms", Term)
def set_term(mandate: Mandate, studio: UUID, **data: Any) -> None:
    """Until when the leader leads or a member belongs; a later statement replaces it."""
    register().ledgers.set_term(mandate, studio, **data)


ENTRY = "entry"


@command(
    blueprint,
    f"{STUDIO}/achievements",
    Achievement,
    ids={ENTRY: "studio.achievement_recorded:entry"},
)
def record_achievement(mandate: Mandate, studio: UUID, **data: Any) -> None:
    """A recognised result."""
    register().ledgers.record_achievement(mandate, studio, **data)


@command(blueprint, f"{STUDIO}/surveys", Survey, ids={ENTRY: "studio.surveyed:entry"})
def survey(mandate: Mandate, studio: UUID, **data: Any) -> None:
    """A survey by the unit's union, the recommending union or the city."""
    register().ledgers.survey(mandate, studio, **data)


@command(blueprint, f"{STUDIO}/activities", Activity, ids={ENTRY: "studio.activity_recorded:entry"})
def record_activity(mandate: Mandate, studio: UUID, **data: Any) -> None:
    """An activity that was held."""
    register().ledgers.record_activity(mandate, studio, **data)


@command(
    blueprint,
    f"{STUDIO}/apprenticeships",
    Apprenticeship,
    ids={ENTRY: "studio.apprenticeship_signed:entry"},
)
def sign_apprenticeship(mandate: Mandate, studio: UUID, **data: Any) -> None:
    """A master and an apprentice sign an agreement."""
    register().ledgers.sign_apprenticeship(mandate, studio, **data)
