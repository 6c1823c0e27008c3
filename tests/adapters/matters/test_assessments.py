"""The year's assessment: what units, unions and the city still owe, and who hears of it later."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

import pytest

from domain.desks.assessments import Result
from domain.model.organisation import Kind
from domain.values import Role
from tests.adapters.matters.conftest import Town

NUMBERS = ("2024-01", "2024-02", "2019-07")


@pytest.fixture
def assessed(named: Town) -> Town:
    """The assessment of 2025 is open since 4 November: two namings below union0, one below union1."""
    named.to("2025-11-04")
    open_campaign(named, 2025)
    return named


def open_campaign(town: Town, year: int) -> None:
    town.campaign: UUID = town.did(
        town.register.assessments.open,
        "officer",
        federation=town.city,
        policy="story-2024",
        year=year,
    )
    town.opened_at = town.now


def check(town: Town, who: str, n: int, year: int = 2025, grade: str = "qualified") -> Any:
    result = Result(town.filed[n][0], NUMBERS[n], grade)
    return town.did(town.register.assessments.check, who, year=year, result=result)


def test_everybody_owes_what_is_theirs_once_a_campaign_is_open(assessed: Town) -> None:
    assert assessed.owed("assessment.unit_due", "count", "unit") == [
        ("city+14", 3, "第0厂、第1厂、第2厂"),
        ("union0+7", 2, "第0厂、第2厂"),
        ("union1+7", 1, "第1厂"),
        ("unit0", 1, "第0厂"),
        ("unit1", 1, "第1厂"),
        ("unit2", 1, "第2厂"),
    ]
    assert assessed.owed("assessment.union_due", "count", "union") == [
        ("city+7", 3, "第1区总工会、第2区总工会"),
        ("union0", 2, None),
        ("union1", 1, None),
    ]
    (found,) = assessed.due("assessment.city_due")
    assert (assessed.told(found), found.facts["count"]) == (["city"], 3)
    found_all = [each for each in assessed.due() if each.kind.startswith("assessment.")]
    assert {each.due_on for each in found_all} == {date(2025, 12, 31)}
    assert {each.since for each in found_all} == {assessed.opened_at}
    assert {each.facts["year"] for each in found_all} == {2025}


def test_nothing_is_owed_before_the_campaign_is_open(named: Town) -> None:
    named.to("2025-11-04")
    assert {kind for kind in named.kinds() if kind.startswith("assessment.")} == set()


def test_a_unit_has_done_its_part_with_a_self_check_or_a_result(assessed: Town) -> None:
    checks = assessed.register.assessments
    summary = {"year": 2025, "period": "全年", "summary": "正常"}
    assessed.did(checks.self_check, "unit0", assessed.filed[0][0], number="2024-01", **summary)
    assert ("unit0", 1) not in assessed.owed("assessment.unit_due", "count")
    check(assessed, "unit1", 1)
    assert assessed.owed("assessment.unit_due", "count") == [
        ("city+14", 1),
        ("union0+7", 1),
        ("unit2", 1),
    ]
    assert assessed.owed("assessment.union_due", "count") == [
        ("city+7", 3),
        ("union0", 2),
        ("union1", 1),
    ]


def test_a_union_has_done_its_part_with_its_results(assessed: Town) -> None:
    check(assessed, "union0", 0)
    assert assessed.owed("assessment.union_due", "count") == [
        ("city+7", 2),
        ("union0", 1),
        ("union1", 1),
    ]
    check(assessed, "union0", 2)
    assert assessed.owed("assessment.union_due", "count") == [("city+7", 1), ("union1", 1)]
    assert assessed.owed("assessment.city_due", "count", "unions") == [("city", 1, "第2区总工会")]
    check(assessed, "officer", 1)
    assert [each for each in assessed.due() if each.kind.startswith("assessment.")] == []


def test_a_union_that_filed_is_not_asked_but_what_it_left_out_is_the_citys(assessed: Town) -> None:
    file = assessed.register.assessments.file
    assessed.did(file, "union0", assessed.campaign, union=assessed.unions[0])
    assert assessed.owed("assessment.union_due", "count", "union") == [
        ("city+7", 1, "第2区总工会"),
        ("union1", 1, None),
    ]
    assert assessed.owed("assessment.city_due", "count", "unions") == [("city", 3, "第2区总工会")]


def test_the_year_of_naming_is_not_asked_for(named: Town) -> None:
    named.to("2024-11-04")
    open_campaign(named, 2024)
    assert named.owed("assessment.union_due", "count") == [("city+7", 1), ("union0", 1)]
    assert named.owed("assessment.unit_due", "unit")[-1] == ("unit2", "第2厂")


def test_nothing_is_owed_once_it_is_closed(assessed: Town) -> None:
    assessed.to("2026-01-04")
    namings = [(assessed.filed[n][0], NUMBERS[n]) for n in range(3)]
    close = assessed.register.assessments.close
    assessed.did(close, "officer", assessed.campaign, namings=namings)
    assert {kind for kind in assessed.kinds() if kind.startswith("assessment.")} == set()


def test_a_studio_that_is_closed_owes_nothing(assessed: Town) -> None:
    close = assessed.register.naming.close
    on = assessed.now.date()
    assessed.did(close, "officer", assessed.filed[1][0], reason="单位撤销", on=on)
    assert assessed.owed("assessment.union_due", "count") == [("city+7", 2), ("union0", 2)]


def test_a_unit_right_below_the_city_is_the_citys_to_ask(named: Town) -> None:
    unit = named.did(
        named.register.directory.register_organisation,
        None,
        name="市直属单位",
        kind=Kind.UNIT,
        parent=named.city,
        code="T0",
    )
    named.units.append(unit)
    named.person("unit3", Role.UNIT_UNION, unit)
    call = {"policy": "story-2024", "title": "补报", "federation": named.city}
    named.call = named.did(named.register.calls.open, "officer", **call)
    studio, application = named.apply(3)
    named.did(named.register.intake.withdraw, "unit3", studio, application, "已有命名")
    naming = {"policy": "story-2024", "category": "worker", "number": "2020-01"}
    paper = {"document": "试工发〔2020〕2号", "on": date(2020, 6, 1)}
    named.did(named.register.naming.record_naming, "officer", studio, **naming, **paper)
    named.to("2024-11-04")
    open_campaign(named, 2024)
    assert named.owed("assessment.union_due", "count", "union") == [
        ("city", 1, None),
        ("city+7", 2, "第1区总工会、试市总工会"),
        ("union0", 1, None),
    ]
    assert ("city+7", "市直属单位") in named.owed("assessment.unit_due", "unit")
