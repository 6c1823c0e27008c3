"""One event of the log, as it was recorded: what every row of a timeline links to."""

from __future__ import annotations

from flask import Blueprint, Response, make_response

from domain.errors import NotFound
from web.context import register
from web.pages.lists import lineage_of_record
from web.pages.sight import require_sight

blueprint = Blueprint("log", __name__, url_prefix="/log")


@blueprint.get("/<int:position>")
def event(position: int) -> Response:
    """The event's stored JSON with its position; personal values are sealed in it."""
    found = register().recorder.select_notifications(position, 1, position)
    if not found:
        raise NotFound("position_unknown", "日志中没有这个位置")
    stored = found[0]
    require_sight(lineage_of_record(stored.originator_id))
    head = (
        f'{{"position":{position},"record":"{stored.originator_id}",'
        f'"version":{stored.originator_version},"topic":"{stored.topic}","state":'
    )
    response = make_response(head.encode() + stored.state + b"}\n")
    response.mimetype = "application/json"
    return response
