"""Failing years in a row or in all, counted over years and never over the order of recording.

Changchun 长会办字〔2023〕33号 五5: 连续三年不合格的取消命名. What counts is domain.md §3.
"""

from __future__ import annotations

from collections.abc import Mapping

from domain.policy.terms import Assessment


def counts(rule: Assessment, year: int, named_year: int) -> bool:
    """Whether a year is one that can be failed under the rule.

    The year of naming does not count unless the pack says so; years before the rule never do.
    """
    first = named_year if rule.naming_year_counts else named_year + 1
    if rule.first_year is not None:
        first = max(first, rule.first_year)
    return year >= first


def run_with(
    rule: Assessment, results: Mapping[int, bool | None], named_year: int, year: int
) -> tuple[int, ...]:
    """The unbroken run of failing years that this year is part of; empty when it is in none.

    `results` gives a year True (failing), False (not failing) or None (未考核: the campaign closed
    without a result). A year that is absent or None breaks the run, or is passed over, or (None
    only) counts as failing, as the pack's `missing_year` says.
    """
    return next((run for run in runs(rule, results, named_year) if year in run), ())


def full_run(
    rule: Assessment, results: Mapping[int, bool | None], named_year: int
) -> tuple[int, ...]:
    """The first run long enough to lose the name, cut to its first N years; else empty.

    Under a rule that states no number of failures no run is long enough.
    """
    needed = rule.failures_to_revoke
    if not needed:
        return ()
    for run in runs(rule, results, named_year):
        if len(run) >= needed:
            return run[:needed]
    return ()


def runs(
    rule: Assessment, results: Mapping[int, bool | None], named_year: int
) -> list[tuple[int, ...]]:
    """Every unbroken run of failing years that count, in order of years.

    A year in which none is due, because the pack assesses every few years, is passed over. Where
    failures are counted in all (累计), nothing breaks a run and there is one at most.
    """
    found: list[tuple[int, ...]] = []
    run: list[int] = []
    in_a_row = rule.counting == "in_a_row"
    years = [year for year in results if counts(rule, year, named_year)]
    last = 0
    for year in range(min(years, default=0), max(years, default=-1) + 1):
        failing = results.get(year)
        if year in results:
            last = year
        elif year - last < rule.every_years:
            continue
        if failing is None:
            if rule.missing_year == "fails" and year in results:
                run.append(year)
            elif rule.missing_year != "neutral" and run and in_a_row:
                found.append(tuple(run))
                run = []
        elif failing:
            run.append(year)
        elif run and in_a_row:
            found.append(tuple(run))
            run = []
    if run:
        found.append(tuple(run))
    return found
