"""What ids are called on a page, at the moment that is looked at. Each is looked up once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from uuid import UUID

from domain.errors import NotFound
from domain.policy.policy import Category
from web.context import house, queries
from web.pages.asof import AsOf

BEARERS = {
    "organisations": "name",
    "accounts": "name",
    "studios": "name",
    "calls": "title",
    "funds": "name",
    "notices": "call_name",
}
"""Views whose rows have names, and the column that holds them."""


class Names:
    """Names of organisations, accounts, studios, calls, funds and members, as they were then."""

    def __init__(self, as_of: AsOf | None = None) -> None:
        self._position = as_of.position if as_of else None
        self._known: dict[str, str] = {}
        self._studios: dict[str, str] = {}

    def __getitem__(self, id: UUID | str | None) -> str:
        """The name; what there is of the id where nothing bears it."""
        key = str(id)
        if key not in self._known:
            self.fetch([key])
        return self._known[key]

    def fetch(self, ids: Iterable[UUID | str | None]) -> None:
        """Look many up at once."""
        missing = {str(id) for id in ids if id} - set(self._known)
        for view, column in BEARERS.items():
            if missing:
                found = self._named(view, "id", column, missing)
                self._known |= found
                missing -= set(found)
        self._known |= {id: f"（{id[:8]}）" for id in missing}

    @property
    def known(self) -> Mapping[str, str]:
        """All that were looked up so far, by id."""
        return self._known

    def learn(self, names: Mapping[UUID | str, str]) -> None:
        """Take names that are known already."""
        self._known |= {str(id): name for id, name in names.items()}

    def learn_applications(self, studios: Mapping[UUID, UUID]) -> None:
        """Let applications be called by their studios."""
        self._studios |= {str(id): str(studio) for id, studio in studios.items()}

    def application(self, id: UUID | str) -> str:
        """The name of the studio whose application it is."""
        if str(id) not in self._studios:
            self._studios |= self._named("applications", "id", "studio", {str(id)})
        return self[self._studios.get(str(id), id)]

    def category(self, policy: str, id: str) -> str:
        """A category's short name under a policy."""
        found = category_of(policy, id)
        return found.name if found else id

    def honour(self, policy: str, id: str) -> str:
        """The title that a category awards."""
        return honour(policy, id)

    def _named(self, view: str, key: str, column: str, ids: set[str]) -> dict[str, str]:
        found = queries().every(view, as_of=self._position, filters={key: sorted(ids)})
        return {item[key]: item[column] for item in found}


def honour(policy: str, id: str) -> str:
    """The title that a category of a policy awards; its id where there is no such pack any more."""
    found = category_of(policy, id)
    return found.honour if found else id


def category_of(policy: str, id: str) -> Category | None:
    """A category of a policy, or None where there is no such pack any more."""
    packs = house().policies
    if policy not in packs:
        return None
    try:
        return packs[policy].category(id)
    except NotFound:
        return None
