"""Digests: for who wants one mail a day, all that came since the last, in one, at the federation's hour.

A digest is a delivery of its own, whose id follows from the account and the local day: so there is one a day at most.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy import Connection

from adapters.log.engine import reading, writing
from adapters.matters.timings import read_timings
from adapters.messages.deliveries import delivery_id, insert, new_row
from adapters.messages.outbox import messages
from adapters.messages.tables import contacts, deliveries
from adapters.messages.telling import Teller
from adapters.messages.texts import TemplateFailed
from adapters.outside import stamp
from adapters.views.shape import FOREVER
from adapters.views.tables import accounts, organisations
from domain.policy.timing import DEFAULT, Timing, is_working
from domain.policy.workdays import Calendar

if TYPE_CHECKING:
    from adapters.bootstrap import House


@dataclass(frozen=True, slots=True)
class _Reader:
    """Whose digest it is, and whether it is still wanted."""

    account: UUID
    timing: Timing
    language: str
    reached: bool


def digests(house: House, now: datetime) -> int:
    """Gather what is due into digests, and let these wait to be carried; returns how many were made.

    Run it after `spread`: what is said at the hour itself belongs into that day's digest.
    """
    teller = Teller(house)
    return sum(_digest(house, each, now, teller) for each in _readers(house, now))


def _digest(house: House, reader: _Reader, now: datetime, teller: Teller) -> bool:
    """One account's digest; whether one was made."""
    here = now.astimezone(ZoneInfo(reader.timing.zone))
    if here.time() < reader.timing.hour or _rests(reader.timing, here.date(), house.calendar):
        return False
    id = delivery_id("digest", reader.account, here.date())
    with writing(house.engine) as connection:
        if not reader.reached:
            _end(connection, reader.account, now, "dropped", error="账号已停用，或不再接收邮件")
            return False
        row = new_row(id, "mail", reader.account, at=now, next_at=now)
        if insert(connection, [row]) == 0:
            _tomorrow(connection, reader, here, now)
            return False
        if _gather(connection, reader, id, now, teller):
            return True
        connection.execute(sa.delete(deliveries).where(deliveries.c.id == id))
        return False


def _rests(timing: Timing, day: date, calendar: Calendar) -> bool:
    """Whether no mail goes out on a day; what came waits for the next one."""
    return timing.working_days_only and not is_working(day, calendar)


def _gather(
    connection: Connection, reader: _Reader, digest: UUID, now: datetime, teller: Teller
) -> bool:
    """Mark what goes into a digest; what has no text stops here. Whether there is anything in it."""
    good: list[UUID] = []
    for row in _due(connection, reader.account, now):
        try:
            teller.text(row._mapping, reader.language)  # noqa: SLF001 - SQLAlchemy's public name
            good.append(row.delivery)
        except TemplateFailed as error:
            _mark(connection, [row.delivery], now, "dead", error=str(error))
    _mark(connection, good, now, "gathered", digest=digest)
    return bool(good)


def _due(connection: Connection, account: UUID, now: datetime) -> Sequence[Any]:
    wanted = (
        sa.select(messages, deliveries.c.id.label("delivery"))
        .join_from(deliveries, messages, deliveries.c.message == messages.c.id)
        .where(*_waiting(now), deliveries.c.target == account)
    )
    return connection.execute(wanted).all()


def _waiting(now: datetime) -> list[sa.ColumnElement[bool]]:
    d = deliveries.c
    return [d.state == "waiting", d.channel == "digest", d.next_at <= stamp(now)]


def _mark(
    connection: Connection, ids: Sequence[UUID], now: datetime, state: str, **more: Any
) -> None:
    for start in range(0, len(ids), 500):
        chosen = sa.update(deliveries).where(deliveries.c.id.in_(ids[start : start + 500]))
        values = {"state": state, "ended_at": stamp(now), "next_at": None, **more}
        connection.execute(chosen.values(values))


def _end(connection: Connection, account: UUID, now: datetime, state: str, **more: Any) -> None:
    chosen = sa.update(deliveries).where(*_waiting(now), deliveries.c.target == account)
    connection.execute(chosen.values(state=state, ended_at=stamp(now), next_at=None, **more))


def _tomorrow(connection: Connection, reader: _Reader, here: datetime, now: datetime) -> None:
    """Today's went out already: what came late waits for the next."""
    day = here.date() + timedelta(days=1)
    at = datetime.combine(day, reader.timing.hour, here.tzinfo).astimezone(UTC)
    late = sa.update(deliveries).where(*_waiting(now), deliveries.c.target == reader.account)
    connection.execute(late.values(next_at=stamp(at)))


def _readers(house: House, now: datetime) -> list[_Reader]:
    """Those for whom something is due."""
    who, home, c = accounts.table, organisations.table, contacts.c
    holds = [table.c.until == sa.literal_column(str(FOREVER)) for table in (who, home)]
    wanted = sa.select(deliveries.c.target).where(*_waiting(now)).distinct()
    found = []
    with reading(house.engine) as connection:
        timings = read_timings(connection)
        for account in connection.execute(wanted.order_by(deliveries.c.target)).scalars().all():
            place = sa.select(home.c.federation).join_from(who, home, home.c.id == who.c.home)
            active = who.c.disabled.is_not(True)
            federation = connection.execute(
                place.where(*holds, who.c.id == str(account), active)
            ).scalar()
            row = connection.execute(
                sa.select(c.email, c.language, c.mail).where(c.account == account)
            ).first()
            reached = bool(federation and row and row.email and row.mail != "off")
            timing = timings(federation) if federation else DEFAULT
            found.append(_Reader(account, timing, row.language if row else "zh", reached))
    return found
