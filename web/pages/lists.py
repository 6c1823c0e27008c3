"""What the pages ask the views for, now or as of the moment that is looked at."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from web.context import queries
from web.pages.asof import position

Row = Mapping[str, Any]


def calls(scope: UUID) -> Sequence[Row]:
    """The calls of the federation that an organisation belongs to, the latest first."""
    return queries().rows("calls", as_of=position(), federation=federation(scope), sort="-opened_at")


def notices() -> Sequence[Row]:
    """All notices, the latest first: what is posted is for everybody."""
    return queries().rows("notices", sort="-posted_at")


def funds(scope: UUID) -> Sequence[Row]:
    """The funds of payers at or below an organisation."""
    return queries().rows("funds", as_of=position(), scope=scope, sort="-year")


def grant_studios(fund: UUID) -> dict[str, str]:
    """The studio of each grant of a fund."""
    rows = queries().rows("grants", as_of=position(), fund=str(fund))
    return {row["id"]: row["studio"] for row in rows}


def federation(organisation: UUID) -> str:
    """The federation that an organisation belongs to."""
    return str(queries().row("organisations", organisation)["federation"])


def lineage(organisation: UUID) -> list[UUID]:
    """An organisation and everything above it."""
    return queries().lineage(organisation)


def lineage_of_record(id: UUID) -> list[UUID]:
    """Who may look at a record's events: its organisation and everything above it."""
    return queries().lineage_of_record(id)


def counts(scope: UUID) -> dict[str, int]:
    """How many studios at or below an organisation are in each state."""
    return queries().studio_counts(scope=scope, as_of=position())


def waiting(scope: UUID, stages: Sequence[str]) -> Sequence[Row]:
    """Applications under review at one of some stages, the oldest first."""
    rows = queries().rows("applications", scope=scope, status="under_review", sort="submitted_at")
    return [row for row in rows if row["stage"] in stages]


def rectifications(scope: UUID) -> Sequence[Row]:
    """Rectifications that are still to be done, the earliest due first."""
    return queries().rows("rectifications", scope=scope, status="ordered", sort="due_on")


def failing(scope: UUID) -> Sequence[Row]:
    """Named studios with failing years in a row, the longest run first."""
    rows = queries().rows("studios", scope=scope, status="named", sort="-failing_run")
    return [row for row in rows if row["failing_run"]]
