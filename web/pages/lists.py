"""What the pages ask the views for, now or as of the moment that is looked at."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from web.context import queries
from web.pages.asof import position
from web.pages.sight import scope
from web.reads import federations

Row = Mapping[str, Any]
MOST = 500
"""Rows of a list that is not paged; more than any federation has of calls, notices or funds."""


def rows(view: str, sort: str, *, descending: bool = False, **asked: Any) -> Sequence[Row]:
    """The rows of a view at the moment that is looked at."""
    asked.setdefault("as_of", position())
    found = queries().listed(
        view, sort=sort, descending=descending, limit=MOST, count=False, **asked
    )
    items: Sequence[Row] = found["items"]
    return items


def calls() -> Sequence[Row]:
    """The calls of the visitor's federation and of those below it, the latest first."""
    return rows("calls", "opened_at", descending=True, filters={"federation": federations()})


def notices() -> Sequence[Row]:
    """All notices, the latest first: what is posted is for everybody."""
    return rows("notices", "posted_at", descending=True, as_of=None)


def funds(scope: UUID) -> Sequence[Row]:
    """The funds of payers at or below an organisation."""
    return rows("funds", "year", descending=True, scope=scope)


def grant_studios(fund: UUID) -> dict[str, UUID]:
    """The studio of each grant of a fund."""
    return {
        row["id"]: UUID(row["studio"]) for row in rows("grants", "id", filters={"fund": str(fund)})
    }


def counts(scope: UUID) -> dict[str, int]:
    """How many studios at or below an organisation are in each state."""
    found = queries().counts("studios", ["status"], scope=scope, as_of=position())
    return {row["status"]: row["count"] for row in found}


def waiting(scope: UUID, stages: Sequence[str]) -> Sequence[Row]:
    """Applications under review at one of some stages, the oldest first."""
    filters = {"status": "under_review", "stage": list(stages)}
    return rows("applications", "submitted_at", scope=scope, filters=filters)


def rectifications(scope: UUID) -> Sequence[Row]:
    """Rectifications that are still to be done, the earliest due first."""
    return rows("rectifications", "due_on", scope=scope, filters={"status": "ordered"})


def named(studios: Iterable[str]) -> set[str]:
    """Those of some studios that have a name now."""
    filters = {"status": "named", "id": sorted(set(studios))}
    return {row["id"] for row in rows("studios", "id", filters=filters)}


def failing(scope: UUID) -> Sequence[Row]:
    """Named studios with failing years in a row, the longest run first."""
    filters = {"status": "named", "failing_run": {"from": 1}}
    return rows("studios", "failing_run", descending=True, scope=scope, filters=filters)


def grants() -> Sequence[Row]:
    """The grants of studios at or below the visitor's organisation, the latest first."""
    return rows("grants", "granted_at", descending=True, scope=scope())
