"""What a calendar is told from one time to the next: changes with higher numbers, and what is off."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import Engine

from adapters.feeds.addresses import Addresses
from adapters.feeds.entries import Entry, Told, dumped, loaded
from adapters.feeds.memory import KEPT, tell
from adapters.log.engine import create_engine

NOW = datetime(2026, 11, 20, 8, tzinfo=UTC)
DAY = timedelta(days=1)
A = Entry("kind:a", "甲", "说明", "/a", "待办", date(2026, 12, 31), date(2026, 12, 31))
B = Entry(
    "notice:b", "乙", "说明", "/b", "公示", NOW, datetime(2026, 11, 27, 15, 59, 59, 999999, UTC)
)


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    made = create_engine(database_url)
    Addresses(made)
    yield made
    made.dispose()


def told(
    engine: Engine, account: UUID, entries: list[Entry], at: datetime
) -> dict[str, tuple[int, bool, datetime]]:
    found: dict[str, Told] = {
        each.entry.thread: each for each in tell(engine, account, entries, at)
    }
    return {name: (t.sequence, t.cancelled, t.changed_at) for name, t in found.items()}


def test_what_does_not_change_is_told_with_the_same_number_and_moment(engine: Engine) -> None:
    account = uuid4()
    first = told(engine, account, [A, B], NOW)
    assert first == {"kind:a": (0, False, NOW), "notice:b": (0, False, NOW)}
    assert told(engine, account, [B, A], NOW + DAY) == first


def test_a_day_that_moves_keeps_its_uid_and_gets_a_higher_number(engine: Engine) -> None:
    account, later = uuid4(), NOW + DAY
    moved = replace(A, starts=date(2027, 1, 15), ends=date(2027, 1, 15))
    told(engine, account, [A], NOW)
    assert moved.uid == A.uid
    assert told(engine, account, [moved], later) == {"kind:a": (1, False, later)}


def test_what_is_done_is_told_to_be_off_for_ninety_days_and_then_no_more(engine: Engine) -> None:
    account, later = uuid4(), NOW + DAY
    told(engine, account, [A, B], NOW)
    off = {"kind:a": (1, True, later), "notice:b": (0, False, NOW)}
    assert told(engine, account, [B], later) == off
    assert told(engine, account, [B], later + 30 * DAY) == off
    still = told(engine, account, [B], later + KEPT + DAY)
    assert still == {"notice:b": (0, False, NOW)}


def test_what_comes_back_is_on_again_with_a_higher_number(engine: Engine) -> None:
    account = uuid4()
    for step, entries in enumerate(([A], [], [A])):
        found = told(engine, account, entries, NOW + step * DAY)
    assert found == {"kind:a": (2, False, NOW + 2 * DAY)}


def test_what_is_long_over_leaves_quietly(engine: Engine) -> None:
    account = uuid4()
    told(engine, account, [B], NOW)
    assert told(engine, account, [], B.over + KEPT + DAY) == {}


def test_two_accounts_know_nothing_of_each_other(engine: Engine) -> None:
    one, two = uuid4(), uuid4()
    told(engine, one, [A], NOW)
    assert told(engine, two, [], NOW) == {}


def test_many_that_ask_at_once_are_told_the_same(engine: Engine) -> None:
    account = uuid4()
    Addresses(engine).make(account, NOW)
    moved = replace(A, summary="改")
    told(engine, account, [A, B], NOW)
    with ThreadPoolExecutor(8) as crowd:
        answers = list(crowd.map(lambda _: told(engine, account, [moved], NOW + DAY), range(16)))
    assert answers == [{"kind:a": (1, False, NOW + DAY), "notice:b": (1, True, NOW + DAY)}] * 16


def test_a_new_address_begins_without_what_the_old_one_was_told(engine: Engine) -> None:
    account, addresses = uuid4(), Addresses(engine)
    old = addresses.make(account, NOW)
    told(engine, account, [A], NOW)
    new = addresses.make(account, NOW + DAY)
    assert (addresses.holder(old), addresses.holder(new)) == (None, account)
    assert told(engine, account, [], NOW + DAY) == {}
    assert addresses.revoke(account, NOW + DAY)
    assert (addresses.holder(new), addresses.made_at(account)) == (None, None)
    assert not addresses.revoke(account, NOW + DAY)


@pytest.mark.parametrize("entry", [A, B])
def test_an_entry_is_kept_as_it_was(entry: Entry) -> None:
    assert loaded(dumped(entry)) == entry
