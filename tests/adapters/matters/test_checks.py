"""Self-checks of each period, rectifications, and decisions on names."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from domain.policy.timing import SelfCheckPeriod, Timing
from tests.adapters.matters.conftest import Town
from tests.adapters.matters.test_assessments import check


def self_check(town: Town, n: int, year: int, period: str) -> None:
    number = ("2024-01", "2024-02", "2019-07")[n]
    town.did(
        town.register.assessments.self_check,
        f"unit{n}",
        town.filed[n][0],
        number=number,
        year=year,
        period=period,
        summary="正常",
    )


def test_a_self_check_comes_near_two_months_before_it_is_due(named: Town) -> None:
    named.to("2024-04-30")
    assert named.due("self_check.due") == []
    named.to("2024-05-16")
    (found,) = named.due("self_check.due")
    assert (named.told(found), found.due_on) == (["unit2"], date(2024, 7, 15))
    assert found.facts == {"studio": "王2创新工作室", "year": 2024, "period": "上半年"}
    self_check(named, 2, 2024, "H1")
    assert named.due("self_check.due") == []


def test_a_period_is_asked_of_namings_that_were_there_when_it_began(named: Town) -> None:
    named.to("2024-11-01")
    second = [each for each in named.due("self_check.due") if each.facts["period"] == "下半年"]
    assert sorted(named.told(each)[0] for each in second) == ["unit0", "unit1", "unit2"]


def test_a_period_that_was_checked_under_its_name_is_done(named: Town) -> None:
    named.to("2024-11-10")
    for n in range(3):
        self_check(named, n, 2024, "下半年")
    assert [each.facts["period"] for each in named.due("self_check.due")] == ["上半年"]


def test_a_self_check_is_no_longer_asked_for_four_months_later(named: Town) -> None:
    named.to("2024-11-12")
    assert ("unit2", "上半年") in named.owed("self_check.due", "period")
    named.to("2024-11-13")
    assert ("unit2", "上半年") not in named.owed("self_check.due", "period")


def test_a_federation_has_its_own_periods(named: Town) -> None:
    whole = SelfCheckPeriod(id="Y", name="全年", due_month_day="11-30")
    timing = Timing(self_check_periods=(whole,))
    named.did(named.register.directory.set_timing, "admin", named.city, timing)
    named.to("2024-11-01")
    (found,) = named.due("self_check.due")
    assert (named.told(found), found.due_on) == (["unit2"], date(2024, 11, 30))
    assert found.facts["period"] == "全年"


def test_what_a_failing_studio_was_ordered_to_do_is_due_until_it_is_accepted(named: Town) -> None:
    named.to("2025-11-04")
    check(named, "union0", 0, grade="unqualified")
    (found,) = named.due("rectification.due")
    assert (named.told(found), found.since) == (["union0+7", "unit0"], named.now)
    assert (found.due_on, found.facts["number"]) == (date(2026, 2, 2), "2024-01")
    named.tick(days=3)
    rectify = named.register.assessments.rectify
    judged = {"number": "2024-01", "year": 2025}
    studio = named.filed[0][0]
    named.did(rectify, "union0", studio, **judged, accepted=False, findings="不到位")
    assert named.due("rectification.due") == [found]
    named.did(rectify, "union0", studio, **judged, accepted=True, findings="已整改")
    assert named.due("rectification.due") == []


def test_a_corrected_result_lifts_what_was_ordered(named: Town) -> None:
    named.to("2025-11-04")
    result = check(named, "union0", 0, grade="unqualified")
    correction = {"grade": "qualified", "reason": "复核", "document": "复〔2025〕1号"}
    correct = named.register.assessments.correct
    studio = named.filed[0][0]
    named.did(correct, "officer", studio, number="2024-01", check=result, **correction)
    assert named.due("rectification.due") == []


def test_a_reinstatement_is_the_citys_to_decide(named: Town) -> None:
    studio = named.filed[0][0]
    for year in (2025, 2026, 2027):
        named.to(f"{year}-11-04")
        last = check(named, "union0", 0, year, "unqualified")
    assert named.due("rectification.due") == []
    decision = {"reason": "复核", "document": "复〔2027〕1号"}
    correct = named.register.assessments.correct
    named.did(
        correct, "officer", studio, number="2024-01", check=last, grade="qualified", **decision
    )
    (found,) = named.due("reinstatement.open")
    assert (named.told(found), found.since, found.due_on) == (["city"], named.now, None)
    assert found.link == f"/studios/{studio}"
    reinstate = named.register.assessments.reinstate
    named.did(reinstate, "officer", studio, number="2024-01", **decision)
    assert named.due("reinstatement.open") == []


@pytest.fixture
def proposing(database_url: str, tmp_path: Path) -> Iterator[Town]:
    """A town whose policy leaves de-naming to an officer."""
    town = Town(tmp_path, database_url)
    policy = town.house.policies["story-2024"]
    assert policy.assessment is not None
    rule = replace(policy.assessment, revocation="proposed")
    policies = {policy.id: replace(policy, assessment=rule)}
    town.house.register.policies = policies
    town.register.policies = policies
    for chapter in (town.settle, town.intake, town.publicity, town.naming):
        chapter()
    yield town
    town.house.close()


def test_a_proposed_revocation_is_the_citys_to_decide(proposing: Town) -> None:
    for year in (2025, 2026, 2027):
        assert proposing.due("revocation.proposed") == []
        proposing.to(f"{year}-11-04")
        check(proposing, "union0", 0, year, "unqualified")
    (found,) = proposing.due("revocation.proposed")
    assert (proposing.told(found), found.since) == (["city"], proposing.now)
    assert (found.due_on, found.facts["number"]) == (None, "2024-01")
    revoke = proposing.register.assessments.revoke
    decision = {"document": "撤〔2027〕1号", "reason": "连续三年不合格"}
    proposing.did(revoke, "officer", proposing.filed[0][0], number="2024-01", **decision)
    assert proposing.due("revocation.proposed") == []
    assert proposing.due("rectification.due") == []
