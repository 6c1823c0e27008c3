"""Addresses of other programs: who is told, of what, and in which form; a trial; and what was delivered."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4, uuid5

from flask import Response, make_response, request
from marshmallow import Schema, fields

from adapters.messages.deliveries import resend_all
from adapters.messages.endpoints import (
    Endpoint,
    Wish,
    add_endpoint,
    change_endpoint,
    endpoint,
    endpoints_of,
    remove_endpoint,
)
from adapters.messages.forms import FORMS, masked
from adapters.messages.sending import try_out
from domain.desks.desk import require
from domain.errors import Invalid, NotFound
from domain.model.organisation import Kind, Organisation
from domain.values import Mandate, Role
from web import auth
from web.blueprint import Blueprint
from web.commands import KEY_HEADER, KEYS
from web.context import house, register
from web.errors import ErrorSchema
from web.fields import Choice, Flag, Id, Strict, Words, many
from web.reads import federations
from web.security import limiter

blueprint = Blueprint("endpoints", __name__, description="外部接收地址")

TRIAL_LIMIT = "10 per minute; 100 per hour"
KEEPERS = (Role.ADMINISTRATOR, Role.CITY_OFFICER)


class Change(Strict):
    """What an endpoint shall be; address and secret stay where they are not given."""

    form = Choice(*FORMS)
    name = Words(100)
    url = Words(2_000, load_default=None, allow_none=True)
    secret = Words(200, least=0, load_default=None, allow_none=True)
    kinds = many(Words(60), 100, load_default=list)
    topics = many(Words(80), 200, load_default=list)
    enabled = Flag(load_default=True)


class New(Change):
    """A new endpoint of a federation."""

    federation = Id()


class EndpointSchema(Schema):
    """An endpoint; `secret` is told once, when it is new, and most of a robot's address never."""

    id = fields.UUID(required=True)
    federation = fields.UUID(required=True)
    form = fields.String(required=True)
    name = fields.String(required=True)
    url = fields.String(required=True)
    secret = fields.String(allow_none=True)
    signed = fields.Boolean(required=True)
    kinds = fields.List(fields.String(), required=True)
    topics = fields.List(fields.String(), required=True)
    enabled = fields.Boolean(required=True)
    cursor = fields.Integer(required=True)
    made_at = fields.String(required=True)


class TrialSchema(Schema):
    """What came of a trial."""

    sent = fields.Boolean(required=True)
    answer = fields.String(required=True, allow_none=True)
    error = fields.String(required=True, allow_none=True)


class CountSchema(Schema):
    """How many."""

    count = fields.Integer(required=True)


def keeper(federation: UUID) -> Mandate:
    """The asker's authority, if it is one to manage a federation's endpoints. Raises Forbidden, NotFound."""
    mandate = auth.mandate("endpoints")
    place = register().get(Organisation, federation, mandate)
    require(mandate, KEEPERS, place.lineage)
    if place.kind != Kind.FEDERATION:
        raise Invalid("not_a_federation", "接收地址属于总工会", field="federation")
    return mandate


def kept(id: UUID) -> Endpoint:
    """An endpoint that the asker manages; for everyone else it is not there."""
    mandate = auth.mandate("endpoints")
    found = endpoint(house(), id)
    place = register().get(Organisation, found.federation, mandate)
    if mandate.organisation not in place.lineage:
        raise NotFound("endpoint_unknown", "没有这个接收地址")
    require(mandate, KEEPERS, place.lineage)
    return found


@blueprint.get("/endpoints")
@blueprint.response(200, EndpointSchema(many=True))
@blueprint.alt_response(403, schema=ErrorSchema, description="not in this role")
def index() -> list[dict[str, Any]]:
    """The endpoints of one's own federation and those below it."""
    mandate = auth.mandate("endpoints")
    require(mandate, KEEPERS, [mandate.organisation] if mandate.organisation else [])
    found = endpoints_of(house(), [UUID(id) for id in _administered(mandate)])
    return [_told(each) for each in found]


