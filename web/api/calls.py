"""Desk: opening a call, moving its deadline, ranking, selecting, ending it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from marshmallow import fields

from domain.errors import NotFound
from domain.values import Mandate
from web.api.targets import progress
from web.blueprint import Blueprint
from web.commands import command
from web.context import house, queries, register
from web.fields import Command, Fen, Id, Moment, Reason, Whole, Words, known, many
from web.reads import Item, federations, keep_own, listing, organisation, record, scope

blueprint = Blueprint("calls", __name__, description="申报批次")


class NewCall(Command):
    """A call under a policy; what the notice leaves open is filled in here.

    `reason` answers another deadline than the notice's.
    """

    policy = Words(100)
    title = Words(200)
    federation = Id()
    opens_at = Moment(load_default=None, allow_none=True)
    deadline = Moment(load_default=None, allow_none=True)
    reason = Words(2_000, load_default=None, allow_none=True)
    amounts = fields.Dict(Words(100), Fen(), **known(load_default=None))
    uses = fields.Dict(Words(100), Words(200), **known(load_default=None))
    unions = fields.Dict(Words(100), Id(), **known(load_default=None))


class Extension(Command):
    """A later deadline."""

    deadline = Moment()
    reason = Words(2_000)


class Ranking(Command):
    """What a union recommends in a category, best first."""

    union = Id()
    category = Words(100)
    order = many(Id(), least=1)


class Selection(Command):
    """Who is chosen among the candidates of a category."""

    category = Words(100)
    places = Whole(0, 10_000)
    chosen = many(Id())
    opinion = Words(5_000)


@command(blueprint, "/calls", NewCall, ids={"call": "call.opened"})
def open_call(mandate: Mandate, **data: Any) -> None:
    """Open a call under a policy, with its quotas, stages and deadline."""
    register().calls.open(mandate, **data)


@command(blueprint, "/calls/<uuid:call>/extend", Extension)
def extend(mandate: Mandate, call: UUID, **data: Any) -> None:
    """Move the deadline later, with the reason."""
    register().calls.extend(mandate, call, **data)


@command(blueprint, "/calls/<uuid:call>/close")
def close(mandate: Mandate, call: UUID) -> None:
    """Take no more applications."""
    register().calls.close(mandate, call)


@command(blueprint, "/calls/<uuid:call>/rank", Ranking)
def rank(mandate: Mandate, call: UUID, **data: Any) -> None:
    """A recommending union ranks what it recommends."""
    register().calls.rank(mandate, call, **data)


@command(blueprint, "/calls/<uuid:call>/select", Selection)
def select(mandate: Mandate, call: UUID, **data: Any) -> None:
    """Choose among the candidates that passed all earlier stages; choosing nobody is legal."""
    register().calls.select(mandate, call, **data)


@command(blueprint, "/calls/<uuid:call>/conclude", Reason)
def conclude(mandate: Mandate, call: UUID, reason: str) -> None:
    """End the call's business; naming nobody is legal."""
    register().calls.conclude(mandate, call, reason)


@listing(
    blueprint,
    "/calls",
    "calls",
    filters="status policy",
    ranges="opens_at deadline",
    sorts="title opens_at deadline",
    scoped=False,
)
def calls() -> Item:
    """The calls of one's own federation and, for a federation, of those below it."""
    return {"federation": federations()}


@record(blueprint, "/calls/<uuid:call>")
def show_call(call: str, as_of: int | None) -> Item:
    """A call with what it promised, how its applications stand, and the use of its quotas."""
    return _call(call, as_of)


def _call(call: str, as_of: int | None) -> Item:
    found = queries().call(call, as_of=as_of)
    _require_own(found)
    place = organisation(scope())
    if place["id"] != found["federation"]:
        keep_own(found, place)
    return found


def _require_own(call: Item) -> None:
    if call["federation"] not in federations():
        raise NotFound("call_unknown", "没有这条记录")


@listing(
    blueprint,
    "/calls/<uuid:call>/applications",
    "applications",
    filters="category unit recommender status stage call_state late",
    ranges="submitted_at rank",
    sorts="submitted_at rank status",
)
def applications(call: UUID) -> None:
    """The applications of a call, from one's own organisation and below it."""
    _require_own(queries().one("calls", call))


@record(blueprint, "/calls/<uuid:call>/targets")
def show_targets(call: str, as_of: int | None) -> Item:
    """The notice's task table, with each union's progress against it, and its warnings."""
    found = _call(call, as_of)
    return progress(house().policies[found["policy"]], found)
