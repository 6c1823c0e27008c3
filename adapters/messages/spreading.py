"""Spreading: from an office to those who hold it now, and to the programs that the federation tells.

A message is spread once; what the accounts and endpoints are told by is decided at that moment.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

import orjson
import sqlalchemy as sa
from sqlalchemy import Connection, Table

from adapters.log.engine import writing
from adapters.matters.timings import Timings, read_timings
from adapters.messages.deliveries import delivery_id, insert, new_row
from adapters.messages.endpoints import matches
from adapters.messages.mail import MailServer
from adapters.messages.outbox import messages
from adapters.messages.tables import contacts, endpoints
from adapters.outside import stamp
from adapters.views.shape import FOREVER
from adapters.views.tables import accounts, organisations, roles
from domain.policy.timing import Timing, mailable
from domain.policy.workdays import Calendar

if TYPE_CHECKING:
    from adapters.bootstrap import House

_CHUNK: Final = 100

Stored = Any
"""A row as it is kept."""


@dataclass(frozen=True, slots=True)
class Reader:
    """An account that is reached by mail. home: the federation whose hour its digest goes out at."""

    account: UUID
    mail: str
    muted: frozenset[str]
    home: str


def spread(house: House, now: datetime) -> int:
    """Make the deliveries of all messages that have none yet; returns how many messages that were.

    One transaction for every hundred; where it is cut off, or done twice at once, nothing is made twice.
    """
    mails, done = MailServer.of(house.settings) is not None, 0
    while True:
        with writing(house.engine) as connection:
            found = _unspread(connection)
            if not found:
                return done
            _spread(connection, found, now, house.calendar if mails else None)
            ids = [each.id for each in found]
            change = sa.update(messages).where(messages.c.id.in_(ids))
            connection.execute(change.values(spread_at=stamp(now)))
        done += len(found)


def _unspread(connection: Connection) -> Sequence[Stored]:
    """The oldest that wait, and that nobody else has in hand."""
    m = messages.c
    columns = (m.id, m.kind, m.federation, m.organisation, m.role, m.moment)
    wanted = sa.select(*columns).where(m.spread_at.is_(None)).order_by(m.created_at).limit(_CHUNK)
    return connection.execute(wanted.with_for_update(skip_locked=True)).all()


def _spread(
    connection: Connection, found: Sequence[Stored], now: datetime, calendar: Calendar | None
) -> None:
    readers = _readers(connection, {str(each.organisation) for each in found}) if calendar else {}
    programs = _programs(connection, {each.federation for each in found})
    timings = read_timings(connection) if readers else Timings({})
    rows: list[dict[str, Any]] = []
    for each in found:
        for reader in readers.get((str(each.organisation), each.role), ()):
            if calendar and each.kind not in reader.muted:
                rows += [_mail(each, reader, now, timings(reader.home), calendar)]
        for id, form, kinds in programs.get(each.federation, ()):
            if matches(kinds, each.kind):
                rows += [_row(each, form, id, now, now)]
    insert(connection, rows)


def _mail(
    each: Stored, reader: Reader, now: datetime, timing: Timing, calendar: Calendar
) -> dict[str, Any]:
    if reader.mail == "each":
        return _row(each, "mail", reader.account, now, mailable(now, timing, calendar))
    due = digest_at(datetime.fromisoformat(each.moment), timing)
    return _row(each, "digest", reader.account, now, due)


def _row(
    each: Stored, channel: str, target: UUID, now: datetime, next_at: datetime
) -> dict[str, Any]:
    id = delivery_id(each.id, channel, target)
    return new_row(id, channel, target, at=now, next_at=next_at, message=each.id)


def digest_at(moment: datetime, timing: Timing) -> datetime:
    """The digest that a message belongs to (UTC): the first at or after the moment it was due to be said."""
    zone = ZoneInfo(timing.zone)
    day = moment.astimezone(zone).date()
    at = datetime.combine(day, timing.hour, zone)
    if at < moment:
        at = datetime.combine(day + timedelta(days=1), timing.hour, zone)
    return at.astimezone(UTC)


def _now(*tables: Table) -> list[sa.ColumnElement[bool]]:
    return [table.c.until == sa.literal_column(str(FOREVER)) for table in tables]


def _readers(
    connection: Connection, places: Iterable[str]
) -> Mapping[tuple[str, str], list[Reader]]:
    """Who holds which role on which organisation, of those that are reached by mail."""
    held, who, home = roles.table, accounts.table, organisations.table
    wanted = (
        sa.select(held.c.account, held.c.organisation, held.c.role, home.c.federation)
        .join_from(held, who, who.c.id == held.c.account)
        .join(home, home.c.id == who.c.home)
        .where(*_now(held, who, home), held.c.organisation.in_(list(places)))
        .where(who.c.disabled.is_not(True))
        .order_by(held.c.account)
    )
    rows = connection.execute(wanted).all()
    reached = {each.account: each for each in _reached(connection, {row.account for row in rows})}
    found: dict[tuple[str, str], list[Reader]] = defaultdict(list)
    for row in rows:
        contact = reached.get(UUID(row.account))
        if contact is not None:
            muted = frozenset(orjson.loads(contact.muted))
            reader = Reader(contact.account, contact.mail, muted, row.federation)
            found[row.organisation, row.role].append(reader)
    return found


def _reached(connection: Connection, ids: Iterable[str]) -> Iterator[Stored]:
    c = contacts.c
    wanted = sa.select(c.account, c.mail, c.muted).where(
        c.account.in_([UUID(id) for id in ids]), c.email.is_not(None), c.mail != "off"
    )
    yield from connection.execute(wanted)


def _programs(
    connection: Connection, federations: Iterable[UUID]
) -> Mapping[UUID, list[tuple[UUID, str, list[str]]]]:
    """The endpoints of federations that are switched on: id, form and kinds."""
    e = endpoints.c
    wanted = sa.select(e.federation, e.id, e.form, e.kinds).where(
        e.federation.in_(list(federations)), e.enabled.is_(True)
    )
    found: dict[UUID, list[tuple[UUID, str, list[str]]]] = defaultdict(list)
    for row in connection.execute(wanted.order_by(e.id)):
        found[row.federation].append((row.id, row.form, orjson.loads(row.kinds)))
    return found
