"""How the log writes the domain's values. The names are part of the stored format: never change one."""

from __future__ import annotations

from functools import lru_cache
from typing import Any
from uuid import UUID

from eventsourcing.persistence import Transcoding

from adapters.log.sealing import SealedAsToken
from adapters.log.transcoding import value_transcoding
from domain.model.notice import Clock
from domain.values import Actor, BankLine, Evidence, Money, Payee, Person, PolicyRef


class MoneyAsFen(Transcoding):
    """Money as its integer fen."""

    type = Money
    name = "money_fen"

    def encode(self, obj: Money) -> int:
        return obj.fen

    def decode(self, data: int) -> Money:
        return Money(data)


class ActorAsList(Transcoding):
    """An actor as account, organisation and rule: the most frequent value, so the shortest form."""

    type = Actor
    name = "actor"

    def encode(self, obj: Actor) -> list[str | None]:
        account = obj.account.hex if obj.account else None
        organisation = obj.organisation.hex if obj.organisation else None
        return [account, organisation, obj.rule]

    def decode(self, data: list[Any]) -> Actor:
        return _actor(*data)


@lru_cache(maxsize=4096)
def _actor(account: str | None, organisation: str | None, rule: str | None) -> Actor:
    """Few people make most events: their actors are built once."""
    return Actor(
        UUID(account) if account else None, UUID(organisation) if organisation else None, rule
    )


def transcodings() -> tuple[Transcoding, ...]:
    """All of them, for the register."""
    return (
        MoneyAsFen(),
        ActorAsList(),
        SealedAsToken(),
        value_transcoding(Evidence, "evidence"),
        value_transcoding(Person, "person"),
        value_transcoding(Payee, "payee"),
        value_transcoding(BankLine, "bank_line"),
        value_transcoding(PolicyRef, "policy_ref"),
        value_transcoding(Clock, "notice_clock", added=("provisional",)),
    )
