"""The journeys of 九工通〔2023〕24号."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from domain.values import Money
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

FILED = "2023-08-10"
NAMED = naming(
    "city", "全市示范性劳模（工匠）创新工作室", "2020-01-01", studio_name="样例劳模创新工作室"
)


def rows(**more: Any) -> list[dict[str, Any]]:
    return [{"year": year, **more} for year in (2020, 2021, 2022)]


def sources(*amounts: int | None) -> list[dict[str, Any]]:
    return [{"funder": f"单位{at}", "amount": each} for at, each in enumerate(amounts)]


def proof(**more: Any) -> list[dict[str, Any]]:
    return [{"name": "证明.pdf", **more}]


GOOD: dict[str, Any] = {
    "studio.name": "样例劳模创新工作室",
    "studio.founded_on": "2020-08-10",
    "studio.existing_body": False,
    "leader.honours": [honour("劳动模范", "province")],
    "results": [{"name": "专利", "recognised_on": "2022-06-01"}],
    "namings": [NAMED],
    "materials.form": {
        **photos(1),
        "copies": 3,
        "paper": "A3",
        "double_sided": True,
        "bound": True,
    },
    "materials.text": photos(1),
    "materials.film": {"files": [{"name": "介绍.mp4", "minutes": 5}]},
    "materials.photo_plaque": photos(1),
    "materials.photo_layout": photos(1),
    "materials.photo_rules": photos(1),
    "form.funding.years": rows(amount=500, sources=sources(500)),
    "form.economy.years": rows(income=300, savings=200, total=500),
    "form.training.total": 1,
    "form.training.list": [{"name": "某某", "when": "2021-05", "what": "技师"}],
    "form.members.list": [
        {
            "name": "某某",
            "gender": "男",
            "birth_year": 1980,
            "education": "本科",
            "title": "工程师",
            "department": "车间",
            "work": "设计",
        }
    ],
    "form.summary.text": "字" * 1000,
    "proofs": {
        "basics.named_by": proof(),
        "innovation": proof(),
        "training": proof(),
        "leader.honours": proof(),
        "economy.years": proof(original=True, finance_seal=True),
    },
}


def studio(changes: dict[str, Any] | None = None) -> dict[str, Any]:
    return changed(filled("jiujiang-2023", "studio"), {**GOOD, **(changes or {})})


def one(condition: str, changes: dict[str, Any], on: str = FILED) -> tuple[str, str]:
    found = verdicts("jiujiang-2023", "studio", studio(changes), on)[condition]
    return found.outcome, found.sentence


def test_a_good_dossier_fails_nothing() -> None:
    found = outcomes("jiujiang-2023", "studio", studio(), FILED)
    assert [name for name, outcome in found.items() if outcome == "fail"] == []


@pytest.mark.parametrize(("count", "outcome"), [(999, "fail"), (1000, "pass")])
def test_the_account_of_results_has_a_thousand_characters(count: int, outcome: str) -> None:
    text = " \n".join("字" * count)
    assert one("summary", {"form.summary.text": text})[0] == outcome


def test_a_text_too_short_says_by_how_much() -> None:
    found = one("summary", {"form.summary.text": "字" * 999})
    assert found == ("fail", "“业绩简介” 999 字，不足 1000 字（附件1）")


@pytest.mark.parametrize(
    ("recognised_on", "outcome"),
    [
        ("2021-12-31", "fail"),
        ("2022-01-01", "pass"),
        ("2023-08-10", "pass"),
        ("2023-08-11", "fail"),
        (None, "fail"),
    ],
)
def test_a_result_counts_if_recognised_in_2022_or_2023_up_to_filing(
    recognised_on: str | None, outcome: str
) -> None:
    results = [{"name": "专利", "recognised_on": recognised_on}]
    assert one("results", {"results": results})[0] == outcome


@pytest.mark.parametrize(("founded", "outcome"), [("2020-08-10", "pass"), ("2020-08-11", "fail")])
def test_three_years_of_running_are_exact(founded: str, outcome: str) -> None:
    assert one("running", {"studio.founded_on": founded})[0] == outcome


def test_only_what_the_city_named_can_rise_and_not_what_the_province_named() -> None:
    assert one("city_named", {"namings": []})[0] == "fail"
    province = naming("province", "江西省劳模创新工作室", "2019-01-01")
    assert one("not_province_named", {"namings": [NAMED, province]})[0] == "fail"


def test_a_revoked_naming_counts_no_more() -> None:
    gone = {**NAMED, "revoked_on": "2022-01-01"}
    assert one("city_named", {"namings": [gone]})[0] == "fail"


def test_the_leaders_honour_is_in_principle_and_can_be_set_aside() -> None:
    override = {"clause": "一（一）1", "reason": "行业领军人才", "approver": "市总工会"}
    dossier = studio({"leader.honours": [honour("劳动模范", "city")]})
    found = verdicts("jiujiang-2023", "studio", {**dossier, "overrides": [override]}, FILED)
    assert (found["leader"].outcome, found["leader"].overridden) == ("pass", True)


def test_a_preference_never_bars() -> None:
    found = verdicts("jiujiang-2023", "studio", studio({"choices.preferred_industry": []}), FILED)
    verdict = found["preferred_industry"]
    assert (verdict.outcome, verdict.force, verdict.bars) == ("fail", "preferred", False)


@pytest.mark.parametrize(
    ("rows_given", "outcome"),
    [
        (rows(amount=500, sources=sources(500)), "pass"),
        (rows(amount=500, sources=sources(None)), "pass"),
        (rows(amount=500, sources=sources(300, 200)), "pass"),
        (rows(amount=500, sources=sources(300, None)), "fail"),
        (rows(amount=500, sources=sources(300, 100)), "fail"),
        (None, "fail"),
    ],
)
def test_two_funders_state_their_amounts(rows_given: Any, outcome: str) -> None:
    assert one("funders", {"form.funding.years": rows_given})[0] == outcome


def test_a_year_missing_or_given_twice_is_named() -> None:
    given = rows(amount=1, sources=sources(1))
    assert one("three_years", {"form.funding.years": [*given[:2], given[0]]}) == (
        "fail",
        "“经费投入（万元）”缺 2022 年；“经费投入（万元）”2020 年重复填写（附件1填表说明4）",
    )


def test_a_wrong_total_is_corrected() -> None:
    given = rows(income=300, savings=200, total=500)
    given[1]["total"] = 600
    assert one("totals", {"form.economy.years": given}) == (
        "fail",
        "“经济效益（万元）”2021 年合计填 6.00 元，应为 5.00 元（附件1）",
    )


@pytest.mark.parametrize(
    ("given", "outcome"),
    [
        (proof(original=True, finance_seal=True), "pass"),
        (proof(original=True, finance_seal=False), "fail"),
        (proof(), "fail"),
        (None, "fail"),
    ],
)
def test_economic_benefit_needs_the_original_with_the_finance_seal(
    given: Any, outcome: str
) -> None:
    proofs = {**GOOD["proofs"], "economy.years": given}
    assert one("starred", {"proofs": proofs})[0] == outcome


def test_everyone_trained_is_listed() -> None:
    assert one("trainees", {"form.training.total": 2}) == (
        "fail",
        "“培养人才总数”填 2 人，名单只列 1 人（附件1填表说明6）",
    )


SIGNED = {"text": "同意", "signed": True, "sealed": True}
EMPTY = {"text": None, "signed": None, "sealed": None}


@pytest.mark.parametrize(
    ("unit", "city", "industry", "outcome"),
    [
        (SIGNED, SIGNED, None, "pass"),
        (SIGNED, None, SIGNED, "pass"),
        (SIGNED, None, EMPTY, "needs_human"),
        (SIGNED, {**SIGNED, "sealed": False}, None, "fail"),
        ({**SIGNED, "signed": False}, SIGNED, None, "fail"),
        (None, SIGNED, None, "fail"),
    ],
)
def test_the_unit_and_one_union_above_sign(
    unit: Any, city: Any, industry: Any, outcome: str
) -> None:
    opinions = {"unit": unit, "city": city, "industry": industry}
    assert one("opinions", {"opinions": opinions})[0] == outcome


@pytest.mark.parametrize(
    ("minutes", "outcome"), [(3.9, "fail"), (4, "pass"), (5, "pass"), (6, "pass"), (6.1, "fail")]
)
def test_the_film_is_about_five_minutes(minutes: float, outcome: str) -> None:
    film = {"files": [{"name": "介绍.mp4", "minutes": minutes}]}
    assert one("film", {"materials.film": film})[0] == outcome


def test_two_copies_on_the_wrong_paper_are_told_at_once() -> None:
    paper = {**GOOD["materials.form"], "copies": 2, "paper": "A4"}
    assert one("form", {"materials.form": paper}) == (
        "fail",
        "江西省劳模创新工作室推荐申报表（附件1）：纸质 2 份，不足 3 份；应使用 A3 纸（附件1填表说明11）",
    )


def test_the_name_is_written_as_it_was_named() -> None:
    assert one("name_as_named", {"studio.name": "样例创新工作室"}) == (
        "fail",
        "工作室名称“样例创新工作室”与命名名称“样例劳模创新工作室”不一致（附件1填表说明1）",
    )


def test_a_station_has_its_own_form_and_conditions() -> None:
    dossier = changed(
        filled("jiujiang-2023", "station"),
        {"studio.founded_on": "2022-08-10", "materials.form": photos(1), "team.resident": 1},
    )
    found = outcomes("jiujiang-2023", "station", dossier, FILED)
    assert [name for name, outcome in found.items() if outcome == "fail"] == []
    later = changed(dossier, {"studio.founded_on": "2022-08-11", "team.resident": 0})
    failed = outcomes("jiujiang-2023", "station", later, FILED)
    assert [name for name, outcome in failed.items() if outcome == "fail"] == [
        "station_staff",
        "station_running",
    ]


def test_studio_and_station_share_one_cap_in_principle() -> None:
    found = policy("jiujiang-2023").quotas
    assert [(each.categories, each.cap, each.per, each.force) for each in found] == [
        (("studio", "station"), 1, "unit", "in_principle")
    ]


def test_the_subsidies_are_forty_and_a_hundred_thousand_yuan() -> None:
    found = {each.id: each.subsidy for each in policy("jiujiang-2023").categories}
    amounts = {name: each.amount for name, each in found.items() if each}
    assert amounts == {"studio": Money(4_000_000), "station": Money(10_000_000)}


def test_the_deadline_lasts_the_whole_day() -> None:
    deadline = policy("jiujiang-2023").deadline()
    assert deadline is not None
    assert deadline.late == "refused"
    assert deadline.instant() == datetime(2023, 8, 10, 15, 59, 59, 999999, tzinfo=UTC)
