"""The journeys of the Jingzhou notice of 2019."""

from __future__ import annotations

from typing import Any

import pytest

from tests.domain.policy.dossiers import changed, filled, honour, outcomes, photos, policy, verdicts

FILED = "2019-09-30"
YEARS = (2016, 2017, 2018)

GOOD: dict[str, Any] = {
    "studio.name": "样例创新工作室",
    "leader.name": "样例",
    "studio.founded_on": "2015-03-01",
    "leader.honours": [honour("劳动模范", "city")],
    "apprenticeships": [{"signed_on": "2019-06-01", "duties": True, "plan": True}],
    "budgets": [{"year": year, "amount": 100_00} for year in (2018, 2019)],
    "topics": [
        {"name": "课题", "year": year, "approved_by_unit": True}
        for year in (2018, 2018, 2019, 2019)
    ],
    "results": [
        {"name": "成果", "recognised_on": f"{year}-05-01", "applied": True} for year in (2018, 2019)
    ],
    "materials.list": {**photos(1), "copies": 2, "sealed": True},
    "materials.form": {**photos(1), "copies": 2},
    "materials.details": {**photos(1), "copies": 2},
    "form.summary.text": "字" * 800,
}


def economy(**more: Any) -> list[dict[str, Any]]:
    return [
        {"year": year, "income": 100_00, "savings": 50_00, "foreign_income": 0, **more}
        for year in YEARS
    ]


ORDINARY: dict[str, Any] = {
    "rates": {"USD": "6.8632"},
    "form.funding.years": [
        {"year": year, "amount": 100, "sources": [{"funder": "本单位", "amount": 100}]}
        for year in YEARS
    ],
    "form.economy.years": economy(),
    "form.training.total": 0,
    "form.members.list": [
        {
            "name": "某某",
            "gender": "女",
            "birth_year": 1985,
            "education": "大专",
            "title": "技师",
            "unit": "样例公司",
            "work": "调试",
        }
    ],
    "proofs": {
        "innovation": [{"name": "证书.pdf"}],
        "training": [{"name": "名单.pdf"}],
        "basics.named_by": None,
        "economy.years": [{"name": "证明.pdf", "original": True, "finance_seal": True}],
        "leader.honours": [{"name": "证书.pdf"}],
    },
}


def one(category: str, condition: str, changes: dict[str, Any]) -> tuple[str, str]:
    more = ORDINARY if category == "ordinary" else {}
    dossier = changed(filled("jingzhou-2019", category), {**GOOD, **more, **changes})
    found = verdicts("jingzhou-2019", category, dossier, FILED)[condition]
    return found.outcome, found.sentence


@pytest.mark.parametrize(("category", "more"), [("demonstration", {}), ("ordinary", ORDINARY)])
def test_a_good_dossier_fails_nothing(category: str, more: dict[str, Any]) -> None:
    dossier = changed(filled("jingzhou-2019", category), {**GOOD, **more})
    found = outcomes("jingzhou-2019", category, dossier, FILED)
    assert [name for name, outcome in found.items() if outcome == "fail"] == []


def test_the_table_is_a_hundred_with_a_pool_of_two_and_a_warning() -> None:
    targets = policy("jingzhou-2019").targets
    assert targets is not None
    columns = ("total", "city", "demonstration", "county")
    assert [targets.total(each) for each in columns] == [100, 60, 20, 40]
    assert [targets.column_sum(each) for each in columns] == [100, 60, 18, 40]
    assert [(each.name, each.column, each.count) for each in targets.pools] == [
        ("其他", "demonstration", 2)
    ]
    assert [each.message for each in targets.warnings] == [
        "“市级示范数”一栏各单位合计 18，不是表中所列的 20；未分配 2 个列为机动"
    ]


def test_every_row_is_city_and_county() -> None:
    targets = policy("jingzhou-2019").targets
    assert targets is not None
    assert len(targets.rows) == 13
    for row in targets.rows:
        assert row.count("total") == row.count("city") + row.count("county")
        assert row.count("demonstration") <= row.count("city")
    zone = targets.row("开发区总工会")
    assert zone is not None
    assert [zone.count(each) for each in ("total", "city", "demonstration", "county")] == [
        14,
        9,
        3,
        5,
    ]


