"""Studios: the list, its whole export, and one studio's page."""

from __future__ import annotations

from uuid import UUID, uuid4

from flask import Blueprint, Response, make_response, render_template, request

from domain.errors import NotFound
from domain.model.studio import Studio
from web import auth
from web.context import register
from web.pages import csv
from web.pages.asof import as_of
from web.pages.record import read
from web.pages.reviewing import open_form
from web.pages.sight import require_sight
from web.pages.studio_list import COLUMNS, StudioList, every_studio
from web.pages.studio_page import SECTIONS, StudioPage

blueprint = Blueprint("studios", __name__)


@blueprint.get("/studios")
def index() -> str:
    """The studios that the visitor may see, filtered, sorted, a page at a time."""
    return render_template("studios/list.html", found=StudioList())


@blueprint.get("/studios.csv")
def export() -> Response:
    """The whole list under the same filters, streamed."""
    heads = [label for _, label, _ in COLUMNS]
    return csv.export("studios", "studios.csv", heads, every_studio())


@blueprint.post("/studios/<uuid:id>/revealed")
def reveal(id: UUID) -> Response:
    """One person's sealed values in clear, once: who reads them and why is recorded first."""
    require_sight(id, "studios")
    page = StudioPage(read(Studio, id, None))
    person = page.person(request.form.get("person", ""))
    reason = request.form.get("reason", "")
    plain = register().privacy.reveal(auth.mandate(str(uuid4())), id, person.sealed, reason=reason)
    values = [(sealed.field, value) for sealed, value in zip(person.sealed, plain, strict=True)]
    shown = render_template("studios/revealed.html", page=page, person=person, values=values)
    response = make_response(shown)
    response.headers["Cache-Control"] = "no-store"
    return response


@blueprint.get("/studios/<uuid:id>", defaults={"section": "overview"})
@blueprint.get("/studios/<uuid:id>/<section>")
def show(id: UUID, section: str) -> str:
    """One studio, now or as of a moment."""
    if section not in SECTIONS:
        raise NotFound("section_unknown", "工作室页面没有这一部分")
    require_sight(id, "studios")
    page = StudioPage(read(Studio, id, as_of()))
    page.form = open_form(page)
    return render_template(f"studios/{section}.html", page=page, section=section)
