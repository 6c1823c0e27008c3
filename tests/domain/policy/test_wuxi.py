"""The journeys of the Wuxi notice of 2022."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest

from domain.errors import Invalid, NotFound
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

FILED = "2022-10-28"


def topic(year: int, **more: Any) -> dict[str, Any]:
    return {"name": "课题", "year": year, "approved_by_unit": True, "recognised": True, **more}


def studio(category: str = "model_worker", **changes: Any) -> dict[str, Any]:
    good = {
        "studio.founded_on": "2019-05-01",
        "studio.existing_body": False,
        "leader.honours": [honour("劳动模范", "city")],
        "topics": [topic(2020), topic(2021), topic(2022)],
        "materials.photo_leader": photos(1),
        "materials.photo_team": photos(1),
        "materials.photo_scenes": photos(3),
        "materials.form": {**photos(1), "copies": 2},
        "materials.proofs": {**photos(1), "copies": 2, "bound": True},
        "materials.summary": {**photos(1), "copies": 2},
    }
    if category == "demonstration":
        good["namings"] = [naming("city", "无锡市劳模创新工作室", "2020-10-28")]
        good["results"] = [{"name": "成果", "recognised_on": "2021-01-01", "applied": True}]
        good["materials.film"] = photos(1)
    if category == "worker":
        del good["leader.honours"], good["topics"]
        good["leader.titles"] = [honour("职工技术创新能手", "city")]
        good["results"] = [
            {"name": "成果", "recognised_on": f"{year}-03-01"} for year in (2020, 2021, 2022)
        ]
    dotted = {path.replace("__", "."): each for path, each in changes.items()}
    return changed(filled("wuxi-2022", category), {**good, **dotted})


@pytest.mark.parametrize("category", ["model_worker", "demonstration", "worker"])
def test_a_good_dossier_fails_nothing(category: str) -> None:
    found = outcomes("wuxi-2022", category, studio(category), FILED)
    assert [name for name, outcome in found.items() if outcome == "fail"] == []


def test_each_condition_of_the_category_gets_exactly_one_verdict() -> None:
    category = policy("wuxi-2022").category("demonstration")
    found = policy("wuxi-2022").evaluate(
        "demonstration", studio("demonstration"), date(2022, 10, 28)
    )
    assert [each.condition for each in found] == [each.id for each in category.conditions]


def test_four_members_are_told_in_a_sentence_for_the_reply() -> None:
    found = verdicts("wuxi-2022", "model_worker", studio(team__size=4), FILED)["team"]
    assert found.as_dict() == {
        "condition": "team",
        "kind": "team_size",
        "clause": "一（一）2",
        "text": "团队成员不少于5人",
        "outcome": "fail",
        "force": "required",
        "overridden": False,
        "sentence": "团队成员 4 人，不足 5 人（一（一）2）",
        "facts": {"found": 4, "needed": 5},
        "evidence": [],
    }


@pytest.mark.parametrize(
    ("honours", "outcome"),
    [
        ([honour("劳动模范", "city")], "pass"),
        ([honour("全国劳动模范", "nation")], "pass"),
        ([honour("劳动模范", "county")], "fail"),
        ([honour("五一劳动奖章", "province")], "pass"),
        ([honour("五一劳动奖章", "city")], "fail"),
        ([honour("先进个人", "nation")], "fail"),
        ([honour("劳动模范", "city", 2023)], "fail"),
        ([], "fail"),
        (None, "fail"),
    ],
)
def test_the_leader_needs_the_honour_at_its_level(honours: Any, outcome: str) -> None:
    dossier = studio(leader__honours=honours)
    assert outcomes("wuxi-2022", "model_worker", dossier, FILED)["leader"] == outcome


@pytest.mark.parametrize(
    ("named_on", "outcome", "told"),
    [
        ("2020-11-28", "fail", "满 1 年 11 个月，不足 2 年"),
        ("2020-10-29", "fail", "满 1 年 11 个月，不足 2 年"),
        ("2020-10-28", "pass", "满 2 年，达到 2 年"),
        ("2016-02-29", "pass", "满 6 年 7 个月，达到 2 年"),
    ],
)
def test_two_full_years_of_naming_are_counted_to_the_day(
    named_on: str, outcome: str, told: str
) -> None:
    namings = [naming("city", "无锡市劳模创新工作室", named_on)]
    found = verdicts("wuxi-2022", "demonstration", studio("demonstration", namings=namings), FILED)
    verdict = found["named_two_years"]
    words = (
        f"{named_on} 命名为市级无锡市劳模创新工作室或劳模创新工作室，至 {FILED} {told}（一（二）1）"
    )
    assert (verdict.outcome, verdict.sentence) == (outcome, words)


def test_an_outstanding_studio_passes_by_reason_and_approver() -> None:
    override = {"clause": "一（二）", "reason": "特别优秀", "approver": "主席办公会"}
    dossier = studio("demonstration", namings=[], overrides=[override])
    found = verdicts("wuxi-2022", "demonstration", dossier, FILED)["named_two_years"]
    assert (found.outcome, found.overridden, found.force) == ("pass", True, "in_principle")
    assert (found.facts["reason"], found.facts["approver"]) == ("特别优秀", "主席办公会")


@pytest.mark.parametrize(
    ("override", "field"),
    [
        ({"clause": "一（一）2", "reason": "好", "approver": "甲"}, "overrides[0].clause"),
        ({"clause": "一（二）1", "reason": " ", "approver": "甲"}, "overrides[0].reason"),
        ({"clause": "一（二）1", "reason": "好", "approver": ""}, "overrides[0].approver"),
    ],
)
def test_what_is_required_cannot_be_set_aside(override: dict[str, str], field: str) -> None:
    dossier = studio("demonstration", overrides=[override])
    with pytest.raises(Invalid) as refusal:
        verdicts("wuxi-2022", "demonstration", dossier, FILED)
    assert (refusal.value.code, refusal.value.field) == ("dossier_malformed", field)


@pytest.mark.parametrize(
    ("size", "frontline", "expected"),
    [
        (3, 1, ("pass", "pass")),
        (2, 1, ("fail", "pass")),
        (3, 0, ("pass", "fail")),
        (3, 4, ("pass", "fail")),
    ],
)
def test_a_workers_team_has_three_with_someone_from_the_front_line(
    size: int, frontline: int, expected: tuple[str, str]
) -> None:
    dossier = studio("worker", team__size=size, team__frontline=frontline)
    found = outcomes("wuxi-2022", "worker", dossier, FILED)
    assert (found["worker_team"], found["worker_frontline"]) == expected


@pytest.mark.parametrize(("count", "outcome"), [(2, "fail"), (3, "pass"), (5, "pass"), (6, "fail")])
def test_scene_photos_are_three_to_five(count: int, outcome: str) -> None:
    dossier = studio(materials__photo_scenes=photos(count))
    assert outcomes("wuxi-2022", "model_worker", dossier, FILED)["photo_scenes"] == outcome


def test_a_year_without_a_topic_is_named() -> None:
    dossier = studio(topics=[topic(2020), topic(2022), topic(2021, recognised=False)])
    found = verdicts("wuxi-2022", "model_worker", dossier, FILED)["topics"]
    assert found.facts["found"] == {"2020": 1, "2021": 0, "2022": 1}
    assert found.outcome == "fail"


def test_the_deadline_is_the_office_hour_of_a_friday() -> None:
    deadline = policy("wuxi-2022").deadline()
    assert deadline is not None
    assert deadline.instant() == datetime(2022, 10, 28, 9, 30, tzinfo=UTC)


def test_the_stages_end_with_a_notice_of_five_working_days_and_the_naming() -> None:
    found = policy("wuxi-2022")
    assert [each.id for each in found.stages] == [
        "unit",
        "first",
        "materials",
        "site_visit",
        "selection",
        "office_meeting",
        "publicity",
        "naming",
    ]
    assert [each.id for each in found.stages if each.ranking] == ["first"]
    assert [each.id for each in found.stages if each.more_candidates_than_places] == ["selection"]
    assert found.publicity is not None
    assert found.publicity.working_days == 5


def test_demonstration_studios_stay_outside_the_three_with_a_warning() -> None:
    found = policy("wuxi-2022")
    assert [(each.categories, each.cap, each.force) for each in found.quotas] == [
        (("model_worker",), 3, "in_principle"),
        (("worker",), 1, "in_principle"),
    ]
    assert found.quotas_for("demonstration") == ()
    assert "quota_silent_on_demonstration" in {each.code for each in found.warnings}


def test_an_unknown_category_lists_those_there_are() -> None:
    with pytest.raises(NotFound) as refusal:
        policy("wuxi-2022").category("station")
    assert refusal.value.details["categories"] == ["demonstration", "model_worker", "worker"]


def test_a_successor_is_checked_against_the_leaders_conditions_alone() -> None:
    found = policy("wuxi-2022").category("worker")
    assert [each.id for each in found.leader_conditions] == ["worker_leader"]
