"""How one wants to be reached: an address for mail, a language, how often, and which kinds not by mail."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, fields

from adapters.messages.contacts import MAILS, Contact, contact, set_contact
from adapters.messages.texts import LANGUAGES
from adapters.messages.wording import WORDINGS
from web import auth
from web.blueprint import Blueprint
from web.context import house
from web.errors import ErrorSchema
from web.fields import Choice, Strict, Words, many

blueprint = Blueprint("contacts", __name__, description="接收方式")


class NewContact(Strict):
    """How to be reached; what is not given is as if nothing had been set."""

    email = Words(254, load_default=None, allow_none=True)
    language = Choice(*LANGUAGES, load_default="zh")
    mail = Choice(*MAILS, load_default="off")
    muted = many(Words(60), 100, load_default=list)


class KindSchema(Schema):
    """A kind of message and what it is called."""

    kind = fields.String(required=True)
    zh = fields.String(required=True)
    en = fields.String(required=True)


class ContactSchema(Schema):
    """mail: each, daily (one a day) or off; muted: kinds that come to the inbox only; kinds: all there are."""

    email = fields.String(required=True, allow_none=True)
    language = fields.String(required=True)
    mail = fields.String(required=True)
    muted = fields.List(fields.String(), required=True)
    kinds = fields.List(fields.Nested(KindSchema), required=True)


@blueprint.get("/contacts/me")
@blueprint.response(200, ContactSchema)
@blueprint.alt_response(401, schema=ErrorSchema, description="not signed in")
def show() -> dict[str, Any]:
    """How one is reached oneself; nobody else is told."""
    return _told(contact(house(), auth.current().account))


@blueprint.put("/contacts/me")
@blueprint.arguments(NewContact)
@blueprint.response(200, ContactSchema)
@blueprint.alt_response(401, schema=ErrorSchema, description="not signed in")
def change(data: dict[str, Any]) -> dict[str, Any]:
    """Set how one is reached. The address is kept sealed."""
    return _told(set_contact(house(), auth.current().account, house().clock(), **data))


def _told(found: Contact) -> dict[str, Any]:
    kinds = [{"kind": kind, "zh": each.zh, "en": each.en} for kind, each in WORDINGS.items()]
    return {
        "email": found.email,
        "language": found.language,
        "mail": found.mail,
        "muted": list(found.muted),
        "kinds": kinds,
    }
