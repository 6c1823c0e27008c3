"""What is pending becomes messages: at which moments, to whom, under which keys."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import event

from adapters.matters import due_messages, rhythm_of
from domain.matters import BEFORE_YEAR_END, KINDS, Message
from domain.policy.timing import DEFAULT, Reminding, Timing
from domain.values import SHANGHAI
from tests.adapters.matters.conftest import Town
from tests.adapters.matters.test_assessments import check, open_campaign


def said(town: Town, kind: str) -> list[Message]:
    messages, _ = due_messages(town.house, town.now)
    assert len({each.key for each in messages}) == len(messages)
    assert all(each.moment <= town.now for each in messages)
    return [each for each in messages if each.kind == kind]


def steps(town: Town, kind: str, who: str) -> list[str | None]:
    _, role, organisation = town.accounts[who]
    return [
        each.step
        for each in said(town, kind)
        if (each.role, each.organisation) == (role, organisation)
    ]


def until(town: Town) -> datetime:
    _, following = due_messages(town.house, town.now)
    assert following is not None
    return following


@pytest.fixture
def assessed(named: Town) -> Town:
    named.to("2025-10-02")
    open_campaign(named, 2025)
    return named


def test_a_union_is_reminded_on_its_days_and_weekly_once_overdue(assessed: Town) -> None:
    assert steps(assessed, "assessment.union_due", "union0") == []
    assessed.to("2025-10-31", 9)
    assert steps(assessed, "assessment.union_due", "union0") == ["before-60"]
    assessed.to("2025-12-30", 9)
    before = [f"before-{days}" for days in BEFORE_YEAR_END]
    assert steps(assessed, "assessment.union_due", "union0") == before
    assessed.to("2026-01-20", 9)
    overdue = ["overdue-1", "overdue-2"]
    assert steps(assessed, "assessment.union_due", "union0") == [*before, *overdue]


def test_those_above_are_told_of_units_only_when_they_are_overdue(assessed: Town) -> None:
    assessed.to("2026-01-06", 9)
    assert steps(assessed, "assessment.unit_due", "union0") == []
    assessed.to("2026-01-07", 9)
    assert steps(assessed, "assessment.unit_due", "union0") == ["overdue-1"]
    assert steps(assessed, "assessment.unit_due", "officer") == []
    assessed.to("2026-01-14", 9)
    assert steps(assessed, "assessment.unit_due", "officer") == ["overdue-2"]


def test_nothing_more_is_said_once_it_is_done(assessed: Town) -> None:
    assessed.to("2025-12-01")
    assert steps(assessed, "assessment.union_due", "union1") == ["before-60", "before-30"]
    check(assessed, "union1", 1)
    assert steps(assessed, "assessment.union_due", "union1") == []


def test_what_was_said_keeps_its_key_whatever_happens_to_the_others(assessed: Town) -> None:
    assessed.to("2025-12-01")
    before = {each.key for each in said(assessed, "assessment.union_due")}
    check(assessed, "union0", 0)
    assert {each.key for each in said(assessed, "assessment.union_due")} == before
    assessed.to("2025-12-02")
    assert {each.key for each in said(assessed, "assessment.union_due")} == before


def test_a_campaign_that_opens_late_skips_the_reminders_before_it(named: Town) -> None:
    named.to("2025-12-10")
    open_campaign(named, 2025)
    named.to("2025-12-16", 10)
    assert steps(named, "assessment.union_due", "union0") == ["before-15"]


def test_the_policys_days_come_before_the_default_and_the_federations_before_both(
    assessed: Town,
) -> None:
    policy = assessed.house.policies["story-2024"]
    assert policy.assessment is not None
    rule = replace(policy.assessment, remind_days_before=(20, 2))
    policies = {policy.id: replace(policy, assessment=rule)}
    assessed.house.register.policies = policies
    assessed.to("2025-12-30", 9)
    assert steps(assessed, "assessment.union_due", "union0") == ["before-20", "before-2"]
    own = Timing(reminders=(Reminding(kind="assessment.union_due", before=(5,)),))
    assessed.did(assessed.register.directory.set_timing, "admin", assessed.city, own)
    assert steps(assessed, "assessment.union_due", "union0") == ["before-5"]


def test_a_kind_that_a_federation_wants_nothing_said_of_is_silent(assessed: Town) -> None:
    assessed.to("2025-12-01")
    off = Timing(reminders=(Reminding(kind="assessment.union_due", off=True),))
    assessed.did(assessed.register.directory.set_timing, "admin", assessed.city, off)
    assert said(assessed, "assessment.union_due") == []
    assert steps(assessed, "assessment.unit_due", "unit1") == ["before-60", "before-30"]


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_every_kind_has_its_rhythm_and_a_federation_may_change_it(kind: str) -> None:
    assert rhythm_of(kind, DEFAULT) == KINDS[kind]
    own = Timing(reminders=(Reminding(kind=kind, before=(9,), overdue_every=3),))
    changed = rhythm_of(kind, own)
    assert changed is not None
    assert (changed.before, changed.overdue_every) == ((9,), 3)
    silent = Timing(reminders=(Reminding(kind=kind, off=True),))
    assert rhythm_of(kind, silent) is None


def test_the_next_look_is_at_the_next_step_or_midnight_or_opening(town: Town) -> None:
    assert until(town) == datetime(2024, 3, 1, 16, tzinfo=UTC)
    opens_at = town.now + timedelta(hours=2)
    call: dict[str, Any] = {"policy": "story-2024", "title": "2024 年申报", "federation": town.city}
    town.did(town.register.calls.open, "officer", **call, opens_at=opens_at)
    assert until(town) == opens_at
    town.to("2024-04-23", 8)
    assert until(town) == town.now + timedelta(hours=1)
    town.now = until(town)
    assert steps(town, "call.filing", "union0") == ["before-15", "before-7"]
    assert steps(town, "call.opens", "union0") == ["new"]


def test_a_look_in_the_callers_transaction_sees_the_same(named: Town) -> None:
    with named.house.engine.connect() as connection:
        assert due_messages(named.house, named.now, connection=connection) == due_messages(
            named.house, named.now
        )


def test_a_look_takes_as_few_questions_for_many_as_for_one(assessed: Town) -> None:
    asked: list[str] = []

    def note(_c: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        asked.append(statement)

    event.listen(assessed.house.engine, "before_cursor_execute", note)
    due_messages(assessed.house, assessed.now)
    event.remove(assessed.house.engine, "before_cursor_execute", note)
    assert len([each for each in asked if each.lstrip().upper().startswith("SELECT")]) <= 30


def test_a_missing_calendar_is_spoken_of_from_the_first_day_even_on_a_sunday(named: Town) -> None:
    named.knows_up_to(2026)
    sunday = datetime(2026, 11, 15, 0, 30, tzinfo=SHANGHAI)
    said, _ = due_messages(named.house, sunday)
    assert [(each.kind, each.step) for each in said if each.kind == "calendar.missing"] == [
        ("calendar.missing", "new")
    ]
