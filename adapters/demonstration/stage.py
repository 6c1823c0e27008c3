"""The stage on which stories are played: one clock, many stories, told in the order of time.

A story is a generator. It yields the moment at which it wants to go on, and acts when it is resumed;
the stage interleaves all stories, so that the log is written in the order in which things happened.
What a story asks for after the last day never happens: it is left open, as in any office.
"""

from __future__ import annotations

import heapq
from collections import Counter
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import TYPE_CHECKING
from uuid import UUID

from adapters.demonstration.clock import ENDS, FIRST_DAY, TODAY, Clockwork, dice, shanghai
from adapters.demonstration.files import Files
from adapters.demonstration.people import People
from domain.errors import DomainError
from domain.values import Actor, Mandate, Role, local

if TYPE_CHECKING:
    from adapters.bootstrap import House

Story = Generator[datetime, None, None]
Progress = Callable[[int, int, str], None]
HOURS = (8, 9, 9, 10, 10, 11, 13, 14, 14, 15, 15, 16, 16)


@dataclass(frozen=True)
class Player:
    """Someone with an account, in one role on one organisation."""

    username: str
    name: str
    account: UUID
    role: Role
    organisation: UUID


@dataclass
class Stage:
    """What every story needs: the house, the time, people, files, and a record of what happened.

    `seen` notes under a story's name which studios to look at; `refused` notes the codes of what
    the register refused, since a refusal leaves nothing in the log.
    """

    house: House
    clock: Clockwork
    progress: Progress | None = None
    people: People = field(default_factory=People)
    seen: dict[str, list[UUID]] = field(default_factory=dict)
    refused: Counter[str] = field(default_factory=Counter)
    accounts: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.register = self.house.register
        self.files = Files(self.house.engine, self.house.settings.evidence)
        self._waiting: list[tuple[datetime, int, Story]] = []
        self._mandates: dict[Player, Mandate] = {}
        self._workdays: dict[date, bool] = {}
        self._stories = 0
        self._requests = 0
        self._pace = dice("步速")
        self._shown = -1

    def begin(self, story: Story) -> None:
        """Let a story begin: it is run up to its first moment, which it yields."""
        when = next(story, None)
        if when is not None:
            self._stories += 1
            heapq.heappush(self._waiting, (when, self._stories, story))

    def play(self) -> None:
        """Play all stories until they end or the last day does."""
        while self._waiting:
            when, number, story = heapq.heappop(self._waiting)
            if max(when, self.clock.now) > ENDS:
                story.close()
                continue
            self.clock.advance(when)
            self._tell()
            following = next(story, None)
            if following is not None:
                heapq.heappush(self._waiting, (following, number, story))
        if self.progress:
            days = (TODAY - FIRST_DAY).days
            self.progress(days, days, f"{TODAY:%Y 年 %m 月}")

    def by(self, player: Player) -> Mandate:
        """A player's mandate for the next command, a little later than the one before.

        The directory is asked once for each player: no role changes hands in these stories.
        """
        at, request_id = self._tick(), self._request()
        held = self._mandates.get(player)
        if held is None:
            held = self._mandates[player] = self.register.directory.mandate(
                player.account,
                role=player.role,
                organisation=player.organisation,
                at=at,
                request_id=request_id,
            )
        return replace(held, at=at, request_id=request_id)

    def setup(self) -> Mandate:
        """The mandate under which a house is set up."""
        return Mandate(Actor(None, None, "setup"), Role.RULE, self._tick(), self._request())

    def public(self) -> Mandate:
        """The mandate of somebody without an account."""
        return Mandate(Actor(None, None), Role.PUBLIC, self._tick(), self._request())

    def office(self, day: date, chance: Random) -> datetime:
        """Some moment in office hours of a day, or of the next one that is worked."""
        while not self._worked(day):
            day += timedelta(days=1)
        return shanghai(day, chance.choice(HOURS), chance.randrange(60), chance.randrange(60))

    def session(self, chance: Random) -> datetime:
        """The next half-day: this afternoon, or the morning of the next day that is worked."""
        if local(self.clock.now).hour < 12:
            return shanghai(self.today, 14, chance.randint(0, 20))
        day = self.today + timedelta(days=1)
        while not self._worked(day):
            day += timedelta(days=1)
        return shanghai(day, 9, chance.randint(0, 20))

    def later(self, days: int, chance: Random) -> datetime:
        """Office hours of the working day that many days from now."""
        return self.office(self.today + timedelta(days=days), chance)

    def _worked(self, day: date) -> bool:
        """Whether a day is worked; after the last day nothing is asked of the calendar."""
        if day not in self._workdays:
            self._workdays[day] = day > TODAY or self.house.calendar.is_working_day(day)
        return self._workdays[day]

    @property
    def today(self) -> date:
        """The day on which the story stands."""
        return local(self.clock.now).date()

    def note(self, story: str, studio: UUID) -> None:
        """Remember a studio under the name of the story that it shows."""
        self.seen.setdefault(story, []).append(studio)

    @contextmanager
    def refusal(self, code: str) -> Iterator[None]:
        """What is tried here the register has to refuse with this code."""
        try:
            yield
        except DomainError as error:
            if error.code != code:
                raise
            self.refused[code] += 1
        else:
            raise AssertionError(f"the register should have refused this as {code}")

    def _tick(self) -> datetime:
        seconds = self._pace.randint(3, 25)
        self.clock.advance(self.clock.now + timedelta(seconds=seconds))
        return self.clock.now.astimezone(UTC)

    def _request(self) -> str:
        self._requests += 1
        return f"demo-{self._requests:06d}"

    def _tell(self) -> None:
        day = (self.today - FIRST_DAY).days
        if self.progress and day // 7 > self._shown:
            self._shown = day // 7
            self.progress(day, (TODAY - FIRST_DAY).days, f"{self.today:%Y 年 %m 月}")
