"""One event of the log, as it was recorded: what every row of a timeline links to."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, Response, jsonify

from domain.errors import Forbidden
from domain.values import Role
from web import auth
from web.context import queries
from web.pages.sight import require_sight

blueprint = Blueprint("log", __name__, url_prefix="/log")

CONFIDENTIAL = {"notice.objection_raised": (Role.CITY_OFFICER, Role.ADMINISTRATOR, Role.AUDITOR)}
"""Events that name who complained are for those who look into it."""


@blueprint.get("/<int:position>")
def event(position: int) -> Response:
    """The event with its facts as JSON; personal values are sealed in it."""
    auth.current()
    found = queries().event(position)
    require_sight(UUID(found["record"]))
    allowed = CONFIDENTIAL.get(found["topic"])
    if allowed is not None and auth.current().post.role not in allowed:
        raise Forbidden("objection_confidential", "异议原文只供核查人员查看")
    return jsonify(found)
