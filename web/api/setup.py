"""Founding the federation with its first administrator, by the link that the server printed."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from marshmallow import Schema, fields

from web import setup
from web.blueprint import Blueprint
from web.context import house, services
from web.fields import Strict, Words, part
from web.security import SIGN_IN_LIMIT, limiter

blueprint = Blueprint("setup", __name__, description="初始化")


class Federation(Strict):
    """The federation to found."""

    name = Words(100)
    code = Words(50)


class SetUp(Strict):
    """The federation and its first administrator."""

    token = Words(200)
    federation = part(Federation)
    username = Words(100)
    name = Words(100)
    password = Words(1_000)


class FoundedSchema(Schema):
    """What was founded."""

    federation = fields.UUID(required=True)
    account = fields.UUID(required=True)


@blueprint.post("/setup")
@blueprint.arguments(SetUp)
@blueprint.response(201, FoundedSchema)
@limiter.limit(SIGN_IN_LIMIT)
def begin(data: dict[str, Any]) -> dict[str, UUID]:
    """Found the federation and open the first administrator's account; the link works once."""
    federation, account = setup.set_up(house(), services().credentials, **data)
    return {"federation": federation, "account": account}
