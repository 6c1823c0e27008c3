"""Yearly checks: each assessor's result, which of them governs, and the run of failing years."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from adapters.views.folds.dispatch import dump, load, naming_id, on, text, uid
from adapters.views.folds.namings import change
from adapters.views.folds.organisations import path_of
from adapters.views.folds.studios import due, hold
from adapters.views.tables import (
    campaigns,
    checks,
    filings,
    namings,
    rectifications,
    self_checks,
    standings,
    studios,
)
from adapters.views.versions import Fold, Row

Results = Mapping[str, Mapping[str, Any]]


def _place(fold: Fold, naming: str) -> Row:
    """Where a naming stands, for the rows that belong to it."""
    row = fold.row(namings, naming)
    names = ("studio", "number", "unit", "recommender", "federation", "path")
    return {name: row[name] for name in names}


@on("studio.annually_checked", reads="namings standings")
def annually_checked(fold: Fold, e: Any) -> None:
    naming = naming_id(e)
    results, missed = _standing(fold, naming)
    of_year = results.setdefault(str(e.year), {})
    governs = e.assessor == "city" or (e.assessor == "recommending_union" and "city" not in of_year)
    if governs and "recommending_union" in of_year:
        fold.change(checks, of_year["recommending_union"]["check"], governing=False)
    if governs and e.year in missed:
        fold.change(checks, f"{naming}/{e.year}", governing=False)
    of_year[e.assessor] = {"check": uid(e.check), "failing": e.failing, "counts": e.counts}
    fold.add(
        checks,
        uid(e.check),
        **_place(fold, naming),
        year=e.year,
        assessor=e.assessor,
        grade=e.grade,
        grade_name=e.grade_name,
        first_grade=e.grade,
        findings=e.findings,
        failing=e.failing,
        counts=e.counts,
        governing=governs,
        due_on=str(e.due_on),
        received_on=str(e.received_on),
        late=e.late,
        corrected=False,
        recorded_at=fold.position,
    )
    _count(fold, naming, results, missed)


@on("studio.check_corrected", reads="namings standings checks")
def corrected(fold: Fold, e: Any) -> None:
    fold.change(
        checks,
        uid(e.check),
        grade=e.grade,
        grade_name=e.grade_name,
        failing=e.failing,
        corrected=True,
        correction_reason=e.reason,
        correction_document=e.document,
        corrected_at=fold.position,
    )
    naming = naming_id(e)
    results, missed = _standing(fold, naming)
    for result in results[str(e.year)].values():
        if result["check"] == uid(e.check):
            result["failing"] = e.failing
    _count(fold, naming, results, missed)


@on("studio.assessment_missed", reads="namings standings")
def assessment_missed(fold: Fold, e: Any) -> None:
    naming = naming_id(e)
    results, missed = _standing(fold, naming)
    fold.add(
        checks,
        f"{naming}/{e.year}",
        **_place(fold, naming),
        year=e.year,
        assessor="nobody",
        grade="missed",
        grade_name="未考核",
        first_grade="missed",
        failing=False,
        counts=True,
        governing=True,
        late=False,
        corrected=False,
        recorded_at=fold.position,
    )
    _count(fold, naming, results, sorted({*missed, e.year}))


def _standing(fold: Fold, naming: str) -> tuple[dict[str, Any], list[int]]:
    """The results of a naming, and the years that were missed."""
    row = fold.row(standings, naming)
    return load(row["results"]), load(row["missed"])


def _count(fold: Fold, naming: str, results: Results, missed: Iterable[int]) -> None:
    fold.change(standings, naming, results=dump(results), missed=dump(missed))
    _run(fold, naming, failing_run(results, missed))


def _run(fold: Fold, naming: str, run: int) -> None:
    """A naming's run of failing years is now so long."""
    row = fold.row(namings, naming)
    if row["failing_run"] != run:
        fold.change(namings, naming, failing_run=run)
        hold(fold, row["studio"], row["number"], run=run)


def failing_run(results: Results, missed: Iterable[int]) -> int:
    """How many years in a row, up to the last one known, governed as failing.

    A gap ends the run. Where the policy passes over gaps, or lets them count, the order to
    rectify that follows from the last year says how long the run is, and is believed.
    """
    run = 0
    last = max((*map(int, results), *missed), default=0)
    while (of_year := results.get(str(last - run))) is not None:
        result = of_year.get("city") or of_year.get("recommending_union")
        if result is None or not (result["failing"] and result["counts"]):
            break
        run += 1
    return run


