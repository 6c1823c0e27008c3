"""What time brings, as people meet it: tasks, messages, how they are reached, the calendar, the settings."""

from __future__ import annotations

import csv
import io
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import urlopen
from uuid import uuid4

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from adapters.log.engine import writing
from adapters.matters import due_messages, pending
from adapters.messages.outbox import post
from domain.policy.timing import Timing
from domain.values import Actor, Mandate, Role
from tests.adapters.feeds.reading import events
from tests.pages.conftest import Open
from tests.pages.test_access import PROBE
from tests.pages.town import PASSWORD, Town
from web.context import EXTENSION, Services

NARROW = {"width": 390, "height": 844}


@pytest.fixture
def objection(small_town: Town) -> str:
    """The words of an objection that waits for an answer."""
    words = f"名单有误 {uuid4().hex[:6]}"
    stranger = Mandate(Actor(None, None), Role.PUBLIC, small_town.now, words)
    small_town.register.publicity.object(
        stranger, small_town.running, text=words, objector={"name": "周某", "phone": ""}
    )
    return words


@pytest.fixture
def said(small_town: Town, app: Flask) -> int:
    """What is due now was said; returns how many messages that are."""
    services: Services = app.extensions[EXTENSION]
    now = services.house.clock()
    found, _ = due_messages(services.house, now)
    with writing(small_town.house.engine) as connection:
        post(connection, found, now)
    return len(found)


def fits(page: Page) -> list[str]:
    """What is wrong with a page for everybody, also on a telephone."""
    found: list[str] = page.evaluate(PROBE)
    size = page.viewport_size
    page.set_viewport_size(NARROW)
    width = page.evaluate("() => document.documentElement.scrollWidth")
    if size:
        page.set_viewport_size(size)
    return found + ([f"{width} wide"] if width > NARROW["width"] else [])


def number(text: str) -> int:
    """The number in a text; 0 where there is none."""
    return int("".join(filter(str.isdigit, text)) or 0)


def test_a_task_is_opened_done_and_gone(visit: Open, objection: str) -> None:
    page = visit("officer").go("/tasks?kind=notice.objection")
    tasks = page.get_by_role("main").get_by_role("link", name="公示异议待答复")
    before = tasks.count()
    counted = page.get_by_role("navigation", name="主导航").get_by_role("link", name="待办")
    told = number(counted.inner_text())
    assert fits(page) == []
    tasks.first.click()
    article = page.get_by_role("article").filter(has_text=objection)
    article.get_by_text("办结").first.click()
    article.get_by_label("核查结论").fill("查无实据")
    article.get_by_label("不成立").check()
    article.get_by_role("button", name="办结").click()
    expect(page.get_by_role("status")).to_contain_text("异议已办结")
    page.get_by_role("navigation", name="主导航").get_by_role("link", name="待办").click()
    expect(page.get_by_role("main").get_by_role("link", name="公示异议待答复")).to_have_count(
        before - 1
    )
    assert number(counted.inner_text()) == told - 1


def test_what_is_overdue_comes_first_and_the_export_is_whole(visit: Open, objection: str) -> None:
    page = visit("officer").go("/tasks")
    marks = page.locator(".duties .when .mark").all_inner_texts()
    kinds = [mark.split()[0] for mark in marks]
    order = {"逾期": 0, "今天到期": 1, "还有": 1, "无截止日": 2}
    assert kinds != []
    assert kinds == sorted(kinds, key=order.__getitem__)
    with page.expect_download() as download:
        page.get_by_role("link", name="导出全部为 CSV").click()
    rows = list(csv.DictReader(io.StringIO(Path(download.value.path()).read_text("utf-8-sig"))))
    assert len(rows) == len(kinds)
    assert {row["事项"] for row in rows} >= {"公示异议待答复"}


def test_a_unit_has_no_tasks_of_the_city(visit: Open, objection: str) -> None:
    page = visit("unit1").go("/tasks")
    assert "公示异议待答复" not in page.content()


def test_a_message_is_found_read_and_read_no_more(visit: Open, objection: str, said: int) -> None:
    page = visit("officer").go("/messages?show=unread&kind=notice.objection")
    unread = page.locator(".letters > li.unread")
    before = unread.count()
    assert 0 < before <= said
    assert fits(page) == []
    unread.first.get_by_role("link").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("异议")
    assert fits(page) == []
    assert objection not in page.content()
    page.go_back()
    page.reload()
    expect(unread).to_have_count(before - 1)
    page.goto(page.url.split("?")[0])
    page.get_by_role("button", name="全部标为已读").click()
    expect(page.get_by_role("status")).to_contain_text("标为已读")
    expect(page.locator(".letters > li.unread")).to_have_count(0)
    expect(page.get_by_role("button", name="全部标为已读")).to_have_count(0)
    with page.expect_download() as download:
        page.get_by_role("link", name="导出全部为 CSV").click()
    rows = list(csv.DictReader(io.StringIO(Path(download.value.path()).read_text("utf-8-sig"))))
    assert len(rows) == page.locator(".letters > li").count()
    assert all(row["已读时间"] for row in rows)


