"""Public notices, open to everybody: the list, the clock, and the form to object with."""

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

from domain.errors import DomainError, Invalid
from domain.model.call import Call
from domain.model.notice import Notice
from domain.values import local
from web import auth
from web.context import house, register
from web.errors import status_of
from web.pages import forms, lists
from web.pages.names import Names
from web.pages.objections import to_look_into
from web.pages.record import read
from web.pages.words import word
from web.security import OBJECTION_LIMIT, limiter

blueprint = Blueprint("notices", __name__, url_prefix="/notices")


@dataclass(frozen=True)
class NoticePage:
    """A notice as the public sees it: never the words of an objection, nor who raised it."""

    notice: Notice
    title: str
    federation: UUID
    names: Names

    @property
    def entries(self) -> list[dict[str, Any]]:
        dropped = self.notice.dropped
        return [{**entry, "dropped": entry["studio"] in dropped} for entry in self.notice.entries]

    @property
    def open(self) -> bool:
        """Whether an objection would still be in time."""
        now = house().clock()
        clock = self.notice.clock
        return not self.notice.completed and (clock.provisional or now <= clock.objections_until)

    @property
    def days_left(self) -> int:
        """Whole days until the last one; 0 on the last."""
        return (self.notice.clock.ends_on - local(house().clock()).date()).days


@blueprint.get("")
def index() -> str:
    """All notices, the latest first."""
    return render_template("notices/list.html", rows=lists.notices())


@blueprint.get("/<uuid:id>")
def show(id: UUID) -> str:
    """One notice."""
    return _page(id)


@blueprint.post("/<uuid:id>/objections")
@limiter.limit(OBJECTION_LIMIT)
def object_to(id: UUID) -> Response:
    """Take in an objection; whoever raises it need not sign in."""
    try:
        request_id = forms.request_id("objection")
        kind = "objection" if forms.is_done(request_id) else _object(id, request_id)
    except DomainError as error:
        return make_response(_page(id, error.message), status_of(error))
    flash(f"已收到您的{word(kind, 'objection')}，我们将核查。", "good")
    return make_response(redirect(url_for("pages.notices.show", id=id), 303))


def _object(id: UUID, request_id: str) -> str:
    form = request.form
    name, phone = form.get("name", "").strip(), form.get("phone", "").strip()
    if phone and not name:
        raise Invalid(
            "name_missing", "填写了电话，也请填写姓名或单位；匿名请将两项都留空", field="name"
        )
    if len(form.get("text", "")) > 5_000 or len(name) > 100 or len(phone) > 30:
        raise Invalid("too_long", "内容过长：异议不超过 5000 字", field="text")
    _, kind = register().publicity.object(
        auth.public_mandate(request_id),
        id,
        text=form.get("text", ""),
        studio=_studio(form.get("studio", "")),
        objector={"name": name, "phone": phone} if name else None,
    )
    return kind


def _studio(text: str) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError:
        raise Invalid("studio_unknown", "请选择名单中的工作室", field="studio") from None


def _page(id: UUID, error: str = "") -> str:
    notice = read(Notice, id, None).record
    call = read(Call, notice.call, None).record
    page = NoticePage(notice, call.title, call.federation, Names())
    return render_template(
        "notices/show.html",
        page=page,
        error=error,
        once=uuid4(),
        new_id=uuid4,
        objections=to_look_into(id, call.federation),
    )
