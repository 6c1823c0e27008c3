"""Another city's notice is one new file: nothing in code knows it."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from adapters.calendar import GazettedCalendar
from adapters.packs.loader import load_pack
from domain.policy.dossier import blank, problems
from domain.policy.policy import Policy
from domain.policy.verdicts import Verdict
from domain.values import Money

PACK = Path(__file__).with_name("linhai-2025.yaml")
ON = date(2025, 4, 30)

GOOD: dict[str, Any] = {
    "leader": {
        "titles": [{"name": "临海港工匠", "level": "city", "year": 2020}],
        "birth_date": "1967-05",
    },
    "team": {"size": 10, "frontline": 6},
    "studio": {"area": 50, "founded_on": "2023-10-30", "name": "样例工匠创新工作室"},
    "budgets": [{"year": year, "amount": 5_000_000} for year in (2023, 2024)],
    "results": [
        {"name": "甲", "recognised_on": "2022-05-01", "kind": "发明专利"},
        {"name": "乙", "recognised_on": "2025-04-30", "kind": "发明专利"},
    ],
    "namings": [{"level": "county", "name": "工匠创新工作室", "on": "2024-04-30"}],
    "numbers": {"income": 10},
    "declared": {"safe": False},
    "form": {"main": {"export": None}},
}


@pytest.fixture(scope="module")
def policy() -> Policy:
    return load_pack(PACK)


def found(policy: Policy, **changes: Any) -> dict[str, Verdict]:
    verdicts = policy.evaluate("artisan", {**GOOD, **changes}, ON)
    return {each.condition: each for each in verdicts}


def test_the_dossier_is_whole_and_passes(policy: Policy) -> None:
    assert problems(policy.category("artisan"), GOOD) == ()
    assert {name: each.outcome for name, each in found(policy).items()} == dict.fromkeys(
        [each.id for each in policy.conditions], "pass"
    )


@pytest.mark.parametrize(
    ("change", "condition", "outcome"),
    [
        ({"leader": {**GOOD["leader"], "birth_date": "1966-05-01"}}, "age", "pass"),
        ({"leader": {**GOOD["leader"], "birth_date": "1966-04-30"}}, "age", "fail"),
        ({"leader": {**GOOD["leader"], "birth_date": "1966-04"}}, "age", "fail"),
        ({"leader": {**GOOD["leader"], "birth_date": None}}, "age", "fail"),
        ({"team": {"size": 10, "frontline": 5}}, "front", "fail"),
        ({"team": {"size": 21, "frontline": 21}}, "front", "fail"),
        ({"studio": {**GOOD["studio"], "area": 49.9}}, "area", "fail"),
        ({"studio": {**GOOD["studio"], "founded_on": "2023-10-31"}}, "half_year", "pass"),
        ({"studio": {**GOOD["studio"], "founded_on": "2023-11-01"}}, "half_year", "fail"),
        ({"budgets": GOOD["budgets"][:1]}, "budget", "fail"),
        ({"results": GOOD["results"][:1]}, "patents", "fail"),
        (
            {
                "results": [
                    {
                        "name": "奖",
                        "recognised_on": "2024-01-01",
                        "kind": "科技奖励",
                        "level": "nation",
                    }
                ]
            },
            "patents",
            "pass",
        ),
        ({"namings": [{**GOOD["namings"][0], "on": "2024-05-01"}]}, "county_first", "fail"),
        ({"numbers": {"income": 10_001}}, "income", "fail"),
        ({"numbers": {"income": 9.5}}, "income", "fail"),
        ({"declared": {"safe": True}}, "safe", "fail"),
    ],
)
def test_its_conditions_hold(
    policy: Policy, change: dict[str, Any], condition: str, outcome: str
) -> None:
    assert found(policy, **change)[condition].outcome == outcome


def test_a_month_of_birth_that_leaves_it_open_needs_a_human(policy: Policy) -> None:
    on = date(2025, 4, 15)
    leader = {**GOOD["leader"], "birth_date": "1966-04"}
    verdicts = policy.evaluate("artisan", {**GOOD, "leader": leader}, on)
    age = next(each for each in verdicts if each.condition == "age")
    assert (age.outcome, age.facts) == ("needs_human", {})


def test_quotas_are_allocated_by_union_and_category(policy: Policy) -> None:
    quota = policy.quotas[0]
    assert quota.cap_for("港口区总工会", "artisan") == 4
    assert quota.cap_for("港口区总工会", "alliance") == 2
    assert quota.cap_for("海员工会", "alliance") == 3
    assert quota.cap_for("其他单位工会") == 1


def test_the_notice_runs_in_calendar_days_and_never_asks_the_calendar(policy: Policy) -> None:
    assert policy.publicity is not None
    assert policy.publicity.last_day(date(2030, 5, 1), GazettedCalendar()) == date(2030, 5, 8)


def test_the_office_hour_is_the_packs(policy: Policy) -> None:
    deadline = policy.deadline()
    assert deadline is not None
    assert deadline.instant() == datetime(2025, 4, 30, 9, 0, tzinfo=UTC)


def test_tiers_and_scores_are_data(policy: Policy) -> None:
    subsidy = policy.category("artisan").subsidy
    assert subsidy is not None
    assert [(each.id, each.amount) for each in subsidy.tiers] == [
        ("five_star", Money(5_000_000)),
        ("three_star", Money(2_000_000)),
    ]
    rule = policy.assessment
    assert rule is not None
    grades = [rule.grade_for(score) for score in (100, 90, 89, 60, 59, 0)]
    assert [each.id for each in grades if each] == [
        "five_star",
        "five_star",
        "three_star",
        "three_star",
        "none",
        "none",
    ]


def test_a_blank_dossier_has_exactly_what_the_pack_reads(policy: Policy) -> None:
    assert blank(policy.category("alliance")).keys() == GOOD.keys()
