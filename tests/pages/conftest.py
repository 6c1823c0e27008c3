"""A real server over a small town, and a real browser that notes everything it should not do."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Page, Request, sync_playwright
from werkzeug.serving import make_server

from tests.pages.town import PASSWORD, Town, town

ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]


@dataclass
class Visit:
    """A tab of somebody's browser, with what went wrong in it."""

    page: Page
    base: str
    noise: list[str] = field(default_factory=list)

    def go(self, path: str) -> Page:
        """Open a page of ours."""
        self.page.goto(self.base + path)
        return self.page

    def listen(self) -> None:
        """Note console messages, script errors, failed answers and requests to other hosts."""
        page = self.page
        page.on("console", lambda said: self._note(said.type in ("error", "warning"), said.text))
        page.on("pageerror", lambda error: self._note(True, str(error)))
        page.on("requestfailed", lambda asked: self._note(*_failure(asked)))
        page.on("request", lambda asked: self._note(not self._ours(asked.url), asked.url))

    def _ours(self, url: str) -> bool:
        return url.startswith((self.base + "/", "data:"))

    def _note(self, bad: bool, what: str) -> None:
        if bad:
            self.noise.append(what)


def _failure(asked: Request) -> tuple[bool, str]:
    """What a page was still loading when one left it, or what became a download, did not fail."""
    return asked.failure != "net::ERR_ABORTED", f"failed: {asked.url}"


Open = Callable[..., Visit]


@pytest.fixture(scope="session")
def small_town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    """The town, lived through once."""
    lived = town(tmp_path_factory.mktemp("town"))
    yield lived
    lived.house.close()


@pytest.fixture(scope="session")
def app(small_town: Town) -> Flask:
    """The application on the town."""
    return small_town.open_doors()


@pytest.fixture(scope="session")
def base(app: Flask) -> Iterator[str]:
    """Address of a server on loopback."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium as Debian has it."""
    path = shutil.which("chromium") or shutil.which("chromium-browser")
    assert path is not None, "chromium is not installed; .ci/run installs it"
    with sync_playwright() as playwright:
        yield playwright.chromium.launch(executable_path=path, args=ARGUMENTS)


@pytest.fixture(scope="session")
def sessions() -> dict[str, Any]:
    """What the browsers of those who signed in keep, so that nobody signs in twice."""
    return {}


@pytest.fixture
def visit(browser: Browser, base: str, sessions: dict[str, Any]) -> Iterator[Open]:
    """Open a tab, for somebody who signs in or for the public; afterwards nothing was wrong in it."""
    contexts: list[BrowserContext] = []
    visits: list[Visit] = []

    def open_(who: str | None = None, *, noise: bool = False, **settings: Any) -> Visit:
        context = browser.new_context(
            locale="zh-CN",
            reduced_motion="reduce",
            storage_state=sessions.get(who or ""),
            **settings,
        )
        contexts.append(context)
        found = Visit(context.new_page(), base)
        found.listen()
        if not noise:
            visits.append(found)
        if who is not None and who not in sessions:
            sign_in(found, who)
            sessions[who] = context.storage_state()
        elif who is not None:
            found.go("/")
        return found

    yield open_
    for context in contexts:
        context.close()
    assert [line for each in visits for line in each.noise] == []


def sign_in(visit: Visit, who: str, password: str = PASSWORD) -> None:
    """Fill in the form, as people do."""
    page = visit.go("/login")
    page.get_by_label("用户名").fill(who)
    page.get_by_label("密码").fill(password)
    page.get_by_role("button", name="登录").click()
    page.wait_for_load_state()
