"""The first page: what waits for the visitor, and counts that lead to the lists."""

from __future__ import annotations

from flask import Blueprint, Response, make_response, redirect, render_template, url_for

from web import auth
from web.pages.home_page import HomePage
from web.pages.visitor import visitor

blueprint = Blueprint("home", __name__)


@blueprint.get("/favicon.ico")
def icon() -> Response:
    """The mark of the register, for answers that are no pages."""
    return make_response(redirect(url_for("static", filename="img/mingpai.svg"), 301))


@blueprint.get("/")
def index() -> Response:
    """Home by role; for the public the notices; a choice for who holds several roles."""
    if auth.asker() is None:
        return make_response(redirect(url_for("pages.notices.index")))
    if visitor().post is None:
        return make_response(render_template("home/choose.html"))
    return make_response(render_template("home/page.html", page=HomePage()))
