"""What ends because its day is over."""

from __future__ import annotations

from datetime import date

from adapters.calendar import GazettedCalendar, OwnYear
from domain.model.call import Call
from domain.model.notice import Notice
from domain.values import Actor, Role
from jobs.deadlines import CALL_ENDS
from tests.domain.desks.test_publicity import finds, objects
from tests.jobs.conftest import Town

CITY = ("city", Role.CITY_OFFICER.value, None)


def test_a_call_ends_after_the_last_moment_of_its_deadline(town: Town) -> None:
    call = town.world.opens()
    town.world.on("2022-10-28", "17:30")
    assert town.runs("calls") == {}
    town.world.on("2022-10-28", "17:31")
    assert town.runs("calls") == {"截止申报批次": 1}
    assert town.world.get(Call, call).closed is True
    assert town.said("call.closed") == [("call.closed", *CITY)]
    assert town.runs("calls") == {}


def test_what_a_rule_does_says_so_and_is_done_once(town: Town) -> None:
    call = town.world.opens()
    town.world.on("2022-11-01")
    town.runs("calls")
    event = town.world.events()[-1]
    assert (event.TOPIC, event.by) == ("call.deadline_passed", Actor(None, None, CALL_ENDS))
    assert event.request_id == f"due:call:{call}:2022-10-28T09:30:00+00:00"


def test_a_deadline_that_was_moved_after_it_had_passed_ends_again(town: Town) -> None:
    call = town.world.opens()
    town.world.on("2022-11-01")
    town.runs("calls")
    later = town.world.on("2022-11-04").now
    town.world.on("2022-11-02")
    town.house.register.calls.extend(
        town.world.by("officer"), call, deadline=later, reason="系统故障"
    )
    assert town.runs("calls") == {}
    town.world.on("2022-11-05")
    assert town.runs("calls") == {"截止申报批次": 1}


def test_a_notice_ends_on_the_day_after_its_last_and_may_be_named(town: Town) -> None:
    notice, filed = town.world.on_notice(town.world.opens())
    town.world.on("2022-10-10", "23:59")
    assert town.runs("notices") == {}
    town.world.on("2022-10-11", "00:00")
    assert town.runs("notices") == {"办结公示": 1}
    assert town.world.get(Notice, notice).completed is True
    assert town.said("notice.completed") == [("notice.completed", *CITY)]
    town.world.names(filed[0], "1")
    assert town.runs("notices") == {}


def test_a_notice_waits_for_the_finding_on_an_objection(town: Town) -> None:
    notice, filed = town.world.on_notice(town.world.opens())
    objection, _ = objects(town.world, notice, studio=filed[0].studio)
    assert town.said("notice.objection_raised") == [("notice.objection_raised", *CITY)]
    town.world.on("2022-10-20")
    assert town.runs("notices") == {}
    finds(town.world, notice, objection, upheld=False)
    assert town.runs("notices") == {"办结公示": 1}


def test_a_calendar_that_comes_fixes_the_last_day(town: Town) -> None:
    call = town.world.opens()
    filed = town.world.candidates(call, "厂一", "厂二")
    town.world.selects(call, 1, filed[0])
    town.world.approves(call, filed[0])
    town.world.on("2026-12-29")
    notice = town.world.posts(call, filed[0], provisional=True)
    assert (town.runs("clocks"), town.runs("notices")) == ({}, {})
    holiday = OwnYear(2027, (), ((date(2027, 1, 1), "元旦", True),))
    town.house.register.calendar = GazettedCalendar(years=[holiday])
    assert town.runs("clocks") == {"重算公示截止日": 1}
    assert town.runs("clocks") == {}
    town.world.on("2027-01-07")
    assert town.runs("notices") == {"办结公示": 1}
    assert town.world.get(Notice, notice).clock.ends_on == date(2027, 1, 6)
