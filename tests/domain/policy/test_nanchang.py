"""The journeys of 洪工办〔2021〕31号."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from tests.domain.policy.dossiers import changed, filled, honour, outcomes, photos, policy, verdicts

FILED = "2021-07-30"
PAPER = {**photos(1), "copies": 2, "paper": "A3", "double_sided": True, "bound": True}

GOOD: dict[str, Any] = {
    "studio.name": "样例劳模创新工作室",
    "leader.name": "样例",
    "leader.honours": [honour("劳动模范", "county")],
    "topics": [{"name": "课题", "year": year} for year in (2019, 2020, 2021)],
    "results": [{"name": "成果", "recognised_on": "2021-02-01"}],
    "materials.form": PAPER,
    "materials.text": {**photos(1), "bound": True},
    "materials.film": {"files": [{"name": "介绍.mp4", "minutes": 5}]},
    "materials.photo_inside": photos(1),
    "materials.photo_outside": photos(2),
    "form.basics.named_by": "无",
    "form.basics.named_on": "无",
}


def one(condition: str, changes: dict[str, Any]) -> tuple[str, str]:
    dossier = changed(filled("nanchang-2021", "model_worker"), {**GOOD, **changes})
    found = verdicts("nanchang-2021", "model_worker", dossier, FILED)[condition]
    return found.outcome, found.sentence


def test_a_good_dossier_fails_nothing() -> None:
    dossier = changed(filled("nanchang-2021", "model_worker"), GOOD)
    found = outcomes("nanchang-2021", "model_worker", dossier, FILED)
    assert [name for name, outcome in found.items() if outcome == "fail"] == []


@pytest.mark.parametrize(
    ("honours", "outcome"),
    [
        ([honour("劳动模范", "unit")], "pass"),
        ([honour("五一劳动奖章", "city")], "pass"),
        ([honour("技术能手", "nation")], "fail"),
    ],
)
def test_any_level_of_honour_will_do(honours: Any, outcome: str) -> None:
    assert one("leader", {"leader.honours": honours})[0] == outcome


def test_only_a_result_of_the_current_year_counts() -> None:
    results = [{"name": "成果", "recognised_on": "2020-12-31"}]
    assert one("results", {"results": results}) == (
        "fail",
        "本年度（2021 年）内获认可或认定的创新成果 0 项，不足 1 项（一4）",
    )


def test_the_name_is_the_leaders() -> None:
    assert one("name", {"studio.name": "样例创新工作室"}) == (
        "fail",
        "工作室名称“样例创新工作室”不规范，应为“样例劳模创新工作室”（附件1填表说明1）",
    )
    naming = policy("nanchang-2021").category("model_worker").naming
    assert naming is not None
    assert naming.apply("某某") == "某某劳模创新工作室"


def test_no_earlier_naming_is_written_as_none() -> None:
    assert one("earlier_naming", {"form.basics.named_by": ""})[0] == "fail"
    assert one("earlier_naming", {"form.basics.named_by": "无"})[0] == "pass"


def test_a_topic_is_needed_in_each_year() -> None:
    topics = [{"name": "课题", "year": 2021}]
    assert one("topics", {"topics": topics}) == (
        "fail",
        "创新课题或攻关项目：2019 年 0 项、2020 年 0 项，不足每年 1 项（一3）",
    )


def test_the_form_has_no_field_that_the_notice_does_not_show() -> None:
    form = policy("nanchang-2021").category("model_worker").form
    assert form is not None
    assert not form.body_shown
    assert [field.label for _, field in form.fields()] == [
        "工作室名称",
        "所在单位",
        "单位类型",
        "所属行业",
        "推荐单位",
        "填报日期",
        "创建日期",
        "命名单位",
        "命名日期",
    ]
    assert [each.by for each in form.opinions] == ["unit_union", "recommending_union"]
    layout = form.layout
    assert (layout.copies, layout.paper, layout.double_sided, layout.bound) == (2, "A3", True, True)


def test_the_city_may_name_none_and_sets_the_amount_with_the_call() -> None:
    found = policy("nanchang-2021")
    assert [each.id for each in found.stages if each.may_choose_none] == ["selection"]
    subsidy = found.category("model_worker").subsidy
    assert subsidy is not None
    assert (subsidy.amount, subsidy.matching) == (None, True)
    assert found.publicity is None


def test_late_is_refused_after_the_thirtieth_of_july() -> None:
    deadline = policy("nanchang-2021").deadline()
    assert deadline is not None
    assert deadline.instant() == datetime(2021, 7, 30, 15, 59, 59, 999999, tzinfo=UTC)
    assert deadline.late == "refused"