def test_both_dates_stand_with_their_warnings() -> None:
    found = policy("jingzhou-2019")
    assert {each.id: str(each.on) for each in found.deadlines} == {
        "provincial": "2019-08-10",
        "filing": "2019-09-30",
    }
    told = {each.code: each.message for each in found.warnings}
    assert told["deadline_on_weekend"].startswith("截止日 2019-08-10 是星期六")
    assert told["deadline_before_phase"].startswith("截止日 2019-09-30 早于“准备资料、整理上报”")


def test_only_demonstration_studios_get_plaque_subsidy_and_inspection() -> None:
    found = policy("jingzhou-2019")
    assert [(each.id, each.plaque, each.subsidy is not None) for each in found.categories] == [
        ("demonstration", True, True),
        ("ordinary", False, False),
    ]
    stages = {
        each.id: [stage.id for stage in found.stages_for(each.id)] for each in found.categories
    }
    assert stages["demonstration"] == ["unit", "first", "materials", "site_visit", "naming"]
    assert stages["ordinary"] == ["unit", "first", "materials", "naming"]


def test_the_summary_table_has_four_columns_and_a_seal() -> None:
    found = policy("jingzhou-2019").category("ordinary").materials
    table = next(each for each in found if each.material == "list")
    assert table.columns == ("序号", "申报单位", "创新工作室名称", "主要成果")
    assert (table.copies, table.sealed) == (2, True)


@pytest.mark.parametrize("category", ["demonstration", "ordinary"])
@pytest.mark.parametrize(("count", "outcome"), [(799, "fail"), (800, "pass")])
def test_the_account_has_eight_hundred_characters(category: str, count: int, outcome: str) -> None:
    condition = f"{category}_summary"
    assert one(category, condition, {"form.summary.text": "字" * count})[0] == outcome


@pytest.mark.parametrize(
    ("changes", "outcome"),
    [
        ({"form.economy.years": economy(total=150_00)}, "pass"),
        ({"form.economy.years": economy(total=150_01)}, "fail"),
        ({"form.economy.years": economy(foreign_income=100_00, total=836_32)}, "pass"),
        ({"form.economy.years": economy(foreign_income=100_00), "rates": {"USD": None}}, "fail"),
        ({"form.economy.years": economy(), "rates": {"USD": None}}, "pass"),
    ],
)
def test_a_total_with_dollars_needs_the_stated_rate(changes: dict[str, Any], outcome: str) -> None:
    assert one("ordinary", "totals", changes)[0] == outcome


def test_no_rate_is_told_by_currency() -> None:
    changes = {"form.economy.years": economy(foreign_income=1), "rates": {"USD": None}}
    sentence = one("ordinary", "totals", changes)[1]
    assert sentence.startswith("“创收外汇（美元）”折算未注明汇率（1 USD 合人民币多少元）")


def test_two_topics_approved_by_the_unit_are_needed_each_year() -> None:
    topics = [*GOOD["topics"][:3], {"name": "课题", "year": 2019, "approved_by_unit": False}]
    assert one("ordinary", "topics", {"topics": topics}) == (
        "fail",
        "单位立项的创新课题或攻关项目：2019 年 1 项，不足每年 2 项（附件5第6条）",
    )


def test_a_year_without_a_budget_line_fails() -> None:
    assert one("ordinary", "budget", {"budgets": [{"year": 2018, "amount": 100_00}]}) == (
        "fail",
        "经费预算：2018 年 100 元、2019 年 0 元，有年度未列（附件5第5条）",
    )


@pytest.mark.parametrize("lacking", ["duties", "plan"])
def test_an_agreement_names_both_duties_and_plan(lacking: str) -> None:
    pair = {**GOOD["apprenticeships"][0], lacking: False}
    assert one("ordinary", "apprenticeship", {"apprenticeships": [pair]})[0] == "fail"


def test_a_leader_who_is_no_model_worker_may_be_an_expert_for_a_human_to_judge() -> None:
    assert one("ordinary", "leader", {"leader.honours": []})[0] == "needs_human"


def test_studio_types_are_three_for_demonstration_and_six_for_ordinary() -> None:
    found = policy("jingzhou-2019")
    forms = [found.category(each).form for each in ("demonstration", "ordinary")]
    fields = [form.field("basics.type") for form in forms if form]
    assert [len(field.options) for field in fields if field] == [3, 6]
