"""What held on a business date, by what was known then and by what is known now."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from domain.desks.assessments import Result
from domain.errors import Invalid
from domain.values import Money, local
from tests.adapters.views.story import ACCOUNT_NUMBER, Story

SUMS = ("appropriated", "free", "committed", "paid", "returned")


@pytest.fixture
def story(tmp_path: Path, database_url: str) -> Iterator[Story]:
    """The town until its studios are named."""
    told = Story(tmp_path, database_url)
    for chapter in (told.settle, told.intake, told.publicity, told.naming):
        chapter()
    yield told
    told.house.close()


def today(story: Story) -> date:
    return local(story.now).date()


def numbers(story: Story, on: date, as_of: int | None = None, **filters: Any) -> list[str]:
    asked = {"effective_on": on, **filters}
    page = story.house.queries.listed("namings", as_of=as_of, filters=asked, sort="number")
    assert page["total"] == len(page["items"])
    assert {each["status"] for each in page["items"]} <= {"active"}
    return [each["number"] for each in page["items"]]


def test_a_naming_entered_late_stood_on_its_day_but_was_not_known(story: Story) -> None:
    known = story.house.queries.last()
    before = known - 2
    assert numbers(story, date(2019, 5, 31)) == []
    assert numbers(story, date(2019, 6, 1)) == ["2019-07"]
    assert numbers(story, date(2019, 6, 1), known) == ["2019-07"]
    assert numbers(story, date(2019, 6, 1), before) == []
    assert numbers(story, today(story), before) == ["2024-01", "2024-02"]
    assert numbers(story, today(story)) == ["2019-07", "2024-01", "2024-02"]


def test_a_naming_that_ended_stood_until_the_day_before(story: Story) -> None:
    story.tick(days=30)
    studio, end = story.filed[1][0], today(story) - timedelta(days=3)
    last = story.house.queries.last()
    story.did(story.register.naming.close, "officer", studio, reason="单位撤销", on=end)
    eve = end - timedelta(days=1)
    assert numbers(story, eve) == ["2019-07", "2024-01", "2024-02"]
    assert numbers(story, end) == ["2019-07", "2024-01"]
    assert numbers(story, end, last) == ["2019-07", "2024-01", "2024-02"]
    assert numbers(story, eve, studio=str(studio), status="active") == ["2024-02"]
    assert numbers(story, eve, status=["closed", "active"], number="2024-02") == ["2024-02"]
    assert numbers(story, eve, status="closed") == []


def test_pages_of_a_business_date_follow_each_other(story: Story) -> None:
    queries = story.house.queries
    day = today(story)
    asked: dict[str, Any] = {"filters": {"effective_on": day}, "sort": "number"}
    page = queries.listed("namings", **asked, limit=2)
    story.did(story.register.naming.close, "officer", story.filed[1][0], reason="撤", on=day)
    rest = queries.listed("namings", **asked, limit=2, cursor=page["next"])
    found = [*page["items"], *rest["items"]]
    assert [each["number"] for each in found] == ["2019-07", "2024-01", "2024-02"]
    other = {"effective_on": date(2019, 6, 1)}
    with pytest.raises(Invalid) as refused:
        queries.listed("namings", filters=other, sort="number", cursor=page["next"])
    assert refused.value.code == "cursor_invalid"


def test_a_result_counts_from_the_day_on_which_it_was_received(story: Story) -> None:
    queries = story.house.queries
    a, b, _, _ = story.filed
    story.tick(days=(date(2025, 11, 4) - today(story)).days)
    check = story.register.assessments.check
    story.did(check, "union0", year=2025, result=Result(a[0], "2024-01", "qualified"))
    before = queries.last()
    story.tick(days=20)
    late = Result(b[0], "2024-02", "qualified", received_on=date(2025, 11, 1))
    story.did(check, "officer", year=2025, result=late)

    def checked(on: date, as_of: int | None = None) -> list[str]:
        rows = queries.every("checks", as_of=as_of, filters={"effective_on": on}, sort="number")
        return [each["number"] for each in rows]

    assert checked(date(2025, 10, 31)) == []
    assert checked(date(2025, 11, 1)) == ["2024-02"]
    assert checked(date(2025, 11, 4)) == ["2024-01", "2024-02"]
    assert checked(date(2025, 11, 4), before) == ["2024-01"]


def test_a_fund_goes_by_the_days_on_which_its_money_moved(story: Story) -> None:
    queries, desk = story.house.queries, story.register.subsidies
    story.money()
    start, c = today(story), story.filed[2][0]
    payee = {"organisation": story.units[2], "account_name": "第2厂", "bank": "工行"}
    facts = {"number": "2019-07", "fund": story.fund, "amount": Money(1_000_000)}
    whose = {**payee, "account_number": ACCOUNT_NUMBER}
    grant = story.did(desk.grant, "second", c, payee=whose, document="补助决定", **facts)
    before = queries.last()
    story.tick(days=20)
    paid, back = start + timedelta(days=4), start + timedelta(days=3)
    pay = {"amount": Money(700_000), "voucher": "记-9", "on": paid}
    story.did(desk.pay, "cashier", c, grant, **pay)
    pay = {"amount": Money(50_000), "voucher": "收-2", "on": back}
    story.did(desk.take_back, "cashier", story.filed[0][0], story.grant, **pay)

    def fund(on: date, as_of: int | None = None) -> list[int]:
        found = queries.fund(story.fund, as_of=as_of, effective_on=on)
        assert found["balanced"]
        assert found["effective_on"] == on.isoformat()
        days = [each["on"] for each in found["ledger"]]
        assert days == sorted(days)
        if found["ledger"]:
            assert [found["ledger"][-1][name] for name in SUMS] == [found[name] for name in SUMS]
        return [found[name] for name in SUMS]

    assert fund(start - timedelta(days=1)) == [0, 0, 0, 0, 0]
    at_start = [5_000_000, 3_050_000, 1_000_000, 1_000_000, 50_000]
    assert fund(start) == fund(paid, before) == fund(today(story), before) == at_start
    assert fund(back) == [5_000_000, 3_100_000, 1_000_000, 1_000_000, 100_000]
    assert fund(paid) == [5_000_000, 3_100_000, 300_000, 1_700_000, 100_000]
    now = queries.fund(story.fund)
    assert fund(today(story)) == [now[name] for name in SUMS]
    assert [each["on"] for each in now["ledger"]][-2:] == [str(paid), str(back)]
    assert len(now["grants"]) == 3


def test_other_lists_have_no_business_date(story: Story) -> None:
    with pytest.raises(Invalid) as refused:
        story.house.queries.listed("calls", filters={"effective_on": today(story)})
    assert refused.value.code == "effective_on_unknown"
