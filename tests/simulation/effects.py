"""What a year has brought about, told by content: so that two years can be laid side by side."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path
from typing import Any
from uuid import UUID

import orjson
import sqlalchemy as sa

from adapters.bootstrap import House
from adapters.log.engine import reading
from adapters.messages.outbox import messages
from adapters.messages.tables import deliveries
from adapters.trust.verify import premises, verify
from adapters.views.rebuild import check
from domain.sealed import Sealed
from tests.adapters.messages.scene import Hook, Mailbox
from tests.simulation.home import open_home
from tests.simulation.plan import BEGINS

Told = Counter[tuple[Any, ...]]


@dataclass(frozen=True)
class Effects:
    """events: every fact of every event, without ciphertext; messages; deliveries: what became of each on
    its way; mails and posts: what arrived, what came twice counted once; digests: what was gathered for whom.
    """

    events: Told
    messages: Told
    deliveries: Told
    gathered: Told
    mails: Told
    digests: Told
    posts: Told

    def against(self, other: Effects, *without: str) -> dict[str, tuple[list[Any], list[Any]]]:
        """What is missing here and what is too much, by the kind of effect; nothing where all is the same."""
        found = {}
        for name in self.__dataclass_fields__:
            if name not in without:
                mine, wanted = getattr(self, name), getattr(other, name)
                if mine != wanted:
                    found[name] = (_sorted(wanted - mine), _sorted(mine - wanted))
        return found


def _sorted(told: Told) -> list[Any]:
    return sorted(told.elements(), key=str)


def effects(home: Path, box: Mailbox, web: Hook, before: int) -> Effects:
    """The effects of a year in its home, and that its log and views are whole. before: the log's length then."""
    house, _, _ = open_home(home, BEGINS)
    try:
        _require_whole(house)
        known = _records(house)
        single, digests = _mails(box, _digests(house))
        return Effects(
            events=Counter(_events(house, before)),
            messages=Counter(_messages(house)),
            deliveries=Counter(_deliveries(house, known)),
            gathered=Counter(_gathered(house)),
            mails=single,
            digests=digests,
            posts=_posts(web, known),
        )
    finally:
        house.close()


def _require_whole(house: House) -> None:
    assert check(house.engine, house.recorder, house.register.mapper) == []
    report = verify(premises(house))
    assert report.ok, report


def _records(house: House) -> Mapping[int, tuple[str, int]]:
    """Which version of which record each position of the log holds: positions may be dealt otherwise."""
    query = sa.text("select position, originator_id, originator_version from events")
    with reading(house.engine) as connection:
        rows = connection.execute(query).all()
    return {position: (str(record), version) for position, record, version in rows}


def events_of(house: House, after: int = 0) -> list[Any]:
    """The log's events, decoded."""
    found = house.recorder.select_notifications(after + 1, 10_000_000)
    return [house.register.mapper.to_domain_event(each) for each in found]


def _events(house: House, before: int) -> Iterable[tuple[Any, ...]]:
    for event in events_of(house, before):
        facts = {name: _plain(value) for name, value in sorted(vars(event).items())}
        yield event.TOPIC, str(event.originator_id), event.originator_version, repr(facts)


def _plain(value: Any) -> Any:
    """A fact without ciphertext, which is never the same twice."""
    if isinstance(value, Sealed):
        return ("sealed", str(value.subject), value.field)
    if isinstance(value, Mapping):
        return {
            key: _plain(each) for key, each in sorted(value.items(), key=lambda pair: str(pair[0]))
        }
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    if hasattr(value, "__dataclass_fields__"):
        return {name: _plain(getattr(value, name)) for name in value.__dataclass_fields__}
    return str(value)


def _rows(house: House, query: sa.Select[Any]) -> Iterable[Any]:
    with reading(house.engine) as connection:
        return connection.execute(query).all()


def _messages(house: House) -> Iterable[tuple[Any, ...]]:
    left_out = ("id", "created_at", "spread_at")
    columns = [column for column in messages.c if column.name not in left_out]
    for row in _rows(house, sa.select(*columns)):
        yield tuple(str(value) for value in row)


def _deliveries(house: House, known: Mapping[int, tuple[str, int]]) -> Iterable[tuple[Any, ...]]:
    d = deliveries.c
    query = sa.select(messages.c.key, d.position, d.topic, d.channel, d.target, d.state)
    query = query.join_from(deliveries, messages, d.message == messages.c.id, isouter=True)
    for row in _rows(house, query.where(_single())):
        of = row.key if row.position is None else known[row.position]
        yield of, row.topic, row.channel, str(row.target), row.state


def _single() -> sa.ColumnElement[bool]:
    d = deliveries.c
    return sa.or_(d.message.is_not(None), d.position.is_not(None))


def _digests(house: House) -> set[UUID]:
    return {row.id for row in _rows(house, sa.select(deliveries.c.id).where(~_single()))}


def _gathered(house: House) -> Iterable[tuple[Any, ...]]:
    d = deliveries.c
    own = deliveries.alias()
    query = (
        sa.select(messages.c.key, d.target, own.c.state)
        .join_from(deliveries, messages, d.message == messages.c.id)
        .join(own, own.c.id == d.digest)
    )
    for row in _rows(house, query):
        yield row.key, str(row.target), row.state


def _mails(box: Mailbox, digests: set[UUID]) -> tuple[Told, Told]:
    """What arrived, once for each id: single messages, and digests."""
    found: dict[str, tuple[Any, ...]] = {}
    for raw, to in zip(box.raw, box.to, strict=True):
        mail = message_from_bytes(raw, policy=SMTP)
        assert isinstance(mail, EmailMessage)
        body = mail.get_body(("plain",))
        assert body is not None
        told = (str(mail["Message-ID"]), tuple(to), str(mail["Subject"]), body.get_content())
        assert found.setdefault(told[0], told) == told, f"two mails under {told[0]}"
    gathered = {id for id in found if UUID(id[1:].partition("@")[0]) in digests}
    single = Counter(told for id, told in found.items() if id not in gathered)
    return single, Counter(found[id] for id in gathered)


def _posts(web: Hook, known: Mapping[int, tuple[str, int]]) -> Told:
    """What was posted, once for each id; events by their record, for its place in the log may be another."""
    found: dict[str, str] = {}
    for _, headers, body in web.got:
        told = orjson.loads(body)
        data = told["data"]
        if "position" in data:
            data["position"] = known[data["position"]]
            data["id"] = data["link"] = None
        once = repr(_plain(told))
        assert found.setdefault(headers["webhook-id"], once) == once
    return Counter((each,) for each in found.values())
