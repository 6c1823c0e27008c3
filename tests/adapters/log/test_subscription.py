"""Subscriptions: woken by appends of this process, finding those of others, stopped from anywhere."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Event
from uuid import uuid4

import pytest
from eventsourcing.persistence import StoredEvent

from adapters.log import subscription as subscriptions
from adapters.log import tables
from adapters.log.engine import create_engine
from adapters.log.recorder import LogRecorder


@pytest.fixture
def recorder(database_url: str) -> Iterator[LogRecorder]:
    engine = create_engine(database_url)
    tables.create(engine)
    yield LogRecorder(engine)
    engine.dispose()


def one(topic: str = "topic") -> list[StoredEvent]:
    return [StoredEvent(uuid4(), 1, topic, b"{}")]


def test_an_append_of_this_process_wakes_who_waits(
    recorder: LogRecorder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(subscriptions, "LOOK_AGAIN", 60)
    first = Event()

    def follow() -> list[int]:
        with recorder.subscribe() as subscription:
            found = [next(subscription).id]
            first.set()
            return [*found, next(subscription).id, next(subscription).id]

    with ThreadPoolExecutor(1) as pool:
        found = pool.submit(follow)
        recorder.insert_events(one())
        assert first.wait(10)
        recorder.insert_events(one())
        recorder.insert_events(one())
        assert found.result(10) == [1, 2, 3]


def test_an_append_of_another_process_is_found(
    recorder: LogRecorder, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(subscriptions, "LOOK_AGAIN", 0.02)
    other = create_engine(database_url)
    with ThreadPoolExecutor(1) as pool, recorder.subscribe() as subscription:
        found = pool.submit(next, subscription)
        LogRecorder(other).insert_events(one())
        assert found.result(10).id == 1
    other.dispose()


def test_stopping_frees_a_thread_that_waits(
    recorder: LogRecorder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(subscriptions, "LOOK_AGAIN", 60)
    with ThreadPoolExecutor(1) as pool, recorder.subscribe() as subscription:
        found = pool.submit(list, subscription)
        subscription.stop()
        assert found.result(10) == []


def test_a_subscription_can_be_to_some_topics_and_from_a_position(recorder: LogRecorder) -> None:
    for topic in ("a", "b", "a", "b", "a"):
        recorder.insert_events(one(topic))
    with recorder.subscribe(gt=1, topics=["a"]) as subscription:
        assert [next(subscription).id, next(subscription).id] == [3, 5]
