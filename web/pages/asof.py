"""Looking at the past: `?as_of=2024-12-31` shows a page as it stood at that day's end."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from flask import g, request, url_for

from domain.errors import Invalid
from domain.values import end_of, local
from web.context import house, queries
from web.pages.filters import day, minute


@dataclass(frozen=True)
class AsOf:
    """A past moment: the last log position that was recorded by then, and how it is called."""

    position: int
    day: str
    label: str
    query: str

    @property
    def now_url(self) -> str:
        """The same page as it stands now."""
        args = {**(request.view_args or {}), **request.args.to_dict()}
        args.pop("as_of", None)
        return url_for(request.endpoint or "pages.home.index", **args)


def as_of() -> AsOf | None:
    """The moment that the request asks for, or None for now. Raises Invalid."""
    if "as_of" not in g:
        text = request.args.get("as_of", "").strip()
        g.as_of = _parse(text) if text else None
    found: AsOf | None = g.as_of
    return found


def position() -> int | None:
    """The log position to read views at, None for now."""
    found = as_of()
    return found.position if found else None


def today() -> date:
    """The business date, in Asia/Shanghai."""
    return local(house().clock()).date()


def _parse(text: str) -> AsOf:
    try:
        if "T" in text:
            moment = datetime.fromisoformat(text)
            label = f"{minute(moment)}"
        else:
            on = date.fromisoformat(text)
            moment, label = end_of(on), f"{day(on)}终了时"
        shown = local(moment).date().isoformat()
    except (ValueError, OverflowError):
        raise Invalid(
            "as_of_malformed", "日期须为 YYYY-MM-DD，如 2024-12-31", field="as_of"
        ) from None
    return AsOf(queries().position_at(moment), shown, label, text)
