"""What happens without anyone asking: the jobs, who does them, and what was run."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, fields

from adapters.schedule.runs import Run
from web.blueprint import Blueprint
from web.errors import ErrorSchema
from web.fields import QueryFlag, QueryWhole, Strict, Words
from web.schedule import Task, require_keeper, runs, state

blueprint = Blueprint("jobs", __name__, description="作业")


class RunSchema(Schema):
    """One run. `now`: the moment it looked at; a run without an end was cut off."""

    id = fields.Integer(required=True)
    job = fields.String(required=True)
    now = fields.AwareDateTime(required=True)
    started_at = fields.AwareDateTime(required=True)
    ended_at = fields.AwareDateTime(required=True, allow_none=True)
    done = fields.Dict(keys=fields.String(), values=fields.Integer(), required=True)
    errors = fields.List(fields.String(), required=True)
    holder = fields.String(required=True)
    fence = fields.Integer(required=True, allow_none=True)


class JobSchema(Schema):
    """A job, with its last run."""

    name = fields.String(required=True)
    title = fields.String(required=True)
    every_seconds = fields.Integer(required=True)
    last = fields.Nested(RunSchema, required=True, allow_none=True)
    next_at = fields.AwareDateTime(required=True, allow_none=True)


class SchedulerSchema(Schema):
    """Who is at work: the holder of the lease and its fencing number."""

    holder = fields.String(required=True, allow_none=True)
    fence = fields.Integer(required=True)
    last_beat = fields.AwareDateTime(required=True, allow_none=True)
    alive = fields.Boolean(required=True)
    outages = fields.Integer(required=True)
    jobs = fields.List(fields.Nested(JobSchema), required=True)


class RunQuery(Strict):
    """Which runs, the last first."""

    job = Words(100, load_default=None)
    failed = QueryFlag(load_default=False)
    idle = QueryFlag(load_default=True, metadata={"description": "also those that found nothing"})
    before = QueryWhole(1, 10**15, load_default=None)
    limit = QueryWhole(1, 500, load_default=50)


class RunsSchema(Schema):
    """A page of runs; `next` is the `before` of the next one."""

    items = fields.List(fields.Nested(RunSchema), required=True)
    next = fields.Integer(required=True, allow_none=True)


@blueprint.get("/jobs")
@blueprint.response(200, SchedulerSchema)
@blueprint.alt_response(403, schema=ErrorSchema, description="not in this role")
def index() -> dict[str, Any]:
    """Every job with its last run, and who holds the lease."""
    require_keeper()
    found = state()
    return {
        "holder": found.holder,
        "fence": found.fence,
        "last_beat": found.last_beat,
        "alive": found.alive,
        "outages": found.outages,
        "jobs": [_job(each) for each in found.tasks],
    }


@blueprint.get("/jobs/runs")
@blueprint.arguments(RunQuery, location="query")
@blueprint.response(200, RunsSchema)
@blueprint.alt_response(403, schema=ErrorSchema, description="not in this role")
def runs_(asked: dict[str, Any]) -> dict[str, Any]:
    """What was run, what it did, and what went wrong."""
    require_keeper()
    found, following = runs(**asked)
    return {"items": [_run(each) for each in found], "next": following}


def _job(task: Task) -> dict[str, Any]:
    return {
        "name": task.job.name,
        "title": task.job.title,
        "every_seconds": int(task.job.every.total_seconds()),
        "last": _run(task.last) if task.last else None,
        "next_at": task.next_at,
    }


def _run(run: Run) -> dict[str, Any]:
    return {name: getattr(run, name) for name in Run.__slots__}
