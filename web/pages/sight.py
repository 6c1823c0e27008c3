"""Who may look: an account sees what stands at or below the organisation of the role it acts in."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from domain.errors import Forbidden
from web import auth


def scope() -> UUID:
    """The organisation whose tree the visitor sees. Raises Unauthenticated or Forbidden."""
    return auth.current().post.organisation


def require_sight(lineage: Iterable[UUID]) -> None:
    """Refuse unless the visitor's organisation is in the lineage of what is shown."""
    if scope() not in tuple(lineage):
        raise Forbidden("outside_scope", "不在您所在组织的管辖范围内")
