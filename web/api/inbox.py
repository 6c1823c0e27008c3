"""The inbox: what was said to the offices that one holds."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Response, make_response
from marshmallow import Schema, fields

from adapters.messages.inbox import Wanted
from adapters.messages.wording import WORDINGS
from web.blueprint import Blueprint
from web.context import house
from web.errors import ErrorSchema
from web.fields import Choice, QueryFlag, QueryWhole, Strict, Words
from web.inbox import Item, inbox, told

blueprint = Blueprint("inbox", __name__, description="消息")


class MessageQuery(Strict):
    """Which messages, newest first."""

    unread = QueryFlag(load_default=False)
    kind = Choice(*WORDINGS, load_default=None)
    q = Words(100, load_default=None, metadata={"description": "text among the facts"})
    lang = Choice("zh", "en", load_default="zh")
    cursor = Words(200, load_default=None)
    limit = QueryWhole(1, 500, load_default=50)


class MessageSchema(Schema):
    """One message. `link` is the path of the page that it is about."""

    id = fields.UUID(required=True)
    kind = fields.String(required=True)
    subject = fields.String(required=True)
    body = fields.String(required=True)
    federation = fields.UUID(required=True)
    organisation = fields.UUID(required=True)
    role = fields.String(required=True)
    thread = fields.String(required=True)
    facts = fields.Dict(required=True)
    link = fields.String(required=True)
    due_on = fields.String(required=True, allow_none=True)
    step = fields.String(required=True, allow_none=True)
    moment = fields.String(required=True)
    created_at = fields.String(required=True)
    read_at = fields.String(required=True, allow_none=True)


class MessagesSchema(Schema):
    """A page of messages; `next` is the cursor of the next one."""

    items = fields.List(fields.Nested(MessageSchema), required=True)
    total = fields.Integer(required=True)
    unread = fields.Integer(required=True)
    next = fields.String(required=True, allow_none=True)


class ReadSchema(Schema):
    """How many were not read before."""

    read = fields.Integer(required=True)


@blueprint.get("/messages")
@blueprint.arguments(MessageQuery, location="query")
@blueprint.response(200, MessagesSchema)
@blueprint.alt_response(401, schema=ErrorSchema, description="not signed in")
def index(asked: dict[str, Any]) -> dict[str, Any]:
    """Messages to all of one's offices, whoever held them when it was said."""
    mine, wanted = inbox(), Wanted(asked["unread"], asked["kind"], asked["q"])
    page = mine.page(wanted, cursor=asked["cursor"], limit=asked["limit"])
    return {
        "items": [_told(each) for each in told(page.rows, asked["lang"])],
        "total": mine.count(wanted),
        "unread": mine.count(Wanted(unread=True)),
        "next": page.next,
    }


@blueprint.post("/messages/<uuid:message>/read")
@blueprint.response(204)
@blueprint.alt_response(404, schema=ErrorSchema, description="not one's own")
def read(message: UUID) -> Response:
    """Note that a message was read."""
    inbox().read(message, house().clock())
    return make_response("", 204)


@blueprint.post("/messages/read-all")
@blueprint.response(200, ReadSchema)
@blueprint.alt_response(401, schema=ErrorSchema, description="not signed in")
def read_all() -> dict[str, int]:
    """Note that all of one's messages were read."""
    return {"read": inbox().read_all(house().clock())}


def _told(item: Item) -> dict[str, Any]:
    return {**item.row, "subject": item.text.subject, "body": item.text.body}
