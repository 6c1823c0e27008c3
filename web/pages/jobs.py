"""What happens without anyone asking: who is at work, each job's last run, and all runs."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask import Blueprint, render_template, request, url_for

from domain.errors import Invalid
from web.context import house
from web.schedule import require_keeper, runs, state

blueprint = Blueprint("jobs", __name__, url_prefix="/jobs")

SHOWN = {"": "有办理或有问题的", "failed": "有问题或未结束的", "all": "全部"}
UNITS = ((86_400, "天"), (3_600, "小时"), (60, "分钟"), (1, "秒"))


class RunList:
    """One page of the runs that the address asks for."""

    def __init__(self) -> None:
        self.rows, following = runs(
            job=request.args.get("job") or None,
            failed=_show() == "failed",
            idle=_show() == "all",
            before=_before(),
        )
        self.next_url = _url(before=following) if following else None
        self.first_url = _url(before=None) if request.args.get("before") else None


@blueprint.get("")
def index() -> str:
    """The state of things, and the runs below it."""
    require_keeper()
    found = state()
    return render_template(
        "jobs/page.html",
        state=found,
        titles={each.job.name: each.job.title for each in found.tasks},
        page=RunList(),
        now=house().clock(),
        shown=SHOWN,
        interval=interval,
        lasted=lasted,
    )


def interval(every: timedelta) -> str:
    """How often, in words: `每 5 分钟`."""
    return f"每 {lasted(every)}"


def lasted(time: timedelta) -> str:
    """A length of time in its largest whole unit: `90 分钟`, `2 小时`; below a second in milliseconds."""
    seconds = time.total_seconds()
    if seconds < 1:
        return f"{max(round(seconds * 1000), 0)} 毫秒"
    for size, name in UNITS:
        if seconds >= size and seconds % size < 1:
            return f"{int(seconds // size)} {name}"
    return f"{int(seconds)} 秒"


def _show() -> str:
    """What the list is narrowed to; by itself to runs that did something, for most find nothing to do."""
    asked = request.args.get("show", "")
    if asked not in SHOWN:
        raise Invalid("show_unknown", "没有这种范围", field="show")
    return asked


def _before() -> int | None:
    text = request.args.get("before") or ""
    if text and not (text.isascii() and text.isdecimal() and len(text) < 16):
        raise Invalid("cursor_invalid", "翻页标记无效，请从第一页重新开始", field="before")
    return int(text) if text else None


def _url(**changes: Any) -> str:
    args: dict[str, Any] = {**request.args.to_dict(), **changes}
    return url_for("pages.jobs.index", **args)
