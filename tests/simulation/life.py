"""One life of the process that does what is due: from a looking on, to the year's end or to its death."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from multiprocessing.synchronize import Barrier
from pathlib import Path

import orjson

from adapters.bootstrap import House
from adapters.schedule import runs
from adapters.schedule.lease import PATIENCE
from domain.values import SHANGHAI
from jobs.catalogue import catalogue
from jobs.job import Job
from jobs.running import run
from tests.simulation import script
from tests.simulation.cast import Cast, Clock
from tests.simulation.dying import Reaper, hurry
from tests.simulation.gazette import CALENDAR, CALENDAR_ON
from tests.simulation.home import Ways, open_home
from tests.simulation.plan import HOUR, Course, Death

NIGHT = time(0)
"""When the daily jobs look."""
PATIENT = 600.0
"""Seconds that one of two schedulers waits for the other."""


@dataclass(frozen=True)
class Life:
    """What a process needs to know. begins: the looking that it begins with; place: which of two it is."""

    home: Path
    ways: Ways
    course: Course
    begins: int = 0
    death: Death | None = None
    place: int = 0
    fenced: bool = False

    @property
    def progress(self) -> Path:
        """Where the next looking is noted once one is done."""
        return self.home / "progress"


def live(life: Life, barrier: Barrier | None = None) -> None:
    """Live it. What went wrong, and how much was done in each looking, is left in files beside the home."""
    # The heart beats once a looking here, so an outage is a longer gap.
    runs.NOTICED = life.course.year.every * HOUR
    reaper = Reaper(life.death)
    reaper.begin(life.begins)
    house, cast, clock = open_home(life.home, life.course.year.moment(life.begins), life.ways)
    for engine in house.engines:
        hurry(engine)
    _Living(life, house, cast, clock, barrier, reaper).through()
    house.close()


class _Living:
    def __init__(
        self,
        life: Life,
        house: House,
        cast: Cast,
        clock: Clock,
        barrier: Barrier | None,
        reaper: Reaper,
    ) -> None:
        self._life, self._house, self._cast, self._clock = life, house, cast, clock
        self._barrier, self._reaper = barrier, reaper
        self._jobs = catalogue()
        self._acts = script.acts()
        self._errors: list[str] = []
        self._counts: list[dict[str, int]] = []
        self._seconds = 0.0
        house.lease._clock = lambda: self._seconds
        house.lease.holder = f"scheduler {life.place}"

    def through(self) -> None:
        """Every looking to the end."""
        life = self._life
        for number in range(life.begins, life.course.year.count):
            if number > life.begins:
                self._reaper.begin(number)
            if life.place == 0:
                self._people(number)
            self._meet()
            for moment in life.course.moments(number):
                self._look(number, moment)
            self._meet()
            self._counts.append(dict(self._reaper.counts))
            if life.place == 0:
                beside = life.progress.with_suffix(".new")
                beside.write_text(str(number + 1))
                beside.replace(life.progress)
        told = {"errors": self._errors, "counts": self._counts}
        (life.home / f"told{life.place}.json").write_bytes(orjson.dumps(told))

    def _meet(self) -> None:
        if self._barrier is not None:
            self._barrier.wait(PATIENT)

    def _people(self, number: int) -> None:
        """What people do before a looking and after the one before."""
        year = self._life.course.year
        until, since = year.moment(number), year.moment(number - 1)
        for act in self._acts:
            if since < act.when <= until:
                self._clock.now = act.when
                self._cast.once(act.name, act.do)
        if since < CALENDAR_ON <= until:
            put(self._house.settings.calendars / "2027.json", orjson.dumps(CALENDAR))

    def _look(self, number: int, moment: datetime) -> None:
        self._clock.now = moment
        asleep = self._life.course.asleep
        if asleep is None:
            self._house.runs.beat(moment)
            self._run(moment)
            return
        mine, others = asleep[self._life.place], asleep[1 - self._life.place]
        self._seconds += PATIENCE / 8
        if number in mine:
            return
        lease = self._house.lease
        if number - 1 in mine and lease.fence is not None:
            # It slept with the lease in its hand and does not know that it is over: nothing it does may stay.
            self._run(moment)
        holds = lease.renew() if lease.fence is not None else lease.acquire()
        if not holds and number in others:
            self._seconds += PATIENCE
            holds = lease.acquire()
        if holds:
            self._house.runs.beat(moment)
            self._run(moment)

    def _run(self, moment: datetime) -> None:
        for job in due(self._jobs, moment):
            ran = run(self._house, job, moment, fenced=self._life.fenced)
            self._errors += [f"{moment:%Y-%m-%d %H:%M} {job.name}: {each}" for each in ran.errors]


def due(jobs: Sequence[Job], moment: datetime) -> list[Job]:
    """Those that look at an hour: the daily ones at night."""
    night = moment.astimezone(SHANGHAI).time() == NIGHT
    return [job for job in jobs if night or job.every < timedelta(days=1)]


def put(path: Path, content: bytes) -> None:
    """Write a file whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.exists():
        beside = path.with_suffix(".new")
        beside.write_bytes(content)
        beside.replace(path)
