"""Who may look: as in the API, an account sees what stands at or below the organisation of its role.

For everyone else the rest does not exist.
"""

from __future__ import annotations

from uuid import UUID

from domain.errors import NotFound
from web import reads
from web.context import queries
from web.pages.asof import position

RECORDS = ("studios", "calls", "notices", "funds", "campaigns", "organisations", "accounts")
"""Views whose ids are those of records in the log."""


def scope() -> UUID:
    """The organisation whose tree the visitor sees. Raises Unauthenticated or Forbidden.

    404 at a moment at which it was not registered yet: there was nothing to see.
    """
    mine = UUID(reads.scope())
    if reads.not_yet(position()):
        raise NotFound("nothing_yet", "您所在的组织当时还没有登记，没有可看的内容")
    return mine


def require_sight(id: UUID, *views: str) -> None:
    """404 unless a record stands, as of now, at or below the visitor's organisation."""
    mine, wanted = scope(), {"id": str(id)}
    if not any(
        queries().listed(view, scope=mine, filters=wanted, limit=1, count=False)["items"]
        for view in views or RECORDS
    ):
        raise NotFound("record_unknown", "没有这条记录，或不在您所在组织的管辖范围内")


def own_unions(federation: UUID) -> set[UUID] | None:
    """Whose candidates in a federation's call the visitor sees; None is everybody's.

    404 where the call is not the visitor's federation's, nor one's below it.
    """
    if str(federation) not in reads.federations():
        raise NotFound("call_unknown", "没有这条记录")
    place = reads.organisation(reads.scope())
    if place["id"] == str(federation) or place["kind"] == "federation":
        return None
    return {UUID(place[name]) for name in ("id", "recommender") if place[name]}
