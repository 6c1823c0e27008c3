"""Looking into objections on the notice's own page: for the federation's officers only."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

from flask import (
    Blueprint,
    Response,
    flash,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)

from domain.errors import DomainError
from domain.values import Mandate, Role
from web import auth
from web.context import queries, register
from web.pages import forms
from web.pages.visitor import visitor

blueprint = Blueprint("objections", __name__, url_prefix="/notices")


def to_look_into(notice: UUID, federation: UUID) -> list[dict[str, Any]]:
    """The objections with their words, for who decides on them; none for everybody else."""
    post = visitor().post
    if post is None or (post.role, post.organisation) != (Role.CITY_OFFICER, federation):
        return []
    found: list[dict[str, Any]] = queries().notice(notice)["objections"]
    return found


@blueprint.post("/<uuid:id>/objections/<uuid:objection>/close")
def close(id: UUID, objection: UUID) -> Response:
    """Close an objection with a finding; upheld, its studio leaves the list."""
    finding, upheld = request.form.get("finding", ""), request.form.get("upheld") == "yes"
    desk = register().publicity
    return _once(
        id,
        lambda m: desk.close_objection(m, id, objection, finding=finding, upheld=upheld),
        "异议已办结",
    )


@blueprint.post("/<uuid:id>/objections/<uuid:objection>/adopt")
def adopt(id: UUID, objection: UUID) -> Response:
    """Adopt an anonymous lead as an objection, which then holds naming."""
    reason = request.form.get("reason", "").strip()
    desk = register().publicity
    return _once(id, lambda m: desk.adopt(m, id, objection, reason), "线索已转为异议")


@blueprint.post("/<uuid:id>/objections/<uuid:objection>/revealed")
def reveal(id: UUID, objection: UUID) -> Response:
    """Who raised an objection, in clear, once: who reads it and why is recorded first."""
    reason = request.form.get("reason", "")
    try:
        mandate = auth.mandate(str(uuid4()))
        values = register().privacy.reveal_objector(mandate, id, objection, reason=reason)
    except DomainError as error:
        flash(error.message, "bad")
        return make_response(redirect(url_for("pages.notices.show", id=id), 303))
    shown = render_template("notices/revealed.html", notice=id, values=values)
    response = make_response(shown)
    response.headers["Cache-Control"] = "no-store"
    return response


def _once(id: UUID, act: Callable[[Mandate], None], done: str) -> Response:
    """Do it unless this very form did it before, and tell on the notice's page how it went."""
    try:
        request_id = forms.request_id("notice")
        if not forms.is_done(request_id):
            act(auth.mandate(request_id))
        flash(done, "good")
    except DomainError as error:
        flash(error.message, "bad")
    return make_response(redirect(url_for("pages.notices.show", id=id), 303))
