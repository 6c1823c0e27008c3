"""The year's assessment: which units, which unions and which city still owe results, and how many."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import ColumnElement, Row, Select

from adapters.matters.asking import Asking, city, listed, unit
from adapters.views.tables import (
    campaigns,
    checks,
    filings,
    namings,
    organisations,
    self_checks,
)
from domain.matters import Addressee, Matter
from domain.policy.terms import Assessment


@dataclass(frozen=True)
class Campaign:
    """One federation's open assessment of one year."""

    row: Row[Any]
    rule: Assessment
    since: datetime
    escalate: int


def assessments(ask: Asking) -> Iterator[Matter]:
    """What is due in the campaigns that are open: by unit, by union, and for the city."""
    for campaign in _campaigns(ask):
        rows = ask.rows(_owed(ask, campaign))
        yield from _of_units(ask, campaign, [row for row in rows if row.unit_owes])
        yield from _of_unions(ask, campaign, rows)


def campaign_of(matter: Matter) -> str | None:
    """The campaign that a matter of this area belongs to."""
    return matter.subject.split("/")[0] if matter.kind.startswith("assessment.") else None


def campaign_policies(ask: Asking) -> dict[str, str]:
    """Under which policy each open campaign stands."""
    c = campaigns.table.c
    query = sa.select(c.id, c.policy).where(ask.holds(campaigns.table), c.status == "open")
    return {row.id: row.policy for row in ask.rows(query)}


def _campaigns(ask: Asking) -> Iterator[Campaign]:
    c = campaigns.table.c
    query = sa.select(c.id, c.federation, c.path, c.policy, c.year, c.due_on)
    for row in ask.rows(query.where(ask.holds(campaigns.table), c.status == "open")):
        policy = ask.policies.get(row.policy)
        if policy is not None and policy.assessment is not None:
            days = max(ask.timing(row.federation).escalate_after_days, 1)
            yield Campaign(row, policy.assessment, ask.last(row.id, "campaign.opened"), days)


def _owed(ask: Asking, campaign: Campaign) -> Select[Any]:
    """For each unit how many namings have no result of the unit's, and how many none that governs.

    Units that owe nothing are left out.
    """
    n, u, year = namings.table, organisations.table, campaign.row.year
    own = _results(ask, year)
    self_checked = _self_checked(ask, year)
    tables = (
        n.join(u, sa.and_(u.c.id == n.c.unit, ask.holds(u)))
        .outerjoin(own, sa.and_(own.c.studio == n.c.studio, own.c.number == n.c.number))
        .outerjoin(
            self_checked,
            sa.and_(self_checked.c.studio == n.c.studio, self_checked.c.number == n.c.number),
        )
    )
    silent = sa.and_(own.c.studio.is_(None), self_checked.c.studio.is_(None))
    undecided = sa.or_(own.c.studio.is_(None), own.c.governs == 0)
    unit_owes = sa.func.sum(sa.case((silent, 1), else_=0))
    union_owes = sa.func.sum(sa.case((undecided, 1), else_=0))
    columns = (n.c.recommender, n.c.unit, u.c.name)
    owed = (unit_owes.label("unit_owes"), union_owes.label("union_owes"))
    query = sa.select(*columns, *owed).select_from(tables).group_by(*columns)
    query = query.where(ask.near(n), n.c.status == "active", *_counts(campaign))
    return query.having(sa.or_(unit_owes > 0, union_owes > 0)).order_by(u.c.name, n.c.unit)


def _counts(campaign: Campaign) -> Iterator[ColumnElement[bool]]:
    """The campaign's own namings of which the year can be failed: as `domain.model.runs.counts`."""
    n, rule, year = namings.table.c, campaign.rule, campaign.row.year
    yield n.federation == campaign.row.federation
    yield n.policy == campaign.row.policy
    yield n.named_on < f"{year + rule.naming_year_counts}-01-01"
    if rule.first_year is not None and year < rule.first_year:
        yield sa.false()


