"""The yearly assessment: campaigns, three failures in one commit, correction and reinstatement."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from domain.desks.assessments import Result
from domain.model.campaign import Campaign, campaign_id
from domain.model.fund import Fund
from domain.model.studio import Studio
from domain.values import Actor, Money
from tests.domain.desks.refusals import refused
from tests.domain.rules import policy, rolling, rule
from tests.domain.world import Filed, World, close, compose


@pytest.fixture
def ruled(database_url: str) -> Iterator[Any]:
    """Makes a world whose rolling policy has another assessment."""
    made: list[World] = []

    def make(**changes: Any) -> World:
        made.append(compose(database_url, policy(), rolling(assessment=rule(**changes))))
        return made[-1]

    yield make
    for each in made:
        close(each)


def status(world: World, filed: Filed, number: str = "2022-1") -> str:
    found: str = world.get(Studio, filed.studio).naming(number).status
    return found


def corrects(world: World, filed: Filed, check: Any, grade: str, who: str = "officer") -> None:
    world.register.assessments.correct(
        world.by(who),
        filed.studio,
        number="2022-1",
        check=check,
        grade=grade,
        reason="计分有误",
        document="更〔2026〕1号",
    )


def test_the_third_failing_ends_name_grant_and_commitment_in_one_commit(world: World) -> None:
    filed, fund = world.named(), world.fund(4_000_000)
    grant = world.grants(filed, fund)
    world.pays(filed, grant, Money(1_000_000))
    world.fails(filed, 2023, 2024)
    before = world.length()
    world.on("2025-12-20").checks(filed, 2025)
    assert world.topics(before + 1) == [
        "studio.annually_checked",
        "studio.failed_three_years",
        "studio.de_named",
        "studio.grant_cancelled",
        "fund.released",
    ]
    assert world.positions() == list(range(1, before + 6))
    assert len(set(world.commits()[before:])) == 1
    assert (status(world, filed), world.get(Fund, fund).free) == ("de_named", Money(3_000_000))


def test_two_studios_de_named_in_one_filing_release_the_same_fund(world: World) -> None:
    first, second = world.named(), world.named("厂二", "2022-2")
    fund = world.fund(8_000_000)
    world.grants(first, fund)
    world.grants(second, fund, number="2022-2", payee="厂二")
    results = [
        Result(first.studio, "2022-1", "unqualified"),
        Result(second.studio, "2022-2", "unqualified"),
    ]
    for year in (2023, 2024, 2025):
        world.on(f"{year}-12-20").register.assessments.check_many(
            world.by("甲区"), year=year, results=results
        )
    assert world.topics()[-2:] == ["fund.released", "fund.released"]
    found = world.get(Fund, fund)
    assert (found.free, found.committed) == (Money(8_000_000), Money(0))


def test_many_results_are_all_filed_or_none(world: World) -> None:
    filed = world.named()
    world.on("2023-12-20")
    refused(
        world,
        "grade_unknown",
        lambda: world.register.assessments.check_many(
            world.by("甲区"),
            year=2023,
            results=[
                Result(filed.studio, "2022-1", "qualified"),
                Result(filed.studio, "2022-1", "splendid"),
            ],
        ),
    )


def test_late_and_out_of_order_results_complete_the_run_all_the_same(world: World) -> None:
    filed = world.named()
    world.on("2026-02-01")
    for year in (2025, 2023, 2024):
        world.checks(filed, year)
    checked = [e for e in world.events() if e.TOPIC == "studio.annually_checked"]
    assert [(e.year, e.late, e.received_on) for e in checked] == [
        (year, True, date(2026, 2, 1)) for year in (2025, 2023, 2024)
    ]
    assert status(world, filed) == "de_named"


def test_only_the_city_says_when_a_paper_arrived(world: World) -> None:
    filed = world.named()
    world.on("2024-01-05")
    refused(
        world,
        "received_by_city",
        lambda: world.checks(filed, 2023, received_on=date(2023, 12, 30)),
    )
    world.checks(filed, 2023, who="officer", received_on=date(2023, 12, 30))
    assert world.events()[-2].late is False


def test_two_assessors_disagree_and_the_city_governs(world: World) -> None:
    filed = world.named()
    world.on("2023-12-20").checks(filed, 2023, "unqualified")
    world.checks(filed, 2023, "qualified", who="officer")
    naming = world.get(Studio, filed.studio).naming("2022-1")
    assert (sorted(naming.checks[2023]), naming.results()) == (
        ["city", "recommending_union"],
        {2023: False},
    )


def test_the_citys_result_after_a_de_naming_opens_a_case_that_reinstates(world: World) -> None:
    filed = world.named()
    world.fails(filed, 2023, 2024, 2025)
    before = world.length()
    world.checks(filed, 2025, "qualified", who="officer")
    assert world.topics(before + 1) == [
        "studio.annually_checked",
        "studio.reinstatement_case_opened",
    ]
    world.register.assessments.reinstate(
        world.by("officer"), filed.studio, number="2022-1", document="复1号", reason="x"
    )
    assert status(world, filed) == "active"


def test_a_unit_assesses_itself_without_deciding_anything(world: World) -> None:
    filed = world.named()
    for year in (2023, 2024, 2025):
        world.on(f"{year}-12-20").checks(filed, year, who="厂一")
    assert status(world, filed) == "active"


@pytest.mark.parametrize(
    ("who", "code"),
    [("乙区", "outside_scope"), ("厂二", "outside_scope"), ("auditor", "role_required")],
)
def test_a_stranger_does_not_assess(world: World, who: str, code: str) -> None:
    filed = world.named()
    world.on("2023-12-20")
    refused(world, code, lambda: world.checks(filed, 2023, who=who))


def test_a_correction_that_completes_a_run_ends_the_name_and_frees_the_money(world: World) -> None:
    filed, fund = world.named(), world.fund(4_000_000)
    world.grants(filed, fund)
    world.fails(filed, 2023)
    check = world.on("2024-12-20").checks(filed, 2024, "qualified")
    world.fails(filed, 2025)
    before = world.length()
    corrects(world, filed, check, "unqualified")
    assert world.topics(before + 1) == [
        "studio.check_corrected",
        "studio.failed_three_years",
        "studio.de_named",
        "studio.grant_cancelled",
        "fund.released",
    ]


def test_a_correction_that_breaks_the_run_is_decided_by_an_officer(world: World) -> None:
    filed = world.named()
    checks = world.fails(filed, 2023, 2024, 2025)
    refused(world, "role_required", lambda: corrects(world, filed, checks[1], "qualified", "甲区"))
    corrects(world, filed, checks[1], "qualified")
    assert world.topics()[-1] == "studio.reinstatement_case_opened"
    world.register.assessments.reinstate(
        world.by("officer"),
        filed.studio,
        number="2022-1",
        document="复1号",
        reason="x",
        accepted=False,
    )
    assert status(world, filed) == "de_named"


def test_after_a_de_naming_the_count_starts_at_zero_under_a_new_number(world: World) -> None:
    filed = world.named()
    world.fails(filed, 2023, 2024, 2025)
    call = world.on("2026-03-01").opens("rolling")
    again = world.applies(call, studio=filed.studio, leader="领衔人1")
    world.recommends(again)
    world.approves(call, again)
    refused(world, "number_used", lambda: world.names(again, "2022-1"))
    world.names(again, "2026-1")
    world.fails(filed, 2027, 2028, number="2026-1")
    assert [status(world, filed, number) for number in ("2022-1", "2026-1")] == [
        "de_named",
        "active",
    ]


def test_a_cooling_off_is_a_setting_of_the_pack(ruled: Any) -> None:
    world = ruled(cooling_off_years=1)
    filed = world.named()
    world.fails(filed, 2023, 2024, 2025)
    call = world.on("2026-03-01").opens("rolling")
    refused(
        world, "cooling_off", lambda: world.applies(call, studio=filed.studio, leader="领衔人1")
    )
    world.on("2026-12-20").applies(call, studio=filed.studio, leader="领衔人1")


def test_where_the_pack_only_proposes_an_officer_revokes_and_the_money_is_freed(ruled: Any) -> None:
    world = ruled(revocation="proposed")
    filed, fund = world.named(), world.fund(4_000_000)
    world.grants(filed, fund)
    world.fails(filed, 2023, 2024, 2025)
    assert (world.topics()[-1], status(world, filed)) == ("studio.failed_three_years", "active")
    before = world.length()
    world.register.assessments.revoke(
        world.by("officer"), filed.studio, number="2022-1", document="撤1号", reason="x"
    )
    assert world.topics(before + 1) == [
        "studio.de_named",
        "studio.grant_cancelled",
        "fund.released",
    ]


def opens(world: World, year: int = 2023, policy: str = "rolling") -> Any:
    return world.register.assessments.open(
        world.by("officer"), federation=world.places["city"], policy=policy, year=year
    )


def ends(world: World, campaign: Any, *filed: tuple[Filed, str]) -> list[Any]:
    return world.register.assessments.close(
        world.by("officer"), campaign, namings=[(each.studio, number) for each, number in filed]
    )


def test_a_campaign_closes_with_those_that_were_never_assessed(world: World) -> None:
    first, second = world.named(), world.named("厂二", "2022-2")
    campaign = opens(world.on("2023-11-01"))
    world.checks(first, 2023, "qualified")
    world.on("2024-01-05")
    before = world.length()
    missed = ends(world, campaign, (first, "2022-1"), (second, "2022-2"))
    assert missed == [second.studio]
    assert sorted(world.topics(before + 1)) == ["campaign.closed", "studio.assessment_missed"]
    assert len(set(world.commits()[before:])) == 1


def test_a_campaign_does_not_call_anyone_missing_before_the_due_day(world: World) -> None:
    filed = world.named()
    campaign = opens(world.on("2023-11-01"))
    refused(world, "campaign_running", lambda: ends(world, campaign, (filed, "2022-1")))


def test_a_year_that_does_not_count_is_not_missing(world: World) -> None:
    filed = world.named()
    campaign = opens(world.on("2022-11-01"), 2022)
    assert ends(world.on("2023-01-05"), campaign, (filed, "2022-1")) == []


def rule_of(world: World) -> Any:
    return replace(world.setup, actor=Actor(None, None, "考核按期开始"))


def test_the_rule_opens_a_campaign_and_nobody_opens_it_twice(world: World) -> None:
    about = {"federation": world.places["city"], "policy": "rolling", "year": 2023}
    desk = world.on("2023-10-02").register.assessments
    opened = desk.open(rule_of(world), **about)
    assert (opened, world.events()[-1].by.rule) == (
        campaign_id(world.places["city"], "rolling", 2023),
        "考核按期开始",
    )
    refused(world, "campaign_open", lambda: desk.open(world.by("officer"), **about))
    refused(world, "campaign_open", lambda: desk.open(rule_of(world), **about))
    refused(world, "role_required", lambda: desk.open(world.by("甲区"), **{**about, "year": 2022}))


def test_the_rule_closes_a_campaign_when_its_time_is_over(world: World) -> None:
    filed = world.named()
    campaign = opens(world.on("2023-11-01"))
    world.on("2024-04-01").register.assessments.close(
        rule_of(world), campaign, namings=[(filed.studio, "2022-1")]
    )
    assert world.topics()[-2:] == ["campaign.closed", "studio.assessment_missed"]


def test_a_large_campaign_closes_in_several_commits_and_goes_on_where_it_was_cut_off(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("domain.desks.closing.BATCH", 2)
    filed = [world.named(f"厂{unit}", f"2022-{n}") for n, unit in enumerate("一二三一二", 1)]
    namings = [(each.studio, f"2022-{n}") for n, each in enumerate(filed, 1)]
    campaign = opens(world.on("2023-11-01"))
    desk, before = world.on("2024-01-05").register.assessments, world.length()

    def cut_off() -> Any:
        yield from namings[:4]
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        desk.close(world.by("officer"), campaign, namings=cut_off())
    assert world.topics(before + 1) == [
        "campaign.missing_recorded",
        "studio.assessment_missed",
        "studio.assessment_missed",
    ]
    missed = desk.close(world.by("officer"), campaign, namings=namings)
    assert missed == [each.studio for each in filed[2:]]
    assert world.topics().count("studio.assessment_missed") == 5
    assert (world.topics().count("campaign.closed"), world.get(Campaign, campaign).missing) == (
        1,
        5,
    )
    assert len(set(world.commits()[before:])) == 3


def test_both_namings_of_a_studio_can_be_missed(world: World) -> None:
    filed = world.named()
    world.register.naming.record_naming(
        world.by("officer"),
        filed.studio,
        policy="rolling",
        category="demonstration",
        number="旧-1",
        document="旧文",
        on=date(2021, 5, 1),
    )
    campaign = opens(world.on("2023-11-01"))
    missed = ends(world.on("2024-01-05"), campaign, (filed, "2022-1"), (filed, "旧-1"))
    assert missed == [filed.studio, filed.studio]
    naming = world.get(Studio, filed.studio).naming
    assert [list(naming(number).missed) for number in ("2022-1", "旧-1")] == [[2023], [2023]]


def test_where_the_pack_assesses_every_other_year_nothing_is_missing_in_between(
    ruled: Any,
) -> None:
    world = ruled(every_years=2)
    filed = world.named()
    world.on("2023-12-20").checks(filed, 2023, "qualified")
    campaign = opens(world.on("2024-11-01"), 2024)
    assert ends(world.on("2025-01-05"), campaign, (filed, "2022-1")) == []
    campaign = opens(world.on("2025-11-01"), 2025)
    assert ends(world.on("2026-01-05"), campaign, (filed, "2022-1")) == [filed.studio]


def test_of_many_results_those_that_may_be_filed_are_and_the_others_are_told(
    world: World,
) -> None:
    first, second, third = (world.named(f"厂{u}", f"2022-{n}") for n, u in enumerate("一二三", 1))
    world.fails(first, 2023, 2024)
    desk = world.on("2025-12-20").register.assessments
    desk.check(world.by("officer"), year=2025, result=Result(second.studio, "2022-2", "qualified"))
    results = [
        Result(first.studio, "2022-1", "unqualified"),
        Result(second.studio, "2022-2", "qualified"),
        Result(third.studio, "2022-3", "splendid"),
        Result(third.studio, "2022-3", "qualified"),
    ]
    before = world.length()
    tried = desk.check_each(world.by("officer"), year=2025, results=results, keep=False)
    assert world.length() == before
    done = desk.check_each(world.by("officer"), year=2025, results=results)
    for outcome in (tried, done):
        assert (outcome.recorded, outcome.de_named) == (2, 1)
        assert {at: refusal.code for at, refusal in outcome.refused.items()} == {
            1: "already_checked",
            2: "grade_unknown",
        }
    assert len(set(world.commits()[before:])) == 1
    assert status(world, first) == "de_named"


def test_a_missing_year_that_counts_as_failing_ends_the_name_and_frees_the_money(
    ruled: Any,
) -> None:
    world = ruled(missing_year="fails")
    filed, fund = world.named(), world.fund(4_000_000)
    world.grants(filed, fund)
    world.fails(filed, 2023, 2024)
    campaign = opens(world.on("2025-11-01"), 2025)
    before = world.on("2026-01-05").length()
    ends(world, campaign, (filed, "2022-1"))
    assert sorted(world.topics(before + 1)) == [
        "campaign.closed",
        "fund.released",
        "studio.assessment_missed",
        "studio.de_named",
        "studio.failed_three_years",
        "studio.grant_cancelled",
    ]
    assert len(set(world.commits()[before:])) == 1


def test_unions_file_once_and_late_is_marked(world: World) -> None:
    campaign = opens(world.on("2023-11-01"))
    assessments, union = world.register.assessments, world.places["甲区"]
    world.on("2024-01-02").register.assessments.file(world.by("甲区"), campaign, union=union)
    assert world.get(Campaign, campaign).filings == {union: date(2024, 1, 2)}
    assert world.events()[-1].late is True
    refused(
        world, "already_filed", lambda: assessments.file(world.by("甲区"), campaign, union=union)
    )
    refused(
        world, "outside_scope", lambda: assessments.file(world.by("乙区"), campaign, union=union)
    )
    refused(
        world,
        "received_by_city",
        lambda: assessments.file(
            world.by("乙区"),
            campaign,
            union=world.places["乙区"],
            received_on=date(2023, 12, 31),
        ),
    )
    assessments.file(
        world.by("officer"),
        campaign,
        union=world.places["乙区"],
        received_on=date(2023, 12, 31),
    )
    assert world.events()[-1].late is False


def test_the_city_files_for_nobody_elses_union(world: World) -> None:
    campaign = opens(world.on("2023-11-01"))
    elsewhere = world.register.directory.found(world.setup, name="他市总工会", code="x")
    refused(
        world,
        "outside_scope",
        lambda: world.register.assessments.file(world.by("officer"), campaign, union=elsewhere),
    )


def test_a_campaign_is_opened_once_for_a_year_that_has_come(world: World) -> None:
    opens(world.on("2023-11-01"))
    refused(world, "campaign_open", lambda: opens(world))
    refused(world, "year_in_future", lambda: opens(world, 2024))
    refused(world, "policy_unknown", lambda: opens(world, policy="nowhere"))
    refused(
        world,
        "not_a_federation",
        lambda: world.register.assessments.open(
            world.by("officer"), federation=world.places["甲区"], policy="rolling", year=2023
        ),
    )


def test_a_policy_without_assessment_assesses_nobody(database_url: str) -> None:
    world = compose(database_url, policy(), rolling(assessment=None))
    filed = world.named()
    world.on("2023-12-20")
    refused(world, "no_assessment", lambda: world.checks(filed, 2023))
    close(world)


def test_a_studio_checks_itself_and_its_rectification_is_judged(world: World) -> None:
    filed = world.named()
    assessments = world.register.assessments
    assessments.self_check(
        world.on("2023-07-01").by("厂一"),
        filed.studio,
        number="2022-1",
        year=2023,
        period="上半年",
        summary="好",
    )
    world.fails(filed, 2023)
    refused(
        world,
        "role_required",
        lambda: assessments.rectify(
            world.by("厂一"),
            filed.studio,
            number="2022-1",
            year=2023,
            accepted=True,
            findings="已改",
        ),
    )
    assessments.rectify(
        world.by("甲区"), filed.studio, number="2022-1", year=2023, accepted=True, findings="已改"
    )
    assert world.topics()[-1] == "studio.rectified"
    assert world.get(Studio, filed.studio).naming("2022-1").results() == {2023: True}


def test_the_ledgers_are_kept_by_the_unit(world: World) -> None:
    filed = world.named()
    ledgers, today = world.register.ledgers, world.now.date()
    member = ledgers.join(
        world.by("厂一"),
        filed.studio,
        member={"name": "赵师傅", "id_number": "3600"},
        duty="攻关",
        frontline=True,
        on=today,
    )
    ledgers.part(world.by("厂一"), filed.studio, member=member, reason="调离", on=today)
    ledgers.record_achievement(
        world.by("厂一"), filed.studio, title="夹具", kind="专利", recognised_by="局", on=today
    )
    ledgers.record_activity(
        world.by("厂一"), filed.studio, title="培训", kind="培训", participants=9, on=today
    )
    ledgers.sign_apprenticeship(
        world.by("厂一"),
        filed.studio,
        master={"name": "张工"},
        apprentice={"name": "小钱"},
        starts_on=today,
        ends_on=date(2024, 9, 1),
        duties="x",
        plan="y",
    )
    assert [topic.split(".")[1] for topic in world.topics()[-5:]] == [
        "member_joined",
        "member_left",
        "achievement_recorded",
        "activity_recorded",
        "apprenticeship_signed",
    ]
    refused(
        world,
        "outside_scope",
        lambda: ledgers.record_activity(
            world.by("厂二"), filed.studio, title="x", kind="x", participants=1, on=today
        ),
    )
