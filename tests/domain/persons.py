"""Ids, moments and mandates that are the same in every run."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import NAMESPACE_OID, UUID, uuid5

from domain.model.notice import Clock
from domain.model.studio import Studio
from domain.sealed import Sealed
from domain.values import (
    Actor,
    BankLine,
    Evidence,
    Mandate,
    Money,
    Payee,
    Person,
    PolicyRef,
    Role,
    end_of,
)


def uid(name: str) -> UUID:
    """The id of something that has a name in a test."""
    return uuid5(NAMESPACE_OID, name)


CITY, UNION, UNIT = uid("city"), uid("union"), uid("unit")
POLICY = PolicyRef("full", "1", "d" * 64)
PROOF = Evidence("a" * 64, "证明.pdf", 1024, "application/pdf")


def at(day: str, clock: str = "10:00") -> datetime:
    """A moment by the clocks of Shanghai."""
    return datetime.fromisoformat(f"{day}T{clock}+08:00").astimezone(UTC)


def by(who: str, day: str, clock: str = "10:00", **more: Any) -> Mandate:
    """A person's mandate on a day. Aggregates do not look at the role."""
    actor = Actor(uid(who), CITY)
    return Mandate(actor, Role.CITY_OFFICER, at(day, clock), f"{who} {day}", **more)


def person(name: str) -> Person:
    """Somebody whose id follows from the name."""
    return Person(uid(name), name)


def payee(organisation: UUID = UNIT) -> Payee:
    """The account of a unit."""
    return Payee(
        organisation, "第一机床厂", "工商银行", Sealed(organisation, "account_number", "…")
    )


def line(reference: str, fen: int, on: date) -> BankLine:
    """A line of the bank's statement."""
    return BankLine(reference, on, Money(fen), "第一机床厂")


def clock(starts_on: date, ends_on: date) -> Clock:
    """A notice's clock."""
    return Clock(starts_on, ends_on, end_of(ends_on), 5, "working_days", False, "test")


def verdict(condition: str, outcome: str, **more: Any) -> dict[str, Any]:
    """A clause's verdict as an application keeps it."""
    return {
        "condition": condition,
        "kind": "team_size",
        "clause": "一2",
        "text": condition,
        "outcome": outcome,
        "force": "required",
        "overridden": False,
        "sentence": f"{condition}：{outcome}",
        "facts": {},
        "evidence": [],
        "waivable": False,
        **more,
    }


def studio(day: str = "2022-01-04") -> Studio:
    """A studio that a unit's person registered."""
    return Studio.register(
        by("applicant", day),
        uid("studio"),
        name="张工创新工作室",
        lineage=[UNIT, UNION, CITY],
        leader=person("张工"),
        founded_on=date(2019, 5, 1),
        predecessors=[],
    )


def later(day: date, days: int) -> date:
    """Some days after a day."""
    return day + timedelta(days=days)
