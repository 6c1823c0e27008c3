"""Notices: whom to name, objections to answer, ends that are provisional, and outages."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Row, Select

from adapters.matters.asking import Asking, city, moment
from adapters.schedule.tables import outages
from adapters.views.tables import applications, calls, objections, timeline
from adapters.views.tables import notices as view
from domain.matters import Matter
from domain.policy.workdays import NotGazetted
from domain.values import local, start_of

LEAST_OUTAGE = timedelta(hours=1)
"""A shorter one keeps nobody from reading the list."""

DAY = timedelta(days=1)


def notices(ask: Asking) -> Iterator[Matter]:
    """What is due because of public notices."""
    yield from _to_name(ask)
    yield from _objections(ask)
    running = ask.rows(_notices(ask).where(view.table.c.status == "running"))
    yield from (_provisional(ask, notice) for notice in running if notice.provisional)
    yield from _outages(ask, running)


def _notices(ask: Asking) -> Select[Any]:
    """Notices that hold now, with the title of their call."""
    n, c = view.table, calls.table
    joined = n.join(c, sa.and_(c.c.id == n.c.call, ask.holds(c)))
    columns = (n.c.id, n.c.federation, n.c.starts_on, n.c.ends_on, n.c.posted_at)
    more = (n.c.objections_until, n.c.provisional, c.c.title)
    return sa.select(*columns, *more).select_from(joined).where(ask.holds(n))


def _matter(ask: Asking, kind: str, notice: Row[Any], subject: str, **values: Any) -> Matter:
    facts = {"call": notice.title, **values.pop("facts", {})}
    return Matter(
        kind=kind,
        subject=subject,
        federation=UUID(notice.federation),
        to=(city(notice.federation),),
        facts=facts,
        link=f"/notices/{notice.id}",
        **values,
    )


def _to_name(ask: Asking) -> Iterator[Matter]:
    a = applications.table
    waiting = (
        sa.select(a.c.notice, sa.func.count().label("many"))
        .where(ask.holds(a), a.c.stage == "naming", a.c.status == "under_review")
        .group_by(a.c.notice)
        .subquery()
    )
    query = _notices(ask).add_columns(waiting.c.many)
    query = query.join(waiting, waiting.c.notice == view.table.c.id)
    for notice in ask.rows(query.where(view.table.c.status == "completed")):
        since = ask.last(notice.id, "notice.completed")
        within = ask.timing(notice.federation).name_within_days
        due = local(since).date() + within * DAY
        facts = {"count": int(notice.many)}
        yield _matter(
            ask, "notice.to_name", notice, notice.id, since=since, due_on=due, facts=facts
        )


def _objections(ask: Asking) -> Iterator[Matter]:
    o = objections.table
    joined = sa.and_(o.c.notice == view.table.c.id, ask.holds(o))
    query = _notices(ask).add_columns(
        o.c.id.label("objection"), o.c.received_at, timeline.c["at"].label("at")
    )
    query = query.join(o, joined).join(timeline, timeline.c.position == o.c.raised_at)
    answerable = query.where(o.c.status == "open", o.c.kind.in_(("objection", "lead")))
    for row in ask.rows(answerable):
        within = ask.timing(row.federation).answer_objection_days
        due = local(moment(row.received_at)).date() + within * DAY
        facts = {"received_on": str(local(moment(row.received_at)).date())}
        since = moment(row.at)
        yield _matter(
            ask, "notice.objection", row, row.objection, since=since, due_on=due, facts=facts
        )


def _provisional(ask: Asking, notice: Row[Any]) -> Matter:
    facts = {"year": _unknown_year(ask, notice)}
    since = moment(notice.posted_at)
    return _matter(
        ask, "notice.provisional", notice, notice.id, since=since, due_on=None, facts=facts
    )


def _unknown_year(ask: Asking, notice: Row[Any]) -> int:
    """The first year a notice reaches into whose holidays are not known; it may since be known."""
    first, last = (date.fromisoformat(day).year for day in (notice.starts_on, notice.ends_on))
    for year in range(first, last + 2):
        try:
            ask.calendar.version(year)
        except NotGazetted:
            return year
    return last


def _outages(ask: Asking, running: Any) -> Iterator[Matter]:
    """Outages that fell into a notice's days and that no later change of the notice makes up for."""
    if not running:
        return
    earliest = min(start_of(date.fromisoformat(notice.starts_on)) for notice in running)
    found = ask.rows(sa.select(outages.c.begins, outages.c.ends))
    gaps = [(moment(row.begins), moment(row.ends)) for row in found]
    gaps = [(a, b) for a, b in gaps if b - a >= LEAST_OUTAGE and earliest < b <= ask.now]
    for notice in running if gaps else ():
        first = start_of(date.fromisoformat(notice.starts_on))
        last = moment(notice.objections_until)
        changed = ask.last_of(notice.id, ("notice.extended", "notice.restarted"))
        for begins, ends in gaps:
            if first < ends and begins <= last and (changed is None or changed < ends):
                yield _outage(ask, notice, begins, ends)


def _outage(ask: Asking, notice: Row[Any], begins: datetime, ends: datetime) -> Matter:
    subject = f"{notice.id}/{begins:%Y%m%dT%H%M%S}"
    spans = {
        "begins": ask.hour(notice.federation, begins),
        "ends": ask.hour(notice.federation, ends),
    }
    return _matter(ask, "notice.outage", notice, subject, since=ends, due_on=None, facts=spans)
