"""The life of a studio that lost its name, in a real browser."""

from __future__ import annotations

import re
from datetime import date

from playwright.sync_api import Page, expect

from tests.pages.conftest import Open
from tests.pages.town import Town


def test_a_de_named_studio_shows_why_in_one_sentence(visit: Open, small_town: Town) -> None:
    studio = small_town.filed[0][0]
    page = visit("officer").go(f"/studios/{studio}")
    expect(page.get_by_role("heading", level=1)).to_have_text("长虹工作室")
    expect(page.locator(".plaque .mark")).to_have_text("已取消命名")
    expect(page.locator(".sum")).to_have_text(
        "编号 2024-01：2025 年不合格 ＋ 2026 年不合格 ＋ 2027 年不合格 ＝ 连续 3 年不合格，据此取消命名。"
    )
    sources = page.locator(".sum + p a")
    expect(sources).to_have_count(3)
    expect(page.locator(".sum + p")).to_contain_text("连续三年不合格的取消命名")


def test_the_grid_has_a_word_for_each_year_and_ties_the_run(visit: Open, small_town: Town) -> None:
    page = visit("officer").go(f"/studios/{small_town.filed[0][0]}/checks")
    heads = page.locator(".years thead th").all_inner_texts()
    assert heads == ["命名编号", "2024", "2025", "2026", "2027"]
    cells = page.locator(".years tbody td b").all_inner_texts()
    assert cells == ["命名", "不合格", "不合格", "不合格"]
    expect(page.locator(".years td.run")).to_have_count(3)


def test_a_source_leads_to_its_row_and_the_row_to_its_event(visit: Open, small_town: Town) -> None:
    page = visit("officer").go(f"/studios/{small_town.filed[0][0]}")
    page.get_by_role("link", name=re.compile("^2026 年度")).click()
    page.wait_for_url("**/history#e*")
    row = page.locator(":target")
    expect(row.get_by_role("heading")).to_have_text("2026 年度考核：不合格")
    moment = row.locator("time").get_attribute("datetime")
    assert moment is not None
    assert re.fullmatch(r"2026-11-04T\d\d:\d\d:\d\d\+08:00", moment)
    row.get_by_role("link").click()
    event = page.evaluate("() => JSON.parse(document.body.innerText)")
    assert (event["topic"], event["facts"]["year"]) == ("studio.annually_checked", 2026)


def test_the_timeline_is_newest_first_and_folds_reasons(visit: Open, small_town: Town) -> None:
    page = visit("officer").go(f"/studios/{small_town.filed[0][0]}/history")
    positions = page.eval_on_selector_all(
        ".timeline > li", "rows => rows.map(row => Number(row.id.slice(1)))"
    )
    assert positions == sorted(positions, reverse=True)
    first = page.locator(".timeline > li").first
    expect(first.get_by_role("heading")).to_have_text("取消命名，编号 2024-01")
    expect(first.locator(".meta")).to_contain_text("规则 story-2024 五")
    expect(first.locator("details p")).not_to_be_visible()
    first.locator("summary").click()
    expect(first.locator("details p")).to_contain_text("连续 3 年考核不合格")


def test_the_page_can_be_seen_as_of_a_day(visit: Open, small_town: Town) -> None:
    page = visit("officer").go(f"/studios/{small_town.filed[0][0]}")
    page.get_by_label("看某日的样子").fill("2025-12-31")
    page.get_by_role("button", name="查看").click()
    page.wait_for_url("**as_of=2025-12-31")
    expect(page.locator("#as-of")).to_contain_text("正在看 2025年12月31日终了时 的样子")
    expect(page.locator(".plaque .mark")).to_have_text("有效")
    expect(page.locator(".sum")).to_contain_text("已连续 1 年不合格，再有 2 年不合格即取消命名")
    page.get_by_role("link", name="历史", exact=True).click()
    expect(page.locator(".timeline > li h3").first).to_have_text("2025 年度整改验收通过")
    page.get_by_role("link", name="回到现在").click()
    expect(page.locator(".plaque .mark")).to_have_text("已取消命名")


def test_before_it_was_registered_there_is_no_such_studio(visit: Open, small_town: Town) -> None:
    page = visit("officer", noise=True).go(f"/studios/{small_town.filed[0][0]}?as_of=2024-01-01")
    expect(page.get_by_role("heading", level=1)).to_have_text("没有找到")
    expect(page.get_by_role("link", name="回到现在")).to_be_visible()


