"""What other cities' notices lay down holds in the life of a studio too, not only in its dossier."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time
from typing import Any

from domain.model.call import Call
from domain.model.studio import Studio
from domain.policy.money import Subsidy
from domain.policy.terms import Deadline, Stage
from domain.values import Money
from tests.domain.desks.refusals import refused
from tests.domain.rules import CATEGORIES, rolling, rule
from tests.domain.world import Filed, close, compose

LIMITED = Subsidy(least=Money(1_000_000), most=Money(10_000_000), clause="十", text="1万至10万元")
WITHIN = (replace(CATEGORIES[0], subsidy=LIMITED), *CATEGORIES[1:])


def stage(id: str, by: str) -> Stage:
    return Stage(id=id, name=id, by=by, clause="三", text=id)


def test_a_call_under_a_yearly_deadline_ends_on_the_next_one(database_url: str) -> None:
    yearly = Deadline(
        id="filing",
        every_year="03-31",
        closes_at=time(17),
        late="refused",
        clause="九",
        text="三月底前",
    )
    world = compose(database_url, rolling(deadlines=(yearly,)))
    before = world.get(Call, world.on("2023-03-31").opens("rolling"))
    after = world.get(Call, world.on("2023-04-01").opens("rolling"))
    assert [before.deadline, after.deadline] == [
        datetime(2023, 3, 31, 9, tzinfo=UTC),
        datetime(2024, 3, 31, 9, tzinfo=UTC),
    ]
    close(world)


def test_a_call_stays_within_the_limits_of_the_notice(database_url: str) -> None:
    world = compose(database_url, rolling(categories=WITHIN))

    def opens(fen: int) -> Any:
        return world.opens("rolling", amounts={"model_worker": Money(fen)})

    refusal = refused(world, "amount_differs", lambda: opens(10_000_001))
    assert refusal.details["limit"] == 10_000_000
    assert world.get(Call, opens(10_000_000)).amounts["model_worker"] == Money(10_000_000)
    close(world)


def test_a_grant_beyond_the_limits_has_to_be_answered_for(database_url: str) -> None:
    world = compose(database_url, rolling(categories=WITHIN))
    filed, fund = world.named(), world.fund()
    refusal = refused(
        world, "amount_differs", lambda: world.grants(filed, fund, amount=Money(10_000_001))
    )
    assert refusal.details == {"standards": [10_000_000]}
    world.grants(filed, fund, amount=Money(10_000_000))
    close(world)


def test_experts_and_a_county_have_their_stages(database_url: str) -> None:
    stages = (
        stage("unit", "unit_union"),
        stage("first", "recommending_union"),
        stage("expert_review", "county"),
        stage("presentation", "county"),
        stage("office_meeting", "county"),
        stage("naming", "county"),
    )
    world = compose(database_url, rolling(level="county", stages=stages))
    filed = world.applies(world.opens("rolling"))
    world.recommends(filed)
    refused(world, "role_required", lambda: world.reviews(filed, "expert_review", "甲区"))
    world.reviews(filed, "expert_review")
    world.reviews(filed, "presentation")
    found = world.get(Studio, filed.studio).application(filed.application)
    assert found.next_stage == "office_meeting"
    close(world)


def named(database_url: str, **settings: Any) -> tuple[Any, Filed]:
    world = compose(database_url, rolling(assessment=rule(**settings)))
    return world, world.on("2022-06-01").named()


def test_two_failures_in_all_end_a_name_with_a_good_year_between(database_url: str) -> None:
    world, filed = named(database_url, counting="in_all", failures_to_revoke=2)
    world.fails(filed, 2023)
    world.on("2024-12-20").checks(filed, 2024, "qualified")
    world.fails(filed, 2025)
    [ended] = [event for event in world.events() if event.TOPIC == "studio.de_named"]
    assert ended.reason == "2023、2025 年度累计 2 年考核不合格"
    [failed] = [event for event in world.events() if event.TOPIC == "studio.failed_three_years"]
    assert failed.years == [2023, 2025]
    close(world)


def test_a_notice_without_a_number_orders_rectification_and_ends_nothing(database_url: str) -> None:
    world, filed = named(database_url, failures_to_revoke=0)
    world.fails(filed, 2023, 2024, 2025, 2026)
    naming = world.get(Studio, filed.studio).naming("2022-1")
    assert (naming.status, sorted(naming.rectifications)) == ("active", [2023, 2024, 2025, 2026])
    assert naming.on == date(2022, 6, 1)
    close(world)
