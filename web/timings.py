"""When a federation's people are reminded: its own settings, and those that hold for it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from adapters.matters import read_timings
from adapters.views.tables import VIEWS
from domain.policy.model import keys_of
from domain.policy.timing import DEFAULT
from web.context import queries


@dataclass(frozen=True, slots=True)
class Settings:
    """own: what the federation set itself, None for nothing; effective: what holds for it, all keys."""

    federation: UUID
    name: str
    version: int
    own: dict[str, Any] | None
    effective: dict[str, Any]
    defaults: dict[str, Any]


def settings(federation: UUID, *, as_of: int | None = None) -> Settings:
    """The settings of a federation, as plain keys, now or as of a position. Raises NotFound."""
    found = queries().one("organisations", federation, as_of=as_of)
    with queries().at(as_of) as moment:
        held = moment.holds(VIEWS["organisations"].table)
        effective = read_timings(moment.connection, held)(federation)
    return Settings(
        federation,
        found["name"],
        found["version"],
        found["timing"] or None,
        keys_of(effective),
        keys_of(DEFAULT),
    )
