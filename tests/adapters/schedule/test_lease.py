"""The lease: one holder, taken over when it falls silent, and nothing written by one who lost it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine

from adapters.log.engine import create_engine, writing
from adapters.schedule.lease import PATIENCE, Lease, LeaseLost, Seen


class Watch:
    """A clock that only runs forward, by hand."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def __call__(self) -> float:
        return self.seconds


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    made = create_engine(database_url)
    yield made
    made.dispose()


@pytest.fixture
def watch() -> Watch:
    return Watch()


@pytest.fixture
def first(engine: Engine, watch: Watch) -> Lease:
    return Lease(engine, "first", clock=watch)


@pytest.fixture
def second(engine: Engine, watch: Watch) -> Lease:
    return Lease(engine, "second", clock=watch)


def test_the_first_who_asks_holds_it(first: Lease, second: Lease) -> None:
    assert (first.acquire(), first.fence) == (True, 1)
    assert (second.acquire(), second.fence) == (False, None)
    assert first.look() == Seen("first", 1, 0)


def test_one_who_gives_signs_of_life_keeps_it(first: Lease, second: Lease, watch: Watch) -> None:
    first.acquire()
    for _ in range(20):
        watch.seconds += PATIENCE / 2
        assert (first.renew(), second.acquire()) == (True, False)


def test_one_who_falls_silent_loses_it_with_a_higher_number(
    first: Lease, second: Lease, watch: Watch
) -> None:
    first.acquire()
    assert second.acquire() is False
    watch.seconds += PATIENCE - 1
    assert second.acquire() is False
    watch.seconds += 1
    assert (second.acquire(), second.fence) == (True, 2)
    assert (first.renew(), first.fence) == (False, None)


def test_silence_is_counted_from_when_it_was_first_seen(
    first: Lease, second: Lease, watch: Watch
) -> None:
    first.acquire()
    watch.seconds += 10 * PATIENCE
    assert second.acquire() is False


def test_what_is_given_back_is_taken_at_once(first: Lease, second: Lease) -> None:
    first.acquire()
    first.release()
    assert (second.acquire(), second.fence) == (True, 2)
    assert (first.acquire(), first.renew()) == (False, False)


def test_of_two_who_saw_the_silence_one_gets_it(
    engine: Engine, first: Lease, second: Lease, watch: Watch
) -> None:
    third = Lease(engine, "third", clock=watch)
    first.acquire()
    second.acquire()
    third.acquire()
    watch.seconds += PATIENCE
    assert (second.acquire(), third.acquire()) == (True, False)
    assert second.look() == Seen("second", 2, 0)


def test_a_process_that_begins_anew_is_another_holder_even_under_the_same_name(
    engine: Engine, first: Lease, watch: Watch
) -> None:
    first.acquire()
    again = Lease(engine, "first", clock=watch)
    assert again.acquire() is False
    watch.seconds += PATIENCE
    assert (again.acquire(), again.fence, first.renew()) == (True, 2, False)


def test_what_one_writes_who_lost_it_is_undone(
    engine: Engine, first: Lease, second: Lease, watch: Watch
) -> None:
    first.acquire()
    second.acquire()
    with first.fencing():
        with writing(engine) as connection:
            first.check(connection)
        watch.seconds += PATIENCE
        second.acquire()
        with pytest.raises(LeaseLost), writing(engine) as connection:
            first.check(connection)


def test_people_need_no_lease(engine: Engine, first: Lease, second: Lease) -> None:
    second.acquire()
    with writing(engine) as connection:
        first.check(connection)


def test_a_scheduler_without_the_lease_does_not_even_begin(first: Lease, second: Lease) -> None:
    second.acquire()
    with pytest.raises(LeaseLost), first.fencing():
        pytest.fail("it began")
