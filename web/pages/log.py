"""The log itself: what happened in the visitor's tree, and one event as it was recorded."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, jsonify, render_template, request, url_for

from domain.errors import Forbidden, Invalid
from domain.values import Role, end_of, start_of
from web import auth
from web.context import queries
from web.pages.asof import as_of, position
from web.pages.names import Names
from web.pages.record import Told, told
from web.pages.sight import require_sight, scope
from web.pages.words import TOPIC_GROUPS

blueprint = Blueprint("log", __name__, url_prefix="/log")

CONFIDENTIAL = {"notice.objection_raised": (Role.CITY_OFFICER, Role.ADMINISTRATOR, Role.AUDITOR)}
"""Events that name who complained are for those who look into it."""


class LogPage:
    """Rows of the log that the address asks for, newest first."""

    def __init__(self) -> None:
        self.groups = TOPIC_GROUPS
        self._page = queries().timeline(
            scope=scope(),
            topics=_topics(),
            between=_between(),
            as_of=position(),
            after=request.args.get("after", type=int),
        )

    @property
    def rows(self) -> list[Told]:
        names = Names(as_of())
        names.fetch(item["record"] for item in self._page["items"])
        return [told(item, names) for item in self._page["items"]]

    @property
    def next_url(self) -> str | None:
        return _url(after=self._page["next"]) if self._page["next"] else None

    @property
    def first_url(self) -> str | None:
        return _url(after=None) if request.args.get("after") else None


@blueprint.get("")
def index() -> str:
    """What happened, filtered by kind and by days."""
    return render_template("log/list.html", page=LogPage())


@blueprint.get("/<int:position>")
def event(position: int) -> Response:
    """The event with its facts as JSON; personal values are sealed in it."""
    auth.current()
    found = queries().event(position)
    require_sight(UUID(found["record"]))
    allowed = CONFIDENTIAL.get(found["topic"])
    if allowed is not None and auth.current().post.role not in allowed:
        raise Forbidden("objection_confidential", "异议原文只供核查人员查看")
    return jsonify(found)


def _topics() -> list[str]:
    group = TOPIC_GROUPS.get(request.args.get("kind", ""))
    return list(group.topics) if group else []


def _between() -> tuple[Any, Any]:
    """The first moment of one day and the last of another, where they are asked for."""
    first, last = _day("from"), _day("to")
    return (start_of(first) if first else None, end_of(last) if last else None)


def _day(name: str) -> date | None:
    text = request.args.get(name, "")
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise Invalid("date_malformed", "日期须为 YYYY-MM-DD", field=name) from None


def _url(**changes: Any) -> str:
    args: dict[str, Any] = {**request.args.to_dict(), **changes}
    return url_for("pages.log.index", **args)
