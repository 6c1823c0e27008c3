"""Failing years in a row, compared with an independent reading of the rule over every small history."""

from __future__ import annotations

import itertools
from collections.abc import Mapping

import pytest

from domain.model import runs
from domain.policy.terms import Assessment
from tests.domain.rules import rule

YEARS = range(2023, 2028)
RESULTS = (True, False, None, "absent")
NAMED = 2023


def oracle(rule: Assessment, results: Mapping[int, bool | None], named: int) -> set[int]:
    """The years that count as failing, spelled as a word, cut where the run breaks."""
    start = named if rule.naming_year_counts else named + 1
    start = max(start, rule.first_year or 0)
    word = ""
    for year in YEARS:
        if year < start:
            word += "-"
        elif year not in results:
            word += "." if rule.missing_year == "neutral" else "-"
        elif results[year] is None:
            word += {"breaks": "-", "neutral": ".", "fails": "F"}[rule.missing_year]
        else:
            word += "F" if results[year] else "-"
    full: list[int] = []
    for part in word.replace(".", "_").split("-"):
        if part.count("F") >= rule.failures_to_revoke and not full:
            offset = word.replace(".", "_").index(part)
            full = [YEARS[offset + at] for at, letter in enumerate(part) if letter == "F"]
    return set(full[: rule.failures_to_revoke])


@pytest.mark.parametrize("missing", ["breaks", "neutral", "fails"])
@pytest.mark.parametrize("first_year", [None, 2025])
@pytest.mark.parametrize("naming_year", [False, True])
@pytest.mark.parametrize("needed", [1, 2, 3])
def test_a_full_run_is_what_the_rule_reads_as_over_all_histories_of_five_years(
    missing: str, first_year: int | None, naming_year: bool, needed: int
) -> None:
    setting = rule(
        missing_year=missing,
        first_year=first_year,
        naming_year_counts=naming_year,
        failures_to_revoke=needed,
    )
    wrong = []
    for history in itertools.product(RESULTS, repeat=len(YEARS)):
        results = {y: r for y, r in zip(YEARS, history, strict=True) if r != "absent"}
        found = set(runs.full_run(setting, results, NAMED))  # type: ignore[arg-type] # no "absent"
        if found != oracle(setting, results, NAMED):  # type: ignore[arg-type] # no "absent"
            wrong.append((history, found))
    assert wrong == []


@pytest.mark.parametrize("order", list(itertools.permutations((2024, 2025, 2026))))
def test_the_order_of_recording_does_not_matter(order: tuple[int, ...]) -> None:
    assert runs.full_run(rule(), dict.fromkeys(order, True), 2023) == (2024, 2025, 2026)


def test_only_the_first_years_of_a_longer_run_are_named() -> None:
    assert runs.full_run(rule(), dict.fromkeys(range(2024, 2029), True), 2023) == (2024, 2025, 2026)


def test_the_run_of_a_year_is_the_one_it_is_part_of() -> None:
    results = {2024: True, 2025: False, 2026: True, 2027: True}
    assert runs.run_with(rule(), results, 2023, 2027) == (2026, 2027)
    assert runs.run_with(rule(), results, 2023, 2025) == ()


def test_nothing_assessed_is_no_run() -> None:
    assert runs.runs(rule(), {}, 2023) == []


@pytest.mark.parametrize(
    ("years", "full"),
    [
        ((2024, 2026, 2028), (2024, 2026, 2028)),
        ((2024, 2026, 2029), ()),
        ((2025, 2027, 2029), (2025, 2027, 2029)),
    ],
)
def test_where_assessment_is_every_second_year_the_year_between_breaks_nothing(
    years: tuple[int, ...], full: tuple[int, ...]
) -> None:
    assert runs.full_run(rule(every_years=2), dict.fromkeys(years, True), 2023) == full
