"""Desk: opening a call, moving its deadline, ranking, selecting, ending it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from marshmallow import fields

from domain.values import Mandate
from web.blueprint import Blueprint
from web.commands import command
from web.context import register
from web.fields import Command, Fen, Id, Moment, Reason, Whole, Words, known, many

blueprint = Blueprint("calls", __name__, description="申报批次")


class NewCall(Command):
    """A call under a policy; what the notice leaves open is filled in here."""

    policy = Words(100)
    title = Words(200)
    federation = Id()
    opens_at = Moment(load_default=None, allow_none=True)
    deadline = Moment(load_default=None, allow_none=True)
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
