"""Kinds of condition that the five shipped notices do not need, each on its edges."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from domain.errors import Invalid
from domain.policy.kinds.base import Case, Rule
from domain.policy.kinds.compose import AnyOf, Part
from domain.policy.kinds.naming import NamedForYears
from domain.policy.kinds.paper import Material
from domain.policy.kinds.people import (
    Award,
    LeaderAge,
    LeaderQualification,
    LeaderTitle,
    LeaderYears,
)
from domain.policy.kinds.team import TeamMembers, TeamSize
from domain.policy.kinds.unit import Chosen, Declared, Judged, Measured
from domain.policy.kinds.work import Apprenticeship, ResultsInWindow
from domain.policy.kinds.yearly import AnnualBudget, ResultsPerYear, TopicsPerYear
from domain.policy.verdicts import Finding
from domain.policy.windows import Window, Years

ON = date(2026, 5, 20)


def found(rule: Rule, dossier: dict[str, Any], on: date = ON) -> Finding:
    return rule.check(Case(dossier, on, "it"))


def outcome(rule: Rule, dossier: dict[str, Any], on: date = ON) -> str:
    return found(rule, dossier, on).outcome


TWO_OF = AnyOf(
    least=2,
    of=(
        Part(id="safe", rule=Declared(question="是否安全")),
        Part(id="money", rule=Measured(what="创效", unit="万元", least=100)),
        Part(id="seen", rule=Judged(question="影响力")),
    ),
)


@pytest.mark.parametrize(
    ("safe", "money", "expected"),
    [
        (True, 100, "pass"),
        (True, 99, "needs_human"),
        (False, 100, "needs_human"),
        (False, 99, "fail"),
        (None, None, "fail"),
    ],
)
def test_two_of_three_count_what_is_met_and_what_a_human_may_still_find(
    safe: bool | None, money: int | None, expected: str
) -> None:
    said = {"declared": {"safe": safe}, "numbers": {"money": money}}
    assert outcome(TWO_OF, said) == expected


def test_a_number_of_parts_is_told_with_what_is_missing() -> None:
    said = {"declared": {"safe": False}, "numbers": {"money": 99}}
    assert found(TWO_OF, said).sentence == (
        "3 项中符合 0 项，不足 2 项：“是否安全”填写为否；创效 99 万元，不足 100 万元"
    )
    with pytest.raises(Invalid, match="of 只有 3 项"):
        AnyOf(least=4, of=TWO_OF.of)


@pytest.mark.parametrize(
    ("skill", "rank", "expected"),
    [
        ("高级工", None, "pass"),
        ("首席技师", None, "pass"),
        ("中级工", "中级", "pass"),
        ("中级工", "初级", "fail"),
        (None, None, "fail"),
    ],
)
def test_a_leader_has_the_skill_level_or_the_rank(
    skill: str | None, rank: str | None, expected: str
) -> None:
    rule = LeaderQualification(skill="高级工", rank="中级")
    said = {"leader": {"skill_level": skill, "professional_rank": rank}}
    assert outcome(rule, said) == expected
    assert rule.ABOUT == "leader"


@pytest.mark.parametrize(("year", "expected"), [(2022, "fail"), (2023, "pass"), (2026, "fail")])
def test_a_title_may_have_to_be_recent(year: int, expected: str) -> None:
    rule = LeaderTitle(titles=(Award(names=("工匠",)),), window=Window(last_years=3))
    said = {"leader": {"titles": [{"name": "某市工匠", "level": "city", "year": year}]}}
    assert outcome(rule, said) == expected
    assert "2023—2025 年内获得的各级工匠" in found(rule, said).sentence


def test_a_leader_has_worked_in_the_trade_for_years() -> None:
    rule = LeaderYears(least=10)
    years = (10, 9, None)
    found = [outcome(rule, {"leader": {"trade_years": each}}) for each in years]
    assert found == ["pass", "fail", "fail"]


@pytest.mark.parametrize(
    ("gender", "born", "expected"),
    [
        ("男", "1966-05-20", "pass"),
        ("男", "1965-05-20", "fail"),
        ("女", "1970-06", "pass"),
        ("女", "1966-05-20", "fail"),
        (None, "1990-01-01", "fail"),
    ],
)
def test_women_and_men_may_lead_to_different_ages(
    gender: str | None, born: str, expected: str
) -> None:
    rule = LeaderAge(most=60, most_women=55)
    assert outcome(rule, {"leader": {"gender": gender, "birth_date": born}}) == expected


@pytest.mark.parametrize(
    ("rule", "count", "size", "expected"),
    [
        (TeamMembers(what="高级工以上", share=Decimal("0.5")), 5, 10, "pass"),
        (TeamMembers(what="高级工以上", share=Decimal("0.5")), 4, 10, "fail"),
        (TeamMembers(what="高级工以上", share=Decimal("0.5")), 5, None, "fail"),
        (TeamMembers(what="青年", least=2), 2, None, "pass"),
        (TeamMembers(what="青年", least=2, share=Decimal("0.1")), 1, 5, "fail"),
        (TeamMembers(what="管理人员", most_share=Decimal("0.2")), 3, 10, "fail"),
        (TeamMembers(what="管理人员", most=0), 1, 10, "fail"),
        (TeamMembers(what="青年", least=2), 11, 10, "fail"),
        (TeamMembers(what="青年", least=2), None, 10, "fail"),
        (TeamSize(most=20), None, 20, "pass"),
        (TeamSize(most=20), None, 21, "fail"),
    ],
)
def test_members_of_any_sort_are_counted_and_set_against_the_team(
    rule: Rule, count: int | None, size: int | None, expected: str
) -> None:
    assert outcome(rule, {"numbers": {"it": count}, "team": {"size": size}}) == expected


def dated(*days: str, kind: str = "发明专利") -> dict[str, Any]:
    results = [{"name": day, "recognised_on": day, "kind": kind} for day in days]
    return {"results": results}


@pytest.mark.parametrize(
    ("window", "day", "expected"),
    [
        (Window(last_years=3), "2023-01-01", "pass"),
        (Window(last_years=3), "2026-01-01", "fail"),
        (Window(last_years=2, filing_year=True), "2026-05-20", "pass"),
        (Window(last_years=2, filing_year=True), "2023-12-31", "fail"),
        (Window(from_date=date(2022, 1, 1)), "2022-01-01", "pass"),
        (Window(from_date=date(2022, 1, 1)), "2021-12-31", "fail"),
        (Window(from_year=2022), "2026-05-20", "pass"),
        (Window(to_year=2025), "2026-01-01", "fail"),
        (Window(to_date=date(2025, 6, 30)), "1999-01-01", "pass"),
        (Window(from_year=2020), "2026-05-21", "fail"),
    ],
)
def test_a_window_may_be_open_or_count_full_calendar_years(
    window: Window, day: str, expected: str
) -> None:
    assert outcome(ResultsInWindow(window=window), dated(day)) == expected


def test_a_window_tells_its_span_in_words() -> None:
    assert [
        Window(last_years=3).words(ON),
        Window(last_years=1).words(ON),
        Window(last_years=2, filing_year=True).words(ON),
        Window(from_year=2022).words(ON),
        Window(to_year=2025).words(ON),
    ] == ["2023—2025 年", "2025 年", "2024—2026 年", "2022-01-01 至 2026-05-20", "截至 2025-12-31"]


def test_a_result_is_of_a_kind_that_its_own_ends_with() -> None:
    rule = ResultsInWindow(kinds=("专利",))
    kinds = ("发明专利", "实用新型专利 ", "专利权")
    assert [outcome(rule, dated("2025-01-01", kind=each)) for each in kinds] == [
        "pass",
        "pass",
        "fail",
    ]


def test_years_may_be_taken_together() -> None:
    over = Years(last=3)
    topics = {"topics": [{"name": "甲", "year": year} for year in (2023, 2023, 2025)]}
    assert outcome(TopicsPerYear(least=3, over=over, together=True), topics) == "pass"
    assert outcome(TopicsPerYear(least=1, over=over), topics) == "fail"
    spent = {"budgets": [{"year": 2025, "amount": 300_000_00}]}
    assert outcome(AnnualBudget(least=300_000_00, over=over, together=True), spent) == "pass"
    short = found(AnnualBudget(least=300_000_01, over=over, together=True), spent)
    assert (short.outcome, "累计 300,000 元，不足累计 300,000.01 元" in short.sentence) == (
        "fail",
        True,
    )
    blank = found(ResultsPerYear(least=2, over=over, together=True), {})
    assert blank.sentence == "未填写获认可或认定的创新成果，须累计不少于 2 项"


def test_a_bare_agreement_counts_where_the_notice_asks_for_no_more() -> None:
    said = {
        "apprenticeships": [
            {"signed_on": day, "duties": False, "plan": None}
            for day in ("2022-01-01", "2026-01-01")
        ]
    }
    assert outcome(Apprenticeship(), said) == "fail"
    assert outcome(Apprenticeship(duties=False, plan=False, least=2), said) == "pass"
    recent = Apprenticeship(duties=False, plan=False, least=2, window=Window(months=36))
    assert found(recent, said).sentence == (
        "2023-05-21 至 2026-05-20内签订的师徒协议 1 份，不足 2 份"
    )


def test_an_honour_is_told_by_all_its_names_but_not_by_abbreviations() -> None:
    names = ("劳动模范", "劳模", "先进工作者")
    assert Award(names=names, level="city").words() == "市级以上劳动模范、先进工作者"
    assert Award(names=("劳模", "劳动模范")).words() == "各级劳模、劳动模范"


def test_a_choice_that_falls_short_tells_by_how_much() -> None:
    rule = Chosen(what="七有", options=("牌匾", "场所", "制度"), least=3)
    assert found(rule, {"choices": {"it": ["牌匾"]}}).sentence == "七有：牌匾，符合 1 项，不足 3 项"


def test_a_list_of_what_bars_passes_only_when_nothing_of_it_applies() -> None:
    rule = Chosen(what="一票否决情形", options=("欠薪", "事故"), least=0, most=0)
    findings = [found(rule, {"choices": {"it": each}}) for each in ([], ["欠薪"], None)]
    assert [(each.outcome, each.sentence) for each in findings] == [
        ("pass", "一票否决情形：无"),
        ("fail", "一票否决情形：欠薪，不符合要求"),
        ("fail", "未填写一票否决情形"),
    ]


def test_files_are_measured_as_the_notice_measures_them() -> None:
    film = Material(
        material="film",
        name="视频",
        media="video",
        most_seconds=90,
        most_megabytes=500,
        formats=("mp4",),
    )

    def sent(**file: Any) -> str:
        return found(film, {"materials": {"film": {"files": [file]}}}).sentence

    assert sent(name="a.MP4", seconds=90, megabytes=499.5) == "视频已提交 1 个"
    assert sent(name="a.avi", seconds=91, megabytes=None) == (
        "视频：“a.avi”应为 mp4 格式；时长 91 秒，超过 90 秒；未填写大小"
    )
    story = Material(material="story", name="事迹", least_characters=1500, most_characters=2000)
    files = [{"name": "a.docx", "characters": 1499}]
    assert found(story, {"materials": {"story": {"files": files}}}).sentence == (
        "事迹：字数 1499 字，不足 1500 字"
    )


@pytest.mark.parametrize(
    ("make", "keys", "field"),
    [
        (TeamSize, {"least": 5, "most": 4}, "most"),
        (TeamSize, {}, "least"),
        (TeamMembers, {"what": "青年"}, "least"),
        (TeamMembers, {"what": "青年", "share": Decimal("1.5")}, "share"),
        (LeaderAge, {"least": 60, "most": 50}, "most"),
        (LeaderAge, {"least": 60, "most": 70, "most_women": 55}, "most_women"),
        (LeaderQualification, {}, "skill"),
        (Measured, {"what": "创效", "least": 2, "most": 1}, "most"),
        (Chosen, {"what": "制度", "options": ("甲",), "least": 2}, "least"),
        (Chosen, {"what": "制度", "options": ("甲",), "least": 0}, "most"),
        (Material, {"material": "a", "name": "甲", "least": 3, "most": 2}, "most"),
        (
            Material,
            {"material": "a", "name": "甲", "most_minutes": 5, "most_seconds": 90},
            "least_seconds",
        ),
        (NamedForYears, {"level": "city"}, "years"),
    ],
)
def test_limits_that_cannot_hold_are_refused_at_their_key(
    make: type[Rule], keys: dict[str, Any], field: str
) -> None:
    with pytest.raises(Invalid) as refusal:
        make(**keys)
    assert refusal.value.field == field
