"""One person's calendar, as it is fetched."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Engine

from adapters.feeds.ical import rendered
from adapters.feeds.memory import tell
from adapters.feeds.offices import Agenda, Office
from adapters.feeds.words import word
from adapters.log.engine import reading
from adapters.messages.tables import contacts
from adapters.messages.texts import Texts
from adapters.views.queries import Queries
from domain.errors import NotFound
from domain.matters import Matter
from domain.values import Role


@dataclass(frozen=True, slots=True)
class Feed:
    """The text of a calendar (iCalendar, UTF-8), and when anything in it last changed."""

    text: bytes
    changed_at: datetime | None


def feed(
    engine: Engine,
    queries: Queries,
    texts: Texts,
    account: UUID,
    matters: Iterable[Matter],
    *,
    now: datetime,
    base: str,
) -> Feed:
    """The calendar of an account; `matters` are those pending now. Raises NotFound for a disabled one."""
    found = queries.account(account)
    if found["disabled"]:
        raise NotFound("feed_unknown", "没有这个日历")
    offices = [Office(Role(row["role"]), UUID(row["organisation"])) for row in found["roles"]]
    language = _language(engine, account)
    entries = Agenda(queries, texts, offices, now, language).entries(matters)
    told = tell(engine, account, entries, now)
    name = word(language, "calendar", name=found["name"])
    changed = max((each.changed_at for each in told), default=None)
    return Feed(rendered(name, told, base), changed)


def _language(engine: Engine, account: UUID) -> str:
    wanted = sa.select(contacts.c.language).where(contacts.c.account == account)
    with reading(engine) as connection:
        return connection.execute(wanted).scalar() or "zh"
