"""Calls: that they are open, and who has recommended nobody yet."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from domain.model.organisation import Kind
from tests.adapters.matters.conftest import Town

DEADLINE = datetime(2024, 4, 30, 15, 59, 59, 999999, tzinfo=UTC)


def opened(town: Town, opens_at: datetime | None = None) -> None:
    town.call = town.did(
        town.register.calls.open,
        "officer",
        policy="story-2024",
        title="2024 年申报",
        federation=town.city,
        opens_at=opens_at,
    )


def test_a_call_is_announced_to_every_union_from_the_moment_it_opens(town: Town) -> None:
    opens_at = town.now + timedelta(days=2)
    opened(town, opens_at)
    assert town.due() == []
    town.now = opens_at
    (found,) = town.due("call.opens")
    assert (town.told(found), found.since, found.due_on) == (["union0", "union1"], opens_at, None)
    assert found.facts == {"call": "2024 年申报", "deadline": "2024-04-30 23:59"}
    assert found.link == f"/calls/{town.call}"


def test_a_union_is_asked_until_it_has_recommended_somebody(town: Town) -> None:
    opened(town)
    assert town.owed("call.filing") == [("union0",), ("union1",)]
    filed = town.apply(0)
    assert town.owed("call.filing") == [("union0",), ("union1",)]
    town.review("unit", "unit0", filed)
    town.review("first", "union0", filed)
    (found,) = town.due("call.filing")
    assert (town.told(found), found.due_on) == (["union1"], date(2024, 4, 30))
    assert town.owed("call.silent_unions", "count", "unions") == [("city", 1, "第2区总工会")]


def test_a_union_whose_only_candidate_withdrew_is_asked_again(town: Town) -> None:
    opened(town)
    filed = town.apply(0)
    town.review("unit", "unit0", filed)
    town.review("first", "union0", filed)
    town.did(town.register.intake.withdraw, "unit0", *filed, "撤回")
    assert town.owed("call.filing") == [("union0",), ("union1",)]


def test_nobody_is_asked_after_the_last_moment(town: Town) -> None:
    opened(town)
    town.now = DEADLINE
    assert town.kinds() == {"call.opens", "call.filing", "call.silent_unions"}
    town.now = DEADLINE + timedelta(microseconds=1)
    assert town.due() == []


def test_a_later_deadline_is_the_one_that_counts(town: Town) -> None:
    opened(town)
    later = DEADLINE + timedelta(days=10)
    town.did(town.register.calls.extend, "officer", town.call, deadline=later, reason="各区要求")
    assert {each.due_on for each in town.due("call.filing")} == {date(2024, 5, 10)}


def test_a_closed_call_asks_nobody(town: Town) -> None:
    opened(town)
    town.did(town.register.calls.close, "officer", town.call)
    assert town.due() == []


def test_a_closed_union_is_not_asked(town: Town) -> None:
    opened(town)
    union = town.did(
        town.register.directory.register_organisation,
        None,
        name="第3区总工会",
        kind=Kind.RECOMMENDING_UNION,
        parent=town.city,
        code="T9",
    )
    assert len(town.due("call.filing")) == 3
    town.did(town.register.directory.close_organisation, "admin", union, "撤并")
    assert len(town.due("call.filing")) == 2
