"""Desk: public notices and objections. Reading a notice and objecting to it need no account."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from domain.values import Mandate, Role
from web import auth
from web.api.people import PersonSchema
from web.blueprint import Blueprint
from web.commands import command
from web.context import queries, register
from web.fields import Command, Day, Flag, Id, Moment, Reason, Whole, Words, many, part
from web.reads import Item, listing, record, sees
from web.security import OBJECTION_LIMIT

blueprint = Blueprint("publicity", __name__, description="公示与异议")

NOTICE = "/notices/<uuid:notice>"
READERS = (Role.CITY_OFFICER, Role.AUDITOR)
OBJECTION = f"{NOTICE}/objections/<uuid:objection>"


class NewNotice(Command):
    """Approved applications to be shown, and where."""

    call = Id()
    applications = many(Id(), least=1)
    media = Words(200)
    starts_on = Day(load_default=None, allow_none=True)
    provisional = Flag(load_default=False)


class Objection(Command):
    """An objection. Without `objector` it is anonymous, and kept as a lead.

    `received_at` is for officers who enter a letter.
    """

    text = Words(10_000)
    studio = Id(load_default=None, allow_none=True)
    objector = part(PersonSchema, load_default=None, allow_none=True)
    received_at = Moment(load_default=None, allow_none=True)


class Finding(Command):
    """What was found."""

    finding = Words(10_000)
    upheld = Flag()


class Outage(Command):
    """For how long the notice was down."""

    days = Whole(1, 366)
    reason = Words(2_000)


class Drop(Command):
    """Which studio is taken off, and why."""

    studio = Id()
    reason = Words(2_000)


class Restart(Command):
    """Why the period starts anew, and without whom."""

    reason = Words(2_000)
    without = many(Id(), load_default=None)
    starts_on = Day(load_default=None, allow_none=True)


@command(blueprint, "/notices", NewNotice, ids={"notice": "notice.posted"})
def post(mandate: Mandate, **data: Any) -> None:
    """Post approved applications of a call for as long as the policy says."""
    register().publicity.post(mandate, **data)


@command(
    blueprint,
    f"{NOTICE}/objections",
    Objection,
    ids={
        "objection": "notice.objection_raised:objection",
        "kind": "notice.objection_raised:kind",
    },
    public=True,
    limit=OBJECTION_LIMIT,
)
def object_(mandate: Mandate, notice: UUID, **data: Any) -> None:
    """Object to a notice; anyone may. The answer tells how it is kept: objection, lead or complaint."""
    register().publicity.object(mandate, notice, **data)


@command(blueprint, f"{OBJECTION}/adopt", Reason)
def adopt(mandate: Mandate, notice: UUID, objection: UUID, reason: str) -> None:
    """Adopt an anonymous lead as an objection that blocks."""
    register().publicity.adopt(mandate, notice, objection, reason)


@command(blueprint, f"{OBJECTION}/close", Finding)
def close_objection(mandate: Mandate, notice: UUID, objection: UUID, **data: Any) -> None:
    """Close an objection with a finding; upheld, its studio is dropped and the others go on."""
    register().publicity.close_objection(mandate, notice, objection, **data)


@command(blueprint, f"{NOTICE}/extend", Outage)
def extend(mandate: Mandate, notice: UUID, **data: Any) -> None:
    """Record an outage; the period grows by as many days."""
    register().publicity.extend(mandate, notice, **data)


@command(blueprint, f"{NOTICE}/restart", Restart)
def restart(mandate: Mandate, notice: UUID, **data: Any) -> None:
    """Start the period anew after a material change."""
    register().publicity.restart(mandate, notice, **data)


@command(blueprint, f"{NOTICE}/drop", Drop)
def drop(mandate: Mandate, notice: UUID, **data: Any) -> None:
    """Take a studio off a running notice, because it withdraws or ends; the others go on."""
    register().publicity.drop(mandate, notice, **data)


@command(blueprint, f"{NOTICE}/complete")
def complete(mandate: Mandate, notice: UUID) -> None:
    """End a notice whose last day is over and whose objections are closed."""
    register().publicity.complete(mandate, notice)


SHOWN = [
    "id",
    "call",
    "call_name",
    "federation",
    "federation_name",
    "posted_at",
    "starts_on",
    "ends_on",
    "objections_until",
    "day_kind",
    "days",
    "count_first_day",
    "calendar",
    "media",
    "content",
    "status",
    "version",
]
LINE = ("studio", "name", "unit", "recommender", "category", "dropped")
"""What everybody may read of a notice; who objected, and what they wrote, is for officers."""


@listing(
    blueprint,
    "/notices",
    "notices",
    filters="call federation status",
    ranges="posted_at starts_on ends_on",
    sorts="posted_at ends_on",
    scoped=False,
    public=True,
    narrow=lambda row: {name: row[name] for name in SHOWN if name in row},
)
def notices() -> None:
    """Public notices. Needs no account."""


@record(blueprint, f"{NOTICE}", public=True)
def show_notice(notice: str, as_of: int | None) -> Item:
    """A public notice with its lines; needs no account. Officers see its objections too."""
    found = queries().notice(notice, as_of=as_of)
    shown = public_part(found)
    if sees(found) and auth.current().post.role in READERS:
        shown["objections"] = found["objections"]
    return shown


def public_part(notice: Item) -> Item:
    """What everybody may read of a notice."""
    shown = {name: notice[name] for name in SHOWN if name in notice}
    shown["entries"] = [{name: line[name] for name in LINE} for line in notice["entries"]]
    return shown
