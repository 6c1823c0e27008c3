"""The log under an eventsourcing application."""

from collections.abc import Iterator, Sequence
from datetime import date
from uuid import UUID, uuid4

import pytest
from eventsourcing.application import AggregateNotFoundError, Application
from eventsourcing.domain import Aggregate, event
from eventsourcing.persistence import (
    InfrastructureFactory,
    IntegrityError,
    NotSupportedError,
    ProgrammingError,
    StoredEvent,
)
from eventsourcing.utils import Environment
from sqlalchemy import Connection

from adapters.log.engine import create_engine
from adapters.log.factory import LogFactory, LogStore
from adapters.log.recorder import LogRecorder, Recorded


class Plaque(Aggregate):
    @event("Engraved")
    def __init__(self, name: str, on: date) -> None:
        self.name = name
        self.on = on

    @event("Renamed")
    def rename(self, name: str) -> None:
        self.name = name


class Stamp(Aggregate):
    pass


class Watcher:
    def __init__(self) -> None:
        self.seen: list[Recorded] = []

    def follow(self, connection: Connection, recorded: Sequence[Recorded]) -> None:
        assert connection.in_transaction()
        self.seen.extend(recorded)


class Workshop(Application[UUID]):
    name = "workshop"

    def __init__(self, url: str) -> None:
        self.watcher = Watcher()
        self.engine = create_engine(url)
        super().__init__()

    def construct_factory(self, env: Environment) -> InfrastructureFactory:
        return LogFactory(env, engine=self.engine, followers=[self.watcher])

    @property
    def store(self) -> LogStore:
        assert isinstance(self.events, LogStore)
        return self.events


@pytest.fixture
def workshop(database_url: str) -> Iterator[Workshop]:
    with Workshop(database_url) as app:
        yield app


def engrave(name: str = "铭") -> Plaque:
    return Plaque(name, date(2026, 4, 30))


def test_an_aggregate_comes_back_as_it_was_saved(workshop: Workshop) -> None:
    plaque = engrave()
    workshop.save(plaque)
    copy = workshop.repository.get(plaque.id)
    assert (copy.name, copy.on, copy.version) == ("铭", date(2026, 4, 30), 1)


def test_saving_returns_the_positions(workshop: Workshop) -> None:
    one, two = engrave(), engrave()
    one.rename("印")
    recordings = workshop.save(one, two)
    assert [(r.notification.id, r.notification.originator_id) for r in recordings] == [
        (1, one.id),
        (2, one.id),
        (3, two.id),
    ]


def test_followers_get_the_very_events_that_were_saved(workshop: Workshop) -> None:
    plaque = engrave()
    pending = list(plaque.pending_events)
    workshop.save(plaque)
    assert [r.position for r in workshop.watcher.seen] == [1]
    assert all(r.event is e for r, e in zip(workshop.watcher.seen, pending, strict=True))


def test_a_log_with_followers_refuses_events_that_it_could_not_show_them(
    workshop: Workshop,
) -> None:
    with pytest.raises(ProgrammingError, match="followers"):
        workshop.recorder.insert_events([StoredEvent(uuid4(), 1, "topic", b"{}")])
    assert workshop.recorder.max_notification_id() is None


def test_a_stale_aggregate_is_refused(workshop: Workshop) -> None:
    plaque = engrave()
    workshop.save(plaque)
    one, other = (workshop.repository.get(plaque.id) for _ in range(2))
    one.rename("印")
    workshop.save(one)
    other.rename("章")
    with pytest.raises(IntegrityError):
        workshop.save(other)
    assert workshop.repository.get(plaque.id).name == "印"
    assert workshop.recorder.max_notification_id() == 2


def test_many_aggregates_are_loaded_at_once(workshop: Workshop) -> None:
    plaques = [engrave(f"匾{n}") for n in range(30)]
    for plaque in plaques:
        plaque.rename(plaque.name + "新")
    workshop.save(*plaques)
    ids = [plaque.id for plaque in plaques]
    found = workshop.store.load_many([*ids, ids[0], uuid4()], Plaque)
    assert {key: value.name for key, value in found.items()} == {
        plaque.id: plaque.name for plaque in plaques
    }
    assert found[ids[0]] == workshop.repository.get(ids[0])


def test_loading_many_refuses_aggregates_of_another_kind(workshop: Workshop) -> None:
    stamp = Stamp()
    workshop.save(stamp)
    with pytest.raises(TypeError, match="is not a Plaque"):
        workshop.store.load_many([stamp.id], Plaque)


def test_an_aggregate_that_does_not_exist_is_not_found(workshop: Workshop) -> None:
    with pytest.raises(AggregateNotFoundError):
        workshop.repository.get(uuid4())


def test_the_log_makes_only_one_kind_of_recorder(workshop: Workshop) -> None:
    assert isinstance(workshop.recorder, LogRecorder)
    with pytest.raises(NotSupportedError):
        workshop.factory.aggregate_recorder("snapshots")
    with pytest.raises(NotSupportedError):
        workshop.factory.tracking_recorder()
    with pytest.raises(NotSupportedError):
        workshop.factory.process_recorder()
