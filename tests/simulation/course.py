"""Lets a year take its course: in one process or two, killed as often as there are deaths, and started again."""

from __future__ import annotations

import logging
import multiprocessing
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from multiprocessing.context import ForkServerContext
from pathlib import Path
from random import Random
from signal import SIGKILL
from typing import Any

import orjson

from tests.adapters.messages.scene import Hook, Mailbox, hook, mailbox
from tests.simulation.effects import Effects, effects
from tests.simulation.home import BEFORE, Ways, copy, make, open_home
from tests.simulation.life import Life, live
from tests.simulation.plan import AWAY, BREAK, Course, Death, Year

EARLY = 0.1
"""The share of deaths that come as soon as a looking begins, or while a process is still starting again."""
QUIET_END = 24
"""In so many of the last lookings nobody dies, so that what was cut off can still be carried."""
PATIENCE = 3 * 3600.0


@dataclass(frozen=True)
class Lived:
    """A year that is over: its effects, what went wrong in its runs, and what was done in each looking."""

    effects: Effects
    errors: Sequence[str]
    counts: Sequence[dict[str, int]]
    deaths: int = 0


@dataclass(frozen=True)
class Base:
    """The home that all courses begin with, and how long its log is."""

    home: Path
    length: int


def base_of(home: Path) -> Base:
    """Make that home."""
    make(home)
    house, _, _ = open_home(home, BEFORE)
    length = house.recorder.max_notification_id() or 0
    house.close()
    return Base(home, length)


def processes() -> ForkServerContext:
    """Processes that begin with everything imported, and with nothing else of ours."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["tests.simulation.life"])
    return context


@contextmanager
def _arrivals() -> Iterator[tuple[Ways, Mailbox, Hook]]:
    """Where mails and posts arrive; it outlives every process that sends."""
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    with mailbox() as box, hook() as web:
        yield Ways(f"smtp://127.0.0.1:{box.port}", web.url), box, web


def _lived(base: Base, home: Path, begin: Callable[[Life], int], course: Course) -> Lived:
    with _arrivals() as (ways, box, web):
        copy(base.home, home, ways)
        deaths = begin(Life(home, ways, course))
        told = [orjson.loads(path.read_bytes()) for path in sorted(home.glob("told*.json"))]
        errors = [error for each in told for error in each["errors"]]
        done = effects(home, box, web, base.length)
        return Lived(done, errors, told[0]["counts"], deaths)


def alone(base: Base, home: Path, course: Course) -> Lived:
    """One process that nothing happens to."""
    return _lived(base, home, lambda life: _deaths(life, []), course)


def killed(base: Base, home: Path, course: Course, deaths: Sequence[Death]) -> Lived:
    """One process after the other: each is killed in its turn, the last lives to the end."""
    return _lived(base, home, lambda life: _deaths(life, deaths), course)


def _deaths(life: Life, deaths: Sequence[Death]) -> int:
    context, done = processes(), 0
    for death in (*deaths, None):
        begins = int(life.progress.read_text()) if life.progress.exists() else 0
        one = replace(life, begins=begins, death=death)
        process = context.Process(target=live, args=(one,), daemon=True)
        process.start()
        process.join(PATIENCE)
        if death is not None and process.exitcode == -SIGKILL:
            done += 1
        else:
            assert process.exitcode == 0, f"a process ended with {process.exitcode} at {begins}"
            break
    return done


def together(base: Base, home: Path, course: Course, *, fenced: bool) -> Lived:
    """Two schedulers on one database, which look at the same hours at the same time."""

    def begin(life: Life) -> int:
        context = processes()
        barrier = context.Barrier(2)
        both = [
            context.Process(
                target=live,
                args=(replace(life, place=place, fenced=fenced), barrier),
                daemon=True,
            )
            for place in (0, 1)
        ]
        for process in both:
            process.start()
        for process in both:
            process.join(PATIENCE)
        assert [process.exitcode for process in both] == [0, 0]
        return 0

    return _lived(base, home, begin, course)


def drawn_deaths(counts: Sequence[dict[str, int]], many: int, chance: Random) -> list[Death]:
    """So many points of a year, spread by how much is done in each looking: by steps and by commits in turn."""
    found = []
    last = len(counts) - QUIET_END
    for turn in range(many):
        of: Any = ("steps", "commits")[turn % 2]
        weights = [each[of] for each in counts[:last]]
        (number,) = chance.choices(range(last), weights)
        after = chance.randrange(max(weights[number], 1))
        if chance.random() < EARLY:
            after = chance.randrange(60)
        found.append(Death(number, of, after))
    return sorted(found, key=lambda death: death.number)


def stepping(year: Year, many: int, chance: Random) -> Course:
    """A clock that is set back an hour, so many times."""
    return Course(year, back=frozenset(chance.sample(range(year.count), many)))


def sleeping(year: Year, chance: Random) -> Course:
    """Two schedulers that doze off in turn, now and then, for a few hours: never both at once."""
    naps: tuple[set[int], set[int]] = (set(), set())
    number, turn = chance.randrange(2, 12), 0
    while number < year.count:
        length = chance.randrange(1, 6)
        naps[turn].update(range(number, min(number + length, year.count)))
        number += length + chance.randrange(2, 40)
        turn = chance.randrange(2)
    return Course(year, asleep=(frozenset(naps[0]), frozenset(naps[1])))


def away(year: Year) -> Course:
    """Forty days without the machine."""
    return Course(year, off=(BREAK, AWAY))
