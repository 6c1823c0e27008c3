"""The access log: who read sealed personal data and why, and who took an export away."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template, request, url_for

from domain.errors import Invalid
from web.accesses import KINDS, accesses, require_reader
from web.pages.asof import as_of, position
from web.pages.names import Names
from web.pages.record import Told, told
from web.pages.sight import scope

blueprint = Blueprint("accesses", __name__, url_prefix="/accesses")

KIND_NAMES = {"unsealed": "查看个人信息", "exported": "导出"}


class AccessPage:
    """The accesses that the address asks for, newest first."""

    def __init__(self) -> None:
        self.kinds = KIND_NAMES
        kind = request.args.get("kind") or None
        if kind is not None and kind not in KINDS:
            raise Invalid("kind_unknown", "没有这种查阅记录", field="kind")
        scope()
        after = request.args.get("after", type=int)
        self._page = accesses(kind, as_of=position(), after=after)

    @property
    def rows(self) -> list[Told]:
        names = Names(as_of())
        names.fetch(item["facts"].get("record") for item in self._page["items"])
        return [told(item, names) for item in self._page["items"]]

    @property
    def next_url(self) -> str | None:
        return _url(after=self._page["next"]) if self._page["next"] else None

    @property
    def first_url(self) -> str | None:
        return _url(after=None) if request.args.get("after") else None


@blueprint.get("")
def index() -> str:
    """Who looked at what, filtered by kind."""
    require_reader()
    return render_template("accesses/list.html", page=AccessPage())


def _url(**changes: Any) -> str:
    args: dict[str, Any] = {**request.args.to_dict(), **changes}
    return url_for("pages.accesses.index", **args)
