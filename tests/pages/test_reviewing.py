"""An officer reviews an application on its page."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.pages.conftest import Open
from tests.pages.town import Town


def fill(page: Page, judgement: str, outcome: str, opinion: str) -> None:
    page.get_by_role("group", name="一1①").get_by_label(judgement, exact=True).check()
    page.get_by_role("group", name="结论").get_by_label(outcome, exact=True).check()
    page.get_by_label("意见").fill(opinion)


def test_an_officer_judges_and_passes_a_stage(visit: Open, small_town: Town) -> None:
    studio, application = small_town.waiting
    page = visit("officer", noise=True).go(f"/studios/{studio}/dossier")
    expect(page.get_by_role("heading", name="办理：材料审核")).to_be_visible()

    fill(page, "不符合", "通过", "同意")
    page.get_by_role("button", name="提交结论").click()
    expect(page.get_by_role("alert")).to_be_visible()
    expect(page.get_by_label("意见")).to_have_value("同意")

    fill(page, "符合", "通过", "材料齐全，同意")
    page.get_by_role("button", name="提交结论").dblclick()
    expect(page.get_by_role("status")).to_contain_text("审核结论已记入日志")
    expect(page.get_by_role("heading", name="办理：实地考察")).to_be_visible()
    told = small_town.house.queries.timeline(record=studio, topics=["studio.reviewed"])["items"]
    facts = told[0]["facts"]
    assert [each["facts"]["stage"] for each in told] == ["materials", "first", "unit"]
    assert (facts["application"], facts["opinion"]) == (str(application), "材料齐全，同意")
    assert facts["judgements"] == {"outstanding": "pass"}


def test_a_page_that_is_out_of_date_changes_nothing(visit: Open, small_town: Town) -> None:
    page = visit("officer", noise=True).go(f"/studios/{small_town.waiting[0]}/dossier")
    page.evaluate("() => { document.querySelector('[name=version]').value = '1' }")
    page.get_by_role("group", name="结论").get_by_label("通过", exact=True).check()
    page.get_by_label("意见").fill("同意")
    page.get_by_role("button", name="提交结论").click()
    expect(page.get_by_role("alert")).to_have_text("记录已被他人修改，请查看改动后重试")


def test_whose_turn_it_is_not_has_no_form(visit: Open, small_town: Town) -> None:
    for who in ("union0", "unit2"):
        page = visit(who).go(f"/studios/{small_town.waiting[0]}/dossier")
        expect(page.get_by_role("button", name="提交结论")).to_have_count(0)


def test_there_is_no_form_in_the_past(visit: Open, small_town: Town) -> None:
    page = visit("officer").go(f"/studios/{small_town.waiting[0]}/dossier?as_of=2027-11-04")
    expect(page.get_by_role("button", name="提交结论")).to_have_count(0)
