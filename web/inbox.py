"""The inbox of whoever asks, in words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from adapters.messages.inbox import Inbox, Wanted
from adapters.messages.telling import ROLES_EN
from adapters.messages.texts import About, TemplateFailed, Text
from adapters.messages.wording import WORDINGS
from domain.values import ROLE_NAMES, Role
from web import auth
from web.context import house, queries, services


@dataclass(frozen=True, slots=True)
class Item:
    """A message as it is kept, and what it says."""

    row: dict[str, Any]
    text: Text


def inbox(who: auth.Identity | None = None) -> Inbox:
    """The messages to all the offices of an account. Raises Unauthenticated."""
    asking = who or auth.current()
    held = [(post.role, post.organisation) for post in asking.posts]
    return Inbox(house().engine, asking.account, held)


def count_unread(who: auth.Identity) -> int:
    """How many messages somebody has not read."""
    return inbox(who).count(Wanted(unread=True))


def told(rows: Sequence[dict[str, Any]], language: str = "zh") -> Iterator[Item]:
    """Messages with their words; of one whose template fails there is the kind's name at least."""
    ids = {str(row[column]) for row in rows for column in ("federation", "organisation")}
    found = queries().every("organisations", filters={"id": sorted(ids)})
    names = {each["id"]: each["name"] for each in found}
    for row in rows:
        yield Item(row, _text(row, names, language))


def _text(row: dict[str, Any], names: dict[str, str], language: str) -> Text:
    about = About(
        names.get(str(row["federation"]), ""),
        names.get(str(row["organisation"]), ""),
        (ROLES_EN if language == "en" else ROLE_NAMES)[Role(row["role"])],
        row["due_on"],
        str(row["step"] or "").startswith("overdue"),
        row["link"],
    )
    try:
        return services().texts.text(row["kind"], row["facts"], about, language)
    except TemplateFailed as error:
        known = WORDINGS.get(row["kind"])
        return Text(known.title(language) if known else row["kind"], str(error))
