"""Signing in and out, and choosing the role to act in."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import Blueprint, Response, make_response, redirect, render_template, request, url_for

from web import auth
from web.errors import Unauthenticated
from web.security import SIGN_IN_LIMIT, limiter

blueprint = Blueprint("login", __name__)


@blueprint.get("/login")
def sign_in() -> str:
    """The form."""
    return form(next=request.args.get("next", ""))


@blueprint.post("/login")
@limiter.limit(SIGN_IN_LIMIT)
def begin() -> Response:
    """Begin a session and go where one was going."""
    username, going = request.form.get("username", ""), request.form.get("next", "")
    try:
        auth.sign_in(username, request.form.get("password", ""))
    except Unauthenticated as error:
        return make_response(form(username=username, next=going, error=error.message), 401)
    return make_response(redirect(_own(going) or url_for("pages.home.index"), 303))


@blueprint.post("/logout")
def sign_out() -> Response:
    """End the session."""
    auth.sign_out()
    return make_response(redirect(url_for("pages.login.sign_in"), 303))


@blueprint.get("/role")
def roles() -> str:
    """The roles to choose from."""
    auth.current()
    return render_template("home/choose.html")


@blueprint.post("/role")
def choose() -> Response:
    """Act in another of one's roles."""
    auth.choose(auth.Post.parse(request.form.get("role", "")))
    return make_response(redirect(url_for("pages.home.index"), 303))


def form(username: str = "", next: str = "", error: str = "") -> str:
    """The form, with what was wrong."""
    return render_template("login.html", username=username, next=next, error=error)


def _own(address: str) -> str:
    """An address of ours to go on to; nothing for one that leads elsewhere."""
    parts = urlsplit(address)
    inside = address.startswith("/") and not address.startswith(("//", "/\\"))
    return address if inside and not parts.netloc else ""