def test_nobody_reads_what_was_said_to_others(visit: Open, objection: str, said: int) -> None:
    page = visit("officer").go("/messages?kind=notice.objection")
    address = urlsplit(page.locator(".letters a").first.get_attribute("href") or "").path
    other = visit("union0", noise=True).go(address)
    expect(other.get_by_role("heading", level=1)).to_have_text("没有找到")


def test_one_says_how_to_be_reached_and_is_told_what_is_wrong_at_the_field(visit: Open) -> None:
    page = visit("second", noise=True).go("/preferences")
    assert fits(page) == []
    page.get_by_label("每天一封汇总").check()
    page.get_by_label("电子邮箱").fill("not an address")
    page.get_by_role("button", name="保存").click()
    expect(page.get_by_label("电子邮箱")).to_have_attribute("aria-invalid", "true")
    expect(page.get_by_role("alert")).to_contain_text("不是电子邮箱地址")
    expect(page.get_by_label("每天一封汇总")).to_be_checked()
    assert fits(page) == []
    page.get_by_label("电子邮箱").fill("second@union.example")
    page.get_by_text("哪些消息发邮件").click()
    page.get_by_label("公示结束").uncheck()
    page.get_by_role("button", name="保存").click()
    expect(page.get_by_role("status")).to_contain_text("已保存")
    expect(page.get_by_label("电子邮箱")).to_have_value("second@union.example")
    expect(page.get_by_text("1 种不发")).to_be_visible()


def test_a_calendar_is_fetched_at_the_address_that_was_shown_once(
    visit: Open, base: str, objection: str
) -> None:
    page = visit("cashier", noise=True).go("/preferences")
    page.get_by_role("button", name="生成日历地址").click()
    address = page.get_by_label("日历地址").input_value()
    assert fits(page) == []
    with urlopen(base + urlsplit(address).path) as answer:
        found = events(answer.read())
        assert answer.headers["Content-Type"] == "text/calendar; charset=utf-8"
    assert any("异议" in each["SUMMARY"][2] for each in found)
    page.goto(f"{base}/preferences")
    expect(page.get_by_label("日历地址")).to_have_count(0)
    page.get_by_role("button", name="撤销地址").click()
    expect(page.get_by_role("status")).to_contain_text("已撤销")
    assert page.goto(base + urlsplit(address).path).status == 404  # type: ignore[union-attr]


def test_every_message_can_be_looked_at_beforehand(visit: Open) -> None:
    page = visit("officer").go("/messages/preview")
    page.get_by_label("种类").select_option(label="补助待拨付")
    page.get_by_label("语言").select_option(label="English")
    page.get_by_label("时候").select_option(label="逾期后")
    page.get_by_role("button", name="查看").click()
    expect(page.get_by_role("article")).to_contain_text("[Overdue] A grant is not paid yet")
    expect(page.get_by_text("全部正常")).to_be_visible()
    assert fits(page) == []


def test_what_runs_by_itself_is_told_to_those_who_look_after_it(
    visit: Open, small_town: Town
) -> None:
    runs, now = small_town.house.runs, small_town.now
    done = runs.begin("reminders", now, now, "machine-1", 3)
    runs.end(done, now + timedelta(seconds=2), {"提醒": 11}, [])
    failed = runs.begin("calls", now, now, "machine-1", 3)
    runs.end(failed, now, {}, ["截止申报批次：存在未办结事项"])
    page = visit("officer").go("/jobs")
    expect(page.get_by_text("没有运行", exact=True)).to_be_visible()
    row = page.locator("tr", has_text="提醒到期事项").first
    expect(row).to_contain_text("提醒 11")
    assert fits(page) == []
    page.get_by_label("范围").select_option(label="有问题或未结束的")
    page.get_by_role("button", name="筛选").click()
    told = page.get_by_role("region", name="运行记录表").locator("tbody tr")
    expect(told).to_have_count(1)
    told.get_by_text("详情").click()
    expect(told).to_contain_text("存在未办结事项")
    other = visit("unit1", noise=True).go("/jobs")
    expect(other.get_by_role("heading", level=1)).to_have_text("没有权限")


