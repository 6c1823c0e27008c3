"""Other programs that are told: their addresses, a trial, and what was delivered to each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4, uuid5

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

from adapters.messages import endpoints as book
from adapters.messages.deliveries import ENDED, STATES, listed, resend, resend_all, target_of
from adapters.messages.endpoints import RECORDS, Endpoint, Wish
from adapters.messages.forms import FORMS, masked
from adapters.messages.sending import try_out
from domain.errors import DomainError, Invalid, NotFound
from web import auth
from web.api.endpoints import TRIAL_LIMIT, keeper, kept
from web.commands import KEYS
from web.context import house
from web.errors import status_of
from web.pages import forms
from web.pages.inbox import GROUPS, title_of
from web.pages.names import Names
from web.reads import federations
from web.schedule import require_keeper
from web.security import limiter

blueprint = Blueprint("endpoints", __name__, url_prefix="/endpoints")

STATE_NAMES = {
    "waiting": "待发送",
    "sent": "已送达",
    "dead": "未送达",
    "dropped": "已取消",
    "gathered": "已汇总",
}
RECORD_NAMES = {
    "studio": "工作室",
    "call": "申报批次",
    "notice": "公示",
    "fund": "资金",
    "campaign": "年度考核",
    "organisation": "组织",
    "account": "账号",
}
PAGE = 50


@dataclass(frozen=True, slots=True)
class Form:
    """What stands in the inputs; `kinds` and `records` are what is ticked, `topics` what is written."""

    form: str = "webhook"
    name: str = ""
    url: str = ""
    secret: str = ""
    federation: str = ""
    kinds: tuple[str, ...] = ("*",)
    topics: tuple[str, ...] = ()
    enabled: bool = True

    @property
    def records(self) -> list[str]:
        return [name for name in RECORDS if f"{name}.*" in self.topics or "*" in self.topics]

    @property
    def others(self) -> str:
        """Topics that have no box of their own."""
        known = {"*", *(f"{name}.*" for name in RECORDS)}
        return " ".join(topic for topic in self.topics if topic not in known)


@blueprint.get("")
def index() -> str:
    """The addresses of the visitor's federation and of those below it."""
    require_keeper()
    found = book.endpoints_of(house(), [UUID(id) for id in federations()])
    return render_template(
        "endpoints/list.html",
        rows=found,
        failing={each.id for each in found if _is_failing(each.id)},
        masked=masked,
        forms=FORMS,
        names=Names(),
    )


def _is_failing(id: UUID) -> bool:
    return bool(listed(house().engine, [id], state="dead", limit=1)[0])


@blueprint.get("/new")
def new() -> str:
    """The form for a new one."""
    require_keeper()
    return _new(Form(federation=str(auth.current().post.organisation)))


@blueprint.post("")
def add() -> Response:
    """Make one; the secret of a webhook is shown on the answer and never again."""
    require_keeper()
    given = _given()
    try:
        found = _made(given)
    except DomainError as error:
        return make_response(_new(given, error), status_of(error))
    return forms.shown_once(_show(found, secret=found.secret or ""))


def _made(given: Form) -> Endpoint:
    """The new one; a form that is sent twice makes it once."""
    federation = _federation(given)
    keeper(federation)
    account, wish = auth.current().account, _wish(given)
    id = uuid5(KEYS, f"{account} {forms.request_id('endpoint')}")
    try:
        return book.endpoint(house(), id)
    except NotFound:
        return book.add_endpoint(house(), id, federation, wish, by=account, now=house().clock())


def _federation(given: Form) -> UUID:
    try:
        return UUID(given.federation)
    except ValueError:
        raise Invalid("federation_unknown", "请选择总工会", field="federation") from None


@blueprint.get("/<uuid:id>")
def show(id: UUID) -> str:
    """One address, and what was delivered to it."""
    return _show(kept(id))


@blueprint.post("/<uuid:id>")
def change(id: UUID) -> Response:
    """Change it; address and secret stay where nothing is written."""
    found, given = kept(id), _given()
    try:
        book.change_endpoint(house(), id, _wish(given, form=found.form))
    except DomainError as error:
        return make_response(_show(found, form=given, error=error), status_of(error))
    flash("已保存。", "good")
    return _back(id)


