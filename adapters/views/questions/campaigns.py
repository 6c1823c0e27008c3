"""Questions about yearly assessments: what ought to be open or closed, who is missing, who has filed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import ColumnElement, Select, Subquery

from adapters.views.questions.moment import Asking, Item, Moment, below
from adapters.views.tables import campaigns, checks, filings, namings, self_checks
from domain.model.campaign import campaign_id
from domain.policy.campaigns import closes_on, last_named_year, opens_on, years_open
from domain.policy.policy import Policy
from domain.policy.terms import Assessment
from domain.policy.timing import Timing, due_day

TimingOf = Callable[[UUID], Timing]
PAGE = 500
COUNTED = (
    "namings",
    "self_checked",
    "unit_results",
    "union_results",
    "city_results",
    "done",
    "late_results",
    "missed",
)
"""What a union's progress counts. `done`: namings with a result that governs, the union's or the city's."""


@dataclass(frozen=True, slots=True)
class DueCampaign:
    """An assessment that ought to be open and is not."""

    federation: UUID
    policy: str
    year: int
    opens_on: date
    due_on: date


@dataclass(frozen=True, slots=True)
class OverCampaign:
    """An assessment whose last day, `closes_on`, is over."""

    campaign: UUID
    federation: UUID
    policy: str
    year: int
    closes_on: date


class Campaigns(Asking):
    """Who owes results for a year, and who has filed them."""

    def due_campaigns(
        self, policies: Mapping[str, Policy], timing_of: TimingOf, on: date
    ) -> list[DueCampaign]:
        """The assessments that ought to be open on a day and never were opened, by federation.

        A federation's, that is, which has active namings under the policy for which the year counts.
        """
        t = namings.table
        found = []
        with self.at(None) as moment:
            query = sa.select(t.c.federation, t.c.policy, sa.func.min(t.c.named_on).label("first"))
            query = query.where(moment.holds(t), t.c.status == "active")
            query = query.group_by(t.c.federation, t.c.policy).order_by(t.c.federation, t.c.policy)
            known = moment.connection.scalars(
                sa.select(campaigns.table.c.id).where(moment.holds(campaigns.table))
            )
            opened = set(known)
            for row in moment.rows(query):
                policy = policies.get(row["policy"])
                if policy is not None and policy.assessment is not None:
                    federation = UUID(row["federation"])
                    timing = timing_of(federation)
                    for year in years_open(policy, timing, on):
                        new = str(campaign_id(federation, policy.id, year)) not in opened
                        if new and _owed(moment, row, policy.assessment, year):
                            found.append(_due(federation, policy, year, timing))
        return found

    def closable(self, timing_of: TimingOf, on: date) -> list[OverCampaign]:
        """The assessments that are to be closed by rule on a day, those of the earliest years first."""
        t = campaigns.table
        found = []
        with self.at(None) as moment:
            query = sa.select(t).where(moment.holds(t), t.c.status != "closed")
            for row in moment.rows(query.order_by(t.c.year, t.c.id)):
                federation = UUID(row["federation"])
                last = closes_on(date.fromisoformat(row["due_on"]), timing_of(federation))
                if last is not None and last < on:
                    found.append(
                        OverCampaign(UUID(row["id"]), federation, row["policy"], row["year"], last)
                    )
        return found

    def unassessed(self, campaign: object) -> Iterator[tuple[UUID, str]]:
        """Studio and number of every active naming of a campaign's federation and policy whose year
        has no result, page after page as of now: for closing. Raises NotFound.
        """
        last = ""
        while True:
            with self.at(None) as moment:
                about = moment.one(campaigns, campaign)
                t = namings.table
                missing = ~_result_of(moment, about["year"], about["year"])
                query = sa.select(t.c.id, t.c.studio, t.c.number).where(_held(moment, about))
                query = query.where(t.c.id > last, missing).order_by(t.c.id).limit(PAGE)
                rows = moment.connection.execute(query).all()
            for _, studio, number in rows:
                yield UUID(studio), number
            if len(rows) < PAGE:
                return
            last = rows[-1].id

    def progress(
        self,
        campaign: object,
        rule: Assessment,
        *,
        as_of: int | None = None,
        scope: object | None = None,
    ) -> list[Item]:
        """How far each recommending union is: the counts of COUNTED, `received_on` and `late` of its
        filing (None before), by name. A naming counts that is active or has a result of the year.

        Units that stand right below the federation count under it. Raises NotFound.
        """
        with self.at(as_of) as moment:
            about = moment.one(campaigns, campaign)
            path = moment.path(scope)
            found = {
                row["organisation"]: row
                for row in moment.rows(_by_union(moment, about, rule, path))
            }
            t = filings.table
            query = sa.select(t).where(moment.holds(t), t.c.campaign == about["id"])
            for filed in moment.rows(query if path is None else query.where(below(t, path))):
                row = found.setdefault(
                    filed["organisation"],
                    {"organisation": filed["organisation"], **dict.fromkeys(COUNTED, 0)},
                )
                row["received_on"], row["late"] = filed["received_on"], filed["late"]
            rows = moment.label(
                [{"received_on": None, "late": None, **each} for each in found.values()]
            )
        return sorted(
            rows, key=lambda row: (row.get("organisation_name") or "", row["organisation"] or "")
        )


