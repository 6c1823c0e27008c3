"""Conditions on names and namings: from a level up, within a time, with the unit or free words."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from domain.errors import Invalid
from domain.policy.facts import facts
from domain.policy.kinds.base import Case, Rule
from domain.policy.kinds.naming import NamedAt, NamedForYears, NamePattern, NotNamedAt
from domain.policy.windows import Window

ON = date(2026, 5, 20)


def outcome(rule: Rule, dossier: dict[str, Any]) -> str:
    return rule.check(Case(dossier, ON, "it")).outcome


def named(level: str, on: str, name: str = "劳模创新工作室") -> dict[str, Any]:
    return {"namings": [{"level": level, "name": name, "on": on}]}


@pytest.mark.parametrize(
    ("rule", "said", "expected"),
    [
        (NotNamedAt(level="province"), named("nation", "2020-01-01"), "pass"),
        (NotNamedAt(level="province", or_above=True), named("nation", "2020-01-01"), "fail"),
        (NotNamedAt(level="province", or_above=True), named("city", "2020-01-01"), "pass"),
        (NamedAt(level="county", or_above=True), named("city", "2020-01-01"), "pass"),
        (NamedAt(level="county", or_above=True), named("unit", "2020-01-01"), "fail"),
        (
            NotNamedAt(level="city", window=Window(months=36)),
            named("city", "2023-05-20"),
            "pass",
        ),
        (
            NotNamedAt(level="city", window=Window(months=36)),
            named("city", "2023-05-21"),
            "fail",
        ),
        (
            NamedAt(level="city", window=Window(from_year=2020, to_year=2021)),
            named("city", "2021-12-31"),
            "pass",
        ),
        (
            NamedAt(level="city", window=Window(from_year=2020, to_year=2021)),
            named("city", "2022-01-01"),
            "fail",
        ),
        (NamedForYears(level="county", months=6), named("county", "2025-11-20"), "pass"),
        (NamedForYears(level="county", months=6), named("county", "2025-11-21"), "fail"),
        (
            NamedForYears(level="county", years=1, or_above=True),
            named("city", "2025-05-20"),
            "pass",
        ),
    ],
)
def test_namings_count_from_a_level_up_and_within_a_time(
    rule: Rule, said: dict[str, Any], expected: str
) -> None:
    assert outcome(rule, said) == expected


@pytest.mark.parametrize(
    ("pattern", "name", "expected"),
    [
        ("{unit}{leader}创新工作室", "某厂张三创新工作室", "pass"),
        ("{unit}{leader}创新工作室", "张三创新工作室", "fail"),
        ("{unit}职工服务站", "某厂职工服务站", "pass"),
        ("{any}创新工作室", "匠心创新工作室", "pass"),
        ("{any}创新工作室", "创新工作室", "fail"),
        ("{any}创新工作室", "匠心工作室", "fail"),
        ("{leader}（{any}）创新工作室", "张三(焊接)创新工作室", "pass"),
    ],
)
def test_a_name_may_hold_the_unit_or_free_words(pattern: str, name: str, expected: str) -> None:
    said = {"studio": {"name": name}, "leader": {"name": "张三"}, "unit": {"name": "某厂"}}
    assert outcome(NamePattern(pattern=pattern), said) == expected


def test_a_name_asks_only_for_what_its_pattern_holds() -> None:
    rule = NamePattern(pattern="{unit}职工服务站")
    assert list(rule.reads("it")) == list(facts("studio.name", "unit.name"))
    assert rule.matches("任何单位职工服务站", "张三")
    for wrong in ("创新工作室", "{leder}工作室", "{leader}{leader}室", "{leader}}室"):
        with pytest.raises(Invalid, match=r"应含 \{leader\}、\{unit\}、\{any\}"):
            NamePattern(pattern=wrong)
