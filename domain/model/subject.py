"""A person as a subject of personal data: erased once, and what the law makes us keep."""

from typing import Any, Self
from uuid import UUID

from eventsourcing.domain import event

from domain.model.record import Record
from domain.values import Mandate


class Subject(Record):
    """Begins with the erasure, because until then there is nothing to say about a person's key."""

    TOPIC = "subject"
    FIRST = "Erased"

    @event("Erased", topic="subject.erased")
    def __init__(self, reason: str, kept: list[dict[str, Any]]) -> None:
        self.reason = reason
        self.kept = kept

    @classmethod
    def erase(cls, mandate: Mandate, id: UUID, *, reason: str, kept: list[dict[str, Any]]) -> Self:
        """Record the erasure of a person's sealed data.

        `kept` lists what stays by law (PIPL art. 47: subsidy records) and why; the sealed values
        in it can no longer be read either.
        """
        return cls.begin(mandate, id, reason=reason, kept=kept)
