"""Signing in, lists and exports, notices and objections, calls, funds, set-up, errors."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import expect

from adapters.bootstrap import build
from adapters.settings import Settings
from tests.pages.conftest import Open, sign_in
from tests.pages.town import PASSWORD, Town
from web.app import create_app
from web.context import EXTENSION, Services
from web.setup import ensure_setup_token, set_up


def test_signing_in_leads_home_and_out_again(visit: Open) -> None:
    page = visit("officer").page
    expect(page.get_by_role("heading", level=1)).to_have_text("试市总工会")
    expect(page.get_by_role("link", name="1 已取消命名")).to_be_visible()
    page.get_by_role("button", name="退出").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("登录")


def test_a_wrong_password_is_told_in_the_form(visit: Open) -> None:
    found = visit(noise=True)
    sign_in(found, "officer", "not the password")
    expect(found.page.get_by_role("alert")).to_have_text("用户名或密码不正确，或账号已停用")
    expect(found.page.get_by_label("用户名")).to_have_value("officer")
    expect(found.page.get_by_label("密码")).to_have_value("")


def test_who_is_not_signed_in_signs_in_and_goes_on(visit: Open, small_town: Town) -> None:
    found = visit(noise=True)
    page = found.go(f"/studios/{small_town.filed[0][0]}")
    page.get_by_label("用户名").fill("officer")
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_role("button", name="登录").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("长虹工作室")


@pytest.mark.parametrize("going", ["https://elsewhere.example/", "//elsewhere.example", "/\\else"])
def test_signing_in_leads_nowhere_else(app: Flask, going: str) -> None:
    client = app.test_client()
    form = client.get("/login", query_string={"next": going}).get_data(as_text=True)
    token = form.split('name="csrf_token" value="')[1].split('"')[0]
    given = {"csrf_token": token, "next": going, "username": "officer", "password": PASSWORD}
    assert client.post("/login", data=given).headers["Location"] == "/"


def test_what_waits_for_an_officer_is_on_the_first_page(visit: Open) -> None:
    page = visit("officer").page
    waiting = page.locator("section", has=page.get_by_role("heading", name="待评审的申报"))
    rows = [row.split() for row in waiting.locator("tbody tr").all_inner_texts()]
    assert [row[:3] for row in rows[:2]] == [
        ["王1创新工作室", "公示", "第2区总工会"],
        ["王2创新工作室", "遴选", "第1区总工会"],
    ]


def test_a_list_is_sorted_filtered_and_shared_by_its_address(visit: Open) -> None:
    page = visit("officer").go("/studios?status=named&sort=-number")
    rows = page.locator("tbody tr")
    expect(rows).to_have_count(2)
    assert page.locator("tbody tr td:nth-child(5)").all_inner_texts() == ["2024-02", "2019-07"]
    expect(page.locator("th[aria-sort=descending]")).to_contain_text("编号")
    page.get_by_label("名称、领衔人或编号").fill("王2")
    page.get_by_role("button", name="筛选").click()
    expect(rows).to_have_count(1)


def test_the_list_can_be_seen_as_of_a_day(visit: Open) -> None:
    page = visit("officer").go("/studios?status=named&as_of=2026-12-31")
    assert "长虹工作室" in page.locator("tbody th").all_inner_texts()
    page.get_by_role("link", name="长虹工作室").click()
    expect(page.locator(".plaque .mark")).to_have_text("有效")


@pytest.mark.parametrize("path", ["/studios", "/calls", "/funds", "/grants", "/assessments"])
def test_a_link_names_a_day_only_where_one_was_asked_for(visit: Open, path: str) -> None:
    page = visit("officer").go(path)
    assert page.locator("main a").count() > 0
    assert page.locator("a[href*='as_of=']").count() == 0


def test_an_export_is_the_whole_list(visit: Open, small_town: Town) -> None:
    page = visit("officer").go("/studios?status=named")
    with page.expect_download() as download:
        page.get_by_role("link", name="导出全部为 CSV").click()
    text = Path(download.value.path()).read_text("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert [(row["工作室"], row["状态"]) for row in rows] == [
        ("王1创新工作室", "已命名"),
        ("王2创新工作室", "已命名"),
    ]
    last = small_town.house.queries.event(small_town.house.queries.last())
    assert (last["topic"], last["facts"]["filters"]) == ("access.exported", "status=named")


def test_the_public_reads_a_notice_and_objects(visit: Open, small_town: Town) -> None:
    page = visit().go("/notices")
    page.get_by_role("link", name="2027 年申报").click()
    expect(page.locator(".countdown")).to_have_text("7")
    expect(page.locator("dl time[datetime='2027-11-11T23:59:59+08:00']")).to_be_visible()
    page.get_by_label("针对").select_option(label="王1创新工作室（第1厂）")
    page.get_by_label("异议内容").fill("论文署名不实")
    page.get_by_label("姓名或单位", exact=False).fill("周某")
    page.get_by_label("联系电话").fill("13800138000")
    page.get_by_role("button", name="提交异议").click()
    expect(page.get_by_role("status")).to_contain_text("已收到您的异议")
    received = page.locator("section", has=page.get_by_role("heading", name="收到的异议"))
    expect(received).to_contain_text("核查中")
    assert ("论文署名" in page.content(), "周某" in page.content()) == (False, False)


def test_an_objection_without_words_is_refused_in_the_form(visit: Open, small_town: Town) -> None:
    page = visit(noise=True).go(f"/notices/{small_town.running}")
    page.get_by_label("异议内容").fill("   ")
    page.get_by_label("姓名或单位", exact=False).fill("周某")
    page.get_by_role("button", name="提交异议").click()
    expect(page.get_by_role("alert")).to_have_text("异议内容不能为空")
    expect(page.get_by_label("姓名或单位", exact=False)).to_have_value("周某")


def test_a_notice_that_is_over_takes_no_objection_by_form(visit: Open, small_town: Town) -> None:
    page = visit().go(f"/notices/{small_town.notice}")
    expect(page.get_by_text("已办结")).to_be_visible()
    expect(page.get_by_role("button", name="提交异议")).to_have_count(0)


def test_a_call_shows_its_quotas_and_applications(visit: Open, small_town: Town) -> None:
    page = visit("officer").go(f"/calls/{small_town.first_call}")
    quota = page.locator("section", has=page.get_by_role("heading", name="名额使用"))
    rows = [row.split() for row in quota.locator("tbody tr").all_inner_texts()]
    assert [row[:3] for row in rows] == [["第1区总工会", "1", "1"], ["第2区总工会", "1", "1"]]
    expect(page.get_by_role("heading", name="申报（4 份）")).to_be_visible()


def test_a_union_sees_only_its_own_candidates(visit: Open, small_town: Town) -> None:
    page = visit("union1").go(f"/calls/{small_town.first_call}")
    expect(page.get_by_role("heading", name="申报（1 份）")).to_be_visible()
    assert [name in page.content() for name in ("王1创新工作室", "长虹工作室", "王2")] == [
        True,
        False,
        False,
    ]


def test_a_ledger_adds_up(visit: Open, small_town: Town) -> None:
    page = visit("officer").go(f"/funds/{small_town.fund}")
    last = page.locator("tbody tr").last
    assert last.locator("td.num").all_inner_texts()[:3] == ["10,000.00", "40,500.00", "0.00"]
    tiles = page.locator(".tile b").all_inner_texts()
    assert tiles == ["50,000.00", "40,500.00", "0.00", "10,000.00", "500.00"]


def test_a_subsidy_is_traced_from_rule_to_use(visit: Open, small_town: Town) -> None:
    page = visit("officer").go(f"/studios/{small_town.filed[0][0]}/subsidy")
    page.get_by_role("link", name="从依据到使用的来龙去脉").click()
    steps = [text.split(". ")[1] for text in page.get_by_role("heading", level=2).all_inner_texts()]
    assert steps == [
        "依据", "申报", "评审", "审定", "公示", "命名",
        "资金安排", "补助决定", "拨付", "银行流水", "使用", "收回与余额",
    ]  # fmt: skip
    expect(page.locator(".chain > li.empty")).to_have_count(0)


def test_the_grid_has_every_naming_and_its_export_too(visit: Open) -> None:
    page = visit("officer").go("/assessments?status=")
    row = page.locator("tbody tr", has_text="长虹工作室")
    assert row.locator("td").all_inner_texts()[2:] == [
        "—", "—", "命名", "不合格", "不合格", "不合格", "已取消命名",
    ]  # fmt: skip
    with page.expect_download() as download:
        page.get_by_role("link", name="导出全部为 CSV").click()
    lines = Path(download.value.path()).read_text("utf-8-sig").splitlines()
    assert len(lines) == 1 + page.locator("tbody tr").count()
    assert "长虹工作室,2024-01,第1区总工会,已取消命名,—,—,命名,不合格,不合格,不合格" in lines


def test_the_log_is_narrowed_by_kind_and_days_and_paged(visit: Open, small_town: Town) -> None:
    page = visit("officer").go("/log")
    expect(page.locator(".timeline > li")).to_have_count(50)
    page.get_by_role("link", name="下一页").click()
    expect(page.locator(".timeline > li")).to_have_count(50)
    page.get_by_label("种类").select_option(label="取消与恢复命名")
    page.get_by_label("自").fill("2027-11-04")
    page.get_by_role("button", name="筛选").click()
    titles = page.locator(".timeline h3").all_inner_texts()
    assert titles == ["取消命名，编号 2024-01", "连续 3 年考核不合格"]
    page.locator(".timeline .meta a").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("长虹工作室")


@pytest.mark.parametrize(
    ("path", "line"),
    [
        ("/grants", "长虹工作室,2024-01,市级补助,第0厂,补助决定,2024-03-13,"),
        ("/funds/{fund}", '释放,王1创新工作室,"10,000.00","40,500.00",0.00,'),
    ],
)
def test_money_is_exported_in_yuan(visit: Open, small_town: Town, path: str, line: str) -> None:
    page = visit("officer").go(path.format(fund=small_town.fund))
    with page.expect_download() as download:
        page.get_by_role("link", name="导出全部为 CSV").click()
    text = Path(download.value.path()).read_text("utf-8-sig")
    assert line in text
    assert len(text.splitlines()) == 1 + page.locator("tbody tr").count()


def test_the_api_describes_itself_without_leaving_the_house(visit: Open) -> None:
    page = visit("officer").go("/api/docs")
    expect(page.locator(".opblock-tag").first).to_be_visible(timeout=30_000)
    page.locator(".opblock-tag").first.click()
    expect(page.locator(".opblock").first).to_be_visible()


@pytest.mark.parametrize(
    ("path", "title"),
    [
        ("/nowhere", "没有找到"),
        ("/studios?as_of=yesterday", "不能办理"),
        ("/studios?as_of=2999-01-01", "不能办理"),
        ("/log/999999", "没有找到"),
        ("/studios?as_of=2001-01-01", "没有找到"),
    ],
)
def test_an_error_is_told_in_chinese_with_a_way_out(visit: Open, path: str, title: str) -> None:
    page = visit("officer", noise=True).go(path)
    expect(page.get_by_role("heading", level=1)).to_have_text(title)
    page.get_by_role("link", name="回到首页").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("试市总工会")


def test_trouble_in_the_house_is_told_without_asking_it(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("the words of an exception are nobody's business")

    monkeypatch.setattr("web.pages.lists.notices", broken)
    monkeypatch.setattr("web.auth.asker", broken)
    answer = app.test_client().get("/notices")
    page = answer.get_data(as_text=True)
    assert (answer.status_code, "系统内部错误" in page, "exception" in page) == (500, True, False)
    assert 'href="/notices"' in page


def test_who_complained_is_not_for_everybody(visit: Open, small_town: Town) -> None:
    rows = small_town.house.queries.timeline(topics=["notice.objection_raised"])["items"]
    position = rows[-1]["position"]
    assert "材料有误" in visit("officer").go(f"/log/{position}").content()
    page = visit("union0", noise=True).go(f"/log/{position}")
    expect(page.get_by_role("heading", level=1)).to_have_text("没有找到")


def test_the_first_set_up_is_a_form_behind_a_link(tmp_path: Path) -> None:
    house = build(Settings.at(tmp_path))
    app = create_app(house, RATELIMIT_ENABLED=False)
    secret, client = ensure_setup_token(house), app.test_client()
    assert client.get("/setup/wrong").status_code == 403
    form = client.get(f"/setup/{secret}").get_data(as_text=True)
    given = {
        "csrf_token": form.split('name="csrf_token" value="')[1].split('"')[0],
        "federation": "新市总工会",
        "code": "new",
        "name": "赵一",
        "username": "zhao",
        "password": PASSWORD,
    }
    weak = client.post(f"/setup/{secret}", data={**given, "password": "short"})
    assert (weak.status_code, "赵一" in weak.get_data(as_text=True)) == (422, True)
    done = client.post(f"/setup/{secret}", data=given)
    assert (done.status_code, done.headers["Location"]) == (303, "/login")
    assert client.get(f"/setup/{secret}").status_code == 403
    house.close()


def test_who_holds_two_roles_chooses_one_and_can_change(tmp_path: Path) -> None:
    house = build(Settings.at(tmp_path))
    app = create_app(house, RATELIMIT_ENABLED=False)
    services: Services = app.extensions[EXTENSION]
    found = {"name": "新市总工会", "code": "new"}
    who = {"username": "zhao", "name": "赵一", "password": PASSWORD}
    secret = str(ensure_setup_token(house))
    root, _ = set_up(house, services.credentials, token=secret, federation=found, **who)
    client = app.test_client()

    def token(path: str) -> str:
        page = client.get(path).get_data(as_text=True)
        return page.split('name="csrf_token" value="')[1].split('"')[0]

    given = {"username": "zhao", "password": PASSWORD}
    client.post("/login", data={**given, "csrf_token": token("/login")})
    assert "以哪个角色办理" in client.get("/").get_data(as_text=True)
    assert client.get("/studios").status_code == 403
    for role, name in (("city_officer", "市总工会经办人"), ("administrator", "管理员")):
        chosen = {"role": f"{role}@{root}", "csrf_token": token("/role")}
        assert client.post("/role", data=chosen).status_code == 303
        assert f"赵一 · {name}" in client.get("/").get_data(as_text=True)
    house.close()
