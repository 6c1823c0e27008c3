"""Desk: reading sealed personal data for a reason, exports, and erasing a person."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from domain.desks.desk import Desk, require
from domain.errors import Invalid
from domain.model.access import AccessDay, access_id, reader_of
from domain.model.organisation import Organisation
from domain.model.studio import Studio
from domain.model.subject import Subject
from domain.sealed import Sealed
from domain.values import Mandate, Role

READERS = (Role.CITY_OFFICER, Role.RECOMMENDING_UNION, Role.UNIT_UNION, Role.AUDITOR)


class Privacy(Desk):
    """Every look at a sealed value and every export leaves an event before anything is shown."""

    def reveal(
        self, mandate: Mandate, studio: UUID, values: Sequence[Sealed], *, reason: str
    ) -> list[str | None]:
        """The plain words of sealed values of a studio, None for erased ones.

        The access is recorded durably before anything is revealed.
        """
        found = self.register.get(Studio, studio, mandate)
        require(mandate, READERS, found.lineage)
        if not values:
            raise Invalid("nothing_to_reveal", "没有要查看的个人信息", field="values")
        day = self._today(mandate)
        day.unseal(
            record=studio,
            subjects=sorted({value.subject for value in values}),
            fields=sorted({value.field for value in values}),
            reason=reason,
        )
        self.register.save(day)
        return [self.register.sealing.reveal(value) for value in values]

    def note_export(
        self, mandate: Mandate, *, what: str, filters: str = "", as_of: int | None = None
    ) -> None:
        """Record that an export is about to be handed out."""
        day = self._today(mandate)
        day.export(what=what, filters=filters, as_of=as_of)
        self.register.save(day)

    def erase(
        self, mandate: Mandate, subject: UUID, *, reason: str, kept: list[dict[str, Any]]
    ) -> None:
        """Record a person's erasure, then destroy the key; safe to repeat after a crash between.

        Only a federation's administrator may. NotFound for an id that is no person's: the keys of
        organisations are never destroyed.
        """
        if mandate.role is not Role.RULE:
            require(mandate, Role.ADMINISTRATOR, self._federation(mandate))
        if self.register.exists(subject):
            self.register.get(Subject, subject, mandate)
        else:
            self.register.save(Subject.erase(mandate, subject, reason=reason, kept=kept))
        self.register.sealing.destroy(subject)

    def finish_erasures(self, subjects: Iterable[UUID]) -> None:
        """Destroy the keys of everyone whom the log says was erased, as after restoring a backup."""
        for subject in subjects:
            self.register.sealing.destroy(subject)

    def _federation(self, mandate: Mandate) -> list[UUID]:
        if mandate.organisation is None:
            return []
        return [self.register.get(Organisation, mandate.organisation, mandate).federation]

    def _today(self, mandate: Mandate) -> AccessDay:
        id = access_id(reader_of(mandate), mandate.on)
        if self.register.exists(id):
            return self.register.get(AccessDay, id, mandate)
        return AccessDay.open(mandate)
