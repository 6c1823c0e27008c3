"""Desk: reviews stage by stage, scores, overrides in principle, and returning to the unit."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from marshmallow import fields

from domain.policy.terms import STAGES
from domain.values import Mandate
from web.blueprint import Blueprint
from web.commands import command
from web.context import register
from web.fields import Choice, Command, Id, Moment, Whole, Words, known, many

blueprint = Blueprint("review", __name__, description="评审")

APPLICATION = "/studios/<uuid:studio>/applications/<uuid:application>"


class Review(Command):
    """A decision at a stage; `judgements` are a person's verdicts, by condition."""

    stage = Choice(*STAGES)
    outcome = Choice("passed", "rejected")
    opinion = Words(5_000)
    judgements = fields.Dict(Words(100), Choice("pass", "fail"), **known(load_default=None))
    document = Words(200, load_default=None, allow_none=True)
    reason = Words(2_000, load_default=None, allow_none=True)


class Reviews(Command):
    """One decision on many applications."""

    applications = many(Id(), least=1)
    stage = Choice(*STAGES)
    outcome = Choice("passed", "rejected")
    opinion = Words(5_000)
    document = Words(200, load_default=None, allow_none=True)


class Score(Command):
    """A reviewer's score, 0 to 100 points."""

    stage = Choice(*STAGES)
    points = Whole(0, 100)
    opinion = Words(5_000)


class Override(Command):
    """A condition in principle that is passed over, and why; the approver is who asks."""

    condition = Words(100)
    reason = Words(2_000)


class GiveBack(Command):
    """What is to be corrected, and by when."""

    reason = Words(2_000)
    amend_by = Moment(load_default=None, allow_none=True)


@command(blueprint, f"{APPLICATION}/reviews", Review)
def review(mandate: Mandate, studio: UUID, application: UUID, **data: Any) -> None:
    """Pass or reject an application at its next stage."""
    register().review.review(mandate, studio, application, **data)


@command(blueprint, "/calls/<uuid:call>/reviews", Reviews)
def decide(mandate: Mandate, call: UUID, **data: Any) -> None:
    """One decision on many applications, such as the chairman's office meeting's."""
    register().review.decide(mandate, call, **data)


@command(blueprint, f"{APPLICATION}/scores", Score)
def score(mandate: Mandate, studio: UUID, application: UUID, **data: Any) -> None:
    """A reviewer's score; a reviewer who is tied to the applicant is recused."""
    register().review.score(mandate, studio, application, **data)


@command(blueprint, f"{APPLICATION}/overrides", Override)
def override(mandate: Mandate, studio: UUID, application: UUID, **data: Any) -> None:
    """Approve that a condition in principle is passed over."""
    register().review.override(mandate, studio, application, **data)


@command(blueprint, f"{APPLICATION}/return", GiveBack)
def give_back(mandate: Mandate, studio: UUID, application: UUID, **data: Any) -> None:
    """Return an application to its unit to be corrected."""
    register().review.give_back(mandate, studio, application, **data)
