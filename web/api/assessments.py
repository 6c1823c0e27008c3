"""Desk: the yearly assessment, from self-checks to de-naming, correction and reinstatement."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from domain.desks.assessments import Result
from domain.values import Mandate
from web.api.people import files
from web.blueprint import Blueprint
from web.commands import command
from web.context import queries, register
from web.fields import (
    Choice,
    Command,
    Day,
    Flag,
    Id,
    QueryWhole,
    Strict,
    Whole,
    Words,
    many,
    part,
)
from web.progress import SORTS, STATES, progress, total
from web.progress import campaign as one_campaign
from web.reads import (
    AsOf,
    Item,
    PageQuery,
    PageSchema,
    federations,
    listing,
    not_yet,
    nothing,
    position,
    record,
    scope,
)

blueprint = Blueprint("assessments", __name__, description="年度考核")

STUDIO = "/studios/<uuid:studio>"


class NewCampaign(Command):
    """The assessment of a year under a policy."""

    federation = Id()
    policy = Words(100)
    year = Whole(1949, 2999)


class SelfCheck(Command):
    """A studio's look at its own work of a period."""

    number = Words(100)
    year = Whole(1949, 2999)
    period = Words(50)
    summary = Words(20_000)
    evidence = files()


class ResultSchema(Strict):
    """One studio's result."""

    studio = Id()
    number = Words(100)
    grade = Words(50)
    findings = Words(10_000, least=0, load_default="")
    evidence = files()
    received_on = Day(load_default=None, allow_none=True)


class Results(Command):
    """Many results of a year: all of them are filed, or none."""

    year = Whole(1949, 2999)
    results = many(part(ResultSchema), 2_000, least=1)


class Filing(Command):
    """That a union has filed all its results."""

    union = Id()
    received_on = Day(load_default=None, allow_none=True)


class GridQuery(PageQuery):
    """Which years, and in which order the namings stand."""

    first = QueryWhole(1949, 2999)
    last = QueryWhole(1949, 2999)
    sort = Choice("id", "number", "named_on", "failing_run", load_default="number")


class ProgressQuery(AsOf):
    """Which unions, in which order."""

    q = Words(100, load_default=None, metadata={"description": "part of a union's name"})
    state = Choice(*STATES, load_default=None, allow_none=True)
    sort = Choice(*(f"{sign}{key}" for key in SORTS for sign in ("", "-")), load_default="name")


class Correction(Command):
    """Another grade in place of the recorded one, by a formal decision."""

    number = Words(100)
    grade = Words(50)
    reason = Words(2_000)
    document = Words(200)


class Rectification(Command):
    """How a rectification was judged."""

    number = Words(100)
    year = Whole(1949, 2999)
    accepted = Flag()
    findings = Words(10_000)
    evidence = files()


class Decision(Command):
    """A decision on a naming."""

    number = Words(100)
    document = Words(200)
    reason = Words(2_000)


class Reinstatement(Decision):
    """The decision on a reinstatement case, for the studio or against it."""

    accepted = Flag(load_default=True)


@command(blueprint, "/campaigns", NewCampaign, ids={"campaign": "campaign.opened"})
def open_campaign(mandate: Mandate, **data: Any) -> None:
    """Open a federation's assessment of a year."""
    register().assessments.open(mandate, **data)


@command(blueprint, "/campaigns/<uuid:campaign>/filings", Filing)
def file(mandate: Mandate, campaign: UUID, **data: Any) -> None:
    """Record that a union has filed all its results of the year."""
    register().assessments.file(mandate, campaign, **data)


@command(blueprint, "/campaigns/<uuid:campaign>/close")
def close(mandate: Mandate, campaign: UUID) -> None:
    """End a campaign; of all namings in force those without a result are 未考核."""
    register().assessments.close(mandate, campaign, namings=queries().unassessed(campaign))


@command(blueprint, f"{STUDIO}/self-checks", SelfCheck)
def self_check(mandate: Mandate, studio: UUID, **data: Any) -> None:
    """A studio looks at its own work of a period."""
    register().assessments.self_check(mandate, studio, **data)


