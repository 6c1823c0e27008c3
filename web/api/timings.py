"""When the people of a federation are reminded, read. It is set at /organisations/{id}/timing too."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from marshmallow import Schema, fields

from web import auth
from web.blueprint import Blueprint
from web.context import queries
from web.errors import ErrorSchema
from web.reads import AsOf, Item, position, require_visible
from web.timings import settings

blueprint = Blueprint("timings", __name__, description="时间设置")


class TimingSchema(Schema):
    """own: what the federation set itself; effective: what holds for it; defaults: what holds for all."""

    federation = fields.UUID(required=True)
    name = fields.String(required=True)
    version = fields.Integer(required=True)
    own = fields.Dict(required=True, allow_none=True)
    effective = fields.Dict(required=True)
    defaults = fields.Dict(required=True)


@blueprint.get("/organisations/<uuid:organisation>/timing")
@blueprint.arguments(AsOf, location="query")
@blueprint.response(200, TimingSchema)
@blueprint.alt_response(404, schema=ErrorSchema, description="not there for this reader")
def show(asked: Item, organisation: UUID) -> Any:
    """A federation's settings of passing time, with those that hold where it set nothing."""
    auth.current()
    at = position(asked["as_of"])
    found = queries().one("organisations", organisation, as_of=at)
    require_visible(found, "organisation_unknown")
    return settings(organisation, as_of=at)
