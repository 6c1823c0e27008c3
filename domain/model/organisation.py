"""Organisations: the tree of federations, recommending unions, units and their unions."""

from enum import StrEnum
from typing import Any, Self
from uuid import UUID

from eventsourcing.domain import event

from domain.errors import Invalid, OutOfOrder
from domain.model.record import Record
from domain.values import Mandate


class Kind(StrEnum):
    """What an organisation is; each stands below one of the kinds before it."""

    FEDERATION = "federation"
    RECOMMENDING_UNION = "recommending_union"
    UNIT = "unit"


class Organisation(Record):
    """One node of the tree.

    `lineage` lists itself and everything above it, nearest first; `federation` is the nearest
    federation among them, itself included.
    """

    TOPIC = "organisation"
    FIRST = "Registered"

    @event("Registered", topic="organisation.registered")
    def __init__(
        self,
        name: str,
        kind: str,
        parent: UUID | None,
        lineage: list[UUID],
        federation: UUID | None,
        code: str,
    ) -> None:
        self.name = name
        self.kind = kind
        self.parent = parent
        self.lineage = [self.id, *lineage]
        self.federation = federation or self.id
        self.code = code
        self.closed = False
        self.timing: dict[str, Any] = {}

    @classmethod
    def register(
        cls,
        mandate: Mandate,
        id: UUID,
        *,
        name: str,
        kind: Kind,
        above: "Organisation | None",
        code: str,
    ) -> Self:
        """Put an organisation into the tree, below another unless it is a federation's root."""
        if above is None and kind is not Kind.FEDERATION:
            raise Invalid("parent_missing", "推荐单位和基层单位必须隶属于上级组织", field="parent")
        if above is not None and above.closed:
            raise OutOfOrder("organisation_closed", f"上级组织“{above.name}”已撤销", field="parent")
        if above is not None and above.kind == Kind.UNIT and kind is not Kind.UNIT:
            raise Invalid("parent_is_unit", "基层单位之下只能是基层单位", field="parent")
        if above is not None and above.kind != Kind.FEDERATION and kind is Kind.FEDERATION:
            raise Invalid("parent_below_federation", "总工会只能隶属于上级总工会", field="parent")
        return cls.begin(
            mandate,
            id,
            name=name,
            kind=kind.value,
            parent=above.id if above else None,
            lineage=above.lineage if above else [],
            federation=above.federation if above and kind is not Kind.FEDERATION else None,
            code=code,
        )

    def within(self, organisation: UUID | None) -> bool:
        """Whether it is that organisation or stands below it."""
        return organisation in self.lineage

    def rename(self, name: str) -> None:
        if name == self.name:
            raise OutOfOrder("nothing_changed", "新名称与现名称相同", field="name")
        self._renamed(name=name)

    def set_timing(self, timing: dict[str, Any]) -> None:
        """Set when people are reminded, as the plain keys of `domain.policy.timing.Timing`.

        It holds for the federation and those below it that set nothing themselves.
        """
        if self.kind != Kind.FEDERATION:
            raise Invalid("not_a_federation", "时间设置属于总工会", field="organisation")
        if timing == self.timing:
            raise OutOfOrder("nothing_changed", "设置没有变化")
        self._timing_set(timing=timing)

    def close(self, reason: str) -> None:
        if self.closed:
            raise OutOfOrder("organisation_closed", f"“{self.name}”已撤销")
        self._closed(reason=reason)

    @event("Renamed", topic="organisation.renamed")
    def _renamed(self, name: str) -> None:
        self.name = name

    @event("TimingSet", topic="organisation.timing_set")
    def _timing_set(self, timing: dict[str, Any]) -> None:
        self.timing = timing

    @event("Closed", topic="organisation.closed")
    def _closed(self, reason: str) -> None:
        self.closed = True
