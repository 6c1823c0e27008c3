"""Wuxi 2022: quotas in principle, the clauses' numbers, the deadline's last second, the notice, naming, money."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest

from tests.journeys.conftest import Build
from tests.journeys.steps import apply, approve, judged, recommend, where
from tests.journeys.town import Branch, Person, Reply, Town, branch

POLICY = "wuxi-2022"
MODEL, DEMONSTRATION = "model_worker", "demonstration"
USES = {"equipment": "购置设备", "training": "技能培训"}


@dataclass
class Story:
    """The town on an autumn day of 2022, with the call open."""

    town: Town
    officer: Person
    branch: Branch
    call: str

    def apply(self, unit: int = 0, category: str = MODEL, **but: Any) -> Reply:
        return apply(self.town, self.branch.units[unit], self.call, POLICY, category, **but)

    def recommend(self, applied: Reply, unit: int = 0, reason: str | None = None) -> Reply:
        return recommend(self.branch.units[unit], self.branch, applied, reason=reason)

    def verdict(self, applied: Reply, condition: str) -> dict[str, Any]:
        """What the register recorded about one condition."""
        events = self.town.house.register.recorder.select_events(_uuid(applied["studio"]))
        decode = self.town.house.register.mapper.to_domain_event
        filed = next(e for e in map(decode, events) if type(e).__name__ == "Applied")
        found: dict[str, Any] = next(v for v in filed.verdicts if v["condition"] == condition)
        return found


def _uuid(text: str) -> Any:
    from uuid import UUID

    return UUID(text)


@pytest.fixture
def story(build_town: Build) -> Story:
    town = build_town("2022-10-20 09:00:00")
    officer = town.officer()
    places = branch(town, "滨湖区总工会", units=5)
    amounts = {MODEL: 3_000_000, DEMONSTRATION: 5_000_000, "worker": 2_000_000}
    call = officer.do(
        "/calls",
        policy=POLICY,
        title="2022 年无锡市创新工作室",
        federation=town.city,
        amounts=amounts,
        uses=USES,
    )["call"]
    return Story(town, officer, places, call)


def to_notice(story: Story, *applied: Reply) -> str:
    """Recommended, ranked, reviewed, selected among one more, decided, and posted on 2022-12-28."""
    order = [each["application"] for each in applied]
    story.branch.officer.do(
        f"/calls/{story.call}/rank", union=story.branch.id, category=MODEL, order=order
    )
    answers = judged(story.town, POLICY, MODEL, story.town.dossier(POLICY, MODEL))
    for each in applied:
        approve(story.town, story.officer, each, ["materials", "site_visit"], answers)
    chosen = order[: len(order) - 1]
    selection = {"places": len(chosen), "chosen": chosen, "opinion": "择优"}
    story.officer.do(f"/calls/{story.call}/select", category=MODEL, **selection)
    decision = {"outcome": "passed", "opinion": "同意", "document": "纪要〔2022〕12号"}
    story.officer.do(
        f"/calls/{story.call}/reviews", applications=chosen, stage="office_meeting", **decision
    )
    story.town.clock.set("2022-12-28 10:00:00")
    return story.officer.do("/notices", call=story.call, applications=chosen, media="江苏工人报")[
        "notice"
    ]


def two_recommended(story: Story) -> tuple[Reply, Reply]:
    first, second = story.apply(0), story.apply(1)
    assert story.recommend(first, 0).status == 200
    assert story.recommend(second, 1).status == 200
    return first, second


def name(story: Story, applied: Reply) -> Reply:
    return story.officer.post(
        f"{where(applied)}/name", number="锡工劳模〔2023〕1", document="锡工发〔2023〕3号"
    )


def test_the_fourth_candidate_needs_a_reason_which_is_then_shown(story: Story) -> None:
    applied = [story.apply(unit) for unit in range(4)]
    for unit in range(3):
        assert story.recommend(applied[unit], unit).status == 200
    asked = story.recommend(applied[3], 3)
    assert asked.refusal == (422, "reason_required")
    assert (asked.body["field"], asked.body["clause"]) == ("reason", "二")
    assert asked.body["details"] == {"quota": MODEL, "cap": 3, "count": 4}
    reason = "获省部级表彰，本区唯一"
    accepted = story.branch.officer.do(
        f"{where(applied[3])}/reviews",
        stage="first",
        outcome="passed",
        opinion="同意",
        reason=reason,
    )
    assert accepted.body["events"] == ["studio.reviewed", "call.application_recommended"]
    entry = story.officer.get(f"/calls/{story.call}/applications").body["items"]
    shown = {each["id"]: each["quota_reason"] for each in entry}
    assert shown[applied[3]["application"]] == reason


@pytest.mark.parametrize(("size", "outcome"), [(4, "fail"), (5, "pass")])
def test_a_team_of_four_fails_and_of_five_passes(story: Story, size: int, outcome: str) -> None:
    applied = story.apply(team__size=size)
    verdict = story.verdict(applied, "team")
    assert (verdict["outcome"], verdict["clause"]) == (outcome, "一（一）2")
    answer = story.recommend(applied)
    expected = (422, "clause_failed") if outcome == "fail" else None
    assert (answer.refusal if answer.status != 200 else None) == expected


def named(on: str) -> list[dict[str, str]]:
    return [{"level": "city", "name": "无锡市劳模创新工作室", "on": on}]


def test_a_demonstration_studio_one_month_short_passes_only_as_outstanding(story: Story) -> None:
    applied = story.apply(category=DEMONSTRATION, namings=named("2020-11-20"))
    verdict = story.verdict(applied, "named_two_years")
    assert (verdict["outcome"], verdict["facts"]["found_months"]) == ("fail", 23)
    assert story.recommend(applied).refusal == (422, "override_required")
    unit = story.branch.units[0].union
    waiver = {"condition": "named_two_years", "reason": "特别优秀：获国家科技进步奖"}
    assert unit.post(f"{where(applied)}/overrides", **waiver).status == 403
    story.branch.officer.do(f"{where(applied)}/overrides", **waiver)
    passed = story.branch.officer.post(
        f"{where(applied)}/reviews", stage="first", outcome="passed", opinion="同意"
    )
    assert passed.status == 200


def test_the_deadline_lasts_to_its_last_second(story: Story) -> None:
    story.town.clock.set("2022-10-28 17:30:00")
    assert story.apply(0).status == 201
    story.town.clock.set("2022-10-28 17:30:01")
    late = story.apply(1)
    assert late.refusal == (422, "deadline_passed")
    assert late.body["message"] == "申报已于 2022-10-28 17:30:00 截止，逾期不再接受"


def test_a_notice_of_five_working_days_holds_naming_until_it_is_over(story: Story) -> None:
    first, second = two_recommended(story)
    notice = to_notice(story, first, second)
    shown = story.town.public.get(f"/notices/{notice}").body
    assert (shown["starts_on"], shown["ends_on"]) == ("2022-12-28", "2023-01-05")
    story.town.clock.set("2023-01-05 23:59:00")
    raised = story.town.public.post(
        f"/notices/{notice}/objections",
        text="该工作室成果归属存疑",
        studio=first["studio"],
        objector={"name": "钱某", "phone": "13800000000"},
    )
    assert (raised.status, raised["kind"]) == (201, "objection")
    assert name(story, first).refusal == (409, "notice_running")
    story.town.clock.set("2023-01-06 09:00:00")
    assert name(story, first).refusal == (409, "objections_open")
    story.officer.do(
        f"/notices/{notice}/objections/{raised['objection']}/close",
        finding="经核查，成果归属清楚",
        upheld=False,
    )
    assert name(story, first).status == 200


def test_naming_is_refused_on_the_last_day_and_accepted_on_the_next(story: Story) -> None:
    first, second = two_recommended(story)
    to_notice(story, first, second)
    story.town.clock.set("2023-01-05 10:00:00")
    assert name(story, first).refusal == (409, "notice_running")
    story.town.clock.set("2023-01-06 00:00:00")
    assert name(story, first).status == 200


def test_money_follows_naming_once_for_each_payer(story: Story) -> None:
    first, second = two_recommended(story)
    to_notice(story, first, second)
    fund = story.officer.do(
        "/funds", name="2022 年劳模工作室补助", payer=story.town.city, year=2022, source="city"
    )["fund"]
    story.officer.do(f"/funds/{fund}/appropriate", amount=10_000_000, document="锡工财〔2022〕9号")
    unit = story.branch.units[0].id
    decision = {
        "number": "锡工劳模〔2023〕1",
        "fund": fund,
        "amount": 3_000_000,
        "document": "锡工发〔2023〕5号",
        "payee": {
            "organisation": unit,
            "account_name": "滨湖区总工会第1公司",
            "bank": "某某银行",
            "account_number": "6200000000000000",
        },
    }
    grants = f"/studios/{first['studio']}/grants"
    assert story.officer.post(grants, **decision).refusal == (404, "naming_unknown")
    story.town.clock.set("2023-01-06 09:00:00")
    assert name(story, first).status == 200
    grant = story.officer.do(grants, **decision)["grant"]
    assert story.officer.post(grants, **decision).refusal == (422, "duplicate_grant")
    cashier = story.town.officer()
    payment = {"amount": 3_000_000, "voucher": "凭证 1"}
    early = cashier.post(f"{grants}/{grant}/payments", **payment, on="2023-01-05")
    assert early.refusal == (409, "payment_before_naming")
    same = story.officer.post(f"{grants}/{grant}/payments", **payment)
    assert same.refusal == (403, "same_person")
    assert cashier.post(f"{grants}/{grant}/payments", **payment).status == 201


def test_a_reviewer_of_the_same_unit_is_recused_and_that_is_recorded(story: Story) -> None:
    first, second = two_recommended(story)
    order = [first["application"], second["application"]]
    story.branch.officer.do(
        f"/calls/{story.call}/rank", union=story.branch.id, category=MODEL, order=order
    )
    colleague = story.town.person("city_officer", story.town.city, home=story.branch.units[0].id)
    score = {"stage": "materials", "points": 90, "opinion": "好"}
    before = story.town.length
    refused = colleague.post(f"{where(first)}/scores", **score)
    assert refused.refusal == (403, "recused")
    assert story.town.length == before + 1
    assert colleague.post(f"{where(second)}/scores", **score).status == 200
