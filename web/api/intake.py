"""Desk: studios enter the register; applying, amending, withdrawing."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from domain.values import Mandate
from web.api.people import PersonSchema, files
from web.blueprint import Blueprint
from web.commands import command
from web.context import register
from web.fields import Command, Day, Flag, Free, Id, Reason, Strict, Words, many, part

blueprint = Blueprint("intake", __name__, description="工作室与申报")


class Predecessor(Strict):
    """A studio that this one came from; what is inherited takes a decision."""

    studio = Id()
    inherits = Flag()
    decision = Words(200, least=0, load_default="")


class NewStudio(Command):
    """A studio of a unit, before any application."""

    unit = Id()
    name = Words(100)
    leader = part(PersonSchema)
    founded_on = Day(load_default=None, allow_none=True)
    predecessors = many(part(Predecessor), 20, load_default=())


class Apply(Command):
    """An application. Without a studio, one is registered from the dossier for the unit."""

    category = Words(100)
    dossier = Free()
    evidence = files()
    studio = Id(load_default=None, allow_none=True)
    unit = Id(load_default=None, allow_none=True)
    reason = Words(2_000, load_default=None, allow_none=True)


class Amend(Command):
    """Another dossier in place of the one that was filed."""

    dossier = Free()
    evidence = files()


@command(blueprint, "/studios", NewStudio, ids={"studio": "studio.registered"})
def register_studio(mandate: Mandate, **data: Any) -> None:
    """Enter a studio of a unit into the register, before any application."""
    register().intake.register_studio(mandate, **data)


@command(
    blueprint,
    "/calls/<uuid:call>/applications",
    Apply,
    ids={"application": "studio.applied:application", "studio": "studio.applied"},
)
def apply(mandate: Mandate, call: UUID, **data: Any) -> None:
    """File an application; every clause of the policy gets its verdict."""
    register().intake.apply(mandate, call=call, **data)


@command(blueprint, "/studios/<uuid:studio>/applications/<uuid:application>/amend", Amend)
def amend(mandate: Mandate, studio: UUID, application: UUID, **data: Any) -> None:
    """Replace the dossier while it may still be changed; it is judged anew."""
    register().intake.amend(mandate, studio, application, **data)


@command(blueprint, "/studios/<uuid:studio>/applications/<uuid:application>/withdraw", Reason)
def withdraw(mandate: Mandate, studio: UUID, application: UUID, reason: str) -> None:
    """Take an application back; its place in the quota is free again."""
    register().intake.withdraw(mandate, studio, application, reason)