@blueprint.post("/endpoints")
@blueprint.arguments(New)
@blueprint.response(201, EndpointSchema)
@blueprint.alt_response(403, schema=ErrorSchema, description="not in this role")
def add(data: dict[str, Any]) -> dict[str, Any]:
    """Tell another program from now on. A webhook that is given no secret gets one, which is told now and never again.

    With an Idempotency-Key a repeated request finds the endpoint that the first one made.
    """
    federation = data.pop("federation")
    mandate, wish = keeper(federation), _wish(data)
    id = _id(mandate)
    try:
        found = endpoint(house(), id)
    except NotFound:
        found = add_endpoint(house(), id, federation, wish, by=mandate.account, now=house().clock())
    if (found.federation, found.form, found.url) != (federation, wish.form, wish.url):
        raise Invalid(
            "idempotency_mismatch", "同一 Idempotency-Key 已用于另一请求", field=KEY_HEADER
        )
    return {**_told(found), "secret": found.secret}


@blueprint.get("/endpoints/<uuid:id>")
@blueprint.response(200, EndpointSchema)
@blueprint.alt_response(404, schema=ErrorSchema, description="not there for this reader")
def show(id: UUID) -> dict[str, Any]:
    """One endpoint."""
    return _told(kept(id))


@blueprint.put("/endpoints/<uuid:id>")
@blueprint.arguments(Change)
@blueprint.response(200, EndpointSchema)
@blueprint.alt_response(404, schema=ErrorSchema, description="not there for this reader")
def change(data: dict[str, Any], id: UUID) -> dict[str, Any]:
    """Change an endpoint. One that is switched on again is told of what happens from then on.

    An empty secret takes a robot's away, and gives a webhook a new one, which is told now.
    """
    before = kept(id)
    found = change_endpoint(house(), id, _wish(data))
    return {**_told(found), "secret": found.secret if found.secret != before.secret else None}


@blueprint.delete("/endpoints/<uuid:id>")
@blueprint.response(204)
@blueprint.alt_response(404, schema=ErrorSchema, description="not there for this reader")
def remove(id: UUID) -> Response:
    """Remove an endpoint; what still waits for it is dropped."""
    kept(id)
    remove_endpoint(house(), id, house().clock())
    return make_response("", 204)


@blueprint.post("/endpoints/<uuid:id>/test")
@blueprint.response(200, TrialSchema)
@blueprint.alt_response(404, schema=ErrorSchema, description="not there for this reader")
@limiter.limit(TRIAL_LIMIT)
def trial(id: UUID) -> dict[str, Any]:
    """Send a trial now and tell what was answered; it is not kept."""
    found = try_out(house(), kept(id), house().clock())
    return {"sent": found.state == "sent", "answer": found.answer, "error": found.error}


@blueprint.post("/endpoints/<uuid:id>/resend")
@blueprint.response(200, CountSchema)
@blueprint.alt_response(404, schema=ErrorSchema, description="not there for this reader")
def resend(id: UUID) -> dict[str, int]:
    """Let all dead deliveries to an endpoint begin anew."""
    kept(id)
    return {"count": resend_all(house().engine, id, house().clock())}


def _administered(mandate: Mandate) -> list[str]:
    """The federations at or below the asker's organisation."""
    if mandate.organisation is None:
        return []
    place = register().get(Organisation, mandate.organisation, mandate)
    return federations() if place.kind == Kind.FEDERATION else []


def _wish(data: dict[str, Any]) -> Wish:
    return Wish(**{**data, "kinds": tuple(data["kinds"]), "topics": tuple(data["topics"])})


def _id(mandate: Mandate) -> UUID:
    key = request.headers.get(KEY_HEADER)
    return uuid5(KEYS, f"endpoint {mandate.account} {key}") if key else uuid4()


def _told(found: Endpoint) -> dict[str, Any]:
    told = {name: getattr(found, name) for name in Endpoint.__slots__}
    return {
        **told,
        "url": masked(found.form, found.url),
        "secret": None,
        "signed": found.secret is not None,
    }