def _results(ask: Asking, year: int) -> Any:
    """Namings with any result of a year; `governs` is 1 where one of them governs."""
    c = checks.table.c
    governing = sa.case((c.governing.is_(True), 1), else_=0)
    return (
        sa.select(c.studio, c.number, sa.func.max(governing).label("governs"))
        .where(ask.near(checks.table), c.year == year, c.assessor != "nobody")
        .group_by(c.studio, c.number)
        .subquery()
    )


def _self_checked(ask: Asking, year: int) -> Any:
    c = self_checks.table.c
    query = sa.select(c.studio, c.number).distinct()
    return query.where(ask.near(self_checks.table), c.year == year).subquery()


def _of_units(ask: Asking, campaign: Campaign, rows: list[Row[Any]]) -> Iterator[Matter]:
    """To each unit; and once overdue also to those above it, for all their units together."""
    if "unit_union" not in campaign.rule.assessors or not rows:
        return
    for row in rows:
        subject, facts = f"unit/{row.unit}", {"count": int(row.unit_owes), "unit": row.name}
        yield _matter(ask, campaign, "assessment.unit_due", subject, unit(row.unit), facts)
    for union, group in _by_union(rows):
        to = ask.recommender(union, campaign.escalate)
        yield _above(ask, campaign, f"union/{union}", to, group)
    to = city(campaign.row.federation, 2 * campaign.escalate)
    yield _above(ask, campaign, "city", to, rows)


def _above(
    ask: Asking, campaign: Campaign, subject: str, to: Addressee, rows: list[Row[Any]]
) -> Matter:
    count = sum(int(row.unit_owes) for row in rows)
    facts = {"count": count, "unit": listed(row.name for row in rows)}
    return _matter(ask, campaign, "assessment.unit_due", subject, to, facts)


def _of_unions(ask: Asking, campaign: Campaign, rows: Iterable[Row[Any]]) -> Iterator[Matter]:
    """To each union that has not filed and owes results, later to the city; and the city's sum.

    A union that filed has done its part: what it left out is the city's to ask for.
    """
    found = _by_union(row for row in rows if row.union_owes)
    owing = {union: sum(int(row.union_owes) for row in group) for union, group in found}
    if not owing:
        return
    filed = _filed(ask, campaign.row.id)
    silent = {union: count for union, count in owing.items() if union not in filed}
    names = {id: place.name for id, place in ask.places.items()}
    if "recommending_union" in campaign.rule.assessors:
        for union, count in silent.items():
            to = ask.recommender(union)
            yield _matter(ask, campaign, "assessment.union_due", union, to, {"count": count})
    facts: dict[str, str | int] = {"count": sum(owing.values())}
    if silent:
        facts["unions"] = listed(names[union] for union in silent)
        late = {**facts, "count": sum(silent.values())}
        to = city(campaign.row.federation, campaign.escalate)
        if "recommending_union" in campaign.rule.assessors:
            yield _matter(ask, campaign, "assessment.union_due", "city", to, late)
    to = city(campaign.row.federation)
    yield _matter(ask, campaign, "assessment.city_due", "city", to, facts)


def _filed(ask: Asking, campaign: str) -> set[str]:
    c = filings.table.c
    query = sa.select(c.organisation).where(ask.holds(filings.table), c.campaign == campaign)
    return {row.organisation for row in ask.rows(query)}


def _by_union(rows: Iterable[Row[Any]]) -> list[tuple[str, list[Row[Any]]]]:
    found: dict[str, list[Row[Any]]] = defaultdict(list)
    for row in rows:
        found[row.recommender].append(row)
    return sorted(found.items())


def _matter(
    ask: Asking, campaign: Campaign, kind: str, subject: str, to: Addressee, facts: dict[str, Any]
) -> Matter:
    row = campaign.row
    return Matter(
        kind=kind,
        subject=f"{row.id}/{subject}",
        federation=UUID(row.federation),
        to=(to,),
        since=campaign.since,
        due_on=date.fromisoformat(row.due_on),
        facts={"year": row.year, **facts},
        link=f"/assessments?from={row.year}&to={row.year}",
    )
