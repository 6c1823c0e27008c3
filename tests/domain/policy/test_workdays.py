"""Working-day periods, against the notices and against a slow count by hand."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.calendar import GazettedCalendar
from domain.errors import Invalid
from domain.policy.workdays import NotGazetted, calendar_versions, last_day
from tests.domain.policy.dossiers import policy


@pytest.mark.parametrize(
    ("start", "days", "first_counts", "end"),
    [
        ("2022-09-28", 5, False, "2022-10-10"),  # 8 and 9 October were make-up working days
        ("2022-12-28", 5, False, "2023-01-05"),
        ("2022-12-28", 5, True, "2023-01-04"),
        ("2022-09-28", 1, True, "2022-09-28"),
        ("2022-10-01", 1, True, "2022-10-08"),
        ("2022-10-07", 1, False, "2022-10-08"),
        ("2023-12-29", 1, False, "2024-01-02"),
    ],
)
def test_the_last_day_of_a_period(start: str, days: int, first_counts: bool, end: str) -> None:
    found = last_day(
        date.fromisoformat(start), days, count_first_day=first_counts, calendar=GazettedCalendar()
    )
    assert str(found) == end


def test_a_year_that_is_not_gazetted_is_refused_and_named() -> None:
    with pytest.raises(NotGazetted) as refusal:
        last_day(date(2026, 12, 28), 5, calendar=GazettedCalendar())
    assert (refusal.value.code, refusal.value.details) == ("not_gazetted", {"year": 2027})
    assert refusal.value.message.startswith("2027 年节假日安排尚未公布")


@pytest.mark.parametrize("days", [0, -1, 367])
def test_a_period_has_a_sensible_length(days: int) -> None:
    with pytest.raises(Invalid) as refusal:
        last_day(date(2022, 1, 1), days, calendar=GazettedCalendar())
    assert refusal.value.code == "days_out_of_range"


class Drawn:
    """A calendar of a drawn set of worked days; unknown beyond a year."""

    def __init__(self, worked: set[date], known_to: int) -> None:
        self.worked, self.known_to = worked, known_to

    def is_working_day(self, day: date) -> bool:
        if day.year > self.known_to:
            raise NotGazetted(day.year)
        return day in self.worked

    def version(self, year: int) -> str:
        return f"drawn {year}"


def slow_last_day(start: date, days: int, first_counts: bool, worked: set[date]) -> date | None:
    """List every day from the start on, keep those that count, take the last: no loop shared."""
    begin = 0 if first_counts else 1
    span = [start + timedelta(days=at) for at in range(begin, 800)]
    counted = [day for day in span if day in worked and day.year <= 2024]
    return counted[days - 1] if len(counted) >= days else None


@given(
    start=st.dates(date(2023, 1, 1), date(2024, 12, 31)),
    days=st.integers(1, 60),
    first_counts=st.booleans(),
    seed=st.sets(st.integers(0, 730), max_size=400),
)
def test_the_count_agrees_with_a_slow_one(
    start: date, days: int, first_counts: bool, seed: set[int]
) -> None:
    worked = {date(2023, 1, 1) + timedelta(days=at) for at in seed}
    expected = slow_last_day(start, days, first_counts, worked)
    calendar = Drawn(worked, 2024)
    if expected is None:
        with pytest.raises(NotGazetted):
            last_day(start, days, count_first_day=first_counts, calendar=calendar)
    else:
        assert last_day(start, days, count_first_day=first_counts, calendar=calendar) == expected


@given(start=st.dates(date(2006, 1, 1), date(2026, 6, 1)), days=st.integers(1, 30))
def test_a_longer_period_ends_later_and_on_a_worked_day(start: date, days: int) -> None:
    calendar = GazettedCalendar()
    end = last_day(start, days, calendar=calendar)
    assert calendar.is_working_day(end)
    assert end > start
    assert last_day(start, days + 1, calendar=calendar) > end


def test_a_notice_keeps_the_calendar_of_every_year_it_touches() -> None:
    found = calendar_versions(date(2022, 12, 28), date(2023, 1, 5), GazettedCalendar())
    assert found == {2022: "chinesecalendar 1.11.0", 2023: "chinesecalendar 1.11.0"}


def test_the_packs_notice_of_five_working_days_ends_after_the_holiday() -> None:
    publicity = policy("wuxi-2022").publicity
    assert publicity is not None
    assert publicity.last_day(date(2022, 9, 28), GazettedCalendar()) == date(2022, 10, 10)
