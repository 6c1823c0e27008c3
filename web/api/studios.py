"""Studios, their applications, namings and ledgers, and what happened: what the register can be asked."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from domain.errors import Invalid, NotFound
from web.blueprint import Blueprint
from web.context import queries
from web.fields import Choice, QueryWhole, Words
from web.reads import (
    AsOf,
    Item,
    listing,
    not_yet,
    nothing,
    position,
    record,
    require_visible,
    scope,
)

blueprint = Blueprint("studios", __name__, description="查询")

STUDIO = "/studios/<uuid:studio>"


COUNTED = {
    "studios": frozenset({"status", "level", "category", "recommender", "unit", "policy"}),
    "applications": frozenset({"call", "category", "recommender", "status", "stage", "call_state"}),
    "namings": frozenset({"status", "level", "category", "recommender", "policy"}),
    "checks": frozenset({"year", "grade", "failing", "recommender", "governing"}),
    "grants": frozenset({"status", "fund", "payer", "recommender"}),
}
"""What may be counted, and by what."""


class TimelineQuery(AsOf):
    """Which events, the newest first."""

    after = QueryWhole(1, 10**15, load_default=None)
    limit = QueryWhole(1, 500, load_default=50)
    topic = Words(100, load_default=None)


class ChangesQuery(AsOf):
    """What changed after `since` up to `as_of`."""

    since = Words(40)
    limit = QueryWhole(1, 500, load_default=100)


class CountQuery(AsOf):
    """Of which list, and by which columns, apart by commas."""

    of = Choice(*COUNTED)
    by = Words(100)


@blueprint.get("/counts")
@blueprint.arguments(CountQuery, location="query")
@blueprint.response(200)
def counts(asked: Item) -> Item:
    """How many rows of a list there are for each value of some columns, at one's own organisation and below it."""
    by = asked["by"].split(",")
    if unknown := sorted(set(by) - COUNTED[asked["of"]]):
        raise Invalid("by_unknown", f"不能按“{unknown[0]}”统计", field="by")
    as_of = position(asked["as_of"])
    if not_yet(as_of):
        return nothing(as_of)
    return {"items": queries().counts(asked["of"], by, scope=scope(), as_of=as_of)}


@listing(
    blueprint,
    "/studios",
    "studios",
    filters="status level category unit recommender federation policy failing_run "
    "leader_case survey_grade survey_year",
    ranges="named_on founded_on due_on leader_case_on",
    sorts="name status named_on founded_on due_on failing_run number",
)
def studios() -> None:
    """Studios at one's own organisation and below it."""


@record(blueprint, STUDIO)
def show_studio(studio: str, as_of: int | None) -> Item:
    """A studio with its applications, namings, grants, checks and orders to rectify."""
    found = queries().studio(studio, as_of=as_of)
    require_visible(found, "studio_unknown")
    return found


@record(blueprint, f"{STUDIO}/applications/<uuid:application>")
def show_application(studio: str, application: str, as_of: int | None) -> Item:
    """An application: dossier, the verdict on each clause, and its way through the stages."""
    found = queries().application(application, as_of=as_of)
    require_visible(found, "application_unknown")
    if found["studio"] != studio:
        raise NotFound("application_unknown", "没有这条记录")
    return found


@listing(
    blueprint,
    "/applications",
    "applications",
    filters="studio call category unit recommender status stage call_state late",
    ranges="submitted_at",
    sorts="submitted_at rank status",
)
def applications() -> None:
    """Applications at one's own organisation and below it."""


@listing(
    blueprint,
    "/namings",
    "namings",
    filters="studio number level category unit recommender federation status policy proposed",
    ranges="named_on ended_on failing_run alerted_on",
    sorts="number named_on ended_on failing_run",
    dated=True,
)
def namings() -> None:
    """Namings, those in force and those that ended."""


@blueprint.get(f"{STUDIO}/timeline")
@blueprint.arguments(TimelineQuery, location="query")
@blueprint.response(200)
def studio_timeline(asked: Item, studio: UUID) -> Item:
    """What happened to a studio, the newest first, with who and when."""
    require_visible(queries().one("studios", studio), "studio_unknown")
    return _timeline(asked, record=studio)


@blueprint.get("/timeline")
@blueprint.arguments(TimelineQuery, location="query")
@blueprint.response(200)
def timeline(asked: Item) -> Item:
    """What happened at one's own organisation and below it, the newest first."""
    at = position(asked["as_of"])
    return nothing(at) if not_yet(at) else _timeline(asked, scope=scope())


@blueprint.get("/changes")
@blueprint.arguments(ChangesQuery, location="query")
@blueprint.response(200)
def changes(asked: Item) -> Item:
    """What changed between two moments, field by field, with who changed it and why."""
    start, at = position(asked["since"]) or 0, position(asked["as_of"])
    if not_yet(at):
        return nothing(at)
    return queries().changes(start, at, scope=scope(), limit=asked["limit"])


def _timeline(asked: Item, **of: Any) -> Item:
    topics = [asked["topic"]] if asked["topic"] else []
    return queries().timeline(
        topics=topics,
        as_of=position(asked["as_of"]),
        after=asked["after"],
        limit=asked["limit"],
        **of,
    )


def _own(studio: UUID) -> None:
    require_visible(queries().one("studios", studio), "studio_unknown")


@listing(blueprint, f"{STUDIO}/members", "members", filters="frontline", sorts="name joined_on")
def members(studio: UUID) -> None:
    """Who belongs to a studio, and who did."""
    _own(studio)


@listing(
    blueprint,
    f"{STUDIO}/achievements",
    "achievements",
    filters="kind",
    ranges="achieved_on",
    sorts="achieved_on title",
)
def achievements(studio: UUID) -> None:
    """A studio's recognised results."""
    _own(studio)


@listing(
    blueprint,
    f"{STUDIO}/activities",
    "activities",
    filters="kind",
    ranges="held_on",
    sorts="held_on title",
)
def activities(studio: UUID) -> None:
    """A studio's activities."""
    _own(studio)


@listing(blueprint, f"{STUDIO}/terms", "terms", sorts="ends_on")
def terms(studio: UUID) -> None:
    """Until when its leader leads and its members belong."""
    _own(studio)


@listing(blueprint, f"{STUDIO}/apprenticeships", "apprenticeships", sorts="starts_on ends_on")
def apprenticeships(studio: UUID) -> None:
    """A studio's agreements of masters and apprentices."""
    _own(studio)


@listing(
    blueprint,
    f"{STUDIO}/surveys",
    "surveys",
    filters="grade year assessor",
    sorts="year surveyed_on",
)
def surveys(studio: UUID) -> None:
    """What surveys of a studio found, and the class it is managed in."""
    _own(studio)


@listing(
    blueprint,
    "/surveys",
    "surveys",
    filters="studio grade year assessor",
    ranges="surveyed_on",
    sorts="year surveyed_on grade",
)
def all_surveys() -> None:
    """Surveys of studios at one's own organisation and below it."""
