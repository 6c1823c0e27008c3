"""Every story that the demonstration promises is in the log, in the events of the studio it names."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest

from domain.model.studio import Studio
from domain.values import local
from tests.adapters.demonstration.conftest import Tale

LIVES = {
    "公示异议成立": "publicized objection_raised objection_closed",
    "异议成立后的递补": "reviewed publicized publicity_completed named subsidy_granted",
    "匿名线索": "publicized objection_raised publicity_completed named",
    "匿名线索转为异议": "objection_raised objection_raised objection_closed named",
    "逾期投诉": "publicized objection_raised publicity_completed named",
    "跨国庆假期的公示": "reviewed publicized publicity_completed",
    "正在公示、异议待办": "publicized objection_raised",
    "退回补正": "applied reviewed returned amended",
    "撤回": "applied reviewed withdrawn",
    "评审回避": "reviewed reviewer_recused",
    "因条款不符不予通过": "applied reviewed reviewed",
    "原则性条件破例": "applied reviewed overridden reviewed",
    "超额推荐有理由": "applied reviewed reviewed named",
    "逾期申报有标记": "registered applied reviewed",
    "硬性名额已满": "applied reviewed reviewed",
    "历史命名补录": "registered naming_recorded",
    "升级为示范性": "applied reviewed publicity_completed upgraded plaque_issued",
    "升级为劳模和工匠人才工作室": "named applied upgraded",
    "职工创新创业服务站": "named plaque_issued subsidy_granted subsidy_paid payment_reconciled",
    "区级配套补助": "subsidy_granted subsidy_paid subsidy_granted subsidy_paid",
    "超预算被拒后追加资金": "named subsidy_granted subsidy_paid payment_reconciled subsidy_spent",
    "领衔人变更并更名": "named leader_changed renamed",
    "领衔人变更待定": "named leader_change_opened",
    "调查摸底": "named surveyed",
    "领衔人留任": "named leader_change_opened leader_change_closed",
    "合并": "named merged",
    "合并后新建": "registered",
    "关闭": "named subsidy_granted subsidy_paid closed",
    "整改合格": "annually_checked rectification_ordered rectified",
    "整改不合格": "annually_checked rectification_ordered rectified",
    "未考核": "named assessment_missed",
    "考核结果不一致": "annually_checked annually_checked",
    "考核逾期报送": "named annually_checked",
    "还剩一次": "annually_checked rectification_ordered annually_checked rectification_ordered",
    "连续三年不合格取消命名": (
        "annually_checked annually_checked annually_checked failed_three_years de_named"
        " grant_cancelled recovery_ordered subsidy_returned"
    ),
    "补助收回": "subsidy_paid subsidy_spent recovery_ordered subsidy_returned",
    "更正后恢复命名": "de_named check_corrected reinstatement_case_opened reinstated",
    "取消命名不连带": "named naming_recorded de_named other_namings_alerted",
    "恢复命名待决定": "de_named check_corrected reinstatement_case_opened",
    "正在审核": "registered",
    "所在单位更名": "named",
    "个人信息删除": "named member_joined",
    "经审查阅": "named subsidy_granted",
    "逾期申报被拒": "registered",
}
"""Topics that stand in a studio's life in this order, others between them."""


MANY = {
    "调查摸底": 24,
    "退回补正": 16,
    "撤回": 8,
    "评审回避": 6,
    "因条款不符不予通过": 27,
    "原则性条件破例": 2,
    "超额推荐有理由": 2,
    "历史命名补录": 8,
    "升级为示范性": 7,
    "升级为劳模和工匠人才工作室": 2,
    "跨国庆假期的公示": 15,
    "职工创新创业服务站": 5,
    "区级配套补助": 20,
    "领衔人变更并更名": 4,
    "合并": 2,
    "整改合格": 8,
    "整改不合格": 7,
    "未考核": 4,
    "考核结果不一致": 2,
    "考核逾期报送": 13,
    "正在审核": 7,
    "经审查阅": 3,
}
"""How often each is told; the others once."""


def test_every_story_is_told_as_often_as_it_should_be(tale: Tale) -> None:
    told = {story: len(studios) for story, studios in tale.summary["stories"].items()}
    assert told == {story: MANY.get(story, 1) for story in LIVES}


@pytest.mark.parametrize("story", LIVES)
def test_the_life_of_a_studio_tells(tale: Tale, story: str) -> None:
    for studio in tale.summary["stories"][story]:
        topics = iter(tale.topics(studio))
        missing = [wanted for wanted in LIVES[story].split() if wanted not in topics]
        assert missing == [], (studio, tale.topics(studio))


def test_what_the_register_refused_is_counted(tale: Tale) -> None:
    assert set(tale.summary["refused"]) == {
        "clause_failed",
        "deadline_passed",
        "over_budget",
        "override_required",
        "quota_exceeded",
        "reason_required",
        "recused",
    }


def only(tale: Tale, story: str) -> str:
    [studio] = tale.summary["stories"][story]
    return str(studio)


def events(tale: Tale, story: str, topic: str) -> list[Any]:
    return [event for event in tale.of(only(tale, story)) if f"studio.{topic}" == event.TOPIC]


def test_the_third_failure_its_finding_and_the_end_of_the_name_are_one_commit(tale: Tale) -> None:
    last = events(tale, "连续三年不合格取消命名", "annually_checked")[-1]
    [found] = events(tale, "连续三年不合格取消命名", "failed_three_years")
    [ended] = events(tale, "连续三年不合格取消命名", "de_named")
    assert found.years == [2024, 2025, 2026]
    assert {last.request_id} == {found.request_id, ended.request_id}
    assert (ended.by.account, ended.clause) == (None, "五5")
    assert ended.by.rule == "changchun-2023 五5"


