"""Matters: what somebody has to do by some day, as the register tells it at a moment.

A matter is not kept anywhere: it is asked of the register each time, and is gone once it is done.
What is kept is that it was spoken of, under a key that is made of the matter, its due day and the step.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from uuid import UUID

from domain.policy.timing import Rhythm, Step
from domain.values import Role

BEFORE_YEAR_END: Final = (60, 30, 15, 7, 3, 1)

KINDS: Final[dict[str, Rhythm]] = {
    "call.opens": Rhythm(at_once=True, overdue_every=0),
    "call.filing": Rhythm((15, 7, 3, 1), overdue_every=0),
    "call.silent_unions": Rhythm((7, 1), overdue_every=0),
    "notice.to_name": Rhythm((7,), at_once=True),
    "notice.objection": Rhythm((3, 1), at_once=True),
    "notice.provisional": Rhythm(at_once=True),
    "notice.outage": Rhythm(at_once=True, overdue_every=0),
    "grant.unpaid": Rhythm((7,), overdue_every=14, overdue_most=6),
    "payment.unmatched": Rhythm(overdue_every=14, overdue_most=6),
    "spending.unaccounted": Rhythm((30, 7), overdue_every=30, overdue_most=6),
    "assessment.unit_due": Rhythm(BEFORE_YEAR_END),
    "assessment.union_due": Rhythm(BEFORE_YEAR_END),
    "assessment.city_due": Rhythm((7, 1)),
    "self_check.due": Rhythm((15, 3), overdue_most=4),
    "rectification.due": Rhythm((30, 7, 1)),
    "revocation.proposed": Rhythm(at_once=True),
    "reinstatement.open": Rhythm(at_once=True),
    "leader_change.open": Rhythm(at_once=True, overdue_every=30, overdue_most=6),
    "term.ends": Rhythm((60, 30, 7), overdue_every=30, overdue_most=3),
    "apprenticeship.ends": Rhythm((30, 7), overdue_every=30, overdue_most=2),
    "calendar.missing": Rhythm(at_once=True, overdue_most=7),
}
"""Every kind of matter and how often it is spoken of, unless a federation sets it otherwise."""


@dataclass(frozen=True, slots=True)
class Addressee:
    """Whoever holds a role on an organisation; `overdue_days`: only from so many days overdue on."""

    organisation: UUID
    role: Role
    overdue_days: int | None = None

    def hears(self, step: Step) -> bool:
        """Whether this addressee is told at a step."""
        return self._from(step.days)

    def concerned(self, due_on: date | None, today: date) -> bool:
        """Whether this addressee has to do with a matter by today."""
        if due_on is None:
            return self.overdue_days is None
        return self._from((today - due_on).days)

    def _from(self, days_overdue: int) -> bool:
        return self.overdue_days is None or days_overdue >= max(self.overdue_days, 1)


@dataclass(frozen=True, slots=True)
class Matter:
    """Something to be done. `subject` is unique within the kind, and stays the same until it is done.

    facts: names and numbers for the text; nothing personal but a name. link: a path of our pages.
    """

    kind: str
    subject: str
    federation: UUID
    to: tuple[Addressee, ...]
    since: datetime
    due_on: date | None
    facts: Mapping[str, str | int]
    link: str

    @property
    def thread(self) -> str:
        """What all messages about it have in common."""
        return f"{self.kind}:{self.subject}"


@dataclass(frozen=True, slots=True)
class Message:
    """What is said to whoever holds a role on an organisation, once: the key is its identity.

    moment: when it was due to be said (UTC); thread: what it is about, so that a digest may show the
    last of several only.
    """

    key: str
    kind: str
    federation: UUID
    organisation: UUID
    role: Role
    thread: str
    facts: Mapping[str, str | int]
    link: str
    moment: datetime
    due_on: date | None = None
    step: str | None = None


def spoken(matter: Matter, step: Step) -> list[Message]:
    """A matter at one of its steps, as messages to everyone who is told then."""
    return [
        Message(
            key=f"{matter.thread}:{matter.due_on or ''}:{step.id}:{to.organisation}:{to.role.value}",
            kind=matter.kind,
            federation=matter.federation,
            organisation=to.organisation,
            role=to.role,
            thread=matter.thread,
            facts=matter.facts,
            link=matter.link,
            moment=step.at,
            due_on=matter.due_on,
            step=step.id,
        )
        for to in matter.to
        if to.hears(step)
    ]
