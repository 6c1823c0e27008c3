"""Desk: the ledgers that a studio keeps — members, results, activities, apprenticeships."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from domain.desks.assessments import ASSESSOR_OF
from domain.desks.desk import Desk, refuse_reserved, require
from domain.model.studio import Studio
from domain.values import Evidence, Mandate, Role

KEEPERS = (Role.UNIT_UNION, Role.RECOMMENDING_UNION, Role.CITY_OFFICER)
"""Who may enter a term: the unit settles it, or a decision from above."""


class LedgersDesk(Desk):
    """台账: kept by the unit union on the studio's behalf."""

    def join(
        self,
        mandate: Mandate,
        studio: UUID,
        *,
        member: Mapping[str, Any],
        duty: str,
        frontline: bool,
        on: date,
    ) -> UUID:
        """A member joins; personal values are sealed."""
        found = self._own(mandate, studio)
        refuse_reserved(member)
        person = self.person(self.register.new_id(), member)
        found.join(person, duty=duty, frontline=frontline, on=on)
        self.register.save(found)
        return person.id

    def part(self, mandate: Mandate, studio: UUID, *, member: UUID, reason: str, on: date) -> None:
        """A member leaves."""
        found = self._own(mandate, studio)
        found.part(member, reason=reason, on=on)
        self.register.save(found)

    def set_term(
        self,
        mandate: Mandate,
        studio: UUID,
        *,
        ends_on: date,
        basis: str,
        person: UUID | None = None,
    ) -> None:
        """Until when a member belongs to the studio; of nobody in particular, its leader leads."""
        found = self.register.get(Studio, studio, mandate)
        require(mandate, KEEPERS, found.lineage)
        found.set_term(person, ends_on=ends_on, basis=basis)
        self.register.save(found)

    def record_achievement(
        self,
        mandate: Mandate,
        studio: UUID,
        *,
        title: str,
        kind: str,
        recognised_by: str,
        on: date,
        evidence: Sequence[Evidence] = (),
    ) -> UUID:
        """A recognised result."""
        found = self._own(mandate, studio)
        entry = self.register.new_id()
        found.record_achievement(
            entry,
            title=title,
            kind=kind,
            recognised_by=recognised_by,
            on=on,
            evidence=list(evidence),
        )
        self.register.save(found)
        return entry

    def record_activity(
        self, mandate: Mandate, studio: UUID, *, title: str, kind: str, participants: int, on: date
    ) -> UUID:
        """An activity that was held."""
        found = self._own(mandate, studio)
        entry = self.register.new_id()
        found.record_activity(entry, title=title, kind=kind, participants=participants, on=on)
        self.register.save(found)
        return entry

    def sign_apprenticeship(
        self,
        mandate: Mandate,
        studio: UUID,
        *,
        master: Mapping[str, Any],
        apprentice: Mapping[str, Any],
        starts_on: date,
        ends_on: date,
        duties: str,
        plan: str,
        agreement: Evidence | None = None,
    ) -> UUID:
        """A master and an apprentice sign an agreement (名师带徒)."""
        found = self._own(mandate, studio)
        refuse_reserved(master)
        refuse_reserved(apprentice)
        entry = self.register.new_id()
        found.sign_apprenticeship(
            entry,
            master=self.person(self.register.new_id(), master),
            apprentice=self.person(self.register.new_id(), apprentice),
            starts_on=starts_on,
            ends_on=ends_on,
            duties=duties,
            plan=plan,
            agreement=agreement,
        )
        self.register.save(found)
        return entry

    def survey(
        self,
        mandate: Mandate,
        studio: UUID,
        *,
        year: int,
        grade: str,
        findings: str,
        evidence: Sequence[Evidence] = (),
    ) -> UUID:
        """A survey of a studio by its unit's union, its recommending union or the city (调查摸底)."""
        found = self.register.get(Studio, studio, mandate)
        require(mandate, KEEPERS, found.lineage)
        entry = self.register.new_id()
        found.survey(
            entry,
            year=year,
            assessor=ASSESSOR_OF[mandate.role],
            grade=grade,
            findings=findings,
            evidence=list(evidence),
        )
        self.register.save(found)
        return entry

    def _own(self, mandate: Mandate, studio: UUID) -> Studio:
        found = self.register.get(Studio, studio, mandate)
        require(mandate, Role.UNIT_UNION, found.lineage)
        return found
