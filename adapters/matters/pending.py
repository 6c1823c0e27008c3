"""What is pending now, and the messages that it is spoken of in."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any, Protocol
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Connection

from adapters.bootstrap import House
from adapters.log.engine import reading
from adapters.matters.asking import Asking, Days
from adapters.matters.assessments import assessments, campaign_of, campaign_policies
from adapters.matters.calendars import calendars
from adapters.matters.calls import calls, next_opening
from adapters.matters.checks import checks
from adapters.matters.money import money
from adapters.matters.notices import notices
from adapters.matters.people import people
from adapters.matters.timings import read_timings
from adapters.views.tables import organisations
from domain.matters import BEFORE_YEAR_END, KINDS, Matter, Message, spoken
from domain.policy.policy import Policy
from domain.policy.timing import Rhythm, Step, Timing, passed, steps
from domain.values import Role, local, start_of

AREAS = {
    "call": calls,
    "notice": notices,
    "grant": money,
    "payment": money,
    "spending": money,
    "assessment": assessments,
    "self_check": checks,
    "rectification": checks,
    "revocation": checks,
    "reinstatement": checks,
    "leader_change": people,
    "term": people,
    "apprenticeship": people,
    "calendar": calendars,
}
"""Who answers for a kind, by the first part of its name."""

ANNOUNCED = frozenset({"call.opens"})
"""Kinds that are said and are nothing to be done."""

DAY = timedelta(days=1)


class Office(Protocol):
    """A role on an organisation."""

    @property
    def role(self) -> Role: ...
    @property
    def organisation(self) -> UUID: ...


def pending(
    house: House,
    now: datetime,
    *,
    kinds: Collection[str] | None = None,
    federation: UUID | None = None,
) -> Iterator[Matter]:
    """Everything that is pending at `now` (UTC) by what the register holds, in one snapshot.

    kinds, federation: only those.
    """
    with asking(house, now) as ask:
        for matter in _answers(ask, kinds):
            if federation is None or matter.federation == federation:
                yield matter


@contextmanager
def asking(
    house: House, now: datetime, *, connection: Connection | None = None
) -> Iterator[Asking]:
    """The register as it is, on a snapshot of its own or in the caller's transaction."""
    if connection is None:
        with reading(house.engine) as own:
            yield _ask(house, now, own)
    else:
        yield _ask(house, now, connection)


def _ask(house: House, now: datetime, connection: Connection, scope: str | None = None) -> Asking:
    timings = read_timings(connection)
    return Asking(connection, now, timings, house.policies, Days(house.calendar), scope)


def _answers(ask: Asking, kinds: Collection[str] | None) -> Iterator[Matter]:
    wanted = KINDS if kinds is None else kinds
    for area in dict.fromkeys(AREAS[kind.split(".")[0]] for kind in wanted):
        for matter in area(ask):
            if matter.kind in wanted:
                yield matter


def rhythm_of(kind: str, timing: Timing, policy: Policy | None = None) -> Rhythm | None:
    """How often a kind is spoken of: the default, the policy's days, then the federation's settings.

    None where the federation wants nothing said of it.
    """
    rhythm = KINDS[kind]
    rule = policy.assessment if policy else None
    own = rule.remind_days_before if rule else None
    if own is not None and rhythm.before == BEFORE_YEAR_END:
        rhythm = replace(rhythm, before=own)
    return rhythm.under(timing.reminding(kind))


def due_messages(
    house: House, now: datetime, *, connection: Connection | None = None
) -> tuple[list[Message], datetime | None]:
    """What has to have been said by `now` of all that is pending, and when there may be more to say.

    What was said before is among it, under the same keys. The moment is that of the next step, of
    the next call that opens, or the next midnight, since with a new day new things come near.
    """
    said: list[Message] = []
    with asking(house, now, connection=connection) as ask:
        speech = _Speech(ask)
        following = [start_of(ask.today + DAY)]
        for matter in _answers(ask, None):
            come, later = speech.of(matter)
            following += [later] if later else []
            for step in come:
                said += spoken(ask.told_to(matter), step)
        opening = next_opening(ask)
    return said, min([*following, opening] if opening else following)


class _Speech:
    """The steps of matters; many matters have the same."""

    def __init__(self, ask: Asking) -> None:
        self._ask = ask
        self._policies = campaign_policies(ask)
        self._known: dict[Any, tuple[list[Step], datetime | None]] = {}

    def of(self, matter: Matter) -> tuple[list[Step], datetime | None]:
        """The steps that have come, and the moment of the next one."""
        policy = self._policies.get(campaign_of(matter) or "")
        key = (matter.kind, matter.federation, policy, matter.due_on, matter.since)
        if key not in self._known:
            self._known[key] = self._steps(matter, policy)
        return self._known[key]

    def _steps(self, matter: Matter, policy: str | None) -> tuple[list[Step], datetime | None]:
        ask = self._ask
        timing = ask.timings(matter.federation)
        rhythm = rhythm_of(matter.kind, timing, ask.policies.get(policy or ""))
        if rhythm is None:
            return [], None
        found = steps(rhythm, matter.due_on, matter.since, timing, ask.calendar)
        return passed(found, ask.now, timing)


def tasks(house: House, now: datetime, offices: Iterable[Office]) -> list[Matter]:
    """What is pending for whoever holds these offices, overdue first, then by the due day."""
    held = list(offices)
    found: dict[str, Matter] = {}
    with reading(house.engine) as connection:
        for path in _paths(connection, held):
            ask = _ask(house, now, connection, path)
            for matter in for_offices(_answers(ask, None), held, ask.today):
                found.setdefault(matter.thread, matter)
    return sorted(found.values(), key=_urgency)


def _paths(connection: Connection, offices: Iterable[Office]) -> list[str]:
    """Where the offices stand in the tree, without those that stand below another."""
    c = organisations.table.c
    wanted = {str(each.organisation) for each in offices}
    query = sa.select(c.path).where(c.id.in_(wanted), Asking.holds(organisations.table))
    paths: list[str] = []
    for path in sorted(connection.scalars(query)):
        if not any(path.startswith(above) for above in paths):
            paths.append(path)
    return paths


def for_offices(
    matters: Iterable[Matter], offices: Iterable[Office], today: date
) -> Iterator[Matter]:
    """Those of the matters that somebody in one of the offices has to do something about by today.

    One who is told only when a matter is overdue has it among the tasks from then on.
    """
    held = {(each.organisation, each.role) for each in offices}
    for matter in matters:
        if matter.kind not in ANNOUNCED and any(
            (to.organisation, to.role) in held and to.concerned(matter.due_on, today)
            for to in matter.to
        ):
            yield matter


def _urgency(matter: Matter) -> tuple[date, str]:
    return matter.due_on or date.max, matter.thread


def overdue(matter: Matter, now: datetime) -> bool:
    """Whether the due day is over."""
    return matter.due_on is not None and matter.due_on < local(now).date()
