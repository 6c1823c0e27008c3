"""Ways around a rule that look harmless one by one: each of them is closed, and tells the way out."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from domain.errors import DomainError
from domain.model.studio import Studio
from domain.policy.terms import QuotaRow
from domain.values import Money
from tests.domain.desks.refusals import refused
from tests.domain.persons import at
from tests.domain.rules import policy, quota, rolling
from tests.domain.world import JUDGED, Filed, World, close, compose

FIVE = {"demonstration": Money(5)}


def de_named(world: World) -> tuple[Filed, list[Any]]:
    """A studio that failed in 2023, 2024 and 2025, and its checks."""
    filed = world.named()
    return filed, world.fails(filed, 2023, 2024, 2025)


def broken_run(world: World, filed: Filed, check: Any) -> None:
    world.register.assessments.correct(
        world.by("officer"),
        filed.studio,
        number="2022-1",
        check=check,
        grade="qualified",
        reason="计分有误",
        document="更〔2026〕1号",
    )


def reinstates(world: World, filed: Filed, *, accepted: bool = True) -> None:
    world.register.assessments.reinstate(
        world.by("officer"),
        filed.studio,
        number="2022-1",
        document="复〔2026〕1号",
        reason="更正后不再连续",
        accepted=accepted,
    )


def approved_rise(world: World, filed: Filed) -> Filed:
    """The studio's application for the higher category, waiting to be named."""
    call = world.opens("rolling", amounts=FIVE)
    rising = world.applies(call, studio=filed.studio, category="demonstration")
    world.recommends(rising)
    world.approves(call, rising)
    return rising


@pytest.mark.parametrize("who", ["tied", "from union", "甲区亲属"])
def test_nobody_tied_to_the_applicant_approves_an_exception_for_it(world: World, who: str) -> None:
    filed = world.applies(world.opens(), category="demonstration")
    world.reviews(filed, "unit", "厂一")

    def overrides(who: str) -> None:
        world.register.review.override(
            world.by(who), filed.studio, filed.application, condition="named", reason="特别优秀"
        )

    before = world.length()
    with pytest.raises(DomainError) as refusal:
        overrides(who)
    assert refusal.value.code == "recused"
    assert world.topics(before + 1) == ["studio.reviewer_recused"]
    overrides("officer")


def test_a_name_comes_back_only_where_its_place_is_still_free(world: World) -> None:
    filed, checks = de_named(world)
    world.on("2026-03-01")
    call = world.opens("rolling")
    again = world.applies(call, studio=filed.studio)
    world.recommends(again)
    world.approves(call, again)
    world.names(again, "2026-1")
    broken_run(world, filed, checks[1])
    refused(world, "already_named", lambda: reinstates(world, filed))
    reinstates(world, filed, accepted=False)
    namings = world.get(Studio, filed.studio).namings
    assert {number: naming.status for number, naming in namings.items()} == {
        "2022-1": "de_named",
        "2026-1": "active",
    }


def test_a_studio_that_ended_gets_no_name_back(world: World) -> None:
    filed, checks = de_named(world)
    broken_run(world, filed, checks[1])
    world.register.naming.close(
        world.by("officer"), filed.studio, reason="单位撤销", on=date(2025, 12, 20)
    )
    refused(world, "studio_ended", lambda: reinstates(world, filed))
    reinstates(world, filed, accepted=False)


def test_a_name_lost_during_the_application_carries_no_higher_one(world: World) -> None:
    filed = world.named()
    world.fails(filed, 2023, 2024)
    rising = approved_rise(world.on("2025-03-01"), filed)
    world.fails(filed, 2025)
    refused(world, "lower_name_ended", lambda: world.names(rising, "2025-1"))


