"""Looking at the past: `?as_of=2024-12-31` shows a page as it stood at that day's end."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from flask import g, request, url_for

from domain.errors import Invalid
from domain.values import SHANGHAI, end_of, local
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
        moment, label = _moment(text) if "T" in text else _end_of_day(text)
        on = local(moment).date()
    except (ValueError, OverflowError):
        raise Invalid(
            "as_of_malformed", "日期须为 YYYY-MM-DD，如 2024-12-31", field="as_of"
        ) from None
    if on > today():
        raise Invalid("as_of_in_future", "不能看将来的样子", field="as_of")
    return AsOf(queries().position_at(moment), on.isoformat(), label, text)


def _end_of_day(text: str) -> tuple[datetime, str]:
    on = date.fromisoformat(text)
    return end_of(on), f"{day(on)}终了时"


def _moment(text: str) -> tuple[datetime, str]:
    """A moment; without a zone it is on the clocks of Asia/Shanghai."""
    found = datetime.fromisoformat(text)
    moment = found if found.tzinfo else found.replace(tzinfo=SHANGHAI)
    return moment, minute(moment)
