"""Reviewing an application on its own page: conclusion, opinion, and what people have to judge."""

from __future__ import annotations

from dataclasses import dataclass
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

from domain.desks.review import REVIEWERS
from domain.errors import DomainError
from domain.model.chapters.state import Application
from domain.model.studio import Studio
from domain.values import Role
from web.context import house, register
from web.errors import status_of
from web.pages import forms
from web.pages.record import read
from web.pages.sight import require_sight
from web.pages.studio_page import StudioPage
from web.pages.visitor import visitor

blueprint = Blueprint("reviewing", __name__)

JUDGED = "judged-"
"""What the name of an input that judges a condition begins with."""


@dataclass(frozen=True)
class ReviewForm:
    """The form for the stage that an application stands at."""

    application: Application
    stage: str
    version: int
    once: UUID
    error: str = ""

    @property
    def to_judge(self) -> list[dict[str, Any]]:
        """The conditions that people have to judge and have not judged yet."""
        judged = self.application.judged
        return [
            verdict
            for verdict in self.application.verdicts
            if verdict["outcome"] == "needs_human" and verdict["condition"] not in judged
        ]


def review_form(page: StudioPage, application: Application, error: str = "") -> ReviewForm | None:
    """The form, for who may review at the stage that comes next; None for everybody else."""
    post, stage = visitor().post, application.next_stage
    if post is None or stage in (None, "selection") or application.status != "under_review":
        return None
    if post.role not in _reviewers(application, str(stage)) or page.is_past:
        return None
    return ReviewForm(application, str(stage), page.studio.version, uuid4(), error)


def open_form(page: StudioPage) -> ReviewForm | None:
    """The form for the application that is being decided, if there is one and it is the visitor's turn."""
    open_ones = [each for each in page.studio.applications.values() if each.open]
    return review_form(page, open_ones[-1]) if open_ones else None


@blueprint.post("/studios/<uuid:id>/applications/<uuid:application>/review")
def review(id: UUID, application: UUID) -> Response:
    """Pass or reject at a stage; what the register refuses is told in the form."""
    require_sight(id, "studios")
    try:
        request_id = forms.request_id("review")
        if not forms.is_done(request_id):
            _review(request_id, id, application)
    except DomainError as error:
        return make_response(_again(id, application, error.message), status_of(error))
    flash("审核结论已记入日志", "good")
    return make_response(redirect(url_for("pages.studios.show", id=id, section="dossier"), 303))


def _review(request_id: str, id: UUID, application: UUID) -> None:
    form = request.form
    register().review.review(
        forms.mandate(request_id, id),
        id,
        application,
        stage=form.get("stage", ""),
        outcome=form.get("outcome", ""),
        opinion=form.get("opinion", "").strip(),
        judgements={
            name.removeprefix(JUDGED): value
            for name, value in form.items()
            if name.startswith(JUDGED) and value
        },
        document=form.get("document", "").strip() or None,
        reason=form.get("reason", "").strip() or None,
    )


def _again(id: UUID, application: UUID, error: str) -> str:
    page = StudioPage(read(Studio, id, None))
    page.form = review_form(page, page.studio.application(application), error)
    return render_template("studios/dossier.html", page=page, section="dossier", error=error)


def _reviewers(application: Application, stage: str) -> set[Role]:
    """Who acts at a stage; a unit attached directly is first reviewed by the federation itself."""
    policy = house().policies.get(application.policy.id)
    acting = {REVIEWERS[s.by] for s in policy.stages if s.id == stage} if policy else set()
    return acting | ({Role.CITY_OFFICER} if stage == "first" else set())
