"""Every page can be used by everybody: landmarks, headings, labels, names, contrast, no inline code."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.pages.conftest import Open
from tests.pages.town import Town

PROBE = (Path(__file__).parent / "probe.js").read_text("utf-8")
PLACES = {
    "login": "/login",
    "home": "/",
    "studios": "/studios",
    "studio": "/studios/{studio}",
    "dossier": "/studios/{studio}/dossier",
    "review": "/studios/{waiting}/dossier",
    "publicity": "/studios/{studio}/publicity",
    "subsidy": "/studios/{studio}/subsidy",
    "checks": "/studios/{studio}/checks",
    "history": "/studios/{studio}/history",
    "ledgers": "/studios/{studio}/ledgers",
    "as of": "/studios/{studio}?as_of=2025-12-31",
    "calls": "/calls",
    "call": "/calls/{call}",
    "notices": "/notices",
    "notice": "/notices/{notice}",
    "funds": "/funds",
    "fund": "/funds/{fund}",
    "grants": "/grants",
    "grant": "/grants/{grant}",
    "assessments": "/assessments?status=",
    "log": "/log",
    "accesses": "/accesses",
    "trust": "/trust",
    "tasks": "/tasks",
    "messages": "/messages",
    "message previews": "/messages/preview",
    "preferences": "/preferences",
    "timing": "/timing",
    "endpoints": "/endpoints",
    "new endpoint": "/endpoints/new",
    "jobs": "/jobs",
    "error": "/studios?as_of=x",
}

BREAK = """() => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(".pale { color: #c8c8c8; background: #fff }");
  document.adoptedStyleSheets = [sheet];
  const broken = document.createElement("div");
  broken.innerHTML = '<h1>二</h1><h4 id="main">四</h4><input name="x"><a href="/"></a>'
    + '<table><tr><th>头</th></tr></table><p onclick="" class="pale">淡</p>';
  document.querySelector("main").append(broken);
}"""


def address(place: str, small_town: Town) -> str:
    """Where a page is in the town."""
    return PLACES[place].format(
        studio=small_town.filed[0][0],
        waiting=small_town.waiting[0],
        call=small_town.first_call,
        notice=small_town.running,
        fund=small_town.fund,
        grant=small_town.grant,
    )


@pytest.mark.parametrize("place", sorted(PLACES))
def test_a_page_is_for_everybody(visit: Open, small_town: Town, place: str) -> None:
    who = None if place == "login" else "officer"
    page = visit(who, noise=place == "error").go(address(place, small_town))
    found: dict[str, Any] = {"light": page.evaluate(PROBE)}
    page.emulate_media(color_scheme="dark")
    found["dark"] = page.evaluate(PROBE)
    page.set_viewport_size({"width": 360, "height": 740})
    found["width"] = page.evaluate("() => document.documentElement.scrollWidth")
    assert found == {"light": [], "dark": [], "width": 360}


def test_no_page_may_run_what_stands_in_it(visit: Open) -> None:
    found = visit()
    answer = found.page.goto(f"{found.base}/login")
    assert answer is not None
    policy = answer.headers["content-security-policy"]
    assert "default-src 'self'" in policy.split("; ")
    assert ("unsafe" in policy, "http" in policy) == (False, False)


def test_the_probe_finds_what_is_wrong(visit: Open) -> None:
    page = visit(noise=True).go("/login")
    page.evaluate(BREAK)
    found: list[str] = page.evaluate(PROBE)
    assert [problem.split(":")[0] for problem in found] == [
        "2 × h1",
        "h1 then h4",
        "id twice",
        "no label",
        "no name",
        "th without scope",
        "inline handler",
        'contrast 1.67 rgb(200, 200, 200) on {"r"',
    ]
