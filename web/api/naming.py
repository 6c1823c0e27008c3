"""Desk: naming after the notice, plaques, and what changes a named studio without ending it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from marshmallow import fields

from domain.model.chapters.succession import LEADER_GONE
from domain.values import Mandate
from web.api.people import PersonSchema
from web.blueprint import Blueprint
from web.commands import command
from web.context import register
from web.fields import Choice, Command, Day, Free, Id, Reason, Words, known, part

blueprint = Blueprint("naming", __name__, description="命名")

STUDIO = "/studios/<uuid:studio>"


class Naming(Command):
    """A numbered decision on one application."""

    number = Words(100)
    document = Words(200)
    on = Day(load_default=None, allow_none=True)


class Namings(Command):
    """A decision on several applications; `numbers` gives each its own."""

    numbers = fields.Dict(Id(), Words(100), **known())
    document = Words(200)
    on = Day(load_default=None, allow_none=True)


class PastNaming(Command):
    """A naming decided before this register was kept."""

    policy = Words(100)
    category = Words(100)
    number = Words(100)
    document = Words(200)
    on = Day()


class Plaque(Command):
    """A plaque that was handed over for a naming."""

    number = Words(100)
    plaque = Words(100)
    on = Day(load_default=None, allow_none=True)


class Rename(Command):
    """A new name, and why."""

    name = Words(100)
    reason = Words(2_000)


class Founding(Command):
    """The day of the founding, and what proves it."""

    founded_on = Day()
    reason = Words(2_000)


class Successor(Command):
    """A new leader; `facts` are the leader's as a dossier has them."""

    leader = part(PersonSchema)
    facts = Free()
    reason = Words(2_000)
    name = Words(100, load_default=None, allow_none=True)


class Departure(Command):
    """Why the leader goes (退休、调离、失去称号、去世、其他), since when; `number` of the naming it touches."""

    why = Choice(*LEADER_GONE)
    on = Day()
    reason = Words(2_000)
    number = Words(100, load_default=None, allow_none=True)


class Merger(Command):
    """Into which studio, by which decision."""

    successor = Id()
    decision = Words(200)
    on = Day()


class End(Command):
    """Why and when."""

    reason = Words(2_000)
    on = Day()


@command(blueprint, f"{STUDIO}/applications/<uuid:application>/name", Naming)
def name(mandate: Mandate, studio: UUID, application: UUID, **data: Any) -> None:
    """Name one studio; an ended notice is completed with it."""
    register().naming.name(mandate, studio, application, **data)


@command(blueprint, "/calls/<uuid:call>/namings", Namings)
def name_all(mandate: Mandate, call: UUID, **data: Any) -> None:
    """Name several studios of a call in one decision."""
    register().naming.name_all(mandate, call, **data)


@command(blueprint, f"{STUDIO}/namings", PastNaming, ids={"studio": "studio.naming_recorded"})
def record_naming(mandate: Mandate, studio: UUID, **data: Any) -> None:
    """Enter a naming decided before this register was kept."""
    register().naming.record_naming(mandate, studio, **data)


@command(blueprint, f"{STUDIO}/plaques", Plaque)
def issue_plaque(mandate: Mandate, studio: UUID, number: str, **data: Any) -> None:
    """Record that a plaque was handed over."""
    register().naming.issue_plaque(mandate, studio, number, **data)


@command(blueprint, f"{STUDIO}/rename", Rename)
def rename(mandate: Mandate, studio: UUID, **data: Any) -> None:
    """Rename a studio; where the category prescribes how names are made, the rule holds."""
    register().naming.rename(mandate, studio, **data)


@command(blueprint, f"{STUDIO}/founding", Founding)
def date_founding(mandate: Mandate, studio: UUID, **data: Any) -> None:
    """Enter or correct the day of a studio's founding, which dossiers are compared with."""
    register().naming.date_founding(mandate, studio, **data)


@command(blueprint, f"{STUDIO}/leader-change", Departure)
def open_leader_change(mandate: Mandate, studio: UUID, **data: Any) -> None:
    """Report that the leader retired, left, lost the title or died: a change case opens."""
    register().naming.open_leader_change(mandate, studio, **data)


@command(blueprint, f"{STUDIO}/leader-change/close", Reason)
def close_leader_change(mandate: Mandate, studio: UUID, reason: str) -> None:
    """Close the change case without a successor: the leader stays, or it was opened in error."""
    register().naming.close_leader_change(mandate, studio, reason=reason)


@command(blueprint, f"{STUDIO}/leader", Successor)
def change_leader(mandate: Mandate, studio: UUID, **data: Any) -> None:
    """A successor takes over, checked against the leader conditions of what the studio is named."""
    register().naming.change_leader(mandate, studio, **data)


@command(blueprint, f"{STUDIO}/merge", Merger)
def merge(mandate: Mandate, studio: UUID, **data: Any) -> None:
    """End a studio in favour of another."""
    register().naming.merge(mandate, studio, **data)


@command(blueprint, f"{STUDIO}/close", End)
def close(mandate: Mandate, studio: UUID, **data: Any) -> None:
    """Close a studio; its unpaid subsidies are cancelled with it."""
    register().naming.close(mandate, studio, **data)
