"""A studio's end: its namings in force are closed, and what was being decided is withdrawn."""

from __future__ import annotations

from typing import Any

from adapters.views.folds.checks import lapse
from adapters.views.folds.dispatch import load, on, text, uid
from adapters.views.folds.studios import current
from adapters.views.tables import applications, namings, studios
from adapters.views.versions import Fold


@on("studio.merged", reads="studios")
def merged(fold: Fold, e: Any) -> None:
    _end(fold, e, "merged", text(e.successor))


@on("studio.closed", reads="studios")
def closed(fold: Fold, e: Any) -> None:
    _end(fold, e, "closed", None)


def _end(fold: Fold, e: Any, status: str, successor: str | None) -> None:
    studio = fold.row(studios, uid(e.originator_id))
    for application in load(studio["open_applications"]):
        fold.change(applications, application, status="withdrawn", amend_by=None)
    held = load(studio["namings"])
    for number, naming in held.items():
        if naming["status"] == "active":
            naming["status"] = "closed"
            id = f"{studio['id']}/{number}"
            lapse(fold, fold.row(namings, id))
            fold.change(namings, id, status="closed", ended_on=str(e.on))
    fold.change(
        studios,
        studio["id"],
        status=status,
        ended_on=str(e.on),
        successor=successor,
        leader_case=None,
        leader_case_on=None,
        open_applications="[]",
        applications_open=0,
        dues="{}",
        due=None,
        due_on=None,
        **current(held),
    )
