"""Periods counted in working days, make-up weekends (调休) included."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Protocol

from domain.errors import Invalid, Refused

LONGEST = 366
"""No notice asks for more; a longer period is a slip of the keyboard."""


class NotGazetted(Refused):
    """The holidays of a year are not published yet, so no working day in it is known."""

    def __init__(self, year: int) -> None:
        super().__init__(
            "not_gazetted",
            f"{year} 年节假日安排尚未公布（或尚未载入），无法确定工作日；请先导入该年日历",
            year=year,
        )
        self.year = year


class Calendar(Protocol):
    """Which days are worked, by versioned data."""

    def is_working_day(self, day: date) -> bool:
        """Whether the day is worked. Raises NotGazetted for a year that is not known."""
        ...

    def version(self, year: int) -> str:
        """The data that answers for a year. Raises NotGazetted."""
        ...


def last_day(start: date, days: int, *, count_first_day: bool = False, calendar: Calendar) -> date:
    """The last day of a period of `days` working days that opens on `start`.

    The opening day does not count unless `count_first_day` (Civil Code 201); it counts then only if
    it is worked. Raises Invalid if days is not 1–366, NotGazetted if an unknown year is reached.
    """
    if not 1 <= days <= LONGEST:
        raise Invalid("days_out_of_range", f"工作日数须为 1 至 {LONGEST}", field="days", found=days)
    day, left = start, days
    if count_first_day and calendar.is_working_day(day):
        left -= 1
    while left:
        try:
            day += timedelta(days=1)
        except OverflowError as error:
            raise NotGazetted(day.year + 1) from error
        if calendar.is_working_day(day):
            left -= 1
    return day


def calendar_versions(first: date, last: date, calendar: Calendar) -> dict[int, str]:
    """The calendar's version for every year that a period touches, to be kept with the notice."""
    return {year: calendar.version(year) for year in range(first.year, last.year + 1)}
