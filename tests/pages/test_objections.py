"""Objections are looked into on the notice's page, by officers alone."""

from __future__ import annotations

from uuid import uuid4

import pytest
from playwright.sync_api import expect

from domain.values import Actor, Mandate, Role
from tests.pages.conftest import Open
from tests.pages.town import Town


@pytest.fixture
def lead(small_town: Town) -> str:
    """The words of a fresh anonymous lead on the running notice."""
    words = f"听说材料有问题 {uuid4().hex[:6]}"
    stranger = Mandate(Actor(None, None), Role.PUBLIC, small_town.now, words)
    small_town.register.publicity.object(stranger, small_town.running, text=words)
    return words


def test_an_officer_adopts_a_lead_and_closes_it(visit: Open, small_town: Town, lead: str) -> None:
    page = visit("officer").go(f"/notices/{small_town.running}")
    article = page.get_by_role("article").filter(has_text=lead)
    article.get_by_text("转为异议").first.click()
    article.get_by_label("理由").fill("线索具体")
    article.get_by_role("button", name="转为异议").click()
    expect(page.get_by_role("status")).to_contain_text("线索已转为异议")
    article = page.get_by_role("article").filter(has_text=lead)
    expect(article.get_by_role("heading")).to_contain_text("异议：整个名单")
    article.get_by_text("办结").first.click()
    article.get_by_label("核查结论").fill("查无实据")
    article.get_by_label("不成立").check()
    article.get_by_role("button", name="办结").click()
    expect(page.get_by_role("status")).to_contain_text("异议已办结")
    expect(page.get_by_role("article").filter(has_text=lead)).to_contain_text(
        "结论：不成立。查无实据"
    )


def test_what_is_refused_is_told(visit: Open, small_town: Town, lead: str) -> None:
    page = visit("officer").go(f"/notices/{small_town.running}")
    article = page.get_by_role("article").filter(has_text=lead)
    article.get_by_text("办结").first.click()
    article.get_by_label("核查结论").fill("属实")
    article.get_by_label("成立，该工作室撤出名单").check()
    article.get_by_role("button", name="办结").click()
    expect(page.get_by_role("status")).to_contain_text("线索须先转为异议")


@pytest.mark.parametrize("who", [None, "union1", "unit1"])
def test_nobody_else_reads_the_words(
    visit: Open, small_town: Town, lead: str, who: str | None
) -> None:
    text = visit(who).go(f"/notices/{small_town.running}").content()
    assert (lead in text, "核查异议" in text) == (False, False)


def test_who_objected_is_shown_once_for_a_reason_that_is_recorded(
    visit: Open, small_town: Town
) -> None:
    words = f"材料有误 {uuid4().hex[:6]}"
    stranger = Mandate(Actor(None, None), Role.PUBLIC, small_town.now, words)
    who = {"name": "异议人甲", "phone": "13700000000"}
    desk = small_town.register.publicity
    signed, _ = desk.object(stranger, small_town.running, text=words, objector=who)
    page = visit("officer").go(f"/notices/{small_town.running}")
    assert who["name"] not in page.content()
    article = page.get_by_role("article").filter(has_text=words)
    article.get_by_text("查看异议人").click()
    article.get_by_label("查看理由").fill("核实材料")
    article.get_by_role("button", name="查看").click()
    expect(page.get_by_text(who["name"])).to_be_visible()
    expect(page.get_by_text(who["phone"])).to_be_visible()
    queries = small_town.house.queries
    [looked] = queries.timeline(topics=["access.unsealed"], limit=1)["items"]
    facts = (looked["facts"]["record"], looked["facts"]["reason"])
    assert facts == (str(small_town.running), "核实材料")
    closing = {"finding": "查无实据", "upheld": False}
    small_town.did(desk.close_objection, "officer", small_town.running, signed, **closing)
