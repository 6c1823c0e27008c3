"""One person's calendar, as it is fetched."""

from __future__ import annotations

from collections.abc import Iterable
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


def feed(
    engine: Engine,
    queries: Queries,
    texts: Texts,
    account: UUID,
    matters: Iterable[Matter],
    *,
    now: datetime,
    base: str,
) -> bytes:
    """The calendar of an account as iCalendar text; `matters` are those pending now for its offices.

    base: what paths of ours are put behind. Raises NotFound for an account that is disabled.
    """
    found = queries.account(account)
    if found["disabled"]:
        raise NotFound("feed_unknown", "没有这个日历")
    offices = [Office(Role(row["role"]), UUID(row["organisation"])) for row in found["roles"]]
    language = _language(engine, account)
    entries = Agenda(queries, texts, offices, now, language).entries(matters)
    told = tell(engine, account, entries, now)
    name = word(language, "calendar", name=found["name"])
    return rendered(name, told, base)


def _language(engine: Engine, account: UUID) -> str:
    wanted = sa.select(contacts.c.language).where(contacts.c.account == account)
    with reading(engine) as connection:
        return connection.execute(wanted).scalar() or "zh"
