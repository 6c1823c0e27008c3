"""A year's holidays that are not known yet."""

from __future__ import annotations

from datetime import UTC, date, datetime

from tests.adapters.matters.conftest import Town


def test_next_years_calendar_is_asked_for_from_the_middle_of_november(named: Town) -> None:
    named.knows_up_to(2026)
    named.to("2026-11-14", 23)
    assert named.due("calendar.missing") == []
    named.to("2026-11-15", 0)
    (found,) = named.due("calendar.missing")
    assert (named.told(found), found.due_on) == (["city"], date(2026, 11, 15))
    assert found.since == datetime(2026, 11, 14, 16, tzinfo=UTC)
    assert found.facts == {"year": 2027}
    named.knows_up_to(2027)
    assert named.due("calendar.missing") == []


def test_a_year_that_began_without_its_calendar_is_asked_for(named: Town) -> None:
    named.knows_up_to(2026)
    named.to("2026-12-31")
    (before,) = named.due("calendar.missing")
    named.to("2027-01-02")
    assert named.due("calendar.missing") == [before]


def test_a_federation_that_does_nothing_needs_no_calendar(town: Town) -> None:
    town.knows_up_to(2024)
    town.to("2024-12-01")
    assert town.due("calendar.missing") == []
