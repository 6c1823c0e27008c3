"""What was said to the visitor's offices: newest first, to be narrowed, marked as read, whole as CSV."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property
from itertools import islice
from typing import Any
from uuid import UUID

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

from adapters.messages.inbox import Wanted
from adapters.messages.wording import EVENTS, MATTERS, WORDINGS
from domain.errors import Invalid
from web import auth
from web.context import base_url, house, services
from web.inbox import Item, inbox, told
from web.pages import csv
from web.pages.filters import moment
from web.pages.names import Names
from web.preview import preview
from web.schedule import may_keep

blueprint = Blueprint("inbox", __name__, url_prefix="/messages")

GROUPS = (("到期提醒", MATTERS), ("办理通知", EVENTS))
PAGE = 50
AT_ONCE = 200
HEADINGS = ("时间", "种类", "标题", "内容", "收件组织", "截止日", "已读时间", "网页")


class InboxPage:
    """One page of the messages that the address asks for."""

    def __init__(self) -> None:
        self._inbox = inbox()
        self._wanted = _wanted()
        self._page = self._inbox.page(
            self._wanted, cursor=request.args.get("after") or None, limit=PAGE
        )
        self.names = Names()
        self.names.fetch(row["organisation"] for row in self._page.rows)

    @property
    def rows(self) -> Sequence[Item]:
        return list(told(self._page.rows))

    @cached_property
    def total(self) -> int:
        return self._inbox.count(self._wanted)

    @cached_property
    def unread(self) -> int:
        return self._inbox.count(Wanted(unread=True))

    @property
    def kinds(self) -> list[tuple[str, str]]:
        """The kinds that there are any of, with their names."""
        return [(kind, title_of(kind)) for kind in self._inbox.kinds()]

    @property
    def next_url(self) -> str | None:
        return _url(after=self._page.next) if self._page.next else None

    @property
    def first_url(self) -> str | None:
        return _url(after=None) if request.args.get("after") else None

    @property
    def csv_url(self) -> str:
        args: dict[str, Any] = {**request.args.to_dict(), "after": None}
        return url_for("pages.inbox.export", **args)


@blueprint.get("")
def index() -> str:
    """The messages, filtered by what the address says."""
    auth.current()
    return render_template("messages/list.html", page=InboxPage())


@blueprint.get("/all.csv")
def export() -> Response:
    """All of them under the same filters."""
    return csv.export("messages", "messages.csv", HEADINGS, _lines(_wanted()))


@blueprint.get("/preview", endpoint="preview")
def preview_page() -> str:
    """What each kind of message looks like; who looks after a federation sees the templates' faults too."""
    auth.current()
    asked = request.args
    shown = preview(
        asked.get("kind") or "assessment.union_due",
        asked.get("lang") or "zh",
        overdue=asked.get("when") == "overdue",
    )
    faults = services().texts.faults() if may_keep() else None
    return render_template("messages/preview.html", shown=shown, groups=GROUPS, faults=faults)


@blueprint.get("/<uuid:id>")
def show(id: UUID) -> str:
    """One message, which is thereby read."""
    mine = inbox()
    row = mine.one(id)
    if row["read_at"] is None:
        mine.read(id, house().clock())
    item = next(told([row]))
    return render_template("messages/show.html", item=item, names=Names(), kind=title_of)


@blueprint.post("/<uuid:id>/read")
def read(id: UUID) -> Response:
    """Note that one was read."""
    inbox().read(id, house().clock())
    return _back()


@blueprint.post("/read-all")
def read_all() -> Response:
    """Note that all were read which the list was narrowed to."""
    count = inbox().read_all(house().clock(), _wanted())
    flash(f"已将 {count} 条消息标为已读。", "good")
    return _back()


def title_of(kind: str) -> str:
    """What a kind is called."""
    return WORDINGS[kind].zh if kind in WORDINGS else kind


def _wanted() -> Wanted:
    asked = request.args
    if asked.get("show", "") not in ("", "unread"):
        raise Invalid("show_unknown", "只能查看全部或未读", field="show")
    return Wanted(asked.get("show") == "unread", asked.get("kind") or None, asked.get("q") or None)


def _lines(wanted: Wanted) -> Iterator[list[object]]:
    names, rows = Names(), inbox().every(wanted)
    while part := list(islice(rows, AT_ONCE)):
        for item in told(part):
            yield _line(item, names)


def _line(item: Item, names: Names) -> list[object]:
    row = item.row
    return [
        moment(row["created_at"]),
        title_of(row["kind"]),
        item.text.subject,
        item.text.body,
        names[row["organisation"]],
        row["due_on"],
        moment(row["read_at"]) if row["read_at"] else "",
        f"{base_url()}{row['link']}",
    ]


def _back() -> Response:
    return make_response(redirect(_url(after=None), 303))


def _url(**changes: Any) -> str:
    args: dict[str, Any] = {**request.args.to_dict(), **changes}
    return url_for("pages.inbox.index", **args)
