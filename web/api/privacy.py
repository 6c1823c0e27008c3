"""Desk: reading sealed personal data for a reason, handing a person what is held on them, and erasing it."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

from marshmallow import Schema, fields

from adapters.audit.persons import erase_person, export_person
from domain.desks.desk import require
from domain.model.organisation import Organisation
from domain.sealed import Sealed
from domain.values import Mandate, Role
from web import auth
from web.blueprint import Blueprint
from web.context import house, register
from web.fields import Id, Strict, Words, many, part

blueprint = Blueprint("privacy", __name__, description="个人信息")


class SealedSchema(Strict):
    """A sealed value, as a dossier or a record shows it."""

    subject = Id()
    field = Words(50)
    token = Words(10_000)


class Look(Strict):
    """Which values, and why."""

    values = many(part(SealedSchema), 100, least=1)
    reason = Words(2_000)


class WordsSchema(Schema):
    """The plain words in the order asked for, null for those of an erased person."""

    values = fields.List(fields.String(allow_none=True), required=True)


class ObjectorSchema(Schema):
    """Name and what else was given, by field; null for what was erased."""

    objector = fields.Dict(fields.String(), fields.String(allow_none=True), required=True)


class Why(Strict):
    """Why."""

    reason = Words(2_000)


@blueprint.post("/studios/<uuid:studio>/reveal")
@blueprint.arguments(Look)
@blueprint.response(200, WordsSchema)
def reveal(data: dict[str, Any], studio: UUID) -> dict[str, Any]:
    """Read sealed values of a studio. Who looked, at what and why is recorded before anything is shown."""
    mandate = auth.mandate(str(uuid4()))
    values = [Sealed(**each) for each in data["values"]]
    shown = register().privacy.reveal(mandate, studio, values, reason=data["reason"])
    return {"values": shown}


@blueprint.post("/notices/<uuid:notice>/objections/<uuid:objection>/reveal")
@blueprint.arguments(Why)
@blueprint.response(200, ObjectorSchema)
def reveal_objector(data: dict[str, str], notice: UUID, objection: UUID) -> dict[str, Any]:
    """Who raised an objection, for the city that looks into it; that it looked, and why, is recorded first."""
    mandate = auth.mandate(str(uuid4()))
    shown = register().privacy.reveal_objector(mandate, notice, objection, **data)
    return {"objector": shown}


@blueprint.post("/persons/<uuid:person>/export")
@blueprint.response(200)
def export(person: UUID) -> dict[str, Any]:
    """All that is held on a person, unsealed, for handing it to them; that it was done is recorded."""
    return export_person(house(), _guardian(), person)


@blueprint.post("/persons/<uuid:person>/erase")
@blueprint.arguments(Why)
@blueprint.response(200)
def erase(data: dict[str, str], person: UUID) -> dict[str, Any]:
    """Erase a person: the key is destroyed, the log and its proofs stay whole. Safe to repeat."""
    return erase_person(house(), _guardian(), person, data["reason"]).as_dict()


def _guardian() -> Mandate:
    """The mandate of a federation's administrator. Raises Forbidden."""
    mandate = auth.mandate(str(uuid4()))
    place = auth.current().post.organisation
    federation = register().get(Organisation, place, mandate).federation
    require(mandate, Role.ADMINISTRATOR, [federation])
    return mandate
