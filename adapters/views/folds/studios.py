"""The studio's own row: who it is, where it stands, what it is named, and what is due next."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from adapters.views.folds.dispatch import dump, load, on, text
from adapters.views.tables import organisations, studios
from adapters.views.versions import Fold, Row

ENDED = ("closed", "merged")


@on("studio.registered")
def registered(fold: Fold, e: Any) -> None:
    unit = fold.get(organisations, str(e.unit)) or {}
    fold.add(
        studios,
        str(e.originator_id),
        name=e.name,
        unit=str(e.unit),
        recommender=unit.get("recommender") or unit.get("federation"),
        federation=unit.get("federation"),
        path=unit.get("path", ""),
        leader_id=str(e.leader.id),
        leader=e.leader.name,
        founded_on=text(e.founded_on),
        predecessors=dump(e.predecessors),
        status="registered",
        namings="{}",
        dues="{}",
        applications_open=0,
        failing_run=0,
    )


@on("studio.renamed", reads="studios")
def renamed(fold: Fold, e: Any) -> None:
    fold.change(studios, str(e.originator_id), name=e.name)


@on("studio.leader_changed", reads="studios")
def leader_changed(fold: Fold, e: Any) -> None:
    leader = e.leader
    fold.change(studios, str(e.originator_id), leader_id=str(leader.id), leader=leader.name)


@on("studio.merged", reads="studios")
def merged(fold: Fold, e: Any) -> None:
    _end(fold, e, "merged", successor=str(e.successor))


@on("studio.closed", reads="studios")
def closed(fold: Fold, e: Any) -> None:
    _end(fold, e, "closed")


def _end(fold: Fold, e: Any, how: str, **more: Any) -> None:
    id = str(e.originator_id)
    held = load(fold.row(studios, id)["namings"])
    for naming in held.values():
        if naming["status"] == "active":
            naming["status"] = "closed"
    fold.change(studios, id, status=how, ended_on=text(e.on), applications_open=0, **more)
    fold.change(studios, id, dues="{}", due=None, due_on=None, **current(held))


def application_count(fold: Fold, id: str, step: int) -> None:
    """One application more or less is being decided."""
    row = fold.row(studios, id)
    count = max(row["applications_open"] + step, 0)
    fold.change(studios, id, applications_open=count, status=_status(row, count, row["namings"]))


def hold(fold: Fold, id: str, number: str, **facts: Any) -> None:
    """What the studio's row knows of one of its namings has changed."""
    row = fold.row(studios, id)
    held = load(row["namings"])
    held[number] = {**held.get(number, {}), **facts}
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
    shown = ("honour", "level", "category", "named_on")
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
