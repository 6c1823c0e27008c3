"""Notices: the clock, the objections and what they hold up; every event and every refusal."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from domain.errors import DomainError
from domain.model.notice import Clock, Notice
from tests.domain.given import given
from tests.domain.persons import at, by, clock, person, uid

A, B = uid("studio a"), uid("studio b")
STARTS, ENDS = date(2022, 9, 28), date(2022, 10, 10)
CLOCK = clock(STARTS, ENDS)
SECRET = uid("objection")


def entry(studio: str) -> dict[str, Any]:
    return {
        "studio": uid(studio),
        "application": uid(f"application of {studio}"),
        "name": studio,
        "unit": "厂",
        "recommender": "区",
        "category": "劳模",
    }


ENTRIES = [entry("studio a"), entry("studio b")]


def notice(entries: list[dict[str, Any]] = ENTRIES, clock: Clock = CLOCK) -> Notice:
    return Notice.post(
        by("officer", "2022-09-28"),
        uid("notice"),
        call=uid("call"),
        entries=entries,
        clock=clock,
        media="官网",
        content="c" * 64,
    )


def on(day: str, command: Any, hour: str = "10:00") -> Any:
    return lambda record: command(record.under(by("officer", day, hour)))


def objects(
    studio: Any = A, day: str = "2022-09-29", *, id: Any = SECRET, anonymous: bool = False
) -> Any:
    return on(
        "2022-10-20",
        lambda n: n.object(
            id,
            studio=studio,
            text="材料不实",
            objector=None if anonymous else person("李某"),
            received_at=at(day, "09:00"),
        ),
    )


def closes(upheld: bool, id: Any = SECRET) -> Any:
    return lambda n: n.close(id, finding="经核查", upheld=upheld)


def restarts(*entries: dict[str, Any], day: str = "2022-10-08") -> Any:
    fresh = clock(date.fromisoformat(day), date(2022, 10, 14))
    return on("2022-10-08", lambda n: n.restart(fresh, list(entries), "d" * 64, "内容有误"))


COMPLETES = on("2022-10-11", lambda n: n.complete())


UNKNOWN = replace(CLOCK, ends_on=date(2022, 10, 5), provisional=True)
KNOWN = replace(CLOCK, calendar="2022：own")


def test_a_provisional_clock_is_fixed_by_the_calendar() -> None:
    given(notice(clock=UNKNOWN)).when(lambda n: n.recompute(KNOWN, "own")).then(
        ("notice.clock_recomputed", {"clock": KNOWN, "because": "own"})
    )


def test_while_the_clock_is_provisional_every_objection_is_in_time_and_nothing_ends() -> None:
    open_ended = replace(UNKNOWN, objections_until=at("2022-10-05", "23:59"))
    record = (
        given(notice(clock=open_ended))
        .when(objects(day="2022-10-09"))
        .then(("notice.objection_raised", {"kind": "objection"}))
    )
    assert record.blocking() != []
    given(notice(clock=open_ended)).when(COMPLETES).refused("notice_provisional")


def test_a_clock_that_does_not_change_is_not_recorded() -> None:
    given(notice()).when(lambda n: n.recompute(CLOCK, "own")).refused("nothing_changed")
    given(notice(), COMPLETES).when(lambda n: n.recompute(KNOWN, "own")).refused("notice_completed")


def test_a_notice_knows_whom_it_shows() -> None:
    assert given(notice()).record.studios == [A, B]


@pytest.mark.parametrize(
    ("entries", "starts", "code"),
    [([], STARTS, "notice_empty"), (ENTRIES, date(2022, 9, 27), "starts_in_past")],
)
def test_a_notice_is_not_posted(entries: Any, starts: date, code: str) -> None:
    with pytest.raises(DomainError) as refusal:
        notice(entries, clock(starts, ENDS))
    assert refusal.value.code == code


def test_an_objection_in_time_blocks() -> None:
    record = (
        given(notice())
        .when(objects())
        .then(("notice.objection_raised", {"objection": SECRET, "studio": A, "kind": "objection"}))
    )
    assert [len(record.blocking(each)) for each in (None, A, B)] == [1, 1, 0]


def test_an_objection_to_the_whole_list_blocks_everybody() -> None:
    record = given(notice(), objects(None)).record
    assert [len(record.blocking(each)) for each in (None, A, B)] == [1, 1, 1]


@pytest.mark.parametrize(
    ("received", "kind"),
    [
        (at("2022-10-10", "23:59"), "objection"),
        (at("2022-10-11", "00:00"), "complaint"),
        (at("2022-09-28", "00:00"), "objection"),
    ],
)
def test_the_last_day_counts_until_midnight_in_shanghai(received: Any, kind: str) -> None:
    given(notice()).when(
        on(
            "2022-10-20",
            lambda n: n.object(
                SECRET, studio=A, text="x", objector=person("李某"), received_at=received
            ),
        )
    ).then(("notice.objection_raised", {"kind": kind}))


def test_an_anonymous_objection_is_a_lead_that_blocks_nothing_until_it_is_adopted() -> None:
    lead = given(notice(), objects(anonymous=True))
    assert lead.record.blocking() == []
    record = lead.when(lambda n: n.adopt(SECRET, "有具体事实")).then(
        ("notice.lead_adopted", {"objection": SECRET, "reason": "有具体事实"})
    )
    assert len(record.blocking()) == 1


@pytest.mark.parametrize(("upheld", "left"), [(True, [B]), (False, [A, B])])
def test_an_upheld_objection_drops_its_studio_and_no_other(upheld: bool, left: list[Any]) -> None:
    record = (
        given(notice(), objects())
        .when(closes(upheld))
        .then(("notice.objection_closed", {"objection": SECRET, "upheld": upheld}))
    )
    assert (record.studios, record.blocking()) == (left, [])


def test_a_studio_can_be_taken_off_and_what_is_open_against_it_holds_nobody_else() -> None:
    record = (
        given(notice(), objects())
        .when(lambda n: n.drop(A, "撤回申报"))
        .then(("notice.dropped", {"studio": A, "reason": "撤回申报"}))
    )
    assert (record.studios, record.blocking()) == ([B], [])
    given(notice(), objects(), lambda n: n.drop(A, "撤回")).when(COMPLETES).then(
        ("notice.completed", {})
    )


def test_a_second_objection_to_a_dropped_studio_can_still_be_closed() -> None:
    other = uid("second")
    given(notice(), objects(), objects(id=other), closes(upheld=True)).when(
        closes(upheld=True, id=other)
    ).then(("notice.objection_closed", {"objection": other}))


def test_an_outage_makes_the_period_longer() -> None:
    longer = clock(STARTS, date(2022, 10, 12))
    record = (
        given(notice())
        .when(lambda n: n.extend(longer, "网站故障"))
        .then(("notice.extended", {"clock": longer, "reason": "网站故障"}))
    )
    assert record.clock == longer


def test_a_material_change_starts_the_period_anew() -> None:
    fresh = clock(date(2022, 10, 8), date(2022, 10, 14))
    record = (
        given(notice())
        .when(restarts(ENTRIES[1]))
        .then(("notice.restarted", {"clock": fresh, "content": "d" * 64}))
    )
    assert (record.studios, record.applications[A]) == ([B], uid("application of studio a"))


def test_the_day_after_the_last_one_ends_the_notice() -> None:
    given(notice()).when(COMPLETES).then(("notice.completed", {}))
    given(notice()).when(on("2022-10-10", lambda n: n.complete(), "23:59")).refused(
        "notice_running"
    )


@pytest.mark.parametrize(
    ("history", "command", "code"),
    [
        ([], objects(uid("stranger")), "not_on_notice"),
        ([objects(), closes(upheld=True)], objects(id=uid("x")), "not_on_notice"),
        ([], objects(day="2022-10-21"), "received_in_future"),
        ([], objects(day="2022-09-27"), "received_before_notice"),
        ([], lambda n: n.adopt(SECRET, "x"), "objection_unknown"),
        ([objects()], lambda n: n.adopt(SECRET, "x"), "not_a_lead"),
        ([], closes(upheld=False), "objection_unknown"),
        ([objects(), closes(upheld=False)], closes(upheld=True), "objection_closed"),
        ([objects(anonymous=True)], closes(upheld=True), "not_an_objection"),
        ([objects(day="2022-10-12")], closes(upheld=True), "not_an_objection"),
        ([objects(None)], closes(upheld=True), "restart_instead"),
        ([], lambda n: n.extend(CLOCK, "x"), "not_longer"),
        ([COMPLETES], lambda n: n.extend(CLOCK, "x"), "notice_completed"),
        ([], restarts(), "notice_empty"),
        ([], restarts(*ENTRIES, day="2022-10-07"), "starts_in_past"),
        ([COMPLETES], restarts(*ENTRIES), "notice_completed"),
        ([], lambda n: n.drop(uid("stranger"), "x"), "not_on_notice"),
        ([COMPLETES], lambda n: n.drop(A, "x"), "notice_completed"),
        ([objects()], COMPLETES, "objections_open"),
        ([COMPLETES], COMPLETES, "notice_completed"),
    ],
)
def test_a_notice_refuses(history: list[Any], command: Any, code: str) -> None:
    given(notice(), *history).when(command).refused(code)


def test_a_late_complaint_is_kept_even_after_the_notice_is_completed() -> None:
    given(notice(), COMPLETES).when(objects(day="2022-10-15")).then(
        ("notice.objection_raised", {"kind": "complaint"})
    )


def test_what_came_in_time_is_taken_in_even_when_it_is_entered_late() -> None:
    record = (
        given(notice(), COMPLETES)
        .when(objects(day="2022-10-10"))
        .then(("notice.objection_raised", {"kind": "objection"}))
    )
    assert len(record.blocking(A)) == 1
    given(notice(), objects(anonymous=True), COMPLETES).when(
        lambda n: n.adopt(SECRET, "有具体事实")
    ).then(("notice.lead_adopted", {}))