@command(blueprint, "/checks", Results, ids={"checks": "studio.annually_checked:check"})
def check(mandate: Mandate, year: int, results: list[dict[str, Any]]) -> None:
    """File results of a year in one commit, with what follows from them by rule."""
    register().assessments.check_many(
        mandate, year=year, results=[_result(**each) for each in results]
    )


@command(blueprint, f"{STUDIO}/checks/<uuid:check>/correct", Correction)
def correct(mandate: Mandate, studio: UUID, check: UUID, **data: Any) -> None:
    """Correct a result by a formal decision; de-naming or a reinstatement case may follow."""
    register().assessments.correct(mandate, studio, check=check, **data)


@command(blueprint, f"{STUDIO}/rectifications", Rectification)
def rectify(mandate: Mandate, studio: UUID, **data: Any) -> None:
    """Judge a rectification; it does not erase the year's result."""
    register().assessments.rectify(mandate, studio, **data)


@command(blueprint, f"{STUDIO}/revoke", Decision)
def revoke(mandate: Mandate, studio: UUID, **data: Any) -> None:
    """Confirm a de-naming that the rule has proposed."""
    register().assessments.revoke(mandate, studio, **data)


@command(blueprint, f"{STUDIO}/reinstate", Reinstatement)
def reinstate(mandate: Mandate, studio: UUID, **data: Any) -> None:
    """Decide a reinstatement case, for the studio or against it."""
    register().assessments.reinstate(mandate, studio, **data)


def _result(evidence: Any, **data: Any) -> Result:
    return Result(evidence=tuple(evidence), **data)


@listing(
    blueprint,
    "/checks",
    "checks",
    filters="studio number unit recommender assessor grade year failing governing late corrected",
    ranges="year received_on",
    sorts="year received_on",
    dated=True,
)
def checks() -> None:
    """Results of yearly assessments, at one's own organisation and below it."""


@listing(
    blueprint,
    "/rectifications",
    "rectifications",
    filters="studio number status year",
    ranges="due_on",
    sorts="due_on year",
)
def rectifications() -> None:
    """Orders to rectify, at one's own organisation and below it."""


@listing(
    blueprint,
    "/campaigns",
    "campaigns",
    filters="policy year status",
    sorts="year due_on",
    scoped=False,
)
def campaigns() -> Item:
    """Assessments of one's own federation and, for a federation, of those below it."""
    return {"federation": federations()}


@record(blueprint, "/campaigns/<uuid:campaign>")
def show_campaign(campaign: str, as_of: int | None) -> Item:
    """An assessment of a year, with who has filed."""
    found = one_campaign(campaign, as_of=as_of)
    filed = {"campaign": campaign}
    found["filings"] = list(queries().every("filings", as_of=as_of, scope=scope(), filters=filed))
    return found


@record(blueprint, "/campaigns/<uuid:campaign>/progress", query=ProgressQuery)
def show_progress(campaign: str, **asked: Any) -> Item:
    """How far each recommending union is: self-checks, results by assessor, filing; and all together.

    `namings` are to be assessed, `done` have a result of the union or the city.
    """
    at, search = asked.pop("as_of"), asked.pop("q")
    at = queries().last() if at is None else at
    about = one_campaign(campaign, as_of=at)
    known = {"as_of": at, "scope": scope(), "search": search}
    items = [] if not_yet(at) else progress(about, **known, **asked)
    return {"campaign": about, "items": items, "total": total(items), "as_of": at}


@blueprint.get("/checks/grid")
@blueprint.arguments(GridQuery, location="query")
@blueprint.response(200, PageSchema)
def grid(asked: Item) -> Item:
    """Namings down, years across, with the result that counts in each year."""
    at = position(asked["as_of"])
    if not_yet(at):
        return nothing(at)
    return queries().grid(
        years=(asked["first"], asked["last"]),
        as_of=at,
        scope=scope(),
        search=asked["q"],
        sort=asked["sort"],
        cursor=asked["cursor"],
        limit=asked["limit"],
    )
