"""Desk: reading sealed personal data for a reason, exports, and erasing a person."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import fields, is_dataclass
from typing import Any
from uuid import UUID

from domain.desks.desk import Desk, require
from domain.errors import Invalid, NotFound
from domain.model.access import AccessDay, access_id, reader_of
from domain.model.call import Call
from domain.model.notice import Notice
from domain.model.organisation import Organisation
from domain.model.studio import Studio
from domain.model.subject import Subject
from domain.sealed import Sealed
from domain.values import Mandate, Role

READERS = (Role.CITY_OFFICER, Role.RECOMMENDING_UNION, Role.UNIT_UNION, Role.AUDITOR)


def sealed_in(value: Any) -> Iterator[Sealed]:
    """Every sealed value in an event, or in one of its facts, at any depth."""
    if isinstance(value, Sealed):
        yield value
    elif isinstance(value, str | bytes):
        return
    elif isinstance(value, Mapping):
        for each in value.values():
            yield from sealed_in(each)
    elif isinstance(value, list | tuple | set | frozenset):
        for each in value:
            yield from sealed_in(each)
    elif is_dataclass(value):
        for field in fields(value):
            yield from sealed_in(getattr(value, field.name))
    elif hasattr(value, "TOPIC"):
        yield from sealed_in(vars(value))


class Privacy(Desk):
    """Every look at a sealed value and every export leaves an event before anything is shown."""

    def reveal(
        self, mandate: Mandate, studio: UUID, values: Sequence[Sealed], *, reason: str
    ) -> list[str | None]:
        """The plain words of sealed values of a studio, None for erased ones.

        NotFound for a value that does not stand in the studio's own record. The access is recorded
        durably before anything is revealed.
        """
        found = self.register.get(Studio, studio, mandate)
        require(mandate, READERS, found.lineage)
        own = {each for event in self.register.events.get(studio) for each in sealed_in(event)}
        if not own.issuperset(values):
            raise NotFound("sealed_unknown", "该工作室的记录中没有这个加密值", field="values")
        return self._unsealed(mandate, studio, values, reason)

    def reveal_objector(
        self, mandate: Mandate, notice: UUID, objection: UUID, *, reason: str
    ) -> dict[str, str | None]:
        """Who raised an objection, by field; None for what was erased. For the city that looks into it.

        NotFound for an objection that nobody signed. The access is recorded before anything is shown.
        """
        found = self.register.get(Notice, notice, mandate)
        call = self.register.get(Call, found.call, mandate)
        require(mandate, Role.CITY_OFFICER, [call.federation])
        values = [
            each
            for event in self.register.events.get(notice)
            if getattr(event, "objection", None) == objection
            for each in sealed_in(event)
        ]
        if not values:
            raise NotFound("objector_unknown", "没有这件具名异议", field="objection")
        words = self._unsealed(mandate, notice, values, reason)
        return {value.field: word for value, word in zip(values, words, strict=True)}

    def _unsealed(
        self, mandate: Mandate, record: UUID, values: Sequence[Sealed], reason: str
    ) -> list[str | None]:
        if not values:
            raise Invalid("nothing_to_reveal", "没有要查看的个人信息", field="values")
        day = self._today(mandate)
        day.unseal(
            record=record,
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
