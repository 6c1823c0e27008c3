"""The inbox: what was said to the offices that one holds, newest first, and what of it was read."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import Engine

from adapters.log.engine import create_engine, writing
from adapters.messages.inbox import Inbox, Wanted
from adapters.messages.outbox import post
from adapters.outside import ensure
from domain.errors import Invalid, NotFound
from domain.matters import Message
from domain.values import Role

NOW = datetime(2026, 11, 20, 1, tzinfo=UTC)
CITY, UNION = uuid4(), uuid4()


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    made = create_engine(database_url)
    ensure(made)
    yield made
    made.dispose()


def say(engine: Engine, key: str, to: UUID, role: Role, at: datetime, **facts: str) -> None:
    said = Message(
        key, "grant.unpaid", CITY, to, role, key, facts, "/grants", at, date(2026, 12, 31), "new"
    )
    with writing(engine) as connection:
        post(connection, [said], at)


@pytest.fixture
def filled(engine: Engine) -> Engine:
    """Seven to the city, two of them at one moment; one to a union."""
    for n in range(7):
        at = NOW + timedelta(minutes=n // 2 * 2)
        say(engine, f"city-{n}", CITY, Role.CITY_OFFICER, at, studio=f"第{n}工作室 A%_{n}")
    say(engine, "union", UNION, Role.RECOMMENDING_UNION, NOW, studio="第2工作室")
    return engine


def city(engine: Engine, account: UUID | None = None) -> Inbox:
    return Inbox(engine, account or uuid4(), [(Role.CITY_OFFICER, CITY)])


def test_one_finds_what_was_said_to_one_s_offices_and_nothing_else(filled: Engine) -> None:
    both = [(Role.CITY_OFFICER, CITY), (Role.RECOMMENDING_UNION, UNION)]
    counts = [
        Inbox(filled, uuid4(), offices).count()
        for offices in ([], both[:1], both, [(Role.AUDITOR, CITY)], [(Role.CITY_OFFICER, UNION)])
    ]
    assert counts == [0, 7, 8, 0, 0]


def test_pages_tell_everything_once_and_newest_first(filled: Engine) -> None:
    found, cursor = [], None
    while True:
        page = city(filled).page(cursor=cursor, limit=2)
        found += page.rows
        cursor = page.next
        if cursor is None:
            break
    assert [row["id"] for row in found] == [row["id"] for row in city(filled).every()]
    moments = [row["created_at"] for row in found]
    assert (len(set(map(str, (row["id"] for row in found)))), moments) == (
        7,
        sorted(moments, reverse=True),
    )


@pytest.mark.parametrize(("text", "count"), [("第2工作室", 1), ("a%_", 7), ("%", 7), ("无", 0)])
def test_a_text_is_looked_for_by_its_letters(filled: Engine, text: str, count: int) -> None:
    assert city(filled).count(Wanted(text=text)) == count


def test_what_one_has_read_another_has_not(filled: Engine) -> None:
    me, other = uuid4(), uuid4()
    mine = city(filled, me)
    first = mine.page().rows[0]["id"]
    mine.read(first, NOW)
    mine.read(first, NOW + timedelta(days=1))
    assert mine.one(first)["read_at"] == "2026-11-20T01:00:00.000000+00:00"
    unread = Wanted(unread=True)
    assert (mine.count(unread), city(filled, other).count(unread)) == (6, 7)
    assert mine.read_all(NOW, Wanted(text="第3工作室")) == 1
    assert (mine.read_all(NOW), mine.read_all(NOW), mine.count(unread)) == (5, 0, 0)


def test_what_was_said_to_others_is_not_there(filled: Engine) -> None:
    [theirs] = Inbox(filled, uuid4(), [(Role.RECOMMENDING_UNION, UNION)]).page().rows
    with pytest.raises(NotFound):
        city(filled).one(theirs["id"])
    with pytest.raises(NotFound):
        city(filled).read(theirs["id"], NOW)


@pytest.mark.parametrize("cursor", ["", "x", "2026-11-20~x", f"x~{UUID(int=1)}"])
def test_a_cursor_that_is_none_is_refused(filled: Engine, cursor: str) -> None:
    with pytest.raises(Invalid):
        city(filled).page(cursor=cursor)
