"""The ledgers that studios keep: members, results, activities, apprenticeships."""

from __future__ import annotations

from typing import Any

from adapters.views.folds.dispatch import dump, evidence, on, uid
from adapters.views.tables import (
    achievements,
    activities,
    apprenticeships,
    members,
    studios,
    surveys,
    terms,
)
from adapters.views.versions import Fold, Row


def _place(fold: Fold, e: Any) -> Row:
    studio = fold.row(studios, uid(e.originator_id))
    return {"studio": studio["id"], "path": studio["path"]}


@on("studio.member_joined", reads="studios")
def joined(fold: Fold, e: Any) -> None:
    values = {
        "person": uid(e.member.id),
        "name": e.member.name,
        "duty": e.duty,
        "frontline": e.frontline,
        "joined_on": str(e.on),
        "left_on": None,
        "left_reason": None,
    }
    id = f"{uid(e.originator_id)}/{uid(e.member.id)}"
    if fold.get(members, id):
        fold.change(members, id, **values)
    else:
        fold.add(members, id, **_place(fold, e), **values)


@on("studio.member_left")
def left(fold: Fold, e: Any) -> None:
    id = f"{uid(e.originator_id)}/{uid(e.member)}"
    fold.change(members, id, left_on=str(e.on), left_reason=e.reason)


@on("studio.term_set", reads="studios")
def term_set(fold: Fold, e: Any) -> None:
    id = f"{uid(e.originator_id)}/{uid(e.person)}"
    values = {"name": e.name, "leads": e.leads, "ends_on": str(e.ends_on), "basis": e.basis}
    if fold.get(terms, id):
        fold.change(terms, id, **values)
    else:
        fold.add(terms, id, **_place(fold, e), person=uid(e.person), **values)


@on("studio.achievement_recorded", reads="studios")
def achieved(fold: Fold, e: Any) -> None:
    fold.add(
        achievements,
        uid(e.entry),
        **_place(fold, e),
        title=e.title,
        kind=e.kind,
        recognised_by=e.recognised_by,
        achieved_on=str(e.on),
        evidence=dump([evidence(each) for each in e.evidence]),
    )


@on("studio.activity_recorded", reads="studios")
def active(fold: Fold, e: Any) -> None:
    fold.add(
        activities,
        uid(e.entry),
        **_place(fold, e),
        title=e.title,
        kind=e.kind,
        participants=e.participants,
        held_on=str(e.on),
    )


@on("studio.surveyed", reads="studios")
def surveyed(fold: Fold, e: Any) -> None:
    fold.add(
        surveys,
        uid(e.entry),
        **_place(fold, e),
        year=e.year,
        assessor=e.assessor,
        grade=e.grade,
        findings=e.findings,
        surveyed_on=str(e.on),
        evidence=dump([evidence(each) for each in e.evidence]),
    )
    row = fold.row(studios, uid(e.originator_id))
    if e.year >= (row["survey_year"] or 0):
        fold.change(studios, row["id"], survey_year=e.year, survey_grade=e.grade)


@on("studio.apprenticeship_signed", reads="studios")
def signed(fold: Fold, e: Any) -> None:
    fold.add(
        apprenticeships,
        uid(e.entry),
        **_place(fold, e),
        master=uid(e.master.id),
        master_name=e.master.name,
        apprentice=uid(e.apprentice.id),
        apprentice_name=e.apprentice.name,
        starts_on=str(e.starts_on),
        ends_on=str(e.ends_on),
        duties=e.duties,
        plan=e.plan,
        agreement=dump(evidence(e.agreement)) if e.agreement else None,
    )
