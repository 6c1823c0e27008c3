"""The clock of a public notice: from the policy's rule and the calendar to the last day, and again when the calendar changes."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time, timedelta

from domain.errors import OutOfOrder
from domain.model.notice import Clock, Notice
from domain.policy.terms import Publicity
from domain.policy.workdays import Calendar, NotGazetted, last_day
from domain.values import end_of

UNPUBLISHED = "节假日安排未公布"


class Earliest:
    """A calendar in which every day of a year that is not gazetted may be worked: no period ends before it does here."""

    def __init__(self, calendar: Calendar) -> None:
        self._calendar = calendar

    def is_working_day(self, day: date) -> bool:
        """Whether the day is, or may turn out to be, worked."""
        try:
            return self._calendar.is_working_day(day)
        except NotGazetted:
            return True

    def version(self, year: int) -> str:
        """What answers for the year, or that nothing does yet."""
        try:
            return self._calendar.version(year)
        except NotGazetted:
            return UNPUBLISHED


def first_clock(
    publicity: Publicity | None, starts_on: date, calendar: Calendar, *, provisional: bool
) -> Clock:
    """The clock of a notice that starts on a day.

    Raises NotGazetted where the last day cannot be known, unless a provisional clock will do.
    """
    if publicity is None:
        raise OutOfOrder("no_publicity", "本政策没有公示环节")
    try:
        return _clock(publicity, starts_on, calendar, provisional=False)
    except NotGazetted:
        if not provisional:
            raise
    return _clock(publicity, starts_on, Earliest(calendar), provisional=True)


def _clock(
    publicity: Publicity, starts_on: date, calendar: Calendar, *, provisional: bool
) -> Clock:
    ends_on = publicity.last_day(starts_on, calendar)
    working = publicity.working_days is not None
    return Clock(
        starts_on=starts_on,
        ends_on=ends_on,
        objections_until=end_of(ends_on, publicity.objections_until),
        days=publicity.working_days or publicity.calendar_days or 0,
        unit="working_days" if working else "calendar_days",
        count_first_day=publicity.count_first_day,
        calendar=_versions(starts_on, ends_on, calendar) if working else "",
        provisional=provisional,
    )


def longer_clock(
    old: Clock, days: int, today: date, until: time | None, calendar: Calendar
) -> Clock:
    """The clock after an outage of some days; noticed only after the last day, they run from today."""
    from_ = max(old.ends_on, today)
    counted = Earliest(calendar) if old.provisional else calendar
    if old.unit == "working_days":
        ends_on = last_day(from_, days, count_first_day=False, calendar=counted)
    else:
        ends_on = from_ + timedelta(days=days)
    return replace(
        old,
        ends_on=ends_on,
        objections_until=end_of(ends_on, until),
        days=old.days + days,
        calendar=_versions(old.starts_on, ends_on, counted) if old.unit == "working_days" else "",
    )


def recomputed_clock(notice: Notice, until: time | None, calendar: Calendar) -> Clock | None:
    """The clock by the calendar as it is now; None where nothing changes or it cannot be known yet.

    A last day that was published as fixed is never brought forward, only put off: whoever relied on it
    keeps their time to object.
    """
    old = notice.clock
    if old.unit != "working_days":
        return None
    try:
        days = old.days - sum(notice.extensions)
        ends_on = last_day(
            old.starts_on, days, count_first_day=old.count_first_day, calendar=calendar
        )
        for more in notice.extensions:
            ends_on = last_day(ends_on, more, count_first_day=False, calendar=calendar)
        versions = _versions(old.starts_on, ends_on, calendar)
    except NotGazetted:
        return None
    if not old.provisional and ends_on <= old.ends_on:
        return None
    return replace(
        old,
        ends_on=ends_on,
        objections_until=end_of(ends_on, until),
        calendar=versions,
        provisional=False,
    )


def _versions(starts_on: date, ends_on: date, calendar: Calendar) -> str:
    years = range(starts_on.year, ends_on.year + 1)
    return "；".join(f"{year}：{calendar.version(year)}" for year in years)
