"""Rules that hold for years, in one new file: validity, yearly deadlines, failures in all, two of three."""

from __future__ import annotations

import copy
import json
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from adapters.packs.loader import load_pack
from adapters.packs.reading import PackError
from adapters.packs.terms import terms
from domain.policy.dossier import problems
from domain.policy.policy import Policy
from domain.values import Money

PACK = Path(__file__).with_name("zhongzhou-2026.yaml")
ON = date(2026, 5, 20)
SIGNED = {"text": "同意", "signed": True, "sealed": True}

GOOD: dict[str, Any] = {
    "studio": {"name": "某厂张三劳模创新工作室", "area": 60, "founded_on": "2020-05-20"},
    "unit": {"name": "某厂"},
    "leader": {
        "name": "张三",
        "skill_level": "技师",
        "professional_rank": None,
        "trade_years": 10,
        "birth_date": "1970-04",
        "gender": "男",
    },
    "team": {"size": 8},
    "numbers": {"skilled": 4, "worth": 100, "trained": 3},
    "choices": {"veto": []},
    "statements": {"known": "省内首创"},
    "declared": {"wall": True, "self": None},
    "budgets": [{"year": year, "amount": 10_000_000} for year in (2023, 2024, 2025)],
    "apprenticeships": [{"signed_on": "2024-01-01", "duties": None, "plan": None}] * 3,
    "namings": [{"level": "unit", "name": "创新工作室", "on": "2025-11-20"}],
    "results": [
        {"name": "甲", "recognised_on": "2023-01-01", "kind": "实用新型专利"},
        {"name": "乙", "recognised_on": "2025-12-31", "kind": "科技进步奖", "level": "province"},
        {"name": "丙", "recognised_on": "2026-05-20"},
    ],
    "materials": {
        "film": {"files": [{"name": "a.mp4", "seconds": 90, "megabytes": 500}]},
        "online": {"files": [{"name": "b.pdf"}]},
    },
    "form": {"work": {"results": [{"name": "甲", "level": "省"}] * 3, "story": "字" * 1500}},
    "opinions": {"unit": SIGNED, "union": SIGNED, "street": SIGNED},
}


@pytest.fixture(scope="module")
def policy() -> Policy:
    return load_pack(PACK)


def outcomes(policy: Policy, path: str = "", value: Any = None) -> dict[str, str]:
    """The outcomes of the good dossier, with one value changed."""
    dossier = copy.deepcopy(GOOD)
    if path:
        *steps, last = path.split(".")
        place = dossier
        for step in steps:
            place = place[step]
        place[last] = value
    return {each.condition: each.outcome for each in policy.evaluate("model", dossier, ON)}


def test_the_good_dossier_is_whole_and_nothing_binding_fails(policy: Policy) -> None:
    assert problems(policy.category("model"), GOOD) == ()
    found = outcomes(policy)
    assert {name for name, outcome in found.items() if outcome != "pass"} == {"self"}
    assert policy.category("model").condition("self").force == "preferred"


@pytest.mark.parametrize(
    ("path", "value", "condition", "outcome"),
    [
        ("leader.skill_level", "中级工", "leader", "fail"),
        ("leader.gender", "女", "leader", "fail"),
        ("leader.trade_years", 9, "leader", "fail"),
        ("numbers.skilled", 3, "skilled", "fail"),
        ("numbers.worth", 99, "two_of", "needs_human"),
        ("choices.veto", ["拖欠工资"], "veto", "fail"),
        ("budgets", GOOD["budgets"][:2], "money", "fail"),
        ("apprenticeships", GOOD["apprenticeships"][:2], "pupils", "fail"),
        ("namings", [{"level": "unit", "name": "室", "on": "2025-11-21"}], "named", "fail"),
        ("namings", [{"level": "nation", "name": "室", "on": "2020-01-01"}], "not_higher", "fail"),
        ("namings", [{"level": "county", "name": "室", "on": "2023-05-21"}], "expired", "fail"),
        ("namings", [{"level": "county", "name": "室", "on": "2023-05-20"}], "expired", "pass"),
        ("studio.name", "张三劳模创新工作室", "name", "fail"),
        ("results", GOOD["results"][1:], "results", "fail"),
        ("form.work.results", [{"name": "甲", "level": "省"}] * 6, "main_results", "fail"),
        ("opinions.unit", None, "party", "fail"),
        ("opinions.street", None, "party", "needs_human"),
    ],
)
def test_its_clauses_hold_on_their_edges(
    policy: Policy, path: str, value: Any, condition: str, outcome: str
) -> None:
    assert outcomes(policy, path, value)[condition] == outcome


