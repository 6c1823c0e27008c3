"""What is to be done by whoever asks, in any of their offices."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, fields

from adapters.messages.wording import WORDINGS
from domain.matters import KINDS
from web import auth
from web.blueprint import Blueprint
from web.duties import SORTS, STATES, Duty, duties, narrowed, ordered
from web.errors import ErrorSchema
from web.fields import Choice, Id, QueryWhole, Strict

blueprint = Blueprint("tasks", __name__, description="待办")


class TaskQuery(Strict):
    """Which tasks, and which part of them."""

    kind = Choice(*KINDS, load_default=None)
    organisation = Id(load_default=None)
    state = Choice(*STATES, load_default=None)
    sort = Choice(*SORTS, load_default="due")
    offset = QueryWhole(0, 10**6, load_default=0)
    limit = QueryWhole(1, 500, load_default=50)


class OfficeSchema(Schema):
    """A role on an organisation."""

    role = fields.String(required=True)
    organisation = fields.UUID(required=True)


class TaskSchema(Schema):
    """One task. `days` are those until the due day, negative once it is over."""

    kind = fields.String(required=True)
    subject = fields.String(required=True)
    title = fields.String(required=True)
    state = fields.String(required=True)
    due_on = fields.Date(required=True, allow_none=True)
    days = fields.Integer(required=True, allow_none=True)
    since = fields.AwareDateTime(required=True)
    federation = fields.UUID(required=True)
    to = fields.List(fields.Nested(OfficeSchema), required=True)
    facts = fields.Dict(required=True)
    link = fields.String(required=True, metadata={"description": "path of the page"})


class TasksSchema(Schema):
    """Some of the tasks, and how many there are."""

    items = fields.List(fields.Nested(TaskSchema), required=True)
    total = fields.Integer(required=True)
    overdue = fields.Integer(required=True)


@blueprint.get("/tasks")
@blueprint.arguments(TaskQuery, location="query")
@blueprint.response(200, TasksSchema)
@blueprint.alt_response(401, schema=ErrorSchema, description="not signed in")
def index(asked: dict[str, Any]) -> dict[str, Any]:
    """What is pending in all of one's offices: overdue first. A task is gone once it is done."""
    auth.current()
    place = asked["organisation"]
    found = narrowed(
        duties(),
        kind=asked["kind"],
        state=asked["state"],
        organisation=str(place) if place else None,
    )
    rows = ordered(found, asked["sort"])[asked["offset"] :][: asked["limit"]]
    return {
        "items": [_told(each) for each in rows],
        "total": len(found),
        "overdue": sum(each.state == "overdue" for each in found),
    }


def _told(duty: Duty) -> dict[str, Any]:
    matter = duty.matter
    return {
        "kind": matter.kind,
        "subject": matter.subject,
        "title": f"{WORDINGS[matter.kind].zh} {duty.about}".strip(),
        "state": duty.state,
        "due_on": matter.due_on,
        "days": duty.days,
        "since": matter.since,
        "federation": matter.federation,
        "to": [{"role": to.role.value, "organisation": to.organisation} for to in duty.to],
        "facts": dict(matter.facts),
        "link": matter.link,
    }
