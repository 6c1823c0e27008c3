"""What a calendar was told, so that it can be told what changed and what is off.

A calendar that others fetch is never told to forget: what was in it and is no more stays in it as
cancelled for a while. That is known only from what it held, so that is kept, and only written when
something changed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Connection, Engine

from adapters.feeds.entries import Entry, Told, dumped, loaded
from adapters.feeds.tables import feed_entries
from adapters.log.engine import reading, writing
from adapters.messages.tables import contacts
from adapters.outside import stamp

KEPT = timedelta(days=90)
"""How long something stays in a calendar after its time, or after it was called off."""

Known = Mapping[str, Told]


def tell(engine: Engine, account: UUID, entries: Iterable[Entry], now: datetime) -> list[Told]:
    """What the calendar at an account's address is to hold now, remembering it."""
    current = {each.uid: each for each in entries if each.over >= now - KEPT}
    with reading(engine) as connection:
        known = _known(connection, account)
    following = after(known, current, now)
    if following != known:
        with writing(engine) as connection:
            # Two that ask at once are told the same: the second one waits and finds it written.
            connection.execute(
                sa.select(contacts.c.account).where(contacts.c.account == account).with_for_update()
            )
            known = _known(connection, account)
            following = after(known, current, now)
            _write(connection, account, known, following)
    return list(following.values())


def after(known: Known, current: Mapping[str, Entry], now: datetime) -> dict[str, Told]:
    """What is told next: new entries, changed ones with a higher number, and those that are off."""
    found: dict[str, Told] = {}
    for uid, entry in current.items():
        told = known.get(uid)
        if told is None:
            found[uid] = Told(entry, 0, now)
        elif told.cancelled or told.entry != entry:
            found[uid] = told.changed(entry, now)
        else:
            found[uid] = told
    for uid in known.keys() - current.keys():
        told = known[uid]
        if told.cancelled and told.changed_at >= now - KEPT:
            found[uid] = told
        elif not told.cancelled and told.entry.over >= now - KEPT:
            found[uid] = told.changed(told.entry, now, cancelled=True)
    return found


def forget(connection: Connection, account: UUID) -> None:
    """Begin anew, as for an address that nobody has fetched yet."""
    connection.execute(sa.delete(feed_entries).where(feed_entries.c.account == account))


def _known(connection: Connection, account: UUID) -> dict[str, Told]:
    rows = connection.execute(sa.select(feed_entries).where(feed_entries.c.account == account))
    return {
        row.uid: Told(
            loaded(row.entry), row.sequence, datetime.fromisoformat(row.changed_at), row.cancelled
        )
        for row in rows
    }


def _write(connection: Connection, account: UUID, known: Known, following: Known) -> None:
    changed = [uid for uid in {*known, *following} if known.get(uid) != following.get(uid)]
    for uid in changed:
        row = (feed_entries.c.account == account) & (feed_entries.c.uid == uid)
        connection.execute(sa.delete(feed_entries).where(row))
    rows = [_row(account, uid, following[uid]) for uid in changed if uid in following]
    if rows:
        connection.execute(sa.insert(feed_entries), rows)


def _row(account: UUID, uid: str, told: Told) -> dict[str, object]:
    return {
        "account": account,
        "uid": uid,
        "entry": dumped(told.entry),
        "sequence": told.sequence,
        "changed_at": stamp(told.changed_at),
        "cancelled": told.cancelled,
    }
