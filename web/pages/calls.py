"""Calls: the list, and one call with its quotas, targets and applications."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, render_template

from domain.model.call import Call
from web.pages import lists
from web.pages.asof import as_of
from web.pages.call_page import CallPage
from web.pages.record import read
from web.pages.sight import own_unions, scope

blueprint = Blueprint("calls", __name__, url_prefix="/calls")


@blueprint.get("")
def index() -> str:
    """The calls of the visitor's federation."""
    return render_template("calls/list.html", rows=lists.calls())


@blueprint.get("/<uuid:id>")
def show(id: UUID) -> str:
    """One call."""
    scope()
    reading = read(Call, id, as_of())
    page = CallPage(reading, own_unions(reading.record.federation))
    return render_template("calls/show.html", page=page)
