"""What ids are called on a page. Each is looked up once for a page."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from domain.errors import NotFound
from domain.policy.policy import Category
from domain.values import PolicyRef
from web.context import house, queries
from web.pages.asof import AsOf


class Names:
    """Names of organisations, accounts, studios and funds, as they were then."""

    def __init__(self, as_of: AsOf | None = None) -> None:
        self._position = as_of.position if as_of else None
        self._known: dict[str, str] = {}
        self._studios: dict[UUID, UUID] = {}

    def __getitem__(self, id: UUID | str | None) -> str:
        """The name; what there is of the id where nothing bears it."""
        key = str(id)
        if key not in self._known:
            self._known.update(queries().names([key], as_of=self._position))
        return self._known.setdefault(key, f"（{key[:8]}）")

    def learn_applications(self, studios: Mapping[UUID, UUID]) -> None:
        """Let applications be called by their studios."""
        self._studios.update(studios)

    def application(self, id: UUID) -> str:
        """The name of the studio whose application it is."""
        return self[self._studios.get(id)]

    def category(self, policy: PolicyRef, id: str) -> str:
        """A category's short name under a policy."""
        found = category_of(policy, id)
        return found.name if found else id

    def honour(self, policy: PolicyRef, id: str) -> str:
        """The title that a category awards."""
        found = category_of(policy, id)
        return found.honour if found else id


def category_of(policy: PolicyRef, id: str) -> Category | None:
    """A category of a policy, or None where there is no such pack any more."""
    packs = house().policies
    if policy.id not in packs:
        return None
    try:
        return packs[policy.id].category(id)
    except NotFound:
        return None
