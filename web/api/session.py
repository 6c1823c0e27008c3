"""Signing in and out, choosing a role, one's own password and API tokens."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Response, make_response
from flask_wtf.csrf import generate_csrf
from marshmallow import Schema, fields

from domain.errors import Forbidden, Invalid, NotFound
from web import auth
from web.auth import Post
from web.blueprint import Blueprint
from web.context import house, services
from web.fields import Choice, Id, Moment, Strict, Words
from web.security import SIGN_IN_LIMIT, limiter

blueprint = Blueprint("session", __name__, description="登录、角色、令牌")

ROLES = ("administrator", "city_officer", "recommending_union", "unit_union", "auditor")


class SignIn(Strict):
    """A user name and a password."""

    username = Words(100)
    password = Words(1_000)


class PostSchema(Strict):
    """A role on an organisation."""

    role = Choice(*ROLES)
    organisation = Id()


class SessionSchema(Schema):
    """Who is signed in; `csrf_token` goes into the header X-CSRFToken of every writing request."""

    account = fields.UUID(required=True)
    username = fields.String(required=True)
    name = fields.String(required=True)
    home = fields.UUID(required=True)
    roles = fields.List(fields.Nested(PostSchema), required=True)
    role = fields.String(required=True, allow_none=True)
    csrf_token = fields.String(required=True, allow_none=True)


class NewPassword(Strict):
    """One's own password, changed."""

    old = Words(1_000)
    new = Words(1_000)


class NewToken(Strict):
    """A token for a program that acts as this account."""

    name = Words(100)
    expires_at = Moment(load_default=None, allow_none=True)


class TokenSchema(Schema):
    """A token; `secret` is told once."""

    id = fields.UUID(required=True)
    name = fields.String(required=True)
    created_at = fields.String(required=True)
    expires_at = fields.String(required=True, allow_none=True)
    revoked_at = fields.String(required=True, allow_none=True)


class SecretSchema(Schema):
    """A new token."""

    id = fields.UUID(required=True)
    secret = fields.String(required=True)


def _told(who: auth.Identity) -> dict[str, Any]:
    try:
        role = str(who.post)
    except Forbidden:
        role = None
    return {
        "account": who.account,
        "username": who.username,
        "name": who.name,
        "home": who.home,
        "roles": [{"role": p.role.value, "organisation": p.organisation} for p in who.posts],
        "role": role,
        "csrf_token": generate_csrf() if who.by == "session" else None,
    }


@blueprint.get("/session")
@blueprint.response(200, SessionSchema)
def show() -> dict[str, Any]:
    """Who is signed in, in which roles."""
    return _told(auth.current())


@blueprint.post("/session")
@blueprint.arguments(SignIn)
@blueprint.response(200, SessionSchema)
@limiter.limit(SIGN_IN_LIMIT)
def sign_in(data: dict[str, str]) -> dict[str, Any]:
    """Sign in with a user name and a password."""
    return _told(auth.sign_in(data["username"], data["password"]))


@blueprint.delete("/session")
@blueprint.response(204)
def sign_out() -> None:
    """Sign out."""
    auth.sign_out()


@blueprint.put("/session/role")
@blueprint.arguments(PostSchema)
@blueprint.response(200, SessionSchema)
def choose(data: dict[str, Any]) -> dict[str, Any]:
    """Act in one of one's roles from now on."""
    auth.choose(Post.parse(f"{data['role']}@{data['organisation']}"))
    return _told(auth.current())


@blueprint.put("/session/password")
@blueprint.arguments(NewPassword)
@blueprint.response(204)
@limiter.limit(SIGN_IN_LIMIT)
def change_password(data: dict[str, str]) -> None:
    """Change one's own password; other sessions end."""
    who, credentials = auth.current(), services().credentials
    if not credentials.verify(who.account, data["old"]):
        raise Invalid("password_wrong", "原密码不正确", field="old")
    credentials.set_password(who.account, data["new"], house().clock())
    if who.by == "session":
        auth.sign_in(who.username, data["new"])


@blueprint.get("/tokens")
@blueprint.response(200, TokenSchema(many=True))
def tokens() -> Any:
    """One's own API tokens."""
    return services().credentials.tokens(auth.current().account)


@blueprint.post("/tokens")
@blueprint.arguments(NewToken)
@blueprint.response(201, SecretSchema)
def issue(data: dict[str, Any]) -> dict[str, Any]:
    """A new API token. Its secret is told now and never again."""
    who = auth.current()
    id, secret = services().credentials.issue_token(who.account, at=house().clock(), **data)
    return {"id": id, "secret": secret}


@blueprint.delete("/tokens/<uuid:token>")
@blueprint.response(204)
def revoke(token: UUID) -> Response:
    """Make one of one's tokens useless."""
    if not services().credentials.revoke_token(auth.current().account, token, house().clock()):
        raise NotFound("token_unknown", "没有这个令牌")
    return make_response("", 204)