def test_a_dossier_does_not_bring_back_a_naming_that_the_register_ended(world: World) -> None:
    filed, _ = de_named(world)
    call = world.on("2026-03-01").opens("rolling", amounts=FIVE)

    def judged(**told: str) -> str:
        claim = {"level": "city", "name": "城市称号", "on": "2021-01-01", **told}
        rising = world.applies(call, studio=filed.studio, category="demonstration", namings=[claim])
        found = world.get(Studio, filed.studio).application(rising.application)
        world.register.intake.withdraw(
            world.by("厂一"), rising.studio, rising.application, "再核对"
        )
        return next(v["outcome"] for v in found.verdicts if v["condition"] == "named")

    assert judged(on="2022-09-01") == "fail"
    assert judged(document="测〔2022〕9号") == "fail"
    assert judged(name="劳模创新工作室") == "fail"
    assert judged() == "pass"


def test_a_call_without_deadline_takes_a_named_studio_again(world: World) -> None:
    call = world.opens("rolling", amounts=FIVE)
    filed = world.applies(call)
    refused(world, "application_open", lambda: world.applies(call, studio=filed.studio))
    world.recommends(filed)
    world.approves(call, filed)
    world.names(filed, "2022-1")
    rising = world.on("2024-09-02").applies(call, studio=filed.studio, category="demonstration")
    world.recommends(rising)
    world.approves(call, rising)
    world.names(rising, "2024-1")
    assert world.get(Studio, filed.studio).namings["2022-1"].status == "upgraded"


def test_a_studio_in_the_procedure_is_not_named_around_it(world: World) -> None:
    _, filed = world.on_notice(world.opens())

    def records() -> None:
        world.register.naming.record_naming(
            world.by("officer"),
            filed[0].studio,
            policy="full",
            category="model_worker",
            number="旧-1",
            document="旧〔2022〕1号",
            on=date(2022, 9, 28),
        )

    refused(world, "application_open", records)


def test_a_row_for_one_category_leaves_the_general_cap_for_the_others(database_url: str) -> None:
    rows = (QuotaRow(union="甲", cap=3, categories=("model_worker",)),)
    both = quota("both", 1, "recommending_union", "hard", "model_worker", "worker", rows=rows)
    world = compose(database_url, policy(quotas=(both,)), rolling())
    call = world.opens(unions={"甲": world.places["甲区"]})
    first, second = (world.applies(call, unit, category="worker") for unit in ("厂一", "厂二"))
    world.recommends(first)
    world.reviews(second, "unit", "厂二")
    refused(
        world, "quota_exceeded", lambda: world.reviews(second, "first", "甲区", judgements=JUDGED)
    )
    world.recommends(world.applies(call, "厂三"))
    close(world)


def test_the_city_ranks_what_it_reviewed_first_itself(world: World) -> None:
    call = world.opens()
    filed = world.applies(call, "直属")
    world.reviews(filed, "unit", "直属")
    world.reviews(filed, "first", judgements=JUDGED)
    refused(world, "ranking_missing", lambda: world.reviews(filed, "materials"))

    def ranks(who: str) -> None:
        world.register.calls.rank(
            world.by(who),
            call,
            union=world.places["city"],
            category="model_worker",
            order=[filed.application],
        )

    refused(world, "outside_scope", lambda: ranks("甲区"))
    ranks("officer")
    world.reviews(filed, "materials")


def test_a_letter_that_came_before_the_period_began_anew_still_counts(world: World) -> None:
    notice, filed = world.on_notice(world.opens())
    world.on("2022-10-09").register.publicity.restart(
        world.by("officer"), notice, reason="名单更正"
    )

    def enters(day: str) -> str:
        _, kind = world.register.publicity.object(
            world.by("officer"),
            notice,
            text="业绩不实",
            studio=filed[0].studio,
            objector={"name": "某人"},
            received_at=at(day),
        )
        return kind

    world.on("2022-10-11")
    refused(world, "received_before_notice", lambda: enters("2022-09-27"))
    assert enters("2022-09-28") == "objection"


@pytest.mark.parametrize("member", [{"duty": "钳工"}, {"name": " "}, {"name": 7}])
def test_nobody_without_a_name_is_entered(world: World, member: dict[str, Any]) -> None:
    filed = world.named()
    refusal = refused(
        world,
        "name_missing",
        lambda: world.register.ledgers.join(
            world.by("厂一"),
            filed.studio,
            member=member,
            duty="试验",
            frontline=True,
            on=date(2022, 9, 1),
        ),
    )
    assert refusal.field == "name"