def _due(federation: UUID, policy: Policy, year: int, timing: Timing) -> DueCampaign:
    rule = policy.assessment
    if rule is None:
        raise LookupError(f"{policy.id} has no assessment")
    due_on = due_day(rule.due_month_day, year)
    return DueCampaign(federation, policy.id, year, opens_on(rule, year, timing), due_on)


def _held(moment: Moment, about: Mapping[str, Any]) -> ColumnElement[bool]:
    """The condition of an active naming of a federation under a policy."""
    t = namings.table
    place = sa.and_(t.c.federation == about["federation"], t.c.policy == about["policy"])
    return sa.and_(moment.holds(t), place, t.c.status == "active")


def _result_of(moment: Moment, first: int, last: int) -> ColumnElement[bool]:
    """The condition that a naming has a result that governs, or was missed, in some year."""
    t, c = namings.table, checks.table
    same = sa.and_(c.c.studio == t.c.studio, c.c.number == t.c.number)
    query = sa.select(c.c.id).where(moment.holds(c), same, c.c.governing.is_(True))
    return query.where(c.c.year.between(first, last)).exists()


def _assessed(moment: Moment, rule: Assessment, year: int) -> ColumnElement[bool]:
    """The condition that a naming owes a result of a year, whether it has one or not."""
    named = last_named_year(rule, year)
    if named is None:
        return sa.false()
    due = namings.table.c.named_on < f"{named + 1}-01-01"
    if rule.every_years == 1:
        return due
    return sa.and_(due, ~_result_of(moment, year - rule.every_years + 1, year - 1))


def _owed(moment: Moment, place: Mapping[str, Any], rule: Assessment, year: int) -> bool:
    """Whether any naming of a federation under a policy owes a result of a year."""
    t = namings.table
    query = sa.select(t.c.id).where(_held(moment, place), _assessed(moment, rule, year)).limit(1)
    return moment.connection.execute(query).first() is not None


def _by_union(
    moment: Moment, about: Mapping[str, Any], rule: Assessment, path: str | None
) -> Select[Any]:
    t, results, selves = namings.table, _results(moment, about), _selves(moment, about)
    on = [
        sa.and_(t.c.studio == each.c.studio, t.c.number == each.c.number)
        for each in (results, selves)
    ]
    joined = t.outerjoin(results, on[0]).outerjoin(selves, on[1])
    sums = {name: results.c[name] for name in COUNTED if name in results.c}
    counted = [
        sa.func.count().label("namings"),
        sa.func.count(selves.c.studio).label("self_checked"),
    ]
    counted += [
        sa.cast(sa.func.coalesce(sa.func.sum(column), 0), sa.Integer).label(name)
        for name, column in sums.items()
    ]
    query = sa.select(t.c.recommender.label("organisation"), *counted).select_from(joined)
    query = query.where(
        moment.holds(t),
        t.c.federation == about["federation"],
        t.c.policy == about["policy"],
        sa.or_(t.c.status == "active", results.c.studio.is_not(None)),
        _assessed(moment, rule, about["year"]),
    )
    if path is not None:
        query = query.where(below(t, path))
    return query.group_by(t.c.recommender)


def _results(moment: Moment, about: Mapping[str, Any]) -> Subquery:
    """What each naming has of a year: a 1 for each kind of result there is."""
    c = checks.table.c
    kinds = {
        "unit_results": c.assessor == "unit_union",
        "union_results": c.assessor == "recommending_union",
        "city_results": c.assessor == "city",
        "done": c.assessor.in_(("recommending_union", "city")),
        "late_results": c.late.is_(True),
        "missed": sa.and_(c.assessor == "nobody", c.governing.is_(True)),
    }
    flags = [sa.func.max(sa.case((has, 1), else_=0)).label(name) for name, has in kinds.items()]
    query = sa.select(c.studio, c.number, *flags).where(
        moment.holds(checks.table),
        c.federation == about["federation"],
        c.year == about["year"],
    )
    return query.group_by(c.studio, c.number).subquery("results")


def _selves(moment: Moment, about: Mapping[str, Any]) -> Subquery:
    """The namings whose studios have looked at their own year."""
    t = self_checks.table
    query = sa.select(t.c.studio, t.c.number).where(moment.holds(t), t.c.year == about["year"])
    return query.where(below(t, about["path"])).distinct().subquery("selves")
