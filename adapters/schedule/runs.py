"""What was run: one row for every run of a job, written when it begins and when it ends."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import orjson
import sqlalchemy as sa
from sqlalchemy import Connection, Engine

from adapters.log.engine import reading, writing
from adapters.outside import ensure, stamp
from adapters.schedule.tables import heartbeats, job_runs, outages

HEART = "service"

NOTICED = timedelta(minutes=10)
"""A gap between two heartbeats that is longer is an outage."""


@dataclass(frozen=True, slots=True)
class Run:
    """One run. now: the moment it looked at; done: what → how many; a run without an end was cut off."""

    id: int
    job: str
    now: datetime
    started_at: datetime
    ended_at: datetime | None
    done: Mapping[str, int]
    errors: Sequence[str]
    holder: str
    fence: int | None


class Runs:
    """The book of runs, the heartbeat of the service, and the outages found by it."""

    def __init__(self, engine: Engine) -> None:
        ensure(engine)
        self._engine = engine

    def begin(self, job: str, now: datetime, at: datetime, holder: str, fence: int | None) -> int:
        """Note that a run begins; returns its id."""
        row = {
            "job": job,
            "now": stamp(now),
            "started_at": stamp(at),
            "holder": holder,
            "fence": fence,
        }
        with writing(self._engine) as connection:
            made = connection.execute(sa.insert(job_runs).values(**row).returning(job_runs.c.id))
            return int(made.scalar_one())

    def end(self, id: int, at: datetime, done: Mapping[str, int], errors: Sequence[str]) -> None:
        """Note how it ended: what was done, and what went wrong."""
        ended = {
            "ended_at": stamp(at),
            "done": orjson.dumps(dict(done)).decode(),
            "errors": orjson.dumps(list(errors)).decode() if errors else None,
        }
        with writing(self._engine) as connection:
            connection.execute(sa.update(job_runs).where(job_runs.c.id == id).values(**ended))

    def listed(
        self,
        *,
        job: str | None = None,
        failed: bool = False,
        idle: bool = True,
        before: int | None = None,
        limit: int = 50,
    ) -> list[Run]:
        """Runs, the last first: of one job, those with errors or cut off, those before an id.

        idle: also those that found nothing to do and went well.
        """
        wanted = sa.select(job_runs).order_by(job_runs.c.id.desc()).limit(limit)
        if job is not None:
            wanted = wanted.where(job_runs.c.job == job)
        if failed:
            wanted = wanted.where(job_runs.c.errors.is_not(None) | job_runs.c.ended_at.is_(None))
        if not idle:
            acted = job_runs.c.errors.is_not(None) | job_runs.c.ended_at.is_(None)
            wanted = wanted.where(acted | (job_runs.c.done != "{}"))
        if before is not None:
            wanted = wanted.where(job_runs.c.id < before)
        with reading(self._engine) as connection:
            return [_run(row) for row in connection.execute(wanted).mappings()]

    def last(self) -> dict[str, Run]:
        """The last run of each job."""
        newest = sa.select(sa.func.max(job_runs.c.id)).group_by(job_runs.c.job)
        wanted = sa.select(job_runs).where(job_runs.c.id.in_(newest))
        with reading(self._engine) as connection:
            found = [_run(row) for row in connection.execute(wanted).mappings()]
        return {run.job: run for run in found}

    def forget(self, before: datetime) -> int:
        """Drop runs from before a moment that did nothing and went well; returns how many."""
        idle = (
            job_runs.c.started_at < stamp(before),
            job_runs.c.errors.is_(None),
            job_runs.c.done == "{}",
        )
        with writing(self._engine) as connection:
            return connection.execute(sa.delete(job_runs).where(*idle)).rowcount

    def beat(self, at: datetime) -> bool:
        """Note that the service is there; True where it was away for longer than `NOTICED` before.

        A clock that was set back moves nothing back.
        """
        with writing(self._engine) as connection:
            last = _last_beat(connection)
            if last is None:
                connection.execute(sa.insert(heartbeats).values(name=HEART, at=stamp(at)))
                return False
            if at <= last:
                return False
            away = at - last > NOTICED
            if away:
                gap = {"begins": stamp(last), "ends": stamp(at)}
                connection.execute(sa.insert(outages).values(**gap))
            connection.execute(
                sa.update(heartbeats).where(heartbeats.c.name == HEART).values(at=stamp(at))
            )
        return away

    def outages(self) -> int:
        """How many outages were found so far."""
        with reading(self._engine) as connection:
            return connection.scalar(sa.select(sa.func.count()).select_from(outages)) or 0

    def last_beat(self) -> datetime | None:
        """When the service was last seen."""
        with reading(self._engine) as connection:
            return _last_beat(connection)


def _last_beat(connection: Connection) -> datetime | None:
    found = connection.execute(sa.select(heartbeats.c.at).where(heartbeats.c.name == HEART))
    text = found.scalar()
    return datetime.fromisoformat(text) if text else None


def _run(row: Any) -> Run:
    ended = row["ended_at"]
    return Run(
        id=row["id"],
        job=row["job"],
        now=datetime.fromisoformat(row["now"]),
        started_at=datetime.fromisoformat(row["started_at"]),
        ended_at=datetime.fromisoformat(ended) if ended else None,
        done=orjson.loads(row["done"]) if row["done"] else {},
        errors=orjson.loads(row["errors"]) if row["errors"] else [],
        holder=row["holder"],
        fence=row["fence"],
    )
