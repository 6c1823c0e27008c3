"""Time and identity as the script sets them: the same on every run."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, time
from random import Random
from uuid import UUID

from domain.values import SHANGHAI

FIRST_DAY = date(2019, 3, 1)
TODAY = date(2026, 11, 20)
"""The day on which the demonstration stands still."""


def shanghai(day: date, hour: int, minute: int = 0, second: int = 0) -> datetime:
    """A moment on the clocks of Asia/Shanghai, in UTC."""
    return datetime.combine(day, time(hour, minute, second), SHANGHAI).astimezone(UTC)


BEGINS = shanghai(FIRST_DAY, 9)
ENDS = shanghai(TODAY, 17)


class Clockwork:
    """A clock that only the script moves, and never backwards."""

    def __init__(self, now: datetime = BEGINS) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def advance(self, to: datetime) -> None:
        """Stand at a moment, unless it is past."""
        self.now = max(self.now, to)


def demonstration_clock() -> Clockwork:
    """The clock to build a house with before it is filled."""
    return Clockwork()


def demonstration_ids() -> Callable[[], UUID]:
    """The identifiers to build a house with before it is filled: version 4 in shape, seeded."""
    source = dice("标识")
    return lambda: UUID(int=source.getrandbits(128), version=4)


def dice(name: str) -> Random:
    """A source of chance that falls the same way on every run; each name has its own."""
    return Random(f"铭牌演示 {name}")  # noqa: S311 # repeatable on purpose, and protects nothing
