"""A page tells that a round is sealed, and neither points nor opinions until it is closed."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.pages.conftest import Open
from tests.pages.town import Town

POINTS, OPINION = 87, "课题扎实，台账完整"


def test_a_sealed_round_shows_how_many_scores_there_are_and_nothing_of_them(
    visit: Open, small_town: Town
) -> None:
    studio, application = small_town.waiting
    found = small_town.house.queries.application(application)
    score = {"stage": found["stage"], "points": POINTS, "opinion": OPINION}
    small_town.did(small_town.register.review.score, "second", studio, application, **score)
    [event] = small_town.house.queries.timeline(record=studio, limit=1)["items"]
    for address in ("", "/dossier", "/history"):
        page = visit("officer").go(f"/studios/{studio}{address}")
        expect(page.get_by_text("已收到 1 份评分")).to_be_visible()
        assert (OPINION in page.content(), f"{POINTS} 分" in page.content()) == (False, False)
    expect(page.get_by_text("分数密封")).to_be_visible()
    text = visit("officer").go(f"/log/{event['position']}").content()
    assert ("points" in text, OPINION in text) == (False, False)
    decided = {"judgements": {"outstanding": "pass"}} if found["stage"] == "materials" else {}
    small_town.review(found["stage"], "officer", small_town.waiting, **decided)
    page = visit("officer").go(f"/studios/{studio}/history")
    expect(page.get_by_text(f"评分 {POINTS} 分")).to_be_visible()
