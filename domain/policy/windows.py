"""Spans of time that conditions look at, and exact arithmetic of years and months.

A period of years ends on the day of the same number; where a month has no such day, on its last
(Civil Code 202). So two full years from 2020-02-29 are complete on 2022-02-28.
"""

from __future__ import annotations

from calendar import monthrange
from datetime import date, timedelta

from domain.errors import Invalid
from domain.policy.model import key, model


def add_months(day: date, months: int) -> date:
    """The day `months` later (or earlier), at most the last of its month."""
    count = day.year * 12 + day.month - 1 + months
    year, month = divmod(count, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def full_months(start: date, end: date) -> int:
    """How many full months lie between two days; negative months are 0."""
    months = (end.year - start.year) * 12 + end.month - start.month
    while months > 0 and add_months(start, months) > end:
        months -= 1
    return max(months, 0)


def spelled(months: int) -> str:
    """Months in Chinese: `1 年 11 个月`."""
    years, rest = divmod(months, 12)
    if years and rest:
        return f"{years} 年 {rest} 个月"
    return f"{years} 年" if years else f"{rest} 个月"


@model
class Window:
    """A span of dates: fixed days, fixed years, or counted back from the day of filing.

    A span without an end reaches to the day of filing (2022年以来), one without a beginning has none.
    """

    from_date: date | None = key("first day", default=None)
    to_date: date | None = key("last day", default=None)
    from_year: int | None = key("first year", default=None, least=1949, most=2999)
    to_year: int | None = key("last year", default=None, least=1949, most=2999)
    months: int | None = key(
        "months up to the filing date: 36 is 近三年 to the day", default=None, least=1, most=1200
    )
    last_years: int | None = key(
        "full calendar years before the one of filing", default=None, least=1, most=50
    )
    filing_year: bool = key(
        "the calendar year of filing; beside `last_years`: that one too", default=False
    )

    def __post_init__(self) -> None:
        fixed = self.from_date is not None or self.to_date is not None
        years = self.from_year is not None or self.to_year is not None
        calendar = self.last_years is not None or self.filing_year
        if [fixed, years, self.months is not None, calendar].count(True) != 1:
            raise Invalid(
                "window_unclear",
                "应在起止日期、起止年份、月数（months）、申报前若干年度或申报当年中恰好选定一种",
            )
        if (self.from_date and self.to_date and self.from_date > self.to_date) or (
            self.from_year and self.to_year and self.from_year > self.to_year
        ):
            raise Invalid("window_backwards", "起点晚于终点")

    def span(self, on: date) -> tuple[date, date]:
        """First and last day, both included, for a dossier filed on a day."""
        if self.from_date is not None or self.to_date is not None:
            return self.from_date or date.min, self.to_date or on
        if self.from_year is not None or self.to_year is not None:
            first = date(self.from_year, 1, 1) if self.from_year else date.min
            return first, date(self.to_year, 12, 31) if self.to_year else on
        if self.months is not None:
            return add_months(on, -self.months) + timedelta(days=1), on
        last = on.year if self.filing_year else on.year - 1
        return date(on.year - (self.last_years or 0), 1, 1), date(last, 12, 31)

    def words(self, on: date) -> str:
        """The span in Chinese."""
        if self.from_year is not None and self.to_year is not None:
            only = self.from_year == self.to_year
            return f"{self.from_year} 年" if only else f"{self.from_year}—{self.to_year} 年"
        first, last = self.span(on)
        if self.last_years is not None:
            only = first.year == last.year
            return f"{first.year} 年" if only else f"{first.year}—{last.year} 年"
        if self.filing_year:
            return f"本年度（{on.year} 年）"
        return f"截至 {last}" if first == date.min else f"{first} 至 {last}"


@model
class Years:
    """The years that a yearly condition looks at: fixed ones, or counted back from filing."""

    years: tuple[int, ...] = key("fixed years", default=())
    last: int | None = key("how many full years before filing", default=None, least=0, most=50)
    this_year: bool = key("the year of filing too", default=False)
    founding_year: bool = key("the year the studio was founded too", default=False)

    def __post_init__(self) -> None:
        if bool(self.years) == (self.last is not None or self.this_year):
            raise Invalid("years_unclear", "应在固定年份与按申报日推算中恰好选定一种")

    def span(self, on: date, founded_on: date | None) -> tuple[int, ...]:
        """The years, earliest first; none before (or in) the year of founding."""
        end = on.year + 1 if self.this_year else on.year
        years = self.years or tuple(range(on.year - (self.last or 0), end))
        if founded_on is None or self.years:
            return tuple(sorted(years))
        first = founded_on.year if self.founding_year else founded_on.year + 1
        return tuple(sorted(year for year in years if year >= first))
