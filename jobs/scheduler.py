"""The scheduler: registers the jobs, and lets them run while this process holds the lease.

APScheduler decides when a job looks; what is due it asks the register. A run that was missed is made up for
once, whenever that is. The lease is kept by a thread of its own, on a clock that only runs forward.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from multiprocessing.util import Finalize
from typing import Final

import structlog
from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler
from eventsourcing.persistence import PersistenceError

from adapters.bootstrap import House
from adapters.log.errors import translated
from adapters.schedule.lease import BEAT
from jobs.catalogue import catalogue
from jobs.job import Job
from jobs.running import run

_log = structlog.get_logger(__name__)

SET_BACK: Final = timedelta(seconds=30)
"""A clock of the day that goes back by more is taken to have been set back."""


GRACE: Final = 10.0
"""Seconds that a run under way has to come to its end when the scheduler stops."""


class Scheduler:
    """The jobs of a house. Several may be started; one at a time works.

    wall: the machine's clock of the day, by which APScheduler waits.
    """

    def __init__(
        self,
        house: House,
        jobs: Sequence[Job] | None = None,
        *,
        wall: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._house = house
        self._wall = wall
        self._jobs = {job.name: job for job in (catalogue() if jobs is None else jobs)}
        self._stopping = threading.Event()
        self._keeper = threading.Thread(target=self._keep, name="lease", daemon=True)
        self._clock = datetime.min.replace(tzinfo=UTC)
        self._working = False
        self._lines = {"work": threading.Lock(), "send": threading.Lock()}
        self._apscheduler = BackgroundScheduler(
            timezone=UTC,
            executors={line: ThreadPoolExecutor(1) for line in self._lines},
            job_defaults={"misfire_grace_time": None, "coalesce": True, "max_instances": 1},
        )

    def start(self) -> None:
        """Begin to contend for the lease; returns at once."""
        for job in self._jobs.values():
            self._apscheduler.add_job(
                self._run,
                "interval",
                seconds=job.every.total_seconds(),
                args=(job.name,),
                id=job.name,
                name=job.title,
                executor=_line(job),
            )
        self._apscheduler.start(paused=True)
        self._keeper.start()

    def stop(self) -> None:
        """Give the run under way a while to come to its end, and the lease back to whoever is next."""
        if self._stopping.is_set():
            return
        self._stopping.set()
        self._keeper.join()
        self._apscheduler.shutdown(wait=False)
        for line in self._lines.values():
            # Given back at once: runs that stand behind it begin, see that it is over, and end.
            if line.acquire(timeout=GRACE):
                line.release()
        self._house.lease.release()

    def _run(self, name: str) -> None:
        job = self._jobs[name]
        with self._lines[_line(job)]:
            if self._house.lease.fence is not None and not self._stopping.is_set():
                run(self._house, job, self._house.clock(), fenced=True)

    def _keep(self) -> None:
        while not self._stopping.is_set():
            try:
                with translated():
                    self._hold()
            except PersistenceError as error:
                # The database is away: nothing can be written, and another one may take the lease.
                _log.error("lease not renewed", error=type(error).__name__)
            self._stopping.wait(BEAT)

    def _hold(self) -> None:
        lease = self._house.lease
        holds = lease.renew() if self._working else lease.acquire()
        now = self._wall()
        if holds:
            self._house.runs.beat(self._house.clock())
        if holds and (not self._working or now < self._clock - SET_BACK):
            self._look_at_once()
        elif self._working and not holds:
            self._apscheduler.pause()
        self._clock, self._working = now, holds

    def _look_at_once(self) -> None:
        """On taking over, and after the clock was set back, every job looks now."""
        now = datetime.now(UTC)
        for name in self._jobs:
            self._apscheduler.modify_job(name, next_run_time=now)
        self._apscheduler.resume()


def _line(job: Job) -> str:
    """Which jobs wait for each other: those that send, and all others."""
    return "send" if job.sends else "work"


def beside(house: House) -> None:
    """Run the scheduler in this process, beside whatever else it does, until the process ends."""
    scheduler = Scheduler(house)
    scheduler.start()
    # A server's worker runs these at its end, and no functions of atexit.
    Finalize(house, scheduler.stop, exitpriority=1)
