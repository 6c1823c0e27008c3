"""One run of a job, fenced by the lease where there is one, and written into the book of runs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import datetime
from traceback import extract_tb

import structlog

from adapters.bootstrap import House
from adapters.schedule.lease import LeaseLost
from domain.errors import DomainError
from jobs.job import Job, Tally

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Ran:
    """How a run ended: what was done, how often, and what went wrong."""

    job: str
    done: Mapping[str, int]
    errors: Sequence[str]


def run(house: House, job: Job, now: datetime, *, fenced: bool = False) -> Ran:
    """Do what is due at `now` and not yet done.

    `fenced` is the scheduler's: whatever is written is undone should the lease be lost meanwhile.
    What goes wrong ends up in the book of runs and in the program's log, without people's data.
    """
    tally = Tally()
    fence = house.lease.fence if fenced else None
    id = house.runs.begin(job.name, now, house.clock(), house.lease.holder, fence)
    try:
        with house.lease.fencing() if fenced else nullcontext():
            job.work(house, now, tally)
    except LeaseLost:
        tally.errors.append("调度权已由另一进程接管，本次所写已撤回")
    except Exception as error:  # noqa: BLE001 - one job that fails must not stop the others
        tally.errors.append(_told(error))
        frames = [f"{frame.filename}:{frame.lineno}" for frame in extract_tb(error.__traceback__)]
        _log.error("job failed", job=job.name, error=type(error).__name__, where=frames[-3:])
    house.runs.end(id, house.clock(), tally.done, tally.errors)
    return Ran(job.name, tally.done, tally.errors)


def _told(error: Exception) -> str:
    """What may be told of an error: a refusal in full, of any other only its kind, for it may quote data."""
    if isinstance(error, DomainError):
        return f"{error.message}（{error.code}）"
    return type(error).__name__
