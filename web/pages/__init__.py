"""The pages: server-rendered, in Chinese, whole without a script. `register(app)` puts them in."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from flask import Blueprint, Flask

from web import auth, duties
from web.accesses import may_read
from web.context import services
from web.inbox import count_unread
from web.pages import (
    accesses,
    asof,
    assessments,
    calls,
    docs,
    endpoints,
    errors,
    feeds,
    funds,
    grants,
    home,
    inbox,
    jobs,
    log,
    login,
    notices,
    objections,
    preferences,
    reviewing,
    setup,
    studios,
    tasks,
    timing,
    trust,
)
from web.pages.filters import FILTERS
from web.pages.visitor import visitor
from web.schedule import may_keep

MODULES = (
    home,
    login,
    setup,
    tasks,
    inbox,
    preferences,
    feeds,
    jobs,
    timing,
    endpoints,
    studios,
    reviewing,
    calls,
    notices,
    objections,
    funds,
    grants,
    assessments,
    log,
    accesses,
    trust,
    docs,
)

NAVIGATION = (
    ("pages.home.index", "首页", False),
    ("pages.tasks.index", "待办", False),
    ("pages.inbox.index", "消息", False),
    ("pages.studios.index", "工作室", False),
    ("pages.calls.index", "申报批次", False),
    ("pages.notices.index", "公示", True),
    ("pages.funds.index", "资金", False),
    ("pages.grants.index", "补助", False),
    ("pages.assessments.index", "考核", False),
    ("pages.log.index", "日志", False),
    ("pages.docs.index", "接口", True),
)
"""Endpoint, label, and whether it is open to the public."""

ACCESSES = ("pages.accesses.index", "查阅记录")
"""For those who look after it, before the last endpoint."""

COUNTED: dict[str, Callable[[auth.Identity], int]] = {
    "pages.tasks.index": lambda who: sum(duties.counts(who).values()),
    "pages.inbox.index": count_unread,
}

SETTINGS = (
    ("pages.preferences.index", "通知设置", False),
    ("pages.inbox.preview", "消息样式", False),
    ("pages.timing.index", "时间设置", True),
    ("pages.endpoints.index", "外发", True),
    ("pages.jobs.index", "作业", True),
)
"""Pages behind the link beside the name, and whether they are for those who look after a federation."""

STATIC_KEPT = timedelta(hours=1)


def register(app: Flask) -> None:
    """Register every page, the filters they write with, and the page for errors."""
    duties.install(app)
    pages = Blueprint("pages", __name__)
    for module in MODULES:
        pages.register_blueprint(module.blueprint)
    app.register_blueprint(pages)
    app.jinja_env.filters.update(FILTERS)
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.config["SEND_FILE_MAX_AGE_DEFAULT"] = STATIC_KEPT
    app.context_processor(_context)
    with app.app_context():
        services().error_page = errors.page


def _context() -> dict[str, Any]:
    """What every template may use."""
    return {
        "visitor": visitor(),
        "navigation": navigation,
        "waiting": waiting,
        "settings_pages": settings_pages,
        "today": asof.today(),
        "as_of": asof.as_of(),
    }


def waiting(endpoint: str) -> int:
    """How much waits behind a link of the navigation: tasks to be done, messages not read."""
    who = auth.asker()
    if who is None or endpoint not in COUNTED:
        return 0
    return COUNTED[endpoint](who)


def settings_pages() -> list[tuple[str, str]]:
    """What the visitor may set or look after."""
    keeps = may_keep()
    return [(endpoint, label) for endpoint, label, kept in SETTINGS if keeps or not kept]


def navigation() -> list[tuple[str, str]]:
    """What the visitor may go to."""
    everybody = auth.asker() is None
    found = [(endpoint, label) for endpoint, label, open_ in NAVIGATION if open_ or not everybody]
    return [*found[:-1], ACCESSES, found[-1]] if may_read() else found
