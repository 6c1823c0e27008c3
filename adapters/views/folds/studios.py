"""The studio's own row: who it is, where it stands, what it is named, and what is due next."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from adapters.views.folds.dispatch import dump, load, on, text, uid
from adapters.views.tables import organisations, studios
from adapters.views.versions import Fold, Row

ENDED = ("closed", "merged")


@on("studio.registered")
def registered(fold: Fold, e: Any) -> None:
    unit = fold.get(organisations, uid(e.unit)) or {}
    fold.add(
        studios,
        uid(e.originator_id),
        name=e.name,
        unit=uid(e.unit),
        recommender=unit.get("recommender") or unit.get("federation"),
        federation=unit.get("federation"),
        path=unit.get("path", ""),
        leader_id=uid(e.leader.id),
        leader=e.leader.name,
        founded_on=text(e.founded_on),
        predecessors=dump(e.predecessors),
        status="registered",
        namings="{}",
        dues="{}",
        open_applications="[]",
        applications_open=0,
        failing_run=0,
    )


@on("studio.renamed", reads="studios")
def renamed(fold: Fold, e: Any) -> None:
    fold.change(studios, uid(e.originator_id), name=e.name)


@on("studio.leader_changed", reads="studios")
def leader_changed(fold: Fold, e: Any) -> None:
    leader = e.leader
    fold.change(
        studios,
        uid(e.originator_id),
        leader_id=uid(leader.id),
        leader=leader.name,
        leader_case=None,
        leader_case_on=None,
    )


@on("studio.founding_dated", reads="studios")
def founding_dated(fold: Fold, e: Any) -> None:
    fold.change(studios, uid(e.originator_id), founded_on=str(e.founded_on))


@on("studio.leader_change_opened", reads="studios")
def leader_change_opened(fold: Fold, e: Any) -> None:
    fold.change(studios, uid(e.originator_id), leader_case=e.why, leader_case_on=str(e.on))


@on("studio.leader_change_closed", reads="studios")
def leader_change_closed(fold: Fold, e: Any) -> None:
    fold.change(studios, uid(e.originator_id), leader_case=None, leader_case_on=None)


def application_opened(fold: Fold, id: str, application: str) -> None:
    """One application more is being decided."""
    _applications(fold, id, [*load(fold.row(studios, id)["open_applications"]), application])


def application_closed(fold: Fold, id: str, application: str) -> None:
    """One application is decided, if it was not before."""
    found = load(fold.row(studios, id)["open_applications"])
    if application in found:
        _applications(fold, id, [each for each in found if each != application])


def _applications(fold: Fold, id: str, waiting: list[str]) -> None:
    row = fold.row(studios, id)
    status = _status(row, len(waiting), row["namings"])
    listed = dump(waiting)
    fold.change(
        studios,
        id,
        open_applications=listed,
        applications_open=len(waiting),
        status=status,
    )


def hold(fold: Fold, id: str, number: str, **facts: Any) -> None:
    """What the studio's row knows of one of its namings has changed."""
    row = fold.row(studios, id)
    held = load(row["namings"])
    known = held.get(number, {})
    held[number] = {**known, **facts}
    if held[number] == known:
        return
    now = current(held)
    status = _status(row, row["applications_open"], now["namings"])
    fold.change(studios, id, status=status, **now)


def current(held: Mapping[str, Mapping[str, Any]]) -> Row:
    """The columns that show the naming in force: the province's before the city's, then the latest.

    Where none is in force, the last one is shown; the studio's status tells that it ended.
    """
    columns: Row = {"namings": dump(held)}
    best = max(held.items(), key=_weight, default=("", None))
    number, naming = best
    shown = ("policy", "level", "category", "named_on")
    if naming is None:
        return {**columns, "number": None, "failing_run": 0, **dict.fromkeys(shown)}
    columns |= {name: naming.get(name) for name in shown}
    run = naming.get("run", 0) if naming["status"] == "active" else 0
    return {**columns, "number": number, "failing_run": run}


def _weight(item: tuple[str, Mapping[str, Any]]) -> tuple[bool, bool, str, str]:
    number, naming = item
    active = naming["status"] == "active"
    return active, naming["level"] == "province", naming["named_on"], number


def _status(row: Row, applications: int, namings: str) -> str:
    if row["status"] in ENDED:
        return str(row["status"])
    found = {naming["status"] for naming in load(namings).values()}
    if "active" in found:
        return "named"
    if applications:
        return "applying"
    return "de_named" if "de_named" in found else "registered"


def due(fold: Fold, id: str, what: str, on: str | None) -> None:
    """Something falls due on a day, or (None) is due no more."""
    row = fold.row(studios, id)
    dues = load(row["dues"])
    if on is None and what not in dues:
        return
    if on is None:
        del dues[what]
    else:
        dues[what] = on
    first = min(((day, name) for name, day in dues.items()), default=(None, None))
    fold.change(studios, id, dues=dump(dues), due_on=first[0], due=first[1])
