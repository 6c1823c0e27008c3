"""Public notices, objections, naming, and what changes a named studio."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

import pytest

from domain.model.call import Call
from domain.model.notice import Notice
from domain.model.studio import Studio
from domain.values import Actor, Mandate, Money, Role
from tests.domain.desks.refusals import refused
from tests.domain.persons import at, uid
from tests.domain.world import JUDGED, Filed, World


def public(world: World) -> Mandate:
    world.requests += 1
    return Mandate(Actor(None, None), Role.PUBLIC, world.now, f"request {world.requests}")


def objects(world: World, notice: UUID, **more: Any) -> tuple[UUID, str]:
    given: dict[str, Any] = {"text": "材料不实", "objector": {"name": "李某", "phone": "137"}}
    return world.register.publicity.object(public(world), notice, **{**given, **more})


def finds(world: World, notice: UUID, objection: UUID, *, upheld: bool) -> None:
    world.register.publicity.close_objection(
        world.by("officer"), notice, objection, finding="经核查", upheld=upheld
    )


def test_a_notice_of_28_september_2022_ends_on_10_october(world: World) -> None:
    notice, filed = world.on_notice(world.opens())
    clock = world.get(Notice, notice).clock
    assert (clock.starts_on, clock.ends_on) == (date(2022, 9, 28), date(2022, 10, 10))
    assert clock.objections_until == at("2022-10-10", "23:59:59.999999")
    assert clock.calendar.startswith("2022：chinesecalendar")
    assert world.get(Studio, filed[0].studio).application(filed[0].application).clock == clock


def test_a_notice_shows_studio_unit_union_and_category_and_nothing_else(world: World) -> None:
    notice, _ = world.on_notice(world.opens())
    entry = world.get(Notice, notice).entries[0]
    assert {key: value for key, value in entry.items() if isinstance(value, str)} == {
        "name": "领衔人1创新工作室",
        "unit": "厂一",
        "recommender": "甲区",
        "category": "劳模创新工作室",
    }


def test_a_notice_is_one_commit_with_its_studios(world: World) -> None:
    call = world.opens()
    world.on_notice(call)
    topics, commits = world.topics(), world.commits()
    assert topics[-3:] == ["notice.posted", "studio.publicized", "studio.publicized"]
    assert len(set(commits[-3:])) == 1


def test_a_notice_cannot_begin_before_it_is_posted(world: World) -> None:
    call = world.opens()
    filed = world.candidates(call, "厂一", "厂二")
    world.selects(call, 1, filed[0])
    world.approves(call, filed[0])
    world.on("2022-09-28")
    refused(
        world,
        "starts_in_past",
        lambda: world.posts(call, filed[0], starts_on=date(2022, 9, 20)),
    )
    refused(world, "notice_empty", lambda: world.posts(call))


def test_a_period_that_reaches_a_year_without_a_gazette_is_refused(world: World) -> None:
    call = world.opens()
    filed = world.candidates(call, "厂一", "厂二")
    world.selects(call, 1, filed[0])
    world.approves(call, filed[0])
    world.on("2099-12-28")
    refused(world, "not_gazetted", lambda: world.posts(call, filed[0]))


def test_what_is_not_approved_is_not_posted(world: World) -> None:
    call = world.opens()
    filed = world.candidates(call, "厂一", "厂二")
    refused(world, "not_approved", lambda: world.posts(call, filed[0]))


def test_anyone_objects_and_the_name_waits_for_the_finding(world: World) -> None:
    notice, filed = world.on_notice(world.opens())
    objection, kind = objects(world, notice, studio=filed[0].studio)
    assert kind == "objection"
    world.on("2022-10-11")
    refused(world, "objections_open", lambda: world.names(filed[0], "1"))
    refused(world, "objections_open", lambda: world.names(filed[1], "2"))
    finds(world, notice, objection, upheld=False)
    world.names(filed[0], "1")


def test_an_upheld_objection_drops_one_and_the_other_is_named(world: World) -> None:
    call = world.opens()
    notice, filed = world.on_notice(call)
    objection, _ = objects(world, notice, studio=filed[0].studio)
    before = world.length()
    finds(world, notice, objection, upheld=True)
    assert world.topics(before + 1) == [
        "notice.objection_closed",
        "studio.objection_closed",
        "call.application_left",
    ]
    assert len(set(world.commits()[before:])) == 1
    world.on("2022-10-11").names(filed[1], "1")
    refused(world, "not_in_call", lambda: world.names(filed[0], "2"))


def test_the_replacement_needs_its_own_approval_and_its_own_notice(world: World) -> None:
    call = world.opens()
    notice, filed = world.on_notice(call)
    objection, _ = objects(world, notice, studio=filed[0].studio)
    finds(world, notice, objection, upheld=True)
    spare = filed[2]
    refused(world, "not_approved", lambda: world.posts(call, spare))
    world.selects(call, 2, spare)
    world.approves(call, spare)
    second = world.posts(call, spare)
    world.on("2022-10-11").names(filed[1], "1")
    assert world.get(Notice, second).clock.ends_on == date(2022, 10, 10)
    world.names(spare, "2")


def test_two_objections_to_one_studio_are_both_closed(world: World) -> None:
    call = world.opens()
    notice, filed = world.on_notice(call)
    objections = [objects(world, notice, studio=filed[0].studio)[0] for _ in range(2)]
    for each in objections:
        finds(world, notice, each, upheld=True)
    world.on("2022-10-11").names(filed[1], "1")


def test_an_objection_to_the_whole_list_holds_everybody(world: World) -> None:
    notice, filed = world.on_notice(world.opens())
    objection, _ = objects(world, notice)
    world.on("2022-10-11")
    for each in filed[:2]:
        refused(world, "objections_open", lambda each=each: world.names(each, "1"))
    refused(world, "restart_instead", lambda: finds(world, notice, objection, upheld=True))
    finds(world, notice, objection, upheld=False)
    world.names(filed[0], "1")


def test_a_lead_blocks_only_when_an_officer_adopts_it(world: World) -> None:
    notice, filed = world.on_notice(world.opens())
    lead, kind = objects(world, notice, studio=filed[0].studio, objector=None)
    assert kind == "lead"
    world.register.publicity.adopt(world.by("officer"), notice, lead, "有具体事实")
    world.on("2022-10-11")
    refused(world, "objections_open", lambda: world.names(filed[0], "1"))
    finds(world, notice, lead, upheld=False)
    world.names(filed[0], "1")


def test_a_letter_counts_from_the_day_it_arrived_and_only_an_officer_says_so(world: World) -> None:
    notice, filed = world.on_notice(world.opens())
    world.on("2022-10-11")
    refused(
        world,
        "role_required",
        lambda: objects(world, notice, received_at=at("2022-10-10", "23:00")),
    )
    for received, kind in [("2022-10-10", "objection"), ("2022-10-11", "complaint")]:
        _, found = world.register.publicity.object(
            world.by("officer"),
            notice,
            studio=filed[0].studio,
            text="来信",
            objector={"name": "王某"},
            received_at=at(received, "09:00"),
        )
        assert found == kind


def test_a_late_complaint_blocks_nothing(world: World) -> None:
    notice, filed = world.on_notice(world.opens())
    world.on("2022-10-11", "00:00")
    assert objects(world, notice, studio=filed[0].studio)[1] == "complaint"
    world.names(filed[0], "1")


@pytest.mark.parametrize(
    ("more", "code"), [({"text": " "}, "text_missing"), ({"studio": uid("x")}, "not_on_notice")]
)
def test_an_objection_is_refused(world: World, more: Any, code: str) -> None:
    notice, _ = world.on_notice(world.opens())
    refused(world, code, lambda: objects(world, notice, **more))


def test_a_finding_needs_words(world: World) -> None:
    notice, filed = world.on_notice(world.opens())
    objection, _ = objects(world, notice, studio=filed[0].studio)
    refused(
        world,
        "finding_missing",
        lambda: world.register.publicity.close_objection(
            world.by("officer"), notice, objection, finding=" ", upheld=False
        ),
    )


def test_an_outage_adds_working_days(world: World) -> None:
    notice, filed = world.on_notice(world.opens())
    world.register.publicity.extend(world.by("officer"), notice, days=2, reason="网站故障")
    clock = world.get(Notice, notice).clock
    assert (clock.ends_on, clock.days) == (date(2022, 10, 12), 7)
    world.on("2022-10-11")
    refused(world, "notice_running", lambda: world.names(filed[0], "1"))
    world.on("2022-10-13").names(filed[0], "1")


def test_an_outage_that_was_noticed_late_is_made_up_from_now_on(world: World) -> None:
    notice, filed = world.on_notice(world.opens())
    world.on("2022-10-20").register.publicity.extend(
        world.by("officer"), notice, days=1, reason="事后发现"
    )
    assert world.get(Notice, notice).clock.ends_on == date(2022, 10, 21)
    refused(world, "notice_running", lambda: world.names(filed[0], "1"))


def test_an_outage_of_no_days_is_refused(world: World) -> None:
    notice, _ = world.on_notice(world.opens())
    refused(
        world,
        "days_not_positive",
        lambda: world.register.publicity.extend(world.by("officer"), notice, days=0, reason="x"),
    )


def test_a_material_change_restarts_the_period_without_the_one_taken_out(world: World) -> None:
    call = world.opens()
    notice, filed = world.on_notice(call)
    objection, _ = objects(world, notice, studio=filed[0].studio)
    world.on("2022-10-08").register.publicity.restart(
        world.by("officer"), notice, reason="内容有误", without=[filed[0].studio]
    )
    found = world.get(Notice, notice)
    assert (found.studios, found.clock.ends_on) == ([filed[1].studio], date(2022, 10, 13))
    assert len(set(world.commits()[-3:])) == 1
    finds(world, notice, objection, upheld=False)
    world.on("2022-10-15").names(filed[1], "1")
    world.register.intake.withdraw(world.by("厂一"), filed[0].studio, filed[0].application, "x")


def test_a_notice_is_not_restarted_without_anybody(world: World) -> None:
    notice, filed = world.on_notice(world.opens())
    refused(
        world,
        "notice_empty",
        lambda: world.register.publicity.restart(
            world.by("officer"), notice, reason="x", without=[each.studio for each in filed[:2]]
        ),
    )


def test_a_studio_that_withdraws_during_the_notice_is_taken_off_first(world: World) -> None:
    call = world.opens()
    notice, filed = world.on_notice(call)
    intake = world.register.intake
    refused(
        world,
        "on_notice",
        lambda: intake.withdraw(world.by("厂一"), filed[0].studio, filed[0].application, "自愿"),
    )
    refused(
        world,
        "on_notice",
        lambda: world.register.naming.close(
            world.by("officer"), filed[0].studio, reason="x", on=world.now.date()
        ),
    )
    before = world.length()
    world.register.publicity.drop(
        world.by("officer"), notice, studio=filed[0].studio, reason="自愿撤回"
    )
    assert world.topics(before + 1) == ["notice.dropped", "studio.unlisted"]
    intake.withdraw(world.by("厂一"), filed[0].studio, filed[0].application, "自愿")
    world.on("2022-10-11").names(filed[1], "1")
    assert world.get(Call, call).entries[filed[0].application].state == "left"


def test_an_objection_upheld_after_the_studio_left_for_another_notice_ends_it_there_too(
    world: World,
) -> None:
    call = world.opens()
    notice, filed = world.on_notice(call)
    objection, _ = objects(world, notice, studio=filed[0].studio)
    world.register.publicity.drop(
        world.by("officer"), notice, studio=filed[0].studio, reason="另行公示"
    )
    second = world.posts(call, filed[0])
    finds(world, notice, objection, upheld=True)
    world.on("2022-10-11").register.publicity.complete(world.by("officer"), second)
    assert world.get(Notice, second).completed is True
    refused(world, "not_in_call", lambda: world.names(filed[0], "1"))


def test_an_ended_notice_is_completed_with_the_naming_in_one_commit(world: World) -> None:
    _, filed = world.on_notice(world.opens())
    before = world.on("2022-10-11").length()
    world.names(filed[0], "1")
    assert sorted(world.topics(before + 1)) == [
        "call.application_named",
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
    assert world.topics()[-2:] == ["call.application_named", "studio.upgraded"]


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


def test_a_letter_entered_after_the_notice_was_completed_still_holds_whoever_is_not_named(
    world: World,
) -> None:
    notice, filed = world.on_notice(world.opens())
    world.on("2022-10-11").names(filed[0], "1")
    letters = [
        world.register.publicity.object(
            world.by("officer"),
            notice,
            studio=each.studio,
            text="来信",
            objector={"name": "王某"},
            received_at=at("2022-10-10", "09:00"),
        )[0]
        for each in filed[:2]
    ]
    refused(world, "objections_open", lambda: world.names(filed[1], "2"))
    finds(world, notice, letters[0], upheld=True)
    assert world.get(Studio, filed[0].studio).naming("1").status == "active"
    finds(world, notice, letters[1], upheld=False)
    world.names(filed[1], "2")
