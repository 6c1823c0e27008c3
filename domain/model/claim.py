"""What is given out once: a naming number in a federation, a line of a payer's bank statement."""

from typing import Self
from uuid import NAMESPACE_URL, UUID, uuid5

from eventsourcing.domain import event

from domain.model.record import Record
from domain.values import Mandate

CLAIMS = uuid5(NAMESPACE_URL, "urn:mingpai:claim")
CLAIMED = {"naming_number": "命名编号", "bank_reference": "银行流水号"}
"""Kinds of what is given out once, each within its owner."""


def claim_id(kind: str, owner: UUID, value: str) -> UUID:
    """The id of a claim: one place in the log for each value, so that two can never both have it."""
    return uuid5(CLAIMS, f"{kind} {owner} {' '.join(value.split())}")


class Claim(Record):
    """Begins when a value is given out, and never ends.

    Its id is made of the value: whoever comes second finds it taken, and where two come at the
    same moment, the log records one of them.
    """

    TOPIC = "claim"
    FIRST = "Made"

    @event("Made", topic="claim.made")
    def __init__(self, kind: str, owner: UUID, value: str, studio: UUID) -> None:
        self.kind = kind
        self.owner = owner
        self.value = value
        self.studio = studio

    @classmethod
    def make(cls, mandate: Mandate, *, kind: str, owner: UUID, value: str, studio: UUID) -> Self:
        """Give a value of an owner (a federation, a payer) to a studio."""
        id = claim_id(kind, owner, value)
        return cls.begin(mandate, id, kind=kind, owner=owner, value=value, studio=studio)
