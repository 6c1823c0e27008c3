"""Money: grants that nobody paid, payments that no bank line shows, spending without account."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import ColumnElement, Row, Select

from adapters.matters.asking import Asking, city, listed, moment, several, unit, yuan
from adapters.views.tables import grants, organisations, payments, studios, timeline
from domain.matters import Addressee, Matter

DAY = timedelta(days=1)
Rows = Iterable[Row[Any]]


def money(ask: Asking) -> Iterator[Matter]:
    """What is due of the subsidies: one matter for all that fell due together."""
    yield from _unpaid(ask)
    yield from _unmatched(ask)
    yield from _unaccounted(ask)


def _unpaid(ask: Asking) -> Iterator[Matter]:
    g = grants.table
    columns = (g.c.granted_on.label("day"), g.c.unpaid.label("fen"))
    query = _of_funds(ask, g.c.granted_at, *columns)
    rows = ask.rows(query.where(ask.near(g), g.c.unpaid > 0))
    for group in _grouped(rows, lambda row: (row.fund, row.payer, row.day)):
        within = ask.timing(_federation(ask, group[0])).pay_within_days
        yield _of_city(ask, "grant.unpaid", group, within)


def _unmatched(ask: Asking) -> Iterator[Matter]:
    g, p = grants.table, payments.table
    columns = (p.c.paid_on.label("day"), p.c.amount.label("fen"))
    query = _of_funds(ask, p.c.recorded_at, *columns, joined=(p, p.c.grant_id == g.c.id))
    rows = ask.rows(query.where(ask.near(p), ask.holds(g), p.c.bank_reference.is_(None)))
    for group in _grouped(rows, lambda row: (row.fund, row.payer, row.day)):
        within = ask.timing(_federation(ask, group[0])).match_within_days
        yield _of_city(ask, "payment.unmatched", group, within)


def _of_funds(
    ask: Asking, position: ColumnElement[int], *columns: Any, joined: tuple[Any, Any] | None = None
) -> Select[Any]:
    """Grants, or what belongs to them: whose fund, which day, how much, and when it was recorded."""
    g, s = grants.table, studios.table
    tables = g.join(s, sa.and_(s.c.id == g.c.studio, ask.holds(s)))
    if joined is not None:
        tables = tables.join(*joined)
    tables = tables.join(timeline, timeline.c.position == position)
    common = (g.c.id, g.c.fund, g.c.payer, g.c.federation, s.c.name, timeline.c["at"].label("at"))
    return sa.select(*common, *columns).select_from(tables)


def _of_city(ask: Asking, kind: str, group: list[Row[Any]], within: int) -> Matter:
    first, federation = group[0], _federation(ask, group[0])
    many = len(group) > 1
    return Matter(
        kind=kind,
        subject=f"{first.fund}/{first.payer}/{first.day}",
        federation=UUID(federation),
        to=(city(federation),),
        since=moment(min(row.at for row in group)),
        due_on=date.fromisoformat(first.day) + within * DAY,
        facts=_amounts(group, sum(row.fen for row in group)),
        link=f"/funds/{first.fund}" if many else f"/grants/{first.id}",
    )


def _amounts(group: list[Row[Any]], fen: int) -> dict[str, str | int]:
    return {
        "studio": listed(row.name for row in group),
        "amount": yuan(fen),
        **several(len({row.id for row in group})),
    }


def _federation(ask: Asking, row: Row[Any]) -> str:
    """The payer's federation: its officers see to the payment."""
    place = ask.places.get(row.payer)
    return place.federation if place else str(row.federation)


def _unaccounted(ask: Asking) -> Iterator[Matter]:
    """To the unit; and once overdue also to those above it, for all that was due within a month."""
    found = [(row, _account_by(ask, row)) for row in _balances(ask)]
    due = {row.id: day for row, day in found}
    month = {id: _end_of_month(day) for id, day in due.items()}
    rows = [row for row, _ in found]
    for group in _grouped(rows, lambda row: (row.federation, row.unit, row.day)):
        whose, to = group[0].unit, unit(group[0].unit)
        yield _spending(group, to, whose, due[group[0].id])
    for group in _grouped(rows, lambda row: (row.federation, row.recommender, month[row.id])):
        days = max(ask.timing(group[0].federation).escalate_after_days, 1)
        whose, to = group[0].recommender, ask.recommender(group[0].recommender, days)
        yield _spending(group, to, f"union/{whose}", month[group[0].id], _units(group))
    for group in _grouped(rows, lambda row: (row.federation, month[row.id])):
        days = max(ask.timing(group[0].federation).escalate_after_days, 1)
        to = city(group[0].federation, 2 * days)
        yield _spending(group, to, "city", month[group[0].id], _units(group))


def _account_by(ask: Asking, row: Row[Any]) -> date:
    within = ask.timing(row.federation).account_within_days
    return date.fromisoformat(row.day) + within * DAY


def _end_of_month(day: date) -> date:
    return (day.replace(day=1) + 31 * DAY).replace(day=1) - DAY


def _balances(ask: Asking) -> list[Row[Any]]:
    """Grants of which something paid is neither spent nor returned, with their last payment."""
    g, p, s, u = grants.table, payments.table, studios.table, organisations.table
    last = (
        sa.select(
            p.c.grant_id,
            sa.func.max(p.c.paid_on).label("day"),
            sa.func.max(p.c.recorded_at).label("position"),
        )
        .where(ask.near(p))
        .group_by(p.c.grant_id)
        .subquery()
    )
    tables = (
        g.join(s, sa.and_(s.c.id == g.c.studio, ask.holds(s)))
        .join(u, sa.and_(u.c.id == g.c.unit, ask.holds(u)))
        .join(last, last.c.grant_id == g.c.id)
        .join(timeline, timeline.c.position == last.c.position)
    )
    common = (g.c.id, g.c.unit, g.c.recommender, g.c.federation, g.c.balance.label("fen"))
    at = timeline.c["at"].label("at")
    query = sa.select(*common, s.c.name, u.c.name.label("unit_name"), last.c.day, at)
    return list(ask.rows(query.select_from(tables).where(ask.near(g), g.c.balance > 0)))


def _spending(
    group: list[Row[Any]],
    to: Addressee,
    whose: str,
    due_on: date,
    more: dict[str, str] | None = None,
) -> Matter:
    first = group[0]
    return Matter(
        kind="spending.unaccounted",
        subject=f"{first.federation}/{whose}/{due_on}",
        federation=UUID(first.federation),
        to=(to,),
        since=moment(min(row.at for row in group)),
        due_on=due_on,
        facts={**_amounts(group, sum(row.fen for row in group)), **(more or {})},
        link=f"/grants/{first.id}" if len(group) == 1 else "/grants",
    )


def _units(group: list[Row[Any]]) -> dict[str, str]:
    return {"unit": listed(row.unit_name for row in group)}


def _grouped(rows: Rows, key: Callable[[Row[Any]], Any]) -> Iterator[list[Row[Any]]]:
    """Rows that belong together, in the order of what they have in common."""
    found: dict[Any, list[Row[Any]]] = defaultdict(list)
    for row in rows:
        found[key(row)].append(row)
    for common in sorted(found):
        yield sorted(found[common], key=lambda row: row.id)
