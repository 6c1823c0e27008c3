"""When a year's assessment opens and closes by itself, and whose year it is."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from domain.policy.policy import Policy
from domain.policy.terms import Assessment
from domain.policy.timing import DEFAULT, Timing, due_day


def opens_on(rule: Assessment, year: int, timing: Timing) -> date:
    """The day on which a year's assessment opens: the pack's, else so long before the due day."""
    if rule.opens_month_day is not None:
        return due_day(rule.opens_month_day, year)
    before = timedelta(days=timing.campaign_opens_days_before)
    return due_day(rule.due_month_day, year) - before


def closes_on(due_on: date, timing: Timing) -> date | None:
    """The last day on which results are waited for; None where an officer closes it."""
    days = timing.campaign_closes_days_after
    return None if days is None else due_on + timedelta(days=days)


def years_open(policy: Policy, timing: Timing, on: date) -> Iterator[int]:
    """The years whose assessment ought to be open on a day, the latest first.

    One that would be over before anyone heard of it is not opened by rule, however long the
    machine was off; nor is a year that ended before the policy's first day or began after its last.
    """
    rule = policy.assessment
    if rule is None:
        return
    year, due_on = on.year, due_day(rule.due_month_day, on.year)
    while (closes_on(due_on, _closing(timing)) or on) >= on:
        begun = policy.effective_from is None or policy.effective_from <= due_on
        ended = policy.effective_to is not None and policy.effective_to < date(year, 1, 1)
        if opens_on(rule, year, timing) <= on and begun and not ended:
            yield year
        year, due_on = year - 1, due_day(rule.due_month_day, year - 1)


def _closing(timing: Timing) -> Timing:
    """The same where it closes by itself; else the usual: opening, at least, has an end."""
    return DEFAULT if timing.campaign_closes_days_after is None else timing


def last_named_year(rule: Assessment, year: int) -> int | None:
    """A naming of this year, or an earlier one, is assessed for a year; None where none is."""
    if rule.first_year is not None and year < rule.first_year:
        return None
    return year if rule.naming_year_counts else year - 1
