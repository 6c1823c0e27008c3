"""Tasks: what is pending for whoever holds an office, the most urgent first."""

from __future__ import annotations

import pytest

from adapters.matters import overdue, pending, tasks
from domain.values import Role
from tests.adapters.matters.conftest import Office, Town
from tests.adapters.matters.test_assessments import open_campaign


@pytest.fixture
def busy(named: Town) -> Town:
    named.to("2025-11-14")
    open_campaign(named, 2025)
    term = {"ends_on": named.now.date(), "basis": "聘任书"}
    named.did(named.register.ledgers.set_term, "unit0", named.filed[0][0], **term)
    return named


def kinds(town: Town, who: str) -> list[str]:
    return [each.kind for each in town.tasks(who)]


def test_a_unit_sees_its_own_tasks_by_their_day(busy: Town) -> None:
    assert kinds(busy, "unit0") == ["term.ends", "self_check.due", "assessment.unit_due"]
    assert kinds(busy, "unit1") == ["self_check.due", "assessment.unit_due"]


def test_what_is_overdue_comes_first(busy: Town) -> None:
    busy.to("2025-11-17")
    first, *others = busy.tasks("unit0")
    assert overdue(first, busy.now)
    assert not any(overdue(each, busy.now) for each in others)


def test_a_union_has_its_own_and_later_those_of_its_units(busy: Town) -> None:
    assert kinds(busy, "union0") == ["assessment.union_due"]
    busy.to("2026-01-06")
    assert kinds(busy, "union0") == ["assessment.union_due"]
    busy.to("2026-01-07")
    assert sorted(kinds(busy, "union0")) == ["assessment.union_due", "assessment.unit_due"]


def test_a_city_has_what_is_the_citys(busy: Town) -> None:
    assert kinds(busy, "officer") == ["assessment.city_due"]
    assert kinds(busy, "admin") == []


def test_tasks_are_what_is_pending_with_the_same_counts(busy: Town) -> None:
    busy.to("2026-01-20")
    everything = {each.thread: each for each in pending(busy.house, busy.now)}
    for who in ("unit0", "unit1", "union0", "union1", "officer"):
        for each in busy.tasks(who):
            assert each == everything[each.thread]


def test_what_is_only_announced_is_no_task(town: Town) -> None:
    call = {"policy": "story-2024", "title": "2024 年申报", "federation": town.city}
    town.did(town.register.calls.open, "officer", **call)
    assert kinds(town, "union0") == ["call.filing"]
    assert kinds(town, "officer") == ["call.silent_unions"]
    assert kinds(town, "unit0") == []


def test_several_offices_have_their_tasks_in_one_list(busy: Town) -> None:
    offices = [
        Office(Role.UNIT_UNION, busy.units[0]),
        Office(Role.RECOMMENDING_UNION, busy.unions[0]),
        Office(Role.UNIT_UNION, busy.units[1]),
    ]
    found = tasks(busy.house, busy.now, offices)
    assert len(found) == 6
    assert [each.due_on for each in found] == sorted(each.due_on for each in found if each.due_on)
    assert tasks(busy.house, busy.now, []) == []


def test_only_some_kinds_or_one_federation_may_be_asked_for(busy: Town) -> None:
    only = list(pending(busy.house, busy.now, kinds={"assessment.city_due"}))
    assert [each.kind for each in only] == ["assessment.city_due"]
    assert list(pending(busy.house, busy.now, federation=busy.units[0])) == []
    assert len(list(pending(busy.house, busy.now, federation=busy.city))) == len(busy.due())