@on("studio.rectification_ordered", reads="studios namings standings")
def rectification_ordered(fold: Fold, e: Any) -> None:
    row = fold.row(namings, naming_id(e))
    id = f"{row['id']}/{e.year}"
    values: Row = {
        "due_on": str(e.due_on),
        "status": "ordered",
        "failures": e.failures,
        "remaining": e.remaining,
        "clause": e.clause,
    }
    if fold.get(rectifications, id):
        fold.change(rectifications, id, **values)
    else:
        place = {name: row[name] for name in ("studio", "number", "path")}
        fold.add(rectifications, id, **place, year=e.year, **values)
    due(fold, row["studio"], f"rectify:{e.number}:{e.year}", str(e.due_on))
    by = {**load(row["rectify_by"]), str(e.year): str(e.due_on)}
    change(fold, e, rectify_by=dump(by))
    results, missed = _standing(fold, row["id"])
    if e.year == max((*map(int, results), *missed), default=e.year):
        _run(fold, row["id"], e.failures)


@on("studio.rectified", reads="studios namings")
def rectified(fold: Fold, e: Any) -> None:
    status = "accepted" if e.accepted else "refused"
    _rectification(fold, e, status=status, findings=e.findings)


@on("studio.rectification_lifted", reads="studios namings")
def rectification_lifted(fold: Fold, e: Any) -> None:
    _rectification(fold, e, status="lifted")


def _rectification(fold: Fold, e: Any, **values: str) -> None:
    row = fold.row(namings, naming_id(e))
    fold.change(rectifications, f"{row['id']}/{e.year}", **values)
    if values["status"] != "refused":
        by = load(row["rectify_by"])
        by.pop(str(e.year), None)
        change(fold, e, rectify_by=dump(by))
        due(fold, row["studio"], f"rectify:{e.number}:{e.year}", None)


@on("studio.de_named", reads="studios namings")
def de_named(fold: Fold, e: Any) -> None:
    row = fold.row(namings, naming_id(e))
    lapse(fold, row)
    for year in load(row["rectify_by"]):
        due(fold, row["studio"], f"rectify:{e.number}:{year}", None)


def lapse(fold: Fold, naming: Row) -> None:
    """What a name that ended was still to rectify is to be rectified no more."""
    for year in load(naming["rectify_by"]):
        fold.change(rectifications, f"{naming['id']}/{year}", status="lapsed")


@on("studio.reinstated", reads="studios namings")
def reinstated(fold: Fold, e: Any) -> None:
    row = fold.row(namings, naming_id(e))
    for year, day in load(row["rectify_by"]).items():
        fold.change(rectifications, f"{row['id']}/{year}", status="ordered")
        due(fold, row["studio"], f"rectify:{e.number}:{year}", day)


@on("studio.self_checked", reads="studios")
def self_checked(fold: Fold, e: Any) -> None:
    studio = fold.row(studios, uid(e.originator_id))
    fold.add(
        self_checks,
        f"{studio['id']}/{e.number}/{e.year}/{e.period}",
        studio=studio["id"],
        number=e.number,
        path=studio["path"],
        year=e.year,
        period=e.period,
        summary=e.summary,
    )


@on("campaign.opened")
def campaign_opened(fold: Fold, e: Any) -> None:
    fold.add(
        campaigns,
        uid(e.originator_id),
        federation=uid(e.federation),
        path=path_of(fold, e.federation),
        policy=e.policy.id,
        year=e.year,
        opens_on=str(e.opens_on),
        due_on=str(e.due_on),
        status="open",
        filed=0,
        late=0,
        missing=0,
    )


@on("campaign.filed_by_union")
def filed(fold: Fold, e: Any) -> None:
    row = fold.row(campaigns, uid(e.originator_id))
    fold.add(
        filings,
        f"{row['id']}/{uid(e.union)}",
        campaign=row["id"],
        organisation=text(e.union),
        path=path_of(fold, e.union),
        received_on=str(e.received_on),
        late=e.late,
    )
    fold.change(campaigns, row["id"], filed=row["filed"] + 1, late=row["late"] + e.late)


@on("campaign.missing_recorded")
def missing_recorded(fold: Fold, e: Any) -> None:
    row = fold.row(campaigns, uid(e.originator_id))
    fold.change(campaigns, row["id"], status="closing", missing=row["missing"] + len(e.missing))


@on("campaign.closed")
def campaign_closed(fold: Fold, e: Any) -> None:
    row = fold.row(campaigns, uid(e.originator_id))
    missing = row["missing"] + len(e.missing)
    fold.change(campaigns, row["id"], status="closed", missing=missing, closed_at=fold.position)
