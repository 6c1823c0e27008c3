"""A job: what it is called, how often it looks, and the work; and the tally of one run."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from eventsourcing.persistence import PersistenceError

from adapters.bootstrap import House
from domain.errors import DomainError
from domain.values import Actor, Mandate, Role


@dataclass
class Tally:
    """What a run did, and what went wrong with single things while it went on with the others."""

    done: Counter[str] = field(default_factory=Counter)
    errors: list[str] = field(default_factory=list)

    @contextmanager
    def one(self, what: str, id: object, *, counted: bool = True) -> Iterator[None]:
        """One thing of many. Refused or in conflict, it is noted, and left for the next run."""
        try:
            yield
        except DomainError as refusal:
            self.errors.append(f"{what} {id}：{refusal.message}（{refusal.code}）")
        except PersistenceError as error:
            self.errors.append(f"{what} {id}：{type(error).__name__}")
        else:
            self.add(what, int(counted))

    def add(self, what: str, count: int) -> None:
        """Count what was done; nothing is not worth a word."""
        if count:
            self.done[what] += count


Work = Callable[[House, datetime, Tally], None]


@dataclass(frozen=True)
class Job:
    """`every` is how often it looks for what is due; `sends` sets those apart that wait for other machines."""

    name: str
    title: str
    every: timedelta
    work: Work
    sends: bool = False


def by_rule(rule: str, once: str, now: datetime) -> Mandate:
    """The mandate of a rule whose time has come. `once` names the effect: it is recorded once and never again."""
    return Mandate(Actor(None, None, rule), Role.RULE, now, f"due:{once}")
