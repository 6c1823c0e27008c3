"""The address of one's own calendar."""

from __future__ import annotations

from typing import Any

from flask import Response, make_response
from marshmallow import Schema, fields

from domain.errors import NotFound
from web import auth
from web.blueprint import Blueprint
from web.context import base_url, house, services
from web.errors import ErrorSchema

blueprint = Blueprint("feeds", __name__, description="日历订阅")


class AddressSchema(Schema):
    """A new address. It is told now and never again."""

    address = fields.Url(required=True, require_tld=False)


class AddressStateSchema(Schema):
    """Since when there is an address; null where there is none."""

    made_at = fields.AwareDateTime(required=True, allow_none=True)


@blueprint.get("/feeds/me")
@blueprint.response(200, AddressStateSchema)
@blueprint.alt_response(401, schema=ErrorSchema, description="not signed in")
def show() -> dict[str, Any]:
    """Whether one has an address; the address itself is nowhere kept."""
    return {"made_at": services().feeds.made_at(auth.current().account)}


@blueprint.post("/feeds/me")
@blueprint.response(201, AddressSchema)
@blueprint.alt_response(401, schema=ErrorSchema, description="not signed in")
def make() -> dict[str, Any]:
    """A new private iCalendar address with all of one's offices; an older one leads nowhere from now on."""
    return {"address": new_address()}


@blueprint.delete("/feeds/me")
@blueprint.response(204)
@blueprint.alt_response(404, schema=ErrorSchema, description="there is none")
def revoke() -> Response:
    """Let the address lead nowhere."""
    if not services().feeds.revoke(auth.current().account, house().clock()):
        raise NotFound("feed_unknown", "还没有日历地址")
    return make_response("", 204)


def new_address() -> str:
    """Make an address for whoever asks, in place of the one they had."""
    secret = services().feeds.make(auth.current().account, house().clock())
    return f"{base_url()}/feeds/{secret}.ics"
