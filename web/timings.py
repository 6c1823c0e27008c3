"""When a federation's people are reminded: its own settings, and those that hold for it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from adapters.log.engine import reading
from adapters.matters import read_timings
from domain.policy.model import keys_of
from domain.policy.timing import DEFAULT
from web.context import house, queries


@dataclass(frozen=True, slots=True)
class Settings:
    """own: what the federation set itself, None for nothing; effective: what holds for it, all keys."""

    federation: UUID
    name: str
    version: int
    own: dict[str, Any] | None
    effective: dict[str, Any]
    defaults: dict[str, Any]


def settings(federation: UUID) -> Settings:
    """The settings of a federation, as plain keys. Raises NotFound."""
    found = queries().one("organisations", federation)
    with reading(house().engine) as connection:
        effective = read_timings(connection)(federation)
    return Settings(
        federation,
        found["name"],
        found["version"],
        found["timing"] or None,
        keys_of(effective),
        keys_of(DEFAULT),
    )
