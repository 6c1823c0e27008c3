"""What the scheduler does, for those who look after a federation."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from adapters.schedule.lease import BEAT, PATIENCE
from adapters.schedule.runs import Run
from domain.errors import Forbidden, Invalid
from domain.values import ROLE_NAMES, Role
from jobs.catalogue import catalogue
from jobs.job import Job
from web import auth, reads
from web.context import house

KEEPERS = (Role.ADMINISTRATOR, Role.CITY_OFFICER)
ALIVE = timedelta(seconds=PATIENCE + BEAT)
"""Without a sign of life for longer, nobody is at work."""


@dataclass(frozen=True, slots=True)
class Task:
    """A job with its last run, and when it looks again if somebody is at work; None before it ran."""

    job: Job
    last: Run | None
    next_at: datetime | None


@dataclass(frozen=True, slots=True)
class State:
    """Who is at work, since which number of the lease, and when there was last a sign of life."""

    holder: str | None
    fence: int
    last_beat: datetime | None
    alive: bool
    outages: int
    tasks: Sequence[Task]


def may_keep() -> bool:
    """Whether whoever asks is an administrator or officer of a federation, in the role they act in."""
    who = auth.asker()
    try:
        post = who.post if who else None
    except Forbidden:
        return False
    if post is None or post.role not in KEEPERS:
        return False
    return bool(reads.organisation(str(post.organisation))["kind"] == "federation")


def require_keeper() -> None:
    """Raises Unauthenticated, or Forbidden."""
    _ = auth.current().post
    if not may_keep():
        names = "、".join(ROLE_NAMES[role] for role in KEEPERS)
        told = f"只供总工会的{names}查看和办理"
        raise Forbidden("role_required", told, roles=[role.value for role in KEEPERS])


def state() -> State:
    """The scheduler as it stands, whichever process it runs in."""
    found, now = house(), house().clock()
    seen, beat, last = found.lease.look(), found.runs.last_beat(), found.runs.last()
    tasks = [_task(job, last.get(job.name)) for job in catalogue()]
    alive = beat is not None and seen is not None and seen.holder is not None
    return State(
        seen.holder if seen else None,
        seen.fence if seen else 0,
        beat,
        alive and beat is not None and now - beat <= ALIVE,
        found.runs.outages(),
        tasks,
    )


def _task(job: Job, last: Run | None) -> Task:
    return Task(job, last, last.started_at + job.every if last else None)


def runs(
    *,
    job: str | None = None,
    failed: bool = False,
    idle: bool = True,
    before: int | None = None,
    limit: int = 50,
) -> tuple[list[Run], int | None]:
    """A page of runs, the last first, and the id to give as `before` for the next page. Raises Invalid."""
    if job is not None and job not in {each.name for each in catalogue()}:
        raise Invalid("job_unknown", "没有这个作业", field="job")
    found = house().runs.listed(job=job, failed=failed, idle=idle, before=before, limit=limit + 1)
    following = found[limit - 1].id if len(found) > limit else None
    return found[:limit], following
