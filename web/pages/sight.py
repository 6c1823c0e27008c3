"""Who may look: an account sees what stands at or below the organisation of the role it acts in."""

from __future__ import annotations

from uuid import UUID

from domain.errors import Forbidden
from web import auth
from web.context import queries

RECORDS = ("studios", "calls", "notices", "funds", "campaigns", "organisations", "accounts")
"""Views whose ids are those of records in the log."""


def scope() -> UUID:
    """The organisation whose tree the visitor sees. Raises Unauthenticated or Forbidden."""
    return auth.current().post.organisation


def require_sight(id: UUID, *views: str) -> None:
    """Refuse unless a record stands, as of now, at or below the visitor's organisation."""
    mine, wanted = scope(), {"id": str(id)}
    if not any(
        queries().listed(view, scope=mine, filters=wanted, limit=1, count=False)["items"]
        for view in views or RECORDS
    ):
        raise Forbidden("outside_scope", "不在您所在组织的管辖范围内")
