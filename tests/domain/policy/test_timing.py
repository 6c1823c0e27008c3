"""When people are reminded: from a due day to moments."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.calendar import GazettedCalendar
from adapters.packs.timing import read_timing
from domain.errors import Invalid
from domain.matters import BEFORE_YEAR_END, Addressee
from domain.policy.model import keys_of
from domain.policy.timing import (
    DEFAULT,
    Reminding,
    Rhythm,
    SelfCheckPeriod,
    Step,
    Timing,
    mailable,
    passed,
    steps,
)
from domain.values import Role
from tests.domain.persons import at, uid

CALENDAR = GazettedCalendar()
YEAR_END = date(2024, 12, 31)
LONG_AGO = at("2024-01-01")


def days(rhythm: Rhythm, due: date = YEAR_END, **settings: Any) -> list[tuple[str, str]]:
    """Each step and its moment on the clocks of Asia/Shanghai."""
    timing = replace(DEFAULT, **settings)
    found = steps(rhythm, due, LONG_AGO, timing, CALENDAR)
    return [(step.id, f"{step.at + timedelta(hours=8):%m-%d %H:%M}") for step in found]


def test_the_year_end_is_spoken_of_at_60_30_15_7_3_and_1_days_before() -> None:
    assert days(Rhythm(BEFORE_YEAR_END, overdue_every=0)) == [
        ("before-60", "11-01 09:00"),
        ("before-30", "11-29 09:00"),  # 1 December 2024 is a Sunday
        ("before-15", "12-16 09:00"),
        ("before-7", "12-24 09:00"),
        ("before-3", "12-27 09:00"),  # the 28th is a Saturday
        ("before-1", "12-30 09:00"),
    ]


def test_what_is_overdue_is_spoken_of_weekly_on_the_next_working_day() -> None:
    assert days(Rhythm(overdue_most=5)) == [
        ("overdue-1", "01-07 09:00"),
        ("overdue-2", "01-14 09:00"),
        ("overdue-3", "01-21 09:00"),
        # The Spring Festival lasts from 28 January to 4 February 2025; the fifth is on the 4th.
        ("overdue-5", "02-05 09:00"),
    ]


def test_a_week_of_holidays_merges_reminders_into_the_one_nearest_to_the_due_day() -> None:
    found = days(Rhythm((3, 2, 1), overdue_every=0), date(2024, 10, 7))
    assert found == [("before-1", "09-30 09:00")]


def test_on_every_day_where_the_federation_wants_it() -> None:
    assert days(Rhythm((30,), overdue_every=0), working_days_only=False, hour=time(7, 30)) == [
        ("before-30", "12-01 07:30")
    ]


def test_a_year_that_is_not_gazetted_is_taken_to_have_usual_weeks() -> None:
    found = steps(Rhythm((1,), overdue_every=0), date(2099, 1, 5), LONG_AGO, DEFAULT, CALENDAR)
    assert [step.at for step in found] == [at("2099-01-02", "09:00")]


def test_the_hour_is_that_of_the_federations_zone() -> None:
    urumqi = replace(DEFAULT, zone="Asia/Urumqi")
    (step,) = steps(Rhythm((0,), overdue_every=0), YEAR_END, LONG_AGO, urumqi, CALENDAR)
    assert step == Step("on", datetime(2024, 12, 31, 3, tzinfo=UTC), 0)


def test_nothing_is_spoken_of_before_it_arose() -> None:
    found = steps(Rhythm((30, 7), overdue_every=0), YEAR_END, at("2024-12-10"), DEFAULT, CALENDAR)
    assert [step.id for step in found] == ["before-7"]
    at_once = Rhythm((7,), overdue_every=0, at_once=True)
    found = steps(at_once, None, at("2024-12-10"), DEFAULT, CALENDAR)
    assert found == [Step("new", at("2024-12-10"), 0)]


def test_only_what_has_come_and_is_not_too_old_is_said() -> None:
    found = steps(Rhythm(BEFORE_YEAR_END), YEAR_END, LONG_AGO, DEFAULT, CALENDAR)
    come, following = passed(found, at("2024-12-16", "09:00"), DEFAULT)
    assert [step.id for step in come] == ["before-60", "before-30", "before-15"]
    assert following == at("2024-12-24", "09:00")
    short = replace(DEFAULT, catch_up_days=20)
    assert [step.id for step in passed(found, at("2024-12-16", "09:00"), short)[0]] == [
        "before-30",
        "before-15",
    ]
    assert passed(found, at("2030-01-01"), DEFAULT) == ([], None)


def test_a_federation_sets_a_kind_otherwise_or_silences_it() -> None:
    rhythm = Rhythm((7,), 7, 13, at_once=True)
    assert rhythm.under(None) is rhythm
    assert rhythm.under(Reminding(kind="k", off=True)) is None
    own = Reminding(kind="k", before=(20, 10), overdue_every=0)
    assert rhythm.under(own) == Rhythm((20, 10), 0, 13, at_once=True)


def test_the_next_one_above_hears_of_it_once_it_is_overdue_long_enough() -> None:
    city = Addressee(uid("city"), Role.CITY_OFFICER, overdue_days=14)
    heard = [city.hears(Step("x", LONG_AGO, day)) for day in (-1, 0, 7, 14, 21)]
    assert heard == [False, False, False, True, True]


@pytest.mark.parametrize(
    ("moment", "goes_out"),
    [
        (("2024-12-24", "07:59"), ("2024-12-24", "08:00")),
        (("2024-12-24", "13:15"), ("2024-12-24", "13:15")),
        (("2024-12-24", "20:00"), ("2024-12-25", "08:00")),
        (("2024-12-27", "22:00"), ("2024-12-30", "08:00")),
        (("2024-12-28", "12:00"), ("2024-12-30", "08:00")),
    ],
)
def test_mail_goes_out_in_working_hours(moment: tuple[str, str], goes_out: tuple[str, str]) -> None:
    assert mailable(at(*moment), DEFAULT, CALENDAR) == at(*goes_out)


@given(st.timedeltas(timedelta(), timedelta(days=2_900)))
def test_mail_never_goes_back_in_time_and_is_not_moved_twice(later: timedelta) -> None:
    moment = at("2020-01-01") + later
    out = mailable(moment, DEFAULT, CALENDAR)
    assert (out >= moment, mailable(out, DEFAULT, CALENDAR)) == (True, out)


def test_settings_come_back_from_their_plain_keys() -> None:
    timing = Timing(
        hour=time(8, 30),
        reminders=(Reminding(kind="call.filing", before=(5,), also=("auditor",)),),
        self_check_periods=(SelfCheckPeriod(id="Q1", name="一季度", due_month_day="04-10"),),
    )
    assert read_timing(keys_of(timing)) == timing
    assert read_timing({}) == DEFAULT


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"zone": "Asia/Atlantis"}, "zone"),
        ({"hour": "25:00"}, "hour"),
        ({"working_days_only": 1}, "working_days_only"),
        ({"escalate_after_days": -1}, "escalate_after_days"),
        ({"reminders": [{"kind": "call.filing", "before": [7, -3]}]}, "reminders[0].before[1]"),
        ({"reminders": [{"kind": "a"}, {"kind": "a"}]}, "reminders"),
        ({"reminders": [{"kind": "a", "also": ["public"]}]}, "reminders[0].also[0]"),
        ({"mail_from": "18:00", "mail_until": "08:00"}, "mail_until"),
        ({"colour": "red"}, "colour"),
        (
            {"self_check_periods": [{"id": "x", "name": "x", "due_month_day": "02-30"}]},
            "due_month_day",
        ),
    ],
)
def test_bad_settings_are_refused_by_the_name_of_their_key(
    given: dict[str, Any], field: str
) -> None:
    with pytest.raises(Invalid) as refusal:
        read_timing(given)
    assert (refusal.value.code, refusal.value.field) == ("timing_malformed", field)
