"""The studio: what the register is about. Its life is told in chapters, one file each."""

from datetime import date
from typing import Any, Self
from uuid import UUID

from eventsourcing.domain import event

from domain.errors import Invalid
from domain.model.chapters.bank import Bank
from domain.model.chapters.checks import Checks
from domain.model.chapters.intake import Intake
from domain.model.chapters.ledgers import Ledgers
from domain.model.chapters.naming import NamingChapter
from domain.model.chapters.publicity import Publicity
from domain.model.chapters.scoring import Scoring
from domain.model.chapters.state import Application, Grant, LeaderCase, Naming
from domain.model.chapters.subsidy import Subsidy
from domain.model.chapters.succession import Succession
from domain.model.chapters.terms import Terms
from domain.model.record import Record
from domain.values import Mandate, Person


class Studio(
    Record,
    Intake,
    Scoring,
    Publicity,
    NamingChapter,
    Succession,
    Subsidy,
    Bank,
    Checks,
    Ledgers,
    Terms,
):
    """An innovation studio or service station, from its first application to its end.

    `lineage` lists its unit and every organisation above it, nearest first.
    """

    TOPIC = "studio"
    FIRST = "Registered"

    @event("Registered", topic="studio.registered")
    def __init__(
        self,
        name: str,
        unit: UUID,
        lineage: list[UUID],
        leader: Person,
        founded_on: date | None,
        predecessors: list[dict[str, Any]],
    ) -> None:
        self.name = name
        self.unit = unit
        self.lineage = lineage
        self.leader = leader
        self.leader_case: LeaderCase | None = None
        self.founded_on = founded_on
        self.predecessors = predecessors
        self.ended: str | None = None
        self.applications: dict[UUID, Application] = {}
        self.namings: dict[str, Naming] = {}
        self.grants: dict[UUID, Grant] = {}
        self.members: dict[UUID, Person] = {}

    @classmethod
    def register(
        cls,
        mandate: Mandate,
        id: UUID,
        *,
        name: str,
        lineage: list[UUID],
        leader: Person,
        founded_on: date | None,
        predecessors: list[dict[str, Any]],
    ) -> Self:
        """Begin a studio of a unit, with links to those it came from.

        A predecessor is {studio, inherits, decision}: age and named years are inherited only
        by a recorded decision (domain.md §3).
        """
        if founded_on is not None and founded_on > mandate.on:
            raise Invalid("date_in_future", "创建日期不能晚于今天", field="founded_on")
        for predecessor in predecessors:
            if predecessor["inherits"] and not predecessor["decision"]:
                raise Invalid("decision_missing", "承继须有决定文号", field="predecessors")
        return cls.begin(
            mandate,
            id,
            name=name,
            unit=lineage[0],
            lineage=lineage,
            leader=leader,
            founded_on=founded_on,
            predecessors=predecessors,
        )
