"""The hours of a course: which there are, which the machine sleeps through, and which the clock shows twice."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal

from tests.domain.persons import at

BEGINS = at("2026-11-21", "00:00")
HOUR = timedelta(hours=1)


@dataclass(frozen=True)
class Span:
    """From a moment up to another, both of which are hours."""

    begins: datetime
    ends: datetime

    def __contains__(self, moment: datetime) -> bool:
        return self.begins < moment <= self.ends


BREAK = Span(at("2026-12-30", "11:00"), at("2026-12-30", "16:00"))
"""The machine is off for an afternoon in every course, while a notice is running."""
AWAY = Span(at("2027-01-16", "09:00"), at("2027-02-25", "09:00"))
"""Forty days in which people do nothing."""


@dataclass(frozen=True)
class Year:
    """A year, or part of one: how many hours, and every how many of them the jobs look."""

    hours: int = 365 * 24
    every: int = 1

    @property
    def count(self) -> int:
        """How many times the jobs look, all at once."""
        return self.hours // self.every

    def moment(self, number: int) -> datetime:
        """When they look for the nth time (from 0)."""
        return BEGINS + (number + 1) * self.every * HOUR

    def number(self, moment: datetime) -> int:
        """The first time that they look at a moment or after it."""
        return -(-(moment - BEGINS) // (self.every * HOUR)) - 1


Count = Literal["steps", "commits"]


@dataclass(frozen=True)
class Death:
    """Where a process dies: in the nth looking, or as soon after as that many steps are done."""

    number: int
    of: Count
    after: int


@dataclass(frozen=True)
class Course:
    """One way for a year to go. back: numbers of lookings after which the clock is an hour back;
    asleep: for each of two schedulers the lookings during which it does not stir.
    """

    year: Year
    off: tuple[Span, ...] = (BREAK,)
    back: frozenset[int] = frozenset()
    asleep: tuple[frozenset[int], frozenset[int]] | None = field(default=None)

    def sleeps(self, moment: datetime) -> bool:
        """Whether the machine is off."""
        return any(moment in span for span in self.off)

    def moments(self, number: int) -> Iterator[datetime]:
        """What the clock shows when the jobs look for the nth time."""
        moment = self.year.moment(number)
        if not self.sleeps(moment):
            yield moment
            if number in self.back:
                yield moment - HOUR
                yield moment