def test_its_terms_are_data(policy: Policy) -> None:
    deadline, rule = policy.deadline(), policy.assessment
    assert deadline is not None
    assert deadline.instant(ON) == datetime(2026, 10, 15, 9, tzinfo=UTC)
    assert rule is not None
    assert (rule.counting, rule.failures_to_revoke, rule.due_month_day) == ("in_all", 2, "12-31")
    subsidy = policy.category("station").subsidy
    assert subsidy is not None
    assert subsidy.broken_by(Money(10_000_001)) == (Money(10_000_000),)
    assert {each.by for each in policy.stages} == {"unit_union", "recommending_union", "county"}


def test_its_terms_are_shown_with_their_numbers(policy: Policy) -> None:
    told = [each[0] for each in terms(policy)]
    for wanted in (
        "期限：每年 10-15 17:00",
        "有效期：劳模创新工作室 3 年",
        "补助：职工创新服务站 不低于 10,000.00 元、不高于 100,000.00 元",
        "考核：每年 12-31 前报送，累计 2 次不合格取消命名",
        "公示：7 天",
    ):
        assert wanted in told
    assert json.dumps(policy.as_dict(), ensure_ascii=False)


@pytest.mark.parametrize(
    ("old", "new", "field", "message"),
    [
        (
            'every_year: "10-15"',
            'every_year: "02-30"',
            "deadlines[0].every_year",
            "应为 MM-DD，且每年都有这一天",
        ),
        (
            'every_year: "10-15"',
            'every_year: "10-15", on: 2026-10-15',
            "deadlines[0].on",
            "on 与 every_year 应恰好给出一个",
        ),
        (
            "least_score: 60",
            "least_score: 95",
            "assessment.grades[1].least_score",
            "应低于前一等次的分数线",
        ),
        (
            "  failures_to_revoke: 2\n",
            "",
            "assessment.failures_to_revoke",
            "写了 revocation，须写明不合格次数",
        ),
        ("most: 10000000", "most: 100", "categories[1].subsidy.most", "most 小于 least"),
        (
            'share: "0.5"}\n        - {id: second',
            'share: "0.4"}\n        - {id: second',
            "categories[0].subsidy.instalments",
            "各次所占份额（share）合计应为 1",
        ),
        (
            "level: county\ndocument",
            "level: city\ndocument",
            "stages[2].by",
            "只用于 level: county；推荐的一方写 recommending_union",
        ),
        (
            "  counting: in_all\n",
            "  counting: in_all\n  assessors: [mayor]\n",
            "assessment.assessors[0]",
            "应为其中之一：unit_union、recommending_union、city",
        ),
        ("window: {last_years: 3}", "window: {last_years: 3, months: 36}", None, "恰好选定一种"),
    ],
)
def test_terms_that_do_not_hold_together_are_told_at_their_line(
    tmp_path: Path, old: str, new: str, field: str | None, message: str
) -> None:
    text = PACK.read_text(encoding="utf-8")
    assert old in text
    path = tmp_path / "pack.yaml"
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(PackError) as refusal:
        load_pack(path)
    found = [each for each in refusal.value.problems if message in each.message]
    assert found
    assert field is None or field in [each.field for each in found]
    assert all(each.line > 1 for each in found)