@blueprint.post("/<uuid:id>/test")
@limiter.limit(TRIAL_LIMIT)
def trial(id: UUID) -> Response:
    """Send a trial now, and tell what was answered."""
    found = try_out(house(), kept(id), house().clock())
    if found.state == "sent":
        flash(f"测试消息已送达，对方答复 {found.answer}。", "good")
    else:
        flash(f"测试消息没有送达：{found.error or found.answer}", "bad")
    return _back(id)


@blueprint.post("/<uuid:id>/secret")
def renew(id: UUID) -> Response:
    """A new secret for a webhook, shown on the answer and never again; a robot's is taken away."""
    found = kept(id)
    wish = Wish(found.form, found.name, None, "", found.kinds, found.topics, found.enabled)
    changed = book.change_endpoint(house(), id, wish)
    return forms.shown_once(_show(changed, secret=changed.secret or ""))


@blueprint.post("/<uuid:id>/remove")
def remove(id: UUID) -> Response:
    """Remove it; what still waits for it is dropped."""
    found = kept(id)
    book.remove_endpoint(house(), id, house().clock())
    flash(f"“{found.name}”已删除。", "good")
    return make_response(redirect(url_for("pages.endpoints.index"), 303))


@blueprint.post("/<uuid:id>/resend")
def again(id: UUID) -> Response:
    """Let what was not delivered begin anew: one, or all."""
    kept(id)
    if delivery := request.form.get("delivery"):
        _resend(id, delivery)
        flash("已重新列入发送。", "good")
    else:
        count = resend_all(house().engine, id, house().clock())
        flash(f"{count} 条未送达的已重新列入发送。", "good")
    return _back(id)


def _resend(endpoint: UUID, delivery: str) -> None:
    try:
        id = UUID(delivery)
    except ValueError:
        raise Invalid("form_incomplete", "页面已过期，请刷新后重试") from None
    if target_of(house().engine, id) != endpoint:
        raise NotFound("delivery_unknown", "没有这条投递记录")
    resend(house().engine, id, house().clock())


def _given() -> Form:
    form = request.form
    records = [f"{name}.*" for name in form.getlist("records")]
    return Form(
        form=form.get("form", ""),
        name=form.get("name", "").strip(),
        url=form.get("url", "").strip(),
        secret=form.get("secret", "").strip(),
        federation=form.get("federation", ""),
        kinds=tuple(form.getlist("kinds")),
        topics=(*records, *form.get("topics", "").split()),
        enabled="enabled" in form,
    )


def _wish(given: Form, *, form: str = "") -> Wish:
    """Nothing written leaves what is there."""
    kinds = ("*",) if "*" in given.kinds else given.kinds
    url, secret = given.url or None, given.secret or None
    return Wish(form or given.form, given.name, url, secret, kinds, given.topics, given.enabled)


def _back(id: UUID) -> Response:
    return make_response(redirect(url_for("pages.endpoints.show", id=id), 303))


def _wrong(error: DomainError | None) -> dict[str, str]:
    """What is wrong, by the input."""
    return {error.field.partition("[")[0]: error.message} if error and error.field else {}


def _new(form: Form, error: DomainError | None = None) -> str:
    names = Names()
    return render_template(
        "endpoints/new.html",
        form=form,
        places=[(id, names[id]) for id in federations()],
        once=uuid4(),
        **_common(error),
    )


def _show(
    found: Endpoint, *, form: Form | None = None, error: DomainError | None = None, secret: str = ""
) -> str:
    own = Form(found.form, found.name, "", "", "", found.kinds, found.topics, found.enabled)
    state, cursor = request.args.get("state") or None, request.args.get("after") or None
    rows, following = listed(house().engine, [found.id], state=state, cursor=cursor, limit=PAGE)
    return render_template(
        "endpoints/show.html",
        endpoint=found,
        address=masked(found.form, found.url) if found.url else "",
        form=form or own,
        secret=secret,
        rows=rows,
        next_url=_url(found.id, after=following) if following else None,
        first_url=_url(found.id, after=None) if cursor else None,
        names=Names(),
        **_common(error),
    )


def _common(error: DomainError | None) -> dict[str, Any]:
    return {
        "error": error.message if error else "",
        "wrong": _wrong(error),
        "forms": FORMS,
        "groups": GROUPS,
        "record_names": RECORD_NAMES,
        "states": {name: STATE_NAMES[name] for name in STATES},
        "ended": ENDED,
        "title_of": title_of,
    }


def _url(id: UUID, **changes: Any) -> str:
    args: dict[str, Any] = {**request.args.to_dict(), **changes}
    return url_for("pages.endpoints.show", id=id, **args)
