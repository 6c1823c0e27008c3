"""What a call's page shows: how far each quota is used, the notice's task table, the applications."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from domain.model.call import Call
from domain.model.quotas import Entry
from domain.policy.policy import Policy
from domain.policy.targets import Targets
from web.context import house
from web.pages.record import Reading, Told


@dataclass(frozen=True)
class Used:
    """How much of a cap one union or unit has used."""

    name: str
    used: int
    cap: int


@dataclass(frozen=True)
class QuotaUse:
    """One quota with what each union or unit has used of it."""

    text: str
    clause: str
    force: str
    per: str
    categories: list[str]
    rows: list[Used]


@dataclass(frozen=True)
class TargetUse:
    """One row of the task table: the notice's numbers, and how many were recommended."""

    name: str
    cells: list[int | str]
    goal: int
    used: int


@dataclass(frozen=True)
class TargetTable:
    """The notice's task table."""

    columns: list[str]
    rows: list[TargetUse]


ABOUT_ALL = frozenset(
    {
        "call.opened",
        "call.deadline_explained",
        "call.extended",
        "call.closed",
        "call.concluded",
    }
)
"""What everybody in the federation may know of a call."""
NOBODY = UUID(int=0)


class CallPage:
    """A call now or as of a moment; `rows` is its timeline, newest first.

    `own` are the unions whose candidates are shown; None shows everybody's, as to the federation.
    """

    def __init__(self, reading: Reading[Call], own: set[UUID] | None) -> None:
        self.call = reading.record
        self.own = own
        self.names = reading.names
        self._all_rows = list(reversed(reading.rows))
        self.warnings: list[str] = reading.rows[0].facts["warnings"]

    @property
    def rows(self) -> list[Told]:
        """What happened, as far as it is about everybody or about the visitor's own candidates."""
        if self.own is None:
            return self._all_rows
        shown = [row for row in self._all_rows if self._concerns(row)]
        return [replace(row, linked=False) for row in shown]

    @property
    def entries(self) -> list[Entry]:
        """By recommending union, then category, then rank."""
        return sorted(
            (entry for entry in self.call.entries.values() if self._mine(entry.recommender)),
            key=lambda e: (self.names[e.recommender], e.category, e.rank or 10_000),
        )

    @property
    def quotas(self) -> list[QuotaUse]:
        return [
            QuotaUse(
                quota["text"],
                quota["clause"],
                quota["force"],
                quota["per"],
                [self.call.categories[id] for id in quota["categories"]],
                self._used(quota),
            )
            for quota in self.call.quotas
        ]

    @property
    def targets(self) -> TargetTable | None:
        """The task table of the notice that the call was opened from, if it has one."""
        policy: Policy | None = house().policies.get(self.call.policy.id)
        if policy is None or policy.targets is None or not policy.targets.rows:
            return None
        return self._table(policy.targets)

    def _mine(self, union: UUID) -> bool:
        return self.own is None or union in self.own

    def _concerns(self, row: Told) -> bool:
        """Whether an event is about the call itself, or about an own union or application."""
        application = self.call.entries.get(row.facts.get("application"))  # type: ignore[arg-type] # None finds none
        if application is not None:
            return self._mine(application.recommender)
        return row.topic in ABOUT_ALL or self._mine(row.facts.get("union", NOBODY))

    def _used(self, quota: dict[str, Any]) -> list[Used]:
        counted = [e for e in self.call.entries.values() if _counts(e, quota)]
        if quota["per"] == "unit":
            counted = [entry for entry in counted if self._mine(entry.recommender)]
        if quota["per"] == "call":
            return [Used("本批次", len(counted), quota["cap"])]
        found = _tally(e.unit if quota["per"] == "unit" else e.recommender for e in counted)
        if quota["union"] is not None:
            found = {quota["union"]: found.get(quota["union"], 0)}
        rows = [
            Used(self.names[id], count, quota["cap"])
            for id, count in found.items()
            if quota["per"] == "unit" or self._mine(id)
        ]
        return sorted(rows, key=lambda row: (-row.used, row.name))

    def _table(self, targets: Targets) -> TargetTable:
        used = _tally(
            self.names[e.recommender]
            for e in self.call.entries.values()
            if e.state not in ("entered", "left")
        )
        first = targets.columns[0].id if targets.columns else ""
        rows = [
            TargetUse(
                row.union,
                [row.count(column.id) for column in targets.columns],
                row.count(first),
                used.get(row.union, 0),
            )
            for row in targets.rows
            if self.own is None or row.union in {self.names[union] for union in self.own}
        ]
        pools = [
            TargetUse(
                f"机动（{pool.name}）",
                [pool.count if column.id == pool.column else 0 for column in targets.columns],
                pool.count,
                0,
            )
            for pool in targets.pools
        ]
        return TargetTable([column.name for column in targets.columns], rows + pools)


def _counts(entry: Entry, quota: dict[str, Any]) -> bool:
    """Whether an application uses the quota: a unit's from its filing, others from recommendation."""
    if entry.state == "left" or entry.category not in quota["categories"]:
        return False
    if quota["union"] not in (None, entry.recommender) or entry.recommender in quota["except"]:
        return False
    return quota["per"] == "unit" or entry.state != "entered"


def _tally(keys: Iterable[UUID | str]) -> dict[Any, int]:
    found: dict[Any, int] = {}
    for key in keys:
        found[key] = found.get(key, 0) + 1
    return found
