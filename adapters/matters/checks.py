"""Between assessments: self-checks of each period, rectifications, and names to end or give back."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Row, Select

from adapters.matters.asking import Asking, city, listed, moment, several, unit
from adapters.views.tables import (
    namings,
    organisations,
    rectifications,
    self_checks,
    studios,
    timeline,
)
from domain.matters import Matter
from domain.policy.timing import SelfCheckPeriod, Timing, due_day
from domain.values import end_of, start_of

DAY = timedelta(days=1)
BEHIND = 120 * DAY
SEPARATOR = "\n"


@dataclass(frozen=True)
class Period:
    """One period of one year: it is about namings given up to `begins`."""

    setting: SelfCheckPeriod
    year: int
    begins: date
    due_on: date


def checks(ask: Asking) -> Iterator[Matter]:
    """What is due of namings in force, apart from the yearly assessment."""
    yield from _self_checks(ask)
    yield from _rectifications(ask)
    yield from _decisions(ask)


def _self_checks(ask: Asking) -> Iterator[Matter]:
    assessed = sorted(id for id, policy in ask.policies.items() if policy.assessment)
    ahead = ask.timings.ahead("self_check.due")
    for federation in ask.naming_federations:
        for period in periods(ask.timing(federation), ask.today, ahead):
            for group in ask.rows(_unchecked(ask, federation, assessed, period)):
                yield _self_check(group, federation, period)


def periods(timing: Timing, today: date, ahead: timedelta) -> Iterator[Period]:
    """The periods whose due day is near: a period begins when the one before it was due."""
    for year in (today.year - 1, today.year, today.year + 1):
        settings = [(due_day(each.due_month_day, year), each) for each in timing.self_check_periods]
        settings.sort(key=lambda pair: pair[0])
        for at, (due, each) in enumerate(settings):
            last = due_day(settings[-1][1].due_month_day, year - 1)
            begins = settings[at - 1][0] if at else last
            if today - BEHIND <= due <= today + ahead:
                yield Period(each, year, begins, due)


def _unchecked(ask: Asking, federation: str, policies: list[str], period: Period) -> Select[Any]:
    """For each unit the namings given before the period that have no self-check of it.

    One that the register did not know of by the due day is not asked for what was before it.
    """
    n, s, c = namings.table, studios.table, self_checks.table
    names = (period.setting.id, period.setting.name)
    done = sa.and_(
        *(c.c.studio == n.c.studio, c.c.number == n.c.number, ask.holds(c)),
        *(c.c.year == period.year, c.c.period.in_(names)),
    )
    position = sa.func.min(n.c.named_at)
    counted = (
        sa.select(
            n.c.unit,
            sa.func.count().label("many"),
            sa.func.aggregate_strings(s.c.name, SEPARATOR).label("names"),
            sa.func.min(n.c.studio).label("studio"),
            position.label("position"),
        )
        .select_from(n.join(s, sa.and_(s.c.id == n.c.studio, ask.holds(s))).outerjoin(c, done))
        .where(
            *(ask.near(n), n.c.status == "active", n.c.federation == federation),
            *(n.c.policy.in_(policies), n.c.named_on <= str(period.begins), c.c.id.is_(None)),
            n.c.named_at <= ask.position_at(end_of(period.due_on)),
        )
        .group_by(n.c.unit)
        .subquery()
    )
    joined = counted.join(timeline, timeline.c.position == counted.c.position)
    return sa.select(counted, timeline.c["at"].label("at")).select_from(joined)


def _self_check(row: Row[Any], federation: str, period: Period) -> Matter:
    # A naming that was entered later than the period began is not asked for what was before.
    since = max(start_of(period.begins + DAY), moment(row.at))
    count = int(row.many)
    facts: dict[str, str | int] = {"year": period.year, "period": period.setting.name}
    return Matter(
        kind="self_check.due",
        subject=f"{federation}/{row.unit}/{period.year}/{period.setting.id}",
        federation=UUID(federation),
        to=(unit(row.unit),),
        since=since,
        due_on=period.due_on,
        facts={"studio": listed(row.names.split(SEPARATOR)), **facts, **several(count)},
        link=f"/studios/{row.studio}" if count == 1 else "/studios",
    )


def _rectifications(ask: Asking) -> Iterator[Matter]:
    """Ordered, or tried and refused: to the unit, and once overdue to those above it."""
    n, r, s = namings.table, rectifications.table, studios.table
    before = r.alias("before")
    ordered = sa.select(sa.func.max(before.c.since)).where(
        before.c.id == r.c.id, before.c.status == "ordered"
    )
    columns = (r.c.year, r.c.due_on, timeline.c["at"].label("at"))
    common = (n.c.studio, n.c.number, n.c.unit, n.c.recommender, n.c.federation, s.c.name)
    joined = (
        r.join(n, sa.and_(n.c.studio == r.c.studio, n.c.number == r.c.number, ask.holds(n)))
        .join(s, sa.and_(s.c.id == n.c.studio, ask.holds(s)))
        .join(timeline, timeline.c.position == ordered.scalar_subquery())
    )
    query = sa.select(*common, *columns).select_from(joined).where(ask.near(r))
    open_ = (n.c.status == "active", r.c.status.in_(("ordered", "refused")))
    rows = ask.rows(query.where(*open_))
    names = ask.names(organisations, (row.unit for row in rows))
    for row in rows:
        facts = {"year": row.year, "number": row.number, "unit": names[row.unit]}
        days = max(ask.timing(row.federation).escalate_after_days, 1)
        yield Matter(
            kind="rectification.due",
            subject=f"{row.studio}/{row.number}/{row.year}",
            federation=UUID(row.federation),
            to=(unit(row.unit), ask.recommender(row.recommender, days)),
            since=moment(row.at),
            due_on=date.fromisoformat(row.due_on),
            facts={"studio": row.name, **facts},
            link=f"/studios/{row.studio}",
        )


def _decisions(ask: Asking) -> Iterator[Matter]:
    """What waits for a decision of the city's: since the rule, or a correction, brought it up."""
    n = namings.table.c
    columns = (n.studio, n.number, n.unit, n.federation, n.proposed, n.reinstatement_case)
    flagged = sa.or_(n.proposed.is_(True), n.reinstatement_case.is_(True))
    rows = ask.rows(sa.select(*columns).where(ask.near(namings.table), flagged))
    names = ask.names(organisations, (row.unit for row in rows))
    names |= ask.names(studios, (row.studio for row in rows))
    for row in rows:
        if row.proposed:
            yield _decision(ask, "revocation.proposed", "studio.failed_three_years", row, names)
        if row.reinstatement_case:
            topic = "studio.reinstatement_case_opened"
            yield _decision(ask, "reinstatement.open", topic, row, names)


def _decision(
    ask: Asking, kind: str, topic: str, row: Row[Any], names: Mapping[str, str]
) -> Matter:
    since = ask.last(row.studio, topic)
    return Matter(
        kind=kind,
        subject=f"{row.studio}/{row.number}/{since:%Y%m%dT%H%M%S}",
        federation=UUID(row.federation),
        to=(city(row.federation),),
        since=since,
        due_on=None,
        facts={"studio": names[row.studio], "number": row.number, "unit": names[row.unit]},
        link=f"/studios/{row.studio}",
    )
