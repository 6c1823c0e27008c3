"""Public notices: their clock, and the objections that hold naming."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

import pytest

from adapters.calendar import GazettedCalendar, OwnYear
from domain.model.call import Call
from domain.model.notice import Notice
from domain.model.studio import Studio
from domain.values import Actor, Mandate, Role
from tests.domain.desks.refusals import refused
from tests.domain.persons import at, uid
from tests.domain.world import World


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


GAZETTED = OwnYear(2027, ("国办发明电〔2026〕9号",), ((date(2027, 1, 1), "元旦", True),))


def provisional(world: World) -> UUID:
    """A notice that reaches into 2027, whose holidays nobody has published."""
    call = world.opens()
    filed = world.candidates(call, "厂一", "厂二")
    world.selects(call, 1, filed[0])
    world.approves(call, filed[0])
    world.on("2026-12-29")
    return world.posts(call, filed[0], provisional=True)


def recomputes(world: World, notice: UUID) -> bool:
    return world.register.publicity.recompute(world.setup, notice)


def test_an_officer_may_post_with_a_last_day_that_is_still_open(world: World) -> None:
    clock = world.get(Notice, provisional(world)).clock
    # From 1 January on each day may turn out to be worked, so no earlier day than this can be the last.
    assert (clock.provisional, clock.ends_on) == (True, date(2027, 1, 3))
    assert clock.calendar.endswith("2027：节假日安排未公布")


def test_the_last_day_is_computed_once_the_year_is_loaded(world: World) -> None:
    notice = provisional(world)
    assert recomputes(world, notice) is False
    world.register.calendar = GazettedCalendar(years=[GAZETTED])
    before = world.length()
    assert recomputes(world, notice) is True
    assert world.topics(before + 1) == ["notice.clock_recomputed", "studio.publicized"]
    clock = world.get(Notice, notice).clock
    assert (clock.provisional, clock.ends_on) == (False, date(2027, 1, 6))
    assert recomputes(world, notice) is False


def test_a_last_day_that_was_fixed_is_put_off_but_never_brought_forward(world: World) -> None:
    notice, _ = world.on_notice(world.opens())
    days = ((date(2022, 9, 29), "加假", True), (date(2022, 10, 1), "国庆", True))
    world.register.calendar = GazettedCalendar(years=[OwnYear(2022, (), days)])
    # Without the holidays of October the period would have ended earlier.
    assert recomputes(world, notice) is False
    more = tuple((date(2022, 10, day), "加假", True) for day in range(1, 16))
    world.register.calendar = GazettedCalendar(years=[OwnYear(2022, (), more)])
    assert recomputes(world, notice) is True
    assert world.get(Notice, notice).clock.ends_on == date(2022, 10, 19)


def test_only_a_rule_recomputes_and_completes_by_itself(world: World) -> None:
    notice, _ = world.on_notice(world.opens())
    desk = world.register.publicity
    refused(world, "rule_only", lambda: desk.recompute(world.by("officer"), notice))
    refused(world, "rule_only", lambda: desk.complete_due(world.by("officer"), notice))
    refused(world, "notice_running", lambda: desk.complete_due(world.setup, notice))
    world.on("2022-10-11")
    desk.complete_due(world.setup, notice)
    assert world.get(Notice, notice).completed is True


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
