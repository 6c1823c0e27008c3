"""The access log: who read sealed personal data, and who took an export away."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, fields

from web.accesses import KINDS, accesses, require_reader
from web.blueprint import Blueprint
from web.errors import ErrorSchema
from web.fields import Choice, QueryWhole
from web.reads import AsOf, not_yet, position

blueprint = Blueprint("accesses", __name__, description="查阅记录")


class AccessQuery(AsOf):
    """Which accesses, the newest first."""

    kind = Choice(*KINDS, load_default=None)
    after = QueryWhole(1, 10**15, load_default=None)
    limit = QueryWhole(1, 500, load_default=50)


class AccessesSchema(Schema):
    """A page of accesses; `next` is the `after` of the next one."""

    items = fields.List(fields.Dict(), required=True)
    next = fields.Integer(required=True, allow_none=True)
    as_of = fields.Integer(required=True, metadata={"description": "position in the log"})


@blueprint.get("/accesses")
@blueprint.arguments(AccessQuery, location="query")
@blueprint.response(200, AccessesSchema)
@blueprint.alt_response(403, schema=ErrorSchema, description="not in this role")
def index(asked: dict[str, Any]) -> dict[str, Any]:
    """Who read which sealed fields and why, and who exported what, at one's own federation and below it."""
    require_reader()
    at = position(asked["as_of"])
    if not_yet(at):
        return {"items": [], "next": None, "as_of": at}
    return accesses(asked["kind"], as_of=at, after=asked["after"], limit=asked["limit"])