def test_nothing_sealed_is_shown(visit: Open, small_town: Town) -> None:
    studio = small_town.filed[0][0]
    seen = visit("officer")
    for part in ("", "/dossier", "/subsidy", "/history"):
        text = seen.go(f"/studios/{studio}{part}").content()
        assert ("13912345678" in text, "6222020200112233445" in text) == (False, False)
    page = seen.go(f"/studios/{studio}/dossier")
    sealed = page.locator("dt", has_text="手机号码").locator("xpath=following-sibling::dd[1]")
    expect(sealed).to_have_text("已加密")


def test_a_sealed_value_is_read_for_a_reason_that_is_recorded(
    visit: Open, small_town: Town
) -> None:
    studio, queries = small_town.filed[0][0], small_town.house.queries
    page = visit("officer").go(f"/studios/{studio}")
    page.get_by_text("查看加密的个人信息").click()
    page.get_by_label("理由").fill("核对领衔人身份")
    page.locator("form", has=page.get_by_label("理由")).get_by_role("button").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("钱二")
    expect(page.locator("dl")).to_have_text(re.compile(r"电话\s*13912345678"))
    last = queries.event(queries.last())
    told = (last["topic"], last["facts"]["record"], last["facts"]["reason"])
    assert told == ("access.unsealed", str(studio), "核对领衔人身份")


def test_what_comes_next_is_told_first(visit: Open, small_town: Town) -> None:
    found = visit("officer")
    told = {}
    for name, (studio, _) in zip("bca", small_town.again, strict=True):
        page = found.go(f"/studios/{studio}")
        section = page.locator("section", has=page.get_by_role("heading", name="下一步"))
        told[name] = section.locator("li").first.inner_text()
    assert (told["c"], told["a"]) == ("申报等待遴选", "申报等待单位申报审核")
    ends = date.fromisoformat(small_town.house.queries.notice(small_town.running)["ends_on"])
    running = f"正在公示，至{ends.year}年{ends.month}月{ends.day}日"
    assert told["b"].startswith((running, "公示中有 1 件异议未办结"))
    page = found.go(f"/studios/{small_town.filed[0][0]}")
    expect(page.get_by_text("须退回补助 500.00 元")).to_be_visible()


def test_a_changed_answer_keeps_the_first_one(visit: Open, small_town: Town) -> None:
    page = visit("officer").go(f"/studios/{small_town.filed[0][0]}/dossier")
    size = page.locator("dt", has_text="成员人数").locator("xpath=following-sibling::dd[1]")
    expect(size).to_contain_text("5")
    expect(size.locator(".mark")).to_have_text("已改")
    size.locator("summary").click()
    expect(size.locator("details p")).to_have_text("4")


def test_the_page_can_be_read_with_the_keyboard_alone(visit: Open, small_town: Town) -> None:
    page = visit("officer").go(f"/studios/{small_town.filed[0][0]}")
    page.keyboard.press("Tab")
    expect(page.locator(":focus")).to_have_text("跳到主要内容")
    page.keyboard.press("Enter")
    expect(page.locator(":focus")).to_have_attribute("id", "main")
    reach(page, "历史")
    outline = page.evaluate("() => getComputedStyle(document.activeElement).outlineStyle")
    assert outline == "solid"
    page.keyboard.press("Enter")
    page.wait_for_url("**/history")
    reach(page, "理由")
    page.keyboard.press("Enter")
    expect(page.locator(".timeline > li").first.locator("details p")).to_be_visible()


def reach(page: Page, text: str) -> None:
    """Go on with the tab key until something with this text has the focus."""
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("() => document.activeElement.innerText") == text:
            return
    raise AssertionError(f"the tab key does not reach {text}")


def test_everything_works_without_a_script(visit: Open, small_town: Town) -> None:
    page = visit("officer", java_script_enabled=False).go("/studios")
    page.get_by_label("状态").select_option("de_named")
    page.get_by_role("button", name="筛选").click()
    page.get_by_role("link", name="长虹工作室").click()
    parts = page.get_by_role("navigation", name="本页各部分")
    parts.get_by_role("link", name="补助").click()
    expect(page.get_by_role("heading", level=2)).to_contain_text("补助 10,000.00 元")


def test_a_union_does_not_see_a_studio_of_another(visit: Open, small_town: Town) -> None:
    seen = visit("union1", noise=True)
    page = seen.go(f"/studios/{small_town.filed[0][0]}")
    expect(page.get_by_role("heading", level=1)).to_have_text("没有找到")
    listed = seen.go("/studios").locator("tbody th").all_inner_texts()
    assert set(listed) == {"王1创新工作室"}
