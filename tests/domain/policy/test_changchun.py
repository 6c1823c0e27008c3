"""The journeys of 长会办字〔2023〕33号."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from tests.domain.policy.dossiers import (
    changed,
    filled,
    honour,
    naming,
    outcomes,
    photos,
    policy,
    verdicts,
)

FILED = "2024-03-01"
GOOD: dict[str, Any] = {
    "studio.existing_body": False,
    "materials.form": photos(1),
    "leader.honours": [],
}


def test_a_good_dossier_fails_nothing() -> None:
    dossier = changed(filled("changchun-2023", "worker"), GOOD)
    found = outcomes("changchun-2023", "worker", dossier, FILED)
    assert [name for name, outcome in found.items() if outcome == "fail"] == []


def test_the_six_conditions_carry_their_numbers() -> None:
    found = policy("changchun-2023").category("worker").conditions
    assert [each.clause for each in found][:8] == [
        "三1①",
        "三1②",
        "三1③",
        "三1④",
        "三1⑤",
        "三1⑥",
        "三1",
        "三2",
    ]


def test_a_goal_left_blank_fails_and_a_stated_one_is_judged() -> None:
    dossier = changed(filled("changchun-2023", "worker"), {**GOOD, "form.studio.goals": None})
    found = verdicts("changchun-2023", "worker", dossier, FILED)["goals"]
    assert (found.outcome, found.sentence) == ("fail", "未填写“工作室工作目标”（三1③）")
    whole = changed(filled("changchun-2023", "worker"), GOOD)
    assert outcomes("changchun-2023", "worker", whole, FILED)["goals"] == "needs_human"


def test_an_established_body_is_not_named() -> None:
    dossier = changed(filled("changchun-2023", "worker"), {**GOOD, "studio.existing_body": True})
    found = verdicts("changchun-2023", "worker", dossier, FILED)["not_existing_body"]
    assert found.sentence == "属于单位原有建制的研发机构或班组，不在命名之列（三1）"


def test_three_failures_in_a_row_end_the_naming_from_2024_on() -> None:
    rule = policy("changchun-2023").assessment
    assert rule is not None
    assert (rule.failures_to_revoke, rule.revocation, rule.missing_year) == (
        3,
        "automatic",
        "breaks",
    )
    assert (rule.first_year, rule.naming_year_counts, rule.due_month_day) == (2024, False, "12-31")
    assert [(each.name, each.failing) for each in rule.grades] == [
        ("优秀", False),
        ("合格", False),
        ("不合格", True),
    ]


def test_the_subsidy_has_four_uses_and_no_amount() -> None:
    found = policy("changchun-2023")
    assert [each.id for each in found.permitted_uses] == [
        "equipment",
        "renewal",
        "invention",
        "training",
    ]
    subsidy = found.category("worker").subsidy
    assert subsidy is not None
    assert subsidy.amount is None


def test_applications_are_rolling_and_five_hundred_are_the_goal() -> None:
    found = policy("changchun-2023")
    assert (found.deadlines, found.publicity, found.deadline()) == ((), None, None)
    assert found.targets is not None
    assert [(each.count, each.by) for each in found.targets.goals] == [(500, date(2025, 12, 31))]


@pytest.mark.parametrize(
    ("honours", "titles", "outcome"),
    [
        ([honour("劳动模范", "city")], [], "pass"),
        ([], [honour("长春工匠", "city")], "pass"),
        ([], [], "fail"),
    ],
)
def test_a_studio_rises_when_its_leader_is_honoured(
    honours: Any, titles: Any, outcome: str
) -> None:
    found = policy("changchun-2023").category("model_artisan")
    assert found.upgrades_from == ("worker",)
    changes = {
        "leader.honours": honours,
        "leader.titles": titles,
        "namings": [naming("city", "长春市职工创新工作室", "2024-01-10")],
    }
    dossier = changed(filled("changchun-2023", "model_artisan"), changes)
    assert outcomes("changchun-2023", "model_artisan", dossier, FILED)["leader_honoured"] == outcome
