"""The access log: who read sealed personal data, and who took an export away. Hashed with the rest."""

from datetime import date
from typing import Self
from uuid import NAMESPACE_URL, UUID, uuid5

from eventsourcing.domain import event

from domain.errors import Invalid
from domain.model.record import Record
from domain.values import Mandate

ACCESSES = uuid5(NAMESPACE_URL, "urn:mingpai:access")


def access_id(reader: str, on: date) -> UUID:
    """One reader's accesses of one day: short streams, however many readers there are."""
    return uuid5(ACCESSES, f"{reader} {on.isoformat()}")


class AccessDay(Record):
    """What one account (or the operator at the machine) read or exported on one day."""

    TOPIC = "access"
    FIRST = "DayOpened"

    @event("DayOpened", topic="access.day_opened")
    def __init__(self, reader: str, on: date) -> None:
        self.reader = reader
        self.on = on

    @classmethod
    def open(cls, mandate: Mandate) -> Self:
        """The day's record of whoever the mandate names."""
        reader = reader_of(mandate)
        return cls.begin(mandate, access_id(reader, mandate.on), reader=reader, on=mandate.on)

    def unseal(self, *, record: UUID, subjects: list[UUID], fields: list[str], reason: str) -> None:
        """Personal values of a record are about to be read; the reason is kept."""
        if not reason.strip():
            raise Invalid("reason_missing", "查看个人信息须说明理由", field="reason")
        self._unsealed(record=record, subjects=subjects, fields=fields, reason=reason.strip())

    def export(self, *, what: str, filters: str, as_of: int | None) -> None:
        """A list or file is about to be taken away."""
        self._exported(what=what, filters=filters, as_of=as_of)

    @event("Unsealed", topic="access.unsealed")
    def _unsealed(self, record: UUID, subjects: list[UUID], fields: list[str], reason: str) -> None:
        """Nothing changes: the access is kept for the record."""

    @event("Exported", topic="access.exported")
    def _exported(self, what: str, filters: str, as_of: int | None) -> None:
        """Nothing changes: the access is kept for the record."""


def reader_of(mandate: Mandate) -> str:
    """Who reads: an account, or the rule under which the machine's operator acts."""
    return str(mandate.account or mandate.actor.rule or "public")
