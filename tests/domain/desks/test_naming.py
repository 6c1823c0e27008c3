"""Naming after the notice, and what changes a named studio."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from domain.desks.claims import number_of
from domain.errors import Stale
from domain.model.call import Call
from domain.model.studio import Studio
from domain.values import Money
from tests.domain.desks.refusals import refused
from tests.domain.rules import dossier
from tests.domain.world import JUDGED, Filed, World


def test_an_ended_notice_is_completed_with_the_naming_in_one_commit(world: World) -> None:
    _, filed = world.on_notice(world.opens())
    before = world.on("2022-10-11").length()
    world.names(filed[0], "1")
    assert sorted(world.topics(before + 1)) == [
        "call.application_named",
        "claim.made",
        "notice.completed",
        "studio.named",
        "studio.publicity_completed",
        "studio.publicity_completed",
    ]
    assert len(set(world.commits()[before:])) == 1


def test_several_are_named_in_one_decision_each_with_its_number(world: World) -> None:
    call = world.opens()
    _, filed = world.on_notice(call)
    world.on("2022-10-11")

    def names(first: str, second: str) -> None:
        world.register.naming.name_all(
            world.by("officer"),
            call,
            numbers={filed[0].application: first, filed[1].application: second},
            document="测〔2022〕9号",
        )

    refused(world, "number_used", lambda: names("1", "1"))
    names("1", "2")
    assert world.get(Call, call).numbers == {"1", "2"}


def test_a_number_is_given_once_in_a_federation_whatever_the_call_and_studio(
    world: World,
) -> None:
    world.named("厂一", "2022-1")
    other = world.opens("rolling")
    filed = world.applies(other, "厂二")
    world.recommends(filed)
    world.approves(other, filed)
    for number in ("2022-1", " 2022-1 "):
        refused(world, "number_used", lambda number=number: world.names(filed, number))

    def records(number: str) -> None:
        world.register.naming.record_naming(
            world.by("officer"),
            filed.studio,
            policy="full",
            category="worker",
            number=number,
            document="旧〔2019〕3号",
            on=date(2019, 6, 1),
        )

    refused(world, "number_used", lambda: records("2022-1"))
    records("2019-3")
    refused(world, "number_used", lambda: world.names(filed, "2019-3"))
    world.names(filed, "2022-2")


def test_of_two_who_give_one_number_at_the_same_moment_one_is_told_to_try_again(
    world: World,
) -> None:
    filed = world.named("厂一", "2022-1")
    mandate, made = world.by("officer"), []
    for _ in range(2):
        place = world.places["city"]
        made.append(number_of(world.register, mandate, place, "2022-9", filed.studio))
    world.register.save(made[0])
    with pytest.raises(Stale):
        world.register.save(made[1])


def test_a_name_on_the_last_day_of_the_notice_is_refused(world: World) -> None:
    _, filed = world.on_notice(world.opens())
    world.on("2022-10-10", "23:59")
    refused(world, "notice_running", lambda: world.names(filed[0], "1"))
    world.on("2022-10-12")
    refused(
        world,
        "notice_running",
        lambda: world.names(filed[0], "1", on=date(2022, 10, 10)),
    )


def test_without_notice_and_meeting_there_is_no_name(world: World) -> None:
    call = world.opens()
    filed = world.candidates(call, "厂一", "厂二")
    refused(world, "not_approved", lambda: world.names(filed[0], "1"))
    world.selects(call, 1, filed[0])
    world.approves(call, filed[0])
    refused(world, "not_publicized", lambda: world.names(filed[0], "1"))


def risen(world: World, day: str) -> Filed:
    filed = world.named()
    call = world.on(day).opens("rolling", amounts={"demonstration": Money(900)})
    return world.applies(
        call, studio=filed.studio, category="demonstration", leader="领衔人1", namings=[]
    )


def test_after_two_full_years_a_studio_rises_to_the_higher_category(world: World) -> None:
    filed = risen(world, "2024-09-01")
    world.recommends(filed)
    world.approves(world.get(Studio, filed.studio).application(filed.application).call, filed)
    world.names(filed, "2024-1")
    studio = world.get(Studio, filed.studio)
    assert (studio.naming("2022-1").status, studio.naming("2024-1").status) == (
        "upgraded",
        "active",
    )
    assert world.topics()[-3:] == ["call.application_named", "studio.upgraded", "claim.made"]


def test_a_day_less_than_two_years_is_not_enough(world: World) -> None:
    filed = risen(world, "2024-08-31")
    world.reviews(filed, "unit", "厂一")
    refused(
        world, "override_required", lambda: world.reviews(filed, "first", "甲区", judgements=JUDGED)
    )


def test_named_years_are_inherited_by_decision_only(world: World) -> None:
    old = world.named()
    links = [{"studio": old.studio, "inherits": True, "decision": "并〔2024〕1号"}]
    world.on("2024-10-01")
    for predecessors, outcome in [(links, "pass"), ([{**links[0], "inherits": False}], "fail")]:
        studio = world.register.intake.register_studio(
            world.by("officer"),
            unit=world.places["厂一"],
            name="领衔人9创新工作室",
            leader={"name": "领衔人9"},
            founded_on=None,
            predecessors=predecessors,
        )
        filed = world.applies(
            world.opens("rolling"),
            studio=studio,
            category="demonstration",
            leader="领衔人9",
            namings=[],
        )
        verdicts = world.get(Studio, studio).application(filed.application).verdicts
        assert [v["outcome"] for v in verdicts if v["condition"] == "named"] == [outcome]


def test_a_new_leader_is_checked_and_brings_the_new_name_in_one_commit(world: World) -> None:
    filed = world.named()

    def succeeds(honour: str, name: str | None) -> None:
        world.register.naming.change_leader(
            world.by("officer"),
            filed.studio,
            leader={"name": "李工", "phone": "138"},
            facts={"honours": [{"name": honour, "level": "city", "year": 2020}]},
            reason="退休",
            name=name,
        )

    refused(world, "clause_failed", lambda: succeeds("先进个人", "李工创新工作室"))
    refused(world, "name_pattern", lambda: succeeds("劳动模范", None))
    refused(world, "name_pattern", lambda: succeeds("劳动模范", "张工创新工作室"))
    before = world.length()
    succeeds("劳动模范", "李工创新工作室")
    assert world.topics(before + 1) == ["studio.leader_changed", "studio.renamed"]
    assert len(set(world.commits()[before:])) == 1
    assert world.get(Studio, filed.studio).naming("2022-1").status == "active"


def test_the_unit_reports_that_its_leader_went_and_the_city_decides_what_follows(
    world: World,
) -> None:
    filed, naming = world.named(), world.register.naming

    def goes(who: str) -> None:
        today = world.now.date()
        naming.open_leader_change(
            world.by(who), filed.studio, why="retired", on=today, reason="到龄", number="2022-1"
        )

    refused(world, "outside_scope", lambda: goes("厂二"))
    refused(world, "role_required", lambda: goes("auditor"))
    goes("厂一")
    refused(world, "leader_case_open", lambda: goes("甲区"))
    for who in ("厂一", "甲区"):
        refused(
            world,
            "role_required",
            lambda who=who: naming.close_leader_change(world.by(who), filed.studio, reason="返聘"),
        )
    naming.close_leader_change(world.by("officer"), filed.studio, reason="返聘")
    goes("甲区")
    world.register.naming.change_leader(
        world.by("officer"),
        filed.studio,
        leader={"name": "李工"},
        facts={"honours": [{"name": "劳动模范", "level": "city", "year": 2020}]},
        reason="接任",
        name="李工创新工作室",
    )
    assert world.get(Studio, filed.studio).leader_case is None
    assert world.topics()[-5:] == [
        "studio.leader_change_opened",
        "studio.leader_change_closed",
        "studio.leader_change_opened",
        "studio.leader_changed",
        "studio.renamed",
    ]


def test_a_name_that_the_rule_prescribes_is_not_changed_freely(world: World) -> None:
    filed = world.named()
    naming = world.register.naming
    refused(
        world,
        "name_pattern",
        lambda: naming.rename(world.by("officer"), filed.studio, name="第一工作室", reason="x"),
    )
    plain = world.named("厂二", "2022-2", category="worker")
    naming.rename(world.by("officer"), plain.studio, name="第一工作室", reason="更名")
    assert world.get(Studio, plain.studio).name == "第一工作室"


def test_a_plaque_is_given_where_the_category_has_one(world: World) -> None:
    filed, plain = world.named(), world.named("厂二", "2022-2", category="worker")
    naming = world.register.naming
    naming.issue_plaque(world.by("officer"), filed.studio, "2022-1", plaque="1")
    refused(
        world,
        "no_plaque",
        lambda: naming.issue_plaque(world.by("officer"), plain.studio, "2022-2", plaque="2"),
    )


@pytest.mark.parametrize("how", ["merge", "close"])
def test_the_end_of_a_studio_frees_its_unpaid_money(world: World, how: str) -> None:
    filed, other = world.named(), world.named("厂二", "2022-2")
    fund = world.fund(4_000_000)
    world.grants(filed, fund)
    before = world.length()
    if how == "merge":
        world.register.naming.merge(
            world.by("officer"),
            filed.studio,
            successor=other.studio,
            decision="并",
            on=world.now.date(),
        )
    else:
        world.register.naming.close(
            world.by("officer"), filed.studio, reason="注销", on=world.now.date()
        )
    ended = {"merge": "studio.merged", "close": "studio.closed"}[how]
    assert world.topics(before + 1) == [ended, "studio.grant_cancelled", "fund.released"]
    assert len(set(world.commits()[before:])) == 1


def test_nothing_merges_into_a_studio_that_ended(world: World) -> None:
    filed, other = world.named(), world.named("厂二", "2022-2")
    naming, today = world.register.naming, world.now.date()
    naming.close(world.by("officer"), other.studio, reason="注销", on=today)
    refused(
        world,
        "studio_ended",
        lambda: naming.merge(
            world.by("officer"), filed.studio, successor=other.studio, decision="并", on=today
        ),
    )


def test_a_name_from_before_the_register_is_entered_by_its_document(world: World) -> None:
    studio = world.register.intake.register_studio(
        world.by("officer"),
        unit=world.places["厂一"],
        name="张工创新工作室",
        leader={"name": "张工"},
        founded_on=None,
    )

    def records(number: str, category: str = "model_worker") -> None:
        world.register.naming.record_naming(
            world.by("officer"),
            studio,
            policy="full",
            category=category,
            number=number,
            document="旧〔2019〕2号",
            on=date(2019, 5, 1),
        )

    records("2019-3")
    refused(world, "already_named", lambda: records("2019-4"))
    refused(world, "category_not_found", lambda: records("2019-5", "市长"))
    assert world.get(Studio, studio).naming("2019-3").federation == world.places["city"]


def test_only_the_city_that_named_decides_about_the_name(world: World) -> None:
    filed = world.named()
    for who in ("甲区", "厂一", "auditor"):
        refused(
            world,
            "role_required",
            lambda who=who: world.register.naming.close(
                world.by(who), filed.studio, reason="x", on=world.now.date()
            ),
        )


def test_a_dossier_and_the_register_agree_on_the_founding_day(world: World) -> None:
    filed = world.named()
    assert world.get(Studio, filed.studio).founded_on == date(2018, 5, 1)
    call = world.opens("rolling")

    def told(day: str) -> dict[str, Any]:
        about = {"name": "领衔人1创新工作室", "founded_on": day}
        return {**dossier("领衔人1"), "studio": about}

    def applies(day: str) -> Filed:
        return Filed(
            *world.register.intake.apply(
                world.by("厂一"),
                call=call,
                category="worker",
                dossier=told(day),
                studio=filed.studio,
            )
        )

    refusal = refused(world, "founding_differs", lambda: applies("2016-05-01"))
    assert refusal.details == {"registered": "2018-05-01"}
    naming = world.register.naming
    corrected = {"founded_on": date(2016, 5, 1), "reason": "成立文件"}
    for who in ("厂一", "甲区"):
        refused(
            world,
            "role_required",
            lambda who=who: naming.date_founding(world.by(who), filed.studio, **corrected),
        )
    naming.date_founding(world.by("officer"), filed.studio, **corrected)
    again = applies("2016-05-01")
    refused(
        world,
        "founding_differs",
        lambda: world.register.intake.amend(
            world.by("厂一"), again.studio, again.application, dossier=told("2018-05-01")
        ),
    )


def test_the_unit_its_union_and_the_city_survey_a_studio(world: World) -> None:
    filed, survey = world.named(), world.register.ledgers.survey
    facts = {"year": 2022, "grade": "甲类", "findings": "运行正常"}
    for who in ("厂一", "甲区", "officer"):
        survey(world.by(who), filed.studio, **facts)
    told = [event.assessor for event in world.events() if event.TOPIC == "studio.surveyed"]
    assert told == ["unit_union", "recommending_union", "city"]
    refused(world, "outside_scope", lambda: survey(world.by("乙区"), filed.studio, **facts))
    refused(world, "role_required", lambda: survey(world.by("auditor"), filed.studio, **facts))
