"""Telling: a message as it is kept, made into words for whoever reads it, with names instead of ids."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

import orjson
import sqlalchemy as sa

from adapters.log.engine import reading
from adapters.messages.texts import About, Text, Texts
from adapters.messages.wording import WORDINGS
from adapters.settings import Settings
from adapters.views.shape import FOREVER
from adapters.views.tables import organisations
from domain.values import ROLE_NAMES, Role

if TYPE_CHECKING:
    from adapters.bootstrap import House

ROLES_EN: Final = {
    Role.ADMINISTRATOR: "administrator",
    Role.CITY_OFFICER: "officer of the city",
    Role.RECOMMENDING_UNION: "recommending union",
    Role.UNIT_UNION: "union of the unit",
    Role.AUDITOR: "auditor",
    Role.PUBLIC: "the public",
    Role.RULE: "rule",
}
PREFERENCES: Final = "/preferences"
"""The page on which a person says how to be reached."""

Row = Mapping[str, Any]


def address(settings: Settings, path: str) -> str:
    """A path of our pages as people reach it; what is an address already stays."""
    if not path or path.startswith(("http://", "https://")):
        return path
    base = settings.public_url or f"http://{settings.host}:{settings.port}"
    return f"{base}/{path.lstrip('/')}"


class Teller:
    """Makes texts of messages; for one request or one run, since it remembers names."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._names: dict[str, str] = {}

    @cached_property
    def texts(self) -> Texts:
        """The templates."""
        return Texts(self._house.settings.home)

    def text(self, message: Row, language: str = "zh") -> Text:
        """The text of a row of `messages`. Raises TemplateFailed."""
        facts = message["facts"]
        told = orjson.loads(facts) if isinstance(facts, str) else facts
        return self.texts.text(message["kind"], told, self.about(message, language), language)

    def title(self, kind: str, language: str = "zh") -> str:
        """What a kind is called, for where its text cannot be made."""
        wording = WORDINGS.get(kind)
        return wording.title(language) if wording else kind

    def about(self, message: Row, language: str = "zh") -> About:
        """What a message itself knows."""
        role = Role(message["role"])
        step = message["step"] or ""
        return About(
            federation=self.name(message["federation"]),
            organisation=self.name(message["organisation"]),
            role=ROLES_EN[role] if language == "en" else ROLE_NAMES[role],
            due=str(message["due_on"]) if message["due_on"] else None,
            overdue=step.startswith("overdue-"),
            link=self.link(message),
        )

    def link(self, message: Row) -> str:
        """Where the matter is dealt with, as an address."""
        return address(self._house.settings, message["link"])

    def preferences(self) -> str:
        """Where a person says how to be reached, as an address."""
        return address(self._house.settings, PREFERENCES)

    def name(self, organisation: object) -> str:
        """An organisation's present name; its id where there is none."""
        id = str(organisation)
        if id not in self._names:
            columns = organisations.table.c
            wanted = sa.select(columns.name).where(
                columns.id == id, columns.until == sa.literal_column(str(FOREVER))
            )
            with reading(self._house.engine) as connection:
                self._names[id] = connection.execute(wanted).scalar() or id
        return self._names[id]
