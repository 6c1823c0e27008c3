"""Who looked at what: told to those who look after it, and to nobody else."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.pages.conftest import Open
from tests.pages.test_access import PROBE
from tests.pages.town import Town


def test_a_look_at_personal_data_is_told_with_its_reason(visit: Open, small_town: Town) -> None:
    page = visit("officer").go(f"/studios/{small_town.filed[0][0]}")
    page.get_by_text("查看加密的个人信息").click()
    form = page.locator("form", has=page.get_by_label("理由"))
    form.get_by_label("理由").fill("核对联系方式")
    form.get_by_role("button", name="查看").click()
    page.wait_for_load_state()
    page.get_by_role("navigation", name="主导航").get_by_role("link", name="查阅记录").click()
    first = page.locator(".timeline > li").first
    expect(first.get_by_role("heading")).to_have_text("查看了加密的个人信息")
    expect(first).to_contain_text("试市总工会")
    expect(first).to_contain_text("长虹工作室")
    expect(first).to_contain_text("理由：核对联系方式")
    assert page.evaluate(PROBE) == []


def test_accesses_are_narrowed_by_kind(visit: Open, small_town: Town) -> None:
    by = small_town.by("officer")
    small_town.register.privacy.note_export(by, what="ledger", filters="2024 年度")
    page = visit("officer").go("/accesses")
    page.get_by_label("种类").select_option(label="导出")
    page.get_by_role("button", name="筛选").click()
    titles = set(page.locator(".timeline h3").all_inner_texts())
    assert "导出了资金台账" in titles
    assert "查看了加密的个人信息" not in titles


def test_a_bundle_made_by_the_operator_is_told_where_its_grant_stands(
    visit: Open, small_town: Town
) -> None:
    for id in (small_town.grant, small_town.call):
        small_town.register.privacy.note_export(
            small_town.by(), what="audit_bundle", filters=f"grant={id}"
        )
    page = visit("officer").go("/accesses?kind=exported")
    told = page.locator(".timeline > li", has_text="导出了审计包").all_inner_texts()
    assert [str(small_town.grant) in text for text in told] == [True]


def test_accesses_are_not_for_everybody(visit: Open) -> None:
    page = visit("union0", noise=True).go("/accesses")
    expect(page.get_by_role("heading", level=1)).to_have_text("没有权限")
    assert page.get_by_role("link", name="查阅记录").count() == 0
    page = visit(noise=True).go("/accesses")
    expect(page.get_by_role("heading", level=1)).to_have_text("登录")
