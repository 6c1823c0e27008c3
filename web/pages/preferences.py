"""How the visitor is reached: by mail, and by a calendar of their own."""

from __future__ import annotations

from flask import Blueprint, Response, flash, make_response, redirect, render_template, url_for

from web import auth
from web.api.feeds import new_address
from web.context import house, services

blueprint = Blueprint("preferences", __name__, url_prefix="/preferences")


@blueprint.get("")
def index() -> str:
    """The settings as they are."""
    return _page()


@blueprint.post("/calendar")
def make_calendar() -> str:
    """A new address of the calendar, shown on this very page and never again."""
    return _page(address=new_address())


@blueprint.post("/calendar/revoke")
def revoke_calendar() -> Response:
    """Let the address lead nowhere."""
    if services().feeds.revoke(auth.current().account, house().clock()):
        flash("日历地址已撤销，原地址不再可用。", "good")
    return make_response(redirect(url_for("pages.preferences.index"), 303))


def _page(*, address: str = "") -> str:
    who = auth.current()
    made_at = services().feeds.made_at(who.account)
    return render_template("preferences/page.html", address=address, made_at=made_at)
