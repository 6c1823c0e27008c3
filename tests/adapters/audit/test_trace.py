"""The chain of one subsidy, from the rule to the balance."""

from __future__ import annotations

import json
from uuid import uuid4

import pytest

from adapters.audit import words
from adapters.audit.trace import table, trace
from adapters.views.questions.chains import STEPS
from domain.errors import NotFound
from tests.adapters.audit.scene import Town


def test_the_chain_runs_from_the_rule_to_the_balance(town: Town) -> None:
    document = trace(town.house, town.grant).document
    steps = {step["title"]: len(step["events"]) for step in document["steps"]}
    assert steps == {
        "依据": 2,
        "申报": 4,
        "评审": 10,
        "审定": 1,
        "公示": 6,
        "命名": 2,
        "资金安排": 2,
        "补助决定": 2,
        "拨付": 4,
        "银行流水": 2,
        "使用": 1,
        "收回与余额": 3,
    }
    assert json.loads(json.dumps(document)) == document


def test_its_money_is_computed_from_the_events_and_equals_the_views(town: Town) -> None:
    money = trace(town.house, town.grant).document["money"]
    assert money == {
        "granted": 1_000_000,
        "paid": 1_000_000,
        "reconciled": 400_000,
        "spent": 300_000,
        "recovery": 100_000,
        "returned": 50_000,
        "balance": 650_000,
        "fund_granted": 1_000_000,
        "fund_released": 0,
        "fund_paid": 1_000_000,
        "fund_returned": 50_000,
    }
    view = town.house.queries.grant(town.grant)
    same = ("paid", "reconciled", "spent", "recovery", "returned", "balance")
    assert {name: money[name] for name in same} == {name: view[name] for name in same}


def test_every_line_of_the_table_says_when_who_and_where_in_the_log(town: Town) -> None:
    rows = table(trace(town.house, town.grant).document)
    amounts = "职工创新工作室每个 10,000.00 元；劳模创新工作室每个 20,000.00 元"
    assert rows[0] == (
        "依据",
        "25",
        "2024-03-01 11:55:00",
        "经办人officer（试市总工会）",
        "批次开放",
        f"2024 年申报，依据 story-2024 第 1 版（摘要 e8dbcaee31f40294…）；{amounts}",
    )
    assert next(row[2:] for row in rows if row[0] == "拨付") == (
        "2024-03-13 18:41:00",
        "经办人cashier（试市总工会）",
        "拨付",
        "2024-03-13，凭证 记-7，4,000.00 元",
    )


def test_a_cancelled_grant_shows_that_its_money_was_freed(town: Town) -> None:
    other = next(
        row["id"] for row in town.house.queries.every("grants") if row["status"] == "cancelled"
    )
    found = trace(town.house, other)
    money = found.document["money"]
    assert (money["fund_granted"], money["fund_released"], money["paid"]) == (1_000_000,) * 2 + (0,)


def test_as_of_an_earlier_moment_the_chain_ends_there(town: Town) -> None:
    now = trace(town.house, town.grant).document
    paid = next(step for step in now["steps"] if step["step"] == "payment")["events"][0]
    then = trace(town.house, town.grant, as_of=paid["position"]).document
    assert (then["money"]["paid"], then["money"]["spent"]) == (400_000, 0)


def test_an_unknown_grant_is_not_found(town: Town) -> None:
    with pytest.raises(NotFound):
        trace(town.house, uuid4())


def test_what_was_objected_to_other_studios_of_the_notice_is_left_out(town: Town) -> None:
    steps = trace(town.house, town.grant).document["steps"]
    notice = next(step["events"] for step in steps if step["step"] == "notice")
    told = [each["topic"] for each in notice if "objection" in each["topic"]]
    assert told == ["notice.objection_raised", "notice.objection_closed"]


def test_every_event_of_the_chain_has_a_name_and_a_line() -> None:
    topics = {topic for _, _, several in STEPS for topic in several.split()}
    assert topics - set(words.TITLES) == set()
    assert topics - set(words.LINES) == {"notice.completed"}