@pytest.fixture
def receiver() -> Iterator[tuple[str, list[bytes]]]:
    """The address of another program, and what it was told."""
    bodies: list[bytes] = []

    class Receiver(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            bodies.append(self.rfile.read(int(self.headers["Content-Length"])))
            self.send_response(204)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = HTTPServer(("127.0.0.1", 0), Receiver)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/hook", bodies
    server.shutdown()
    thread.join()
    server.server_close()


def test_another_program_is_told_of_tried_and_taken_away(
    visit: Open, receiver: tuple[str, list[bytes]]
) -> None:
    url, bodies = receiver
    page = visit("officer", noise=True).go("/endpoints")
    assert fits(page) == []
    page.get_by_role("link", name="添加接收地址").click()
    page.get_by_label("名称").fill("办公系统")
    page.get_by_label("地址", exact=True).fill("ftp://files.example/hook")
    page.get_by_label("工作室的全部事件").check()
    page.get_by_role("button", name="添加").click()
    wrong = page.get_by_label("地址", exact=True)
    expect(wrong).to_have_attribute("aria-invalid", "true")
    expect(page.locator("#url-error")).to_contain_text("应为 http 或 https 地址")
    expect(page.get_by_label("名称")).to_have_value("办公系统")
    expect(page.get_by_label("工作室的全部事件")).to_be_checked()
    assert fits(page) == []
    wrong.fill(url)
    page.get_by_role("button", name="添加").click()
    assert page.get_by_label("签名密钥").first.input_value().startswith("whsec_")
    assert fits(page) == []
    page.get_by_role("button", name="发送测试消息").click()
    expect(page.get_by_role("status")).to_contain_text("测试消息已送达")
    assert len(bodies) == 1
    assert "whsec_" not in page.content()
    page.get_by_role("button", name="更换签名密钥").click()
    assert page.get_by_label("签名密钥").first.input_value().startswith("whsec_")
    page.get_by_text("更改", exact=True).click()
    page.get_by_label("启用").uncheck()
    page.get_by_role("button", name="保存").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("停用")
    page.get_by_text("删除", exact=True).click()
    page.get_by_role("button", name="确认删除“办公系统”").click()
    expect(page.get_by_role("status")).to_contain_text("已删除")
    expect(page.get_by_text("还没有接收地址")).to_be_visible()


def test_a_federation_sets_when_its_people_are_reminded(visit: Open, small_town: Town) -> None:
    page = visit("admin", noise=True).go("/timing")
    assert fits(page) == []
    page.get_by_label("核定补助到拨付").fill("-1")
    page.get_by_label("补助待拨付：提前几天").fill("30 七")
    page.get_by_label("截止（月-日）").first.fill("13-40")
    page.get_by_role("button", name="保存").click()
    expect(page.get_by_role("alert")).to_contain_text("处需要更正")
    expect(page.locator("#pay_within_days-error")).to_contain_text("应不小于 1")
    expect(page.get_by_label("补助待拨付：提前几天")).to_have_value("30 七")
    page.get_by_role("alert").get_by_role("link").first.click()
    assert page.locator(":target").get_attribute("aria-invalid") == "true"
    assert page.locator(".field-error").count() >= 2
    assert fits(page) == []
    page.get_by_label("核定补助到拨付").fill("45")
    page.get_by_label("补助待拨付：提前几天").fill("30、7")
    page.get_by_label("不提醒：公示截止日待定").check()
    page.get_by_label("截止（月-日）").first.fill("06-30")
    page.get_by_role("button", name="保存").click()
    expect(page.get_by_role("status")).to_contain_text("已保存")
    expect(page.get_by_label("核定补助到拨付")).to_have_value("45")
    last = small_town.house.queries.event(small_town.house.queries.last())
    assert last["topic"] == "organisation.timing_set"
    kept = last["facts"]["timing"]
    assert kept["self_check_periods"][0]["due_month_day"] == "06-30"
    assert [(each["kind"], each["before"], each["off"]) for each in kept["reminders"]] == [
        ("notice.provisional", None, True),
        ("grant.unpaid", [30, 7], False),
    ]
    page.get_by_role("link", name="JSON").click()
    assert '"pay_within_days": 45' in page.content().replace('":45', '": 45')
    union = visit("union0", noise=True).go("/timing")
    expect(union.get_by_role("heading", level=1)).to_have_text("没有权限")


def test_a_form_that_somebody_else_overtook_is_refused(visit: Open, small_town: Town) -> None:
    page = visit("officer", noise=True).go("/timing")
    account, role, city = small_town.accounts["admin"]
    directory = small_town.register.directory
    given = {"role": role, "organisation": city, "at": small_town.now, "request_id": str(uuid4())}
    timing = Timing(catch_up_days=33, pay_within_days=44)
    directory.set_timing(directory.mandate(account, **given), city, timing)
    page.get_by_label("停机后最多补发").fill("60")
    page.get_by_role("button", name="保存").click()
    expect(page.get_by_role("alert")).to_contain_text("没有保存")


def test_a_page_of_tasks_holds_fifty(
    app: Flask, objection: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    services: Services = app.extensions[EXTENSION]
    found = pending(services.house, services.house.clock(), kinds=["notice.objection"])
    one = next(iter(found))
    many = [replace(one, subject=str(n)) for n in range(120)]
    monkeypatch.setattr("web.duties.tasks", lambda *_: many)
    client = app.test_client()
    form = client.get("/login").get_data(as_text=True)
    token = form.split('name="csrf_token" value="')[1].split('"')[0]
    given = {"csrf_token": token, "username": "officer", "password": PASSWORD}
    assert client.post("/login", data=given).status_code == 303
    pages = [client.get(f"/tasks?page={n}").get_data(as_text=True) for n in (1, 2, 3)]
    assert [page.count("<summary>说明") for page in pages] == [50, 50, 20]
    assert ["下一页" in page for page in pages] == [True, True, False]
    assert client.get("/tasks?page=x").status_code == 422