def test_money_of_the_ended_name_is_cancelled_and_returned(tale: Tale) -> None:
    [cancelled] = events(tale, "补助收回", "grant_cancelled")
    [returned] = events(tale, "补助收回", "subsidy_returned")
    assert (cancelled.unpaid.fen, returned.amount.fen) == (400_000, 240_000)
    studio: Studio = tale.house.register.repository.get(UUID(only(tale, "补助收回")))
    [grant] = studio.grants.values()
    assert grant.unspent.fen == 0


def test_one_name_is_back_and_another_waits(tale: Tale) -> None:
    for story, status, case in (
        ("更正后恢复命名", "active", False),
        ("恢复命名待决定", "de_named", True),
    ):
        studio: Studio = tale.house.register.repository.get(UUID(only(tale, story)))
        naming = next(iter(studio.namings.values()))
        assert (naming.status, naming.case) == (status, case)


def test_the_notice_across_the_national_day_counts_the_make_up_sunday(tale: Tale) -> None:
    for studio in tale.summary["stories"]["跨国庆假期的公示"]:
        clock = next(e.clock for e in tale.of(studio) if e.TOPIC == "studio.publicized")
        assert (clock.starts_on, clock.ends_on) == (date(2024, 9, 25), date(2024, 10, 8))


def test_an_upheld_objection_drops_one_and_the_others_go_on(tale: Tale) -> None:
    [raised] = events(tale, "公示异议成立", "objection_raised")
    notice = next(e for e in tale.having("notice.posted") if e.originator_id == raised.notice)
    dropped = UUID(only(tale, "公示异议成立"))
    for entry in notice.entries:
        topics = tale.topics(entry["studio"])
        assert ({"named", "upgraded"} & set(topics) != set()) is (entry["studio"] != dropped)
    replacement = events(tale, "异议成立后的递补", "publicized")
    assert {event.notice != raised.notice for event in replacement} == {True}


def test_objections_are_of_three_kinds(tale: Tale) -> None:
    kinds = Counter(event.kind for event in tale.having("notice.objection_raised"))
    assert kinds == {"objection": 2, "lead": 3, "complaint": 1}


def test_the_city_governs_where_two_assessors_disagree(tale: Tale) -> None:
    for studio in tale.summary["stories"]["考核结果不一致"]:
        found: Studio = tale.house.register.repository.get(UUID(studio))
        years = [checks for n in found.namings.values() for checks in n.checks.values()]
        [both] = [checks for checks in years if "city" in checks]
        assert both["city"].grade != both["recommending_union"].grade


def test_late_results_are_marked_and_never_failing_for_it(tale: Tale) -> None:
    late = [event for event in tale.having("studio.annually_checked") if event.late]
    assert {str(event.originator_id) for event in late} == set(
        tale.summary["stories"]["考核逾期报送"]
    )
    assert {event.received_on.month for event in late} == {1}


def test_matching_money_matches_the_citys_grant(tale: Tale) -> None:
    grants = {event.grant: event for event in tale.having("studio.subsidy_granted")}
    matching = [event for event in grants.values() if event.matches is not None]
    assert len(matching) == len(tale.summary["stories"]["区级配套补助"])
    for event in matching:
        assert grants[event.matches].number == event.number
        assert grants[event.matches].payer != event.payer


def test_jiujiang_pays_what_the_notice_says(tale: Tale) -> None:
    opened = next(e for e in tale.having("call.opened") if e.policy.id == "jiujiang-2023")
    assert {name: amount.fen for name, amount in opened.amounts.items()} == {
        "studio": 4_000_000,
        "station": 10_000_000,
    }


def test_jingzhou_names_as_its_table_asks_less_what_is_missing(tale: Tale) -> None:
    unions = {
        event.originator_id: event.name
        for event in tale.having("organisation.registered")
        if event.kind == "recommending_union"
    }
    opened = next(e for e in tale.having("call.opened") if e.policy.id == "jingzhou-2019")
    mine = [e for e in tale.events if e.originator_id == opened.originator_id]
    entered = {e.application: e for e in mine if e.TOPIC == "call.application_entered"}
    done = Counter(
        unions[entered[e.application].recommender]
        for e in mine
        if e.TOPIC == "call.application_named"
    )
    assert done == {
        "荆州区总工会": 5, "沙市区总工会": 5, "江陵县总工会": 4, "松滋市总工会": 5,
        "公安县总工会": 4, "石首市总工会": 5, "洪湖市总工会": 5, "监利县总工会": 4,
        "开发区总工会": 8, "工业制造业工会": 6, "商贸服务业工会": 2, "市总直属工会": 2,
        "市直其他产业（局）工会": 2,
    }  # fmt: skip


def test_every_commands_moment_is_in_office_hours_but_for_the_public(tale: Tale) -> None:
    odd = [
        (event.TOPIC, local(event.timestamp))
        for event in tale.events
        if event.by.account is not None and not 8 <= local(event.timestamp).hour < 18
    ]
    assert odd == []


def test_something_is_still_open_today(tale: Tale) -> None:
    studios = [
        tale.house.register.repository.get(e.originator_id)
        for e in tale.having("studio.registered")
    ]
    open_ = [a for studio in studios for a in studio.applications.values() if a.open]
    on_notice = [a for a in open_ if a.clock and a.clock.ends_on > date(2026, 11, 20)]
    assert len(on_notice) == 13
    assert len(open_) > len(on_notice)
    recent = tale.events[-1].timestamp - timedelta(days=3)
    assert len([e for e in tale.events if e.timestamp > recent]) > 10
