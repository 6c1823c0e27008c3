"""From the opening of a call to its end: filing, quotas, ranking, selection, overrides."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import pytest

from domain.model.call import Call
from domain.model.studio import Studio
from domain.sealed import Sealed
from domain.values import Money
from tests.domain.desks.refusals import refused
from tests.domain.persons import at, uid
from tests.domain.rules import dossier, policy, quota, rolling, rows
from tests.domain.world import JUDGED, World, close, compose


@pytest.fixture
def shaped(database_url: str) -> Iterator[Any]:
    """Makes a world under other rules."""
    made: list[World] = []

    def make(**changes: Any) -> World:
        made.append(compose(database_url, policy(**changes), rolling()))
        return made[-1]

    yield make
    for each in made:
        close(each)


def test_a_call_keeps_what_the_notice_said(world: World) -> None:
    call = world.get(Call, world.opens())
    assert call.deadline == datetime(2022, 10, 28, 9, 30, tzinfo=UTC)
    assert call.amounts == {"model_worker": Money(4_000_000)}
    assert call.uses == {"equipment": "设备", "training": "培训"}
    assert [stage["id"] for stage in call.stages][:3] == ["unit", "first", "materials"]


def test_the_call_sets_the_amount_that_the_notice_leaves_open(world: World) -> None:
    call = world.get(Call, world.opens(amounts={"demonstration": Money(7)}))
    assert call.amounts == {"model_worker": Money(4_000_000), "demonstration": Money(7)}
    refused(world, "no_subsidy", lambda: world.opens(amounts={"worker": Money(7)}))


def test_what_the_notice_states_is_not_changed_by_the_call(world: World) -> None:
    refused(
        world, "amount_differs", lambda: world.opens(amounts={"model_worker": Money(3_000_000)})
    )
    same = {"model_worker": Money(4_000_000)}
    assert world.get(Call, world.opens(amounts=same)).amounts == same


def test_another_deadline_than_the_notices_needs_a_reason(world: World) -> None:
    later = at("2022-11-15", "17:30")

    def opens(reason: str | None) -> UUID:
        return world.opens(deadline=later, reason=reason)

    refused(world, "deadline_differs", lambda: opens(None))
    call = world.get(Call, opens("与省级推荐同步"))
    assert (call.deadline, call.deadline_reason) == (later, "与省级推荐同步")
    assert world.topics()[-2:] == ["call.opened", "call.deadline_explained"]
    assert world.get(Call, world.opens()).deadline_reason is None


@pytest.mark.parametrize(
    ("first", "last", "right"),
    [
        (date(2022, 9, 1), None, True),
        (date(2022, 9, 2), None, False),
        (None, date(2022, 9, 1), True),
        (None, date(2022, 8, 31), False),
        (date(2022, 1, 1), date(2022, 12, 31), True),
    ],
)
def test_a_call_opens_while_its_policy_is_in_effect(
    shaped: Any, first: date | None, last: date | None, right: bool
) -> None:
    world = shaped(effective_from=first, effective_to=last)
    if right:
        world.opens()
        return
    refusal = refused(world, "policy_not_effective", world.opens)
    assert refusal.details == {
        "effective_from": first.isoformat() if first else None,
        "effective_to": last.isoformat() if last else None,
    }
    assert str(first or last) in refusal.message


def test_an_unknown_policy_opens_nothing(world: World) -> None:
    refused(world, "policy_unknown", lambda: world.opens("nowhere-1949"))


def test_an_application_is_one_commit_of_studio_and_call(world: World) -> None:
    call = world.opens()
    before = world.length()
    filed = world.applies(call)
    assert world.topics(before + 1) == [
        "studio.registered",
        "studio.applied",
        "call.application_entered",
    ]
    assert len(set(world.commits()[before:])) == 1
    found = world.get(Studio, filed.studio).application(filed.application)
    assert found.stages == ["unit", "first", "materials", "selection", "office_meeting"]
    assert [verdict["outcome"] for verdict in found.verdicts] == ["pass"] * 4 + ["needs_human"]


@pytest.mark.parametrize(("day", "hour"), [("2022-10-28", "17:31"), ("2022-10-29", "00:00")])
def test_what_comes_after_the_hour_is_refused(world: World, day: str, hour: str) -> None:
    call = world.opens()
    world.on("2022-10-28", "17:30").applies(call)
    world.on(day, hour)
    refused(world, "deadline_passed", lambda: world.applies(call, "厂二"))


def test_an_extension_lets_the_late_ones_in(world: World) -> None:
    call = world.opens()
    world.register.calls.extend(
        world.by("officer"), call, deadline=at("2022-11-04", "17:30"), reason="疫情"
    )
    world.on("2022-11-04", "17:30").applies(call)


def test_where_the_notice_does_not_refuse_what_is_late_it_is_marked(shaped: Any) -> None:
    world = shaped(deadlines=(replace(policy().deadlines[0], late="marked"),))
    call = world.opens()
    filed = world.on("2022-11-05").applies(call)
    world.recommends(filed)
    events = [e for e in world.events() if e.TOPIC.startswith("call.application")]
    assert [event.late for event in events] == [True, True]


def test_a_closed_call_takes_nothing(world: World) -> None:
    call = world.opens()
    world.register.calls.close(world.by("officer"), call)
    refused(world, "call_closed", lambda: world.applies(call))


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        (
            {"overrides": [{"clause": "二1", "reason": "x", "approver": "y"}]},
            "override_by_applicant",
        ),
        ({"team": {"size": "six"}}, "dossier_malformed"),
        ({"statements": {"venue": {"_type_": "x"}}}, "reserved_key"),
        ({"studio": {"name": " ", "founded_on": "2018-05-01"}}, "name_missing"),
        ({"studio": {"name": "x", "founded_on": "May"}}, "date_invalid"),
        ({"leader": None}, "dossier_incomplete"),
    ],
)
def test_a_dossier_is_refused(world: World, changes: Any, code: str) -> None:
    call = world.opens()
    refused(
        world,
        code,
        lambda: world.register.intake.apply(
            world.by("厂一"),
            call=call,
            category="model_worker",
            dossier={**dossier("张工"), **changes},
            unit=world.places["厂一"],
        ),
    )


def test_an_application_needs_a_unit_or_a_studio(world: World) -> None:
    call = world.opens()
    refused(
        world,
        "unit_missing",
        lambda: world.register.intake.apply(
            world.by("厂一"), call=call, category="worker", dossier=dossier("x")
        ),
    )
    refused(world, "category_not_found", lambda: world.applies(call, category="市长"))


def test_personal_values_never_reach_the_log_in_plain(world: World) -> None:
    studio = world.register.intake.register_studio(
        world.by("厂一"),
        unit=world.places["厂一"],
        name="张工创新工作室",
        leader={"name": "张工", "phone": "139-0000-0000", "gender": "男", "email": ""},
        founded_on=None,
    )
    leader = world.get(Studio, studio).leader
    assert leader.sealed == (Sealed(leader.id, "phone", "sealed-0"),)
    assert leader.details == {"gender": "男"}
    stored = world.register.recorder.select_events(studio)[0].state
    assert b"139-0000-0000" not in stored


def test_what_a_person_in_a_list_says_is_sealed_under_a_key_of_their_own(world: World) -> None:
    desk = world.register.intake
    sealed = desk.sealed_dossier(
        {"phone": "1", "people": [{"name": "甲", "phone": "2"}, {"name": "乙", "phone": "3"}]},
        uid("leader"),
    )
    subjects = [sealed["phone"].subject, *(person["phone"].subject for person in sealed["people"])]
    assert (subjects[0], len(set(subjects))) == (uid("leader"), 3)


def test_more_than_three_ask_for_a_reason(world: World) -> None:
    call = world.opens()
    for unit in ("厂一", "厂二", "厂三"):
        world.recommends(world.applies(call, unit))
    fourth = world.applies(call, "厂一", reason="确有两个工作室")
    world.reviews(fourth, "unit", "厂一")
    for reason in (None, " "):
        refused(
            world,
            "reason_required",
            lambda reason=reason: world.reviews(
                fourth, "first", "甲区", judgements=JUDGED, reason=reason
            ),
        )
    world.reviews(fourth, "first", "甲区", judgements=JUDGED, reason="成果特别突出")
    recommended = world.events()[-1]
    assert (recommended.exceeded, recommended.reason) == (["three"], "成果特别突出")


def test_one_is_the_hard_cap_for_workers_and_the_bulk_decision_does_not_pass_it(
    world: World,
) -> None:
    call = world.opens()
    first, second = (world.applies(call, unit, category="worker") for unit in ("厂一", "厂二"))
    world.recommends(first)
    world.reviews(second, "unit", "厂二")
    refused(
        world,
        "quota_exceeded",
        lambda: world.reviews(second, "first", "甲区", judgements=JUDGED, reason="x"),
    )
    refused(
        world,
        "stage_one_by_one",
        lambda: world.register.review.decide(
            world.by("甲区"),
            call,
            stage="first",
            applications=[second.application],
            outcome="passed",
            opinion="",
            document=None,
        ),
    )
    world.register.intake.withdraw(world.by("厂一"), first.studio, first.application, "自愿")
    world.reviews(second, "first", "甲区", judgements=JUDGED)


def test_the_cap_of_a_unit_is_shared_by_its_categories(world: World) -> None:
    call = world.opens()
    world.applies(call, category="model_worker")
    refused(world, "reason_required", lambda: world.applies(call, category="worker"))
    world.applies(call, category="worker", reason="两个车间")
    assert world.events()[-1].exceeded == ["unit"]


def test_the_table_of_unions_gives_each_its_number(shaped: Any) -> None:
    table = quota(
        "table", None, "recommending_union", "hard", "model_worker", rows=rows(甲区=1, 乙区=0)
    )
    world = shaped(quotas=(table,))
    refused(world, "union_unmapped", world.opens)
    unions = {name: world.places[name] for name in ("甲区", "乙区")}
    call = world.opens(unions=unions)
    world.recommends(world.applies(call))
    second, elsewhere = world.applies(call, "厂二"), world.applies(call, "厂四")
    world.reviews(second, "unit", "厂二")
    world.reviews(elsewhere, "unit", "厂四")
    for filed, union in [(second, "甲区"), (elsewhere, "乙区")]:
        refused(
            world,
            "quota_exceeded",
            lambda filed=filed, union=union: world.reviews(
                filed, "first", union, judgements=JUDGED
            ),
        )


def test_a_failing_condition_stops_at_the_first_review(world: World) -> None:
    call = world.opens()
    small = world.applies(call, team=4)
    world.reviews(small, "unit", "厂一")
    refusal = refused(
        world, "clause_failed", lambda: world.reviews(small, "first", "甲区", judgements=JUDGED)
    )
    assert (refusal.clause, refusal.message) == ("一2", "团队成员 4 人，不足 5 人（一2）")
    world.reviews(small, "first", "甲区", outcome="rejected")
    assert world.topics()[-2:] == ["studio.reviewed", "call.application_left"]


def test_a_condition_in_principle_is_overridden_by_an_approver(world: World) -> None:
    call = world.opens()
    filed = world.applies(call, category="demonstration", namings=[])
    world.reviews(filed, "unit", "厂一")
    refused(
        world, "override_required", lambda: world.reviews(filed, "first", "甲区", judgements=JUDGED)
    )
    refused(
        world,
        "role_required",
        lambda: world.register.review.override(
            world.by("厂一"), filed.studio, filed.application, condition="named", reason="x"
        ),
    )
    world.register.review.override(
        world.by("甲区"), filed.studio, filed.application, condition="named", reason="特别优秀"
    )
    world.reviews(filed, "first", "甲区", judgements=JUDGED)


def test_the_city_waits_for_the_ranking(world: World) -> None:
    call = world.opens()
    filed = world.applies(call)
    world.recommends(filed)
    refused(world, "ranking_missing", lambda: world.reviews(filed, "materials"))
    world.ranks(call, filed)
    world.reviews(filed, "materials")
    assert [e for e in world.events() if e.TOPIC == "studio.reviewed"][-1].rank == 1


def test_a_union_ranks_only_its_own(world: World) -> None:
    call = world.opens()
    filed = world.applies(call)
    world.recommends(filed)
    refused(
        world,
        "outside_scope",
        lambda: world.register.calls.rank(
            world.by("乙区"),
            call,
            union=world.places["甲区"],
            category="model_worker",
            order=[filed.application],
        ),
    )


def test_selection_is_among_all_and_never_in_passing(world: World) -> None:
    call = world.opens()
    filed = world.candidates(call, "厂一", "厂二", "厂三")
    refused(world, "select_in_call", lambda: world.reviews(filed[0], "selection"))
    refused(
        world,
        "select_in_call",
        lambda: world.register.review.decide(
            world.by("officer"),
            call,
            stage="selection",
            applications=[filed[0].application],
            outcome="passed",
            opinion="",
            document=None,
        ),
    )
    refused(world, "no_competition", lambda: world.selects(call, 3, *filed))
    before = world.length()
    world.selects(call, 2, filed[0], filed[1])
    assert world.topics(before + 1) == ["call.selected", "studio.reviewed", "studio.reviewed"]
    assert len(set(world.commits()[before:])) == 1


def test_a_policy_without_selection_has_none(world: World) -> None:
    call = world.opens("rolling")
    refused(world, "no_selection", lambda: world.selects(call, 1))
    refused(world, "no_publicity", lambda: world.posts(call))


def test_one_decision_of_the_meeting_covers_many_in_one_commit(world: World) -> None:
    call = world.opens()
    filed = world.candidates(call, "厂一", "厂二", "厂三")
    world.selects(call, 2, filed[0], filed[1])
    before = world.length()
    world.approves(call, filed[0], filed[1])
    assert world.topics(before + 1) == ["studio.reviewed", "studio.reviewed"]
    assert len(set(world.commits()[before:])) == 1


def test_what_the_meeting_rejects_leaves_the_call(world: World) -> None:
    call = world.opens()
    filed = world.candidates(call, "厂一", "厂二")
    world.selects(call, 1, filed[0])
    world.approves(call, filed[0], outcome="rejected")
    assert world.get(Studio, filed[0].studio).application(filed[0].application).open is False
    assert world.get(Call, call).entries[filed[0].application].state == "left"


def test_naming_nobody_is_a_legal_end(world: World) -> None:
    call = world.opens()
    filed = world.candidates(call, "厂一", "厂二")
    world.selects(call, 1)
    world.register.calls.conclude(world.by("officer"), call, "宁缺毋滥")
    concluded = [e for e in world.events() if e.TOPIC == "call.concluded"]
    assert [(e.named, e.reason) for e in concluded] == [(0, "宁缺毋滥")]
    for each in filed:
        assert world.get(Studio, each.studio).application(each.application).open is False


def test_a_call_with_a_running_notice_is_not_concluded(world: World) -> None:
    call = world.opens()
    notice, _ = world.on_notice(call)
    refused(
        world,
        "on_notice",
        lambda: world.register.calls.conclude(world.by("officer"), call, "x"),
    )
    world.on("2022-10-11").register.publicity.complete(world.by("officer"), notice)
    world.register.calls.conclude(world.by("officer"), call, "会议决定不命名")
    assert world.get(Call, call).concluded is True


def test_a_closed_studio_leaves_its_call_which_can_then_be_concluded(world: World) -> None:
    call = world.opens()
    filed = world.candidates(call, "厂一", "厂二")
    world.register.naming.close(
        world.by("officer"), filed[0].studio, reason="单位注销", on=world.now.date()
    )
    assert world.get(Call, call).entries[filed[0].application].state == "left"
    world.register.calls.conclude(world.by("officer"), call, "x")


def test_a_union_may_recommend_another_after_one_withdrew(world: World) -> None:
    call = world.opens()
    filed = world.applies(call, category="worker")
    world.recommends(filed)
    world.register.intake.withdraw(world.by("厂一"), filed.studio, filed.application, "x")
    world.recommends(world.applies(call, "厂二", category="worker"))


def test_an_applicant_applies_once_in_a_call(world: World) -> None:
    call = world.opens()
    filed = world.applies(call)
    refused(
        world,
        "application_open",
        lambda: world.applies(call, studio=filed.studio, reason="x"),
    )


def test_who_has_no_part_in_an_application_is_told_nothing_of_its_stages(world: World) -> None:
    filed = world.applies(world.opens())
    for stage in ("first", "unheard_of"):
        refused(world, "outside_scope", lambda stage=stage: world.reviews(filed, stage, who="乙区"))
    refused(world, "stage_unknown", lambda: world.reviews(filed, "unheard_of", who="甲区"))
