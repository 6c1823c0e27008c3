"""The year's assessment: which units, which unions and which city still owe results, and how many."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import ColumnElement, Exists, Row, Select

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
        yield from _of_units(ask, campaign, [row for row in rows if row.silent])
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
    """For each unit how many of its namings have no result that governs, and of these no word at all.

    `silent` are those of which the unit owes something: neither a result nor a self-check is there.
    """
    n, u = namings.table, organisations.table
    result, self_check = _any_result(ask, campaign), _self_checked(ask, campaign)
    silent = sa.case((sa.and_(~result, ~self_check), 1), else_=0)
    counted = (
        sa.select(
            n.c.recommender,
            n.c.unit,
            sa.func.count().label("many"),
            sa.func.sum(silent).label("silent"),
        )
        .where(ask.near(n), n.c.status == "active", *_counts(campaign))
        .where(~result.where(checks.table.c.governing.is_(True)))
        .group_by(n.c.recommender, n.c.unit)
        .subquery()
    )
    named = counted.join(u, sa.and_(u.c.id == counted.c.unit, ask.holds(u)))
    query = sa.select(counted, u.c.name).select_from(named)
    return query.order_by(counted.c.recommender, u.c.name, counted.c.unit)


def _counts(campaign: Campaign) -> Iterator[ColumnElement[bool]]:
    """The campaign's own namings of which the year can be failed: as `domain.model.runs.counts`."""
    n, rule, year = namings.table.c, campaign.rule, campaign.row.year
    yield n.federation == campaign.row.federation
    yield n.policy == campaign.row.policy
    yield n.named_on < f"{year + rule.naming_year_counts}-01-01"
    if rule.first_year is not None and year < rule.first_year:
        yield sa.false()


def _any_result(ask: Asking, campaign: Campaign) -> Exists:
    """That a naming has a result of the year; that it was missed is none."""
    n, c = namings.table.c, checks.table.c
    same = (c.studio == n.studio, c.number == n.number, c.year == campaign.row.year)
    return sa.exists().where(ask.holds(checks.table), *same, c.assessor != "nobody")


def _self_checked(ask: Asking, campaign: Campaign) -> Exists:
    n, c = namings.table.c, self_checks.table.c
    same = (c.studio == n.studio, c.number == n.number, c.year == campaign.row.year)
    return sa.exists().where(ask.holds(self_checks.table), *same)


def _of_units(ask: Asking, campaign: Campaign, rows: Sequence[Row[Any]]) -> Iterator[Matter]:
    """To each unit; and once overdue also to those above it, for all their units together."""
    if "unit_union" not in campaign.rule.assessors or not rows:
        return
    for row in rows:
        subject, facts = f"unit/{row.unit}", {"count": int(row.silent), "unit": row.name}
        yield _matter(ask, campaign, "assessment.unit_due", subject, unit(row.unit), facts)
    for union, group in _by_union(rows):
        to = ask.recommender(union, campaign.escalate)
        yield _above(ask, campaign, f"union/{union}", to, group)
    to = city(campaign.row.federation, 2 * campaign.escalate)
    yield _above(ask, campaign, "city", to, rows)


def _above(
    ask: Asking, campaign: Campaign, subject: str, to: Addressee, rows: Sequence[Row[Any]]
) -> Matter:
    count = sum(int(row.silent) for row in rows)
    facts = {"count": count, "unit": listed(row.name for row in rows)}
    return _matter(ask, campaign, "assessment.unit_due", subject, to, facts)


def _of_unions(ask: Asking, campaign: Campaign, rows: Iterable[Row[Any]]) -> Iterator[Matter]:
    """To each union that has not filed and owes results, later to the city; and the city's sum.

    A union that filed has done its part: what it left out is the city's to ask for.
    """
    owing = {union: sum(row.many for row in group) for union, group in _by_union(rows)}
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
        late = {"count": sum(silent.values()), "union": facts["unions"]}
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
