"""Deliveries: what became of each message and event on its way to a program or a person, and sending it once more."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Response, make_response
from marshmallow import Schema, fields

from adapters.messages.deliveries import STATES, listed, resend, target_of
from domain.desks.desk import require
from domain.errors import NotFound
from domain.model.account import Account
from domain.model.organisation import Organisation
from domain.values import Role
from web import auth
from web.api.endpoints import kept
from web.blueprint import Blueprint
from web.context import house, register
from web.errors import ErrorSchema
from web.fields import Choice, QueryWhole, Strict, Words

blueprint = Blueprint("deliveries", __name__, description="投递记录")


class DeliveryQuery(Strict):
    """Which deliveries, the newest first."""

    state = Choice(*STATES, load_default=None)
    cursor = Words(100, load_default=None)
    limit = QueryWhole(1, 500, load_default=50)


class DeliverySchema(Schema):
    """One message, or one event by its position and topic, on one way to one target."""

    id = fields.UUID(required=True)
    message = fields.UUID(required=True, allow_none=True)
    kind = fields.String(required=True, allow_none=True)
    position = fields.Integer(required=True, allow_none=True)
    topic = fields.String(required=True, allow_none=True)
    channel = fields.String(required=True)
    target = fields.UUID(required=True)
    state = fields.String(required=True, metadata={"enum": list(STATES)})
    attempts = fields.Integer(required=True)
    next_at = fields.String(required=True, allow_none=True)
    made_at = fields.String(required=True)
    ended_at = fields.String(required=True, allow_none=True)
    answer = fields.String(required=True, allow_none=True)
    error = fields.String(required=True, allow_none=True)


class DeliveriesSchema(Schema):
    """A page of deliveries; `next` is the cursor of the next one."""

    items = fields.List(fields.Nested(DeliverySchema), required=True)
    next = fields.String(required=True, allow_none=True)


@blueprint.get("/endpoints/<uuid:id>/deliveries")
@blueprint.arguments(DeliveryQuery, location="query")
@blueprint.response(200, DeliveriesSchema)
@blueprint.alt_response(404, schema=ErrorSchema, description="not there for this reader")
def of_endpoint(asked: dict[str, Any], id: UUID) -> dict[str, Any]:
    """What was delivered to an endpoint, and what was not."""
    return _page(kept(id).id, asked)


@blueprint.get("/accounts/<uuid:id>/deliveries")
@blueprint.arguments(DeliveryQuery, location="query")
@blueprint.response(200, DeliveriesSchema)
@blueprint.alt_response(403, schema=ErrorSchema, description="not in this role")
@blueprint.alt_response(404, schema=ErrorSchema, description="not there for this reader")
def of_account(asked: dict[str, Any], id: UUID) -> dict[str, Any]:
    """What was mailed to an account, for itself and for its administrators; the address is not told."""
    _require_over(id)
    return _page(id, asked)


@blueprint.post("/deliveries/<uuid:id>/resend")
@blueprint.response(204)
@blueprint.alt_response(404, schema=ErrorSchema, description="not there for this reader")
@blueprint.alt_response(409, schema=ErrorSchema, description="it has not failed")
def again(id: UUID) -> Response:
    """Let a delivery that failed begin anew."""
    target = target_of(house().engine, id)
    if register().exists(target):
        _require_over(target)
    else:
        kept(target)
    resend(house().engine, id, house().clock())
    return make_response("", 204)


def _page(target: UUID, asked: dict[str, Any]) -> dict[str, Any]:
    cursor = asked["cursor"]
    # A plus sign that was not escaped in the address arrives as a blank.
    asked = {**asked, "cursor": cursor.replace(" ", "+") if cursor else None}
    items, following = listed(house().engine, [target], **asked)
    return {"items": items, "next": following}


def _require_over(account: UUID) -> None:
    """Oneself, or an administrator of the account's home. Raises NotFound, Forbidden."""
    if auth.current().account == account:
        return
    mandate = auth.mandate("deliveries")
    if not register().exists(account):
        raise NotFound("account_unknown", "没有这个账号")
    home = register().get(Account, account, mandate).home
    lineage = register().get(Organisation, home, mandate).lineage
    if mandate.organisation not in lineage:
        raise NotFound("account_unknown", "没有这个账号")
    require(mandate, Role.ADMINISTRATOR, lineage)
