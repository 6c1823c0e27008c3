"""When the people of a federation are reminded: a form with every key, and its faults at the fields."""

from __future__ import annotations

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

from adapters.packs.timing import read_timing
from domain.errors import DomainError
from web import auth
from web.context import register
from web.errors import status_of
from web.pages import forms
from web.pages.timing_form import ALSO, GROUPS, Form, faults, from_given, from_keys, to_keys
from web.schedule import require_keeper
from web.timings import settings

blueprint = Blueprint("timing", __name__, url_prefix="/timing")


@blueprint.get("")
def index() -> str:
    """The settings that hold for the visitor's federation."""
    federation = _federation()
    return _page(federation, from_keys(settings(federation).effective))


@blueprint.post("")
def change() -> Response:
    """Set them; a fault is told at its field, and nothing is changed."""
    federation, form = _federation(), from_given(request.form)
    request_id = forms.request_id("timing")
    try:
        if not forms.is_done(request_id):
            timing = read_timing(to_keys(form))
            mandate = forms.mandate(request_id, federation)
            register().directory.set_timing(mandate, federation, timing)
    except DomainError as error:
        told = error.details.get("fields") or ({error.field: error.message} if error.field else {})
        wrong = faults(form, told)
        page = _page(federation, form, error=error.message, wrong=wrong)
        return make_response(page, status_of(error))
    flash("时间设置已保存，自现在起生效。", "good")
    return make_response(redirect(url_for("pages.timing.index"), 303))


def _federation() -> UUID:
    require_keeper()
    return auth.current().post.organisation


def _page(
    federation: UUID, form: Form, *, error: str = "", wrong: dict[str, str] | None = None
) -> str:
    found = settings(federation)
    return render_template(
        "timing/page.html",
        settings=found,
        form=form,
        groups=GROUPS,
        also=ALSO,
        error=error,
        wrong=wrong or {},
        version=request.form.get("version") or found.version,
        once=uuid4(),
    )
