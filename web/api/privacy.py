"""Desk: reading sealed personal data for a reason, handing a person what is held on them, and erasing it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any
from uuid import UUID, uuid4

from marshmallow import Schema, fields

from adapters.audit.persons import erase_person, export_person
from adapters.views.questions.facts import facts_of
from domain.desks.desk import require
from domain.errors import NotFound
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


class Erase(Strict):
    """Why."""

    reason = Words(2_000)


@blueprint.post("/studios/<uuid:studio>/reveal")
@blueprint.arguments(Look)
@blueprint.response(200, WordsSchema)
def reveal(data: dict[str, Any], studio: UUID) -> dict[str, Any]:
    """Read sealed values of a studio. Who looked, at what and why is recorded before anything is shown."""
    mandate = auth.mandate(str(uuid4()))
    values = [Sealed(**each) for each in data["values"]]
    _require_own(studio, values)
    shown = register().privacy.reveal(mandate, studio, values, reason=data["reason"])
    return {"values": shown}


@blueprint.post("/persons/<uuid:person>/export")
@blueprint.response(200)
def export(person: UUID) -> dict[str, Any]:
    """All that is held on a person, unsealed, for handing it to them; that it was done is recorded."""
    return export_person(house(), _guardian(), person)


@blueprint.post("/persons/<uuid:person>/erase")
@blueprint.arguments(Erase)
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


def _require_own(studio: UUID, values: Iterable[Sealed]) -> None:
    """404 for a value that does not stand in the studio's own record."""
    events = register().recorder.select_events(studio)
    own = {each for event in events for each in _sealed_in(facts_of(event.state))}
    for value in values:
        if (str(value.subject), value.field, value.token) not in own:
            raise NotFound("sealed_unknown", "该工作室的记录中没有这个加密值", field="values")


def _sealed_in(value: Any) -> Iterator[tuple[str, str, str]]:
    """Every sealed value among an event's facts."""
    if isinstance(value, dict):
        if set(value) == {"subject", "field", "token"}:
            yield value["subject"], value["field"], value["token"]
        for each in value.values():
            yield from _sealed_in(each)
    elif isinstance(value, list):
        for each in value:
            yield from _sealed_in(each)
