"""How the visitor is reached: by mail, and by a calendar of their own."""

from __future__ import annotations

from typing import Any

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

from adapters.messages.contacts import Contact, contact, set_contact
from domain.errors import Invalid
from web import auth
from web.api.feeds import new_address
from web.context import house, services
from web.errors import status_of
from web.pages import forms
from web.pages.inbox import GROUPS

blueprint = Blueprint("preferences", __name__, url_prefix="/preferences")

MAILS = {
    "each": ("每条消息一封邮件", "到时即发。"),
    "daily": ("每天一封汇总", "当天没有消息就不发。"),
    "off": ("不发邮件", "消息只在本系统里查看。"),
}
LANGUAGES = {"zh": "中文", "en": "English"}


@blueprint.get("")
def index() -> str:
    """The settings as they are."""
    return _page(contact(house(), auth.current().account))


@blueprint.post("")
def change() -> Response:
    """Set how one is reached; what is wrong is told at its field, and nothing is changed."""
    who, form = auth.current(), request.form
    told = set(form.getlist("told"))
    wanted: dict[str, Any] = {
        "email": form.get("email", "").strip() or None,
        "language": form.get("language", ""),
        "mail": form.get("mail", ""),
        "muted": [kind for _, kinds in GROUPS for kind in kinds if kind not in told],
    }
    try:
        set_contact(house(), who.account, house().clock(), **wanted)
    except Invalid as error:
        given = Contact(who.account, **{**wanted, "muted": tuple(wanted["muted"])})
        return make_response(_page(given, error=error), status_of(error))
    flash("通知设置已保存。", "good")
    return make_response(redirect(url_for("pages.preferences.index"), 303))


@blueprint.post("/calendar")
def make_calendar() -> Response:
    """A new address of the calendar, shown on this very page and never again."""
    page = _page(contact(house(), auth.current().account), address=new_address())
    return forms.shown_once(page)


@blueprint.post("/calendar/revoke")
def revoke_calendar() -> Response:
    """Let the address lead nowhere."""
    if services().feeds.revoke(auth.current().account, house().clock()):
        flash("日历地址已撤销，原地址不再可用。", "good")
    return make_response(redirect(url_for("pages.preferences.index"), 303))


def _page(found: Contact, *, address: str = "", error: Invalid | None = None) -> str:
    return render_template(
        "preferences/page.html",
        contact=found,
        error=error,
        mails=MAILS,
        languages=LANGUAGES,
        groups=GROUPS,
        can_mail=bool(house().settings.smtp_url),
        address=address,
        made_at=services().feeds.made_at(found.account),
    )
