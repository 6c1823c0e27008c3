"""Calendars: a year's holidays that should be known by now and are not."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from uuid import UUID

import sqlalchemy as sa

from adapters.matters.asking import Asking, city
from adapters.views.tables import calls
from domain.matters import Matter
from domain.policy.workdays import NotGazetted
from domain.values import start_of

EXPECTED = (11, 15)
"""By then the State Council's office has published the next year's holidays in most years."""


def calendars(ask: Asking) -> Iterator[Matter]:
    """This year's calendar, and from the middle of November the next one's, where it is missing."""
    for year in (ask.today.year, ask.today.year + 1):
        expected = date(year - 1, *EXPECTED)
        if expected <= ask.today and not _known(ask, year):
            for federation in _federations(ask):
                yield Matter(
                    kind="calendar.missing",
                    subject=f"{federation}/{year}",
                    federation=UUID(federation),
                    to=(city(federation),),
                    since=start_of(expected),
                    due_on=expected,
                    facts={"year": year},
                    link="/tasks",
                )


def _known(ask: Asking, year: int) -> bool:
    try:
        ask.calendar.version(year)
    except NotGazetted:
        return False
    return True


def _federations(ask: Asking) -> list[str]:
    """Those that have opened a call or named a studio."""
    c = calls.table
    opened = ask.rows(sa.select(c.c.federation).where(ask.near(c)).distinct())
    return sorted({*ask.naming_federations, *(row.federation for row in opened)})
