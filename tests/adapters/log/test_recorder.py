"""The recorder: everything in one transaction, positions dense for ever, errors by the library's names."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import chain
from typing import Any
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa
from eventsourcing.persistence import (
    DataError,
    IntegrityError,
    NotSupportedError,
    OperationalError,
    ProgrammingError,
    StoredEvent,
    Tracking,
)
from sqlalchemy import Connection, Engine

from adapters.log import leaf, merkle, tables
from adapters.log.engine import create_engine, reading, writing
from adapters.log.queries import Stored
from adapters.log.recorder import LogRecorder, Recorded
from adapters.log.tree import StoredTree, Tree
from domain.errors import Refused

notes = sa.Table("notes", sa.MetaData(), sa.Column("note", sa.Text, primary_key=True))


class Follower:
    """Writes a note for each event, then does what a test wants."""

    def __init__(self, then: Callable[[Connection], object] = bool) -> None:
        self.then = then

    def follow(self, connection: Connection, recorded: Sequence[Recorded]) -> None:
        connection.execute(
            notes.insert(), [{"note": f"{position} {event}"} for position, event in recorded]
        )
        self.then(connection)


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    engine = create_engine(database_url)
    tables.create(engine)
    with writing(engine) as connection:
        notes.create(connection)
    yield engine
    engine.dispose()


@pytest.fixture
def recorder(engine: Engine) -> LogRecorder:
    return LogRecorder(engine)


def stream(count: int = 1, originator_id: UUID | None = None) -> list[StoredEvent]:
    originator_id = originator_id or uuid4()
    return [StoredEvent(originator_id, n + 1, f"topic{n % 3}", b"{}") for n in range(count)]


def written(engine: Engine) -> tuple[list[int], list[str], Tree]:
    """Positions, notes and the tree, which must be the tree of the events that are there."""
    with reading(engine) as connection:
        rows = connection.execute(tables.events.select().order_by("position")).all()
        hashes = [leaf.hash_of(StoredEvent(r[1], r[2], r[4], r[5])) for r in rows]
        assert hashes == [row.leaf_hash for row in rows]
        tree = StoredTree(connection).tree()
        if len(rows) == tree.size:
            assert tree.root == merkle.root(hashes)
        found = connection.execute(sa.select(notes.c.note).order_by("note")).scalars().all()
        return [row.position for row in rows], list(found), tree


def test_events_followers_and_what_the_caller_adds_are_written_together(engine: Engine) -> None:
    recorder = LogRecorder(engine, [Follower()])
    positions = recorder.insert_events(
        stream(2),
        domain_events=["named", "upgraded"],
        within=lambda c: c.execute(notes.insert().values(note="request 7")),
    )
    assert positions == [1, 2]
    assert written(engine)[:2] == ([1, 2], ["1 named", "2 upgraded", "request 7"])


def refuse(_: Connection) -> None:
    raise Refused("team_too_small", "团队成员不足 5 人", found=4)


def stumble(connection: Connection) -> None:
    connection.execute(sa.text("SELECT nothing FROM nowhere"))


@pytest.mark.parametrize(
    ("failing", "error"),
    [(refuse, Refused), (stumble, (OperationalError, ProgrammingError)), (exit, SystemExit)],
)
@pytest.mark.parametrize("place", ["follower", "within"])
def test_a_failure_of_any_part_leaves_nothing_of_any_other(
    engine: Engine, place: str, failing: Any, error: Any
) -> None:
    recorder = LogRecorder(engine, [Follower(failing if place == "follower" else bool)])
    with pytest.raises(error):
        recorder.insert_events(
            stream(), domain_events=["named"], within=failing if place == "within" else None
        )
    assert written(engine) == ([], [], Tree())
    assert LogRecorder(engine).insert_events(stream()) == [1]


def test_a_refusal_of_the_domain_comes_through_untouched(engine: Engine) -> None:
    refusal = Refused("team_too_small", "团队成员不足 5 人")

    def say_no(_: Connection) -> None:
        raise refusal

    with pytest.raises(Refused) as caught:
        LogRecorder(engine).insert_events(stream(), within=say_no)
    assert caught.value is refusal


def test_a_duplicate_that_the_caller_adds_is_an_integrity_error(engine: Engine) -> None:
    def add(connection: Connection) -> None:
        connection.execute(notes.insert().values(note="request 7"))

    recorder = LogRecorder(engine)
    recorder.insert_events(stream(), within=add)
    with pytest.raises(IntegrityError):
        recorder.insert_events(stream(), within=add)
    assert written(engine)[:2] == ([1], ["request 7"])


def test_without_events_what_the_caller_adds_is_still_written(engine: Engine) -> None:
    positions = LogRecorder(engine, [Follower()]).insert_events(
        [], within=lambda c: c.execute(notes.insert().values(note="request 7"))
    )
    assert (positions, written(engine)) == ([], ([], ["request 7"], Tree()))


def test_nothing_to_record_is_no_transaction(recorder: LogRecorder) -> None:
    recorder.engine.dispose()
    assert recorder.insert_events([]) == []
    assert recorder.engine.pool.checkedin() == 0  # type: ignore[attr-defined] # a QueuePool


def test_a_conflict_uses_up_no_position(recorder: LogRecorder) -> None:
    events = stream(3)
    recorder.insert_events(events[:2])
    with pytest.raises(IntegrityError):
        recorder.insert_events(events)
    assert recorder.insert_events(events[2:]) == [3]


def test_the_position_of_a_deleted_row_is_not_used_again(
    engine: Engine, recorder: LogRecorder
) -> None:
    recorder.insert_events(stream(3))
    with writing(engine) as connection:
        connection.execute(tables.events.delete().where(tables.events.c.position >= 2))
    assert recorder.insert_events(stream()) == [4]
    positions, _, tree = written(engine)
    assert (positions, tree.size) == ([1, 4], 4)


def test_creating_the_tables_again_keeps_the_log(engine: Engine, recorder: LogRecorder) -> None:
    recorder.insert_events(stream(3))
    tables.create(engine)
    assert recorder.insert_events(stream()) == [4]


def test_a_database_without_tables_is_an_error_of_the_library(database_url: str) -> None:
    engine = create_engine(database_url)
    recorder = LogRecorder(engine)
    for call in (
        lambda: recorder.insert_events(stream()),
        lambda: recorder.select_events(uuid4()),
        lambda: recorder.select_notifications(1, 10),
        recorder.max_notification_id,
    ):
        with pytest.raises((OperationalError, ProgrammingError)):
            call()
    with writing(engine) as connection:
        tables.metadata.create_all(connection)
    with pytest.raises(ProgrammingError, match="no tree"):
        recorder.insert_events(stream())
    engine.dispose()


@pytest.mark.parametrize(
    "event",
    [
        StoredEvent("studio-7", 1, "topic", b"{}"),
        StoredEvent(uuid4(), 2**64, "topic", b"{}"),
        StoredEvent(uuid4(), 1, "\ud800", b"{}"),
    ],
)
def test_an_event_that_cannot_be_kept_is_a_data_error(
    recorder: LogRecorder, event: StoredEvent
) -> None:
    with pytest.raises(DataError):
        recorder.insert_events([event])


def test_arguments_that_the_log_does_not_know_are_refused(recorder: LogRecorder) -> None:
    with pytest.raises(TypeError, match="wihtin"):
        recorder.insert_events(stream(), wihtin=refuse)
    with pytest.raises(NotSupportedError):
        recorder.insert_events(stream(), tracking=Tracking("other", 1))


def test_as_many_domain_events_as_stored_ones_are_needed(engine: Engine) -> None:
    with pytest.raises(ValueError, match="shorter"):
        LogRecorder(engine, [Follower()]).insert_events(stream(2), domain_events=["one"])
    assert written(engine) == ([], [], Tree())


def read(streams: Iterable[tuple[UUID, Iterable[Stored]]]) -> list[StoredEvent]:
    return [StoredEvent(id, *row[1:]) for id, rows in streams for row in rows]


def test_many_streams_are_read_in_order_of_stream_and_version(recorder: LogRecorder) -> None:
    streams = [stream(3) for _ in range(40)]
    for n in range(3):
        recorder.insert_events([events[n] for events in streams])
    streams.sort(key=lambda events: events[0].originator_id)
    wanted = streams[5:30]
    ids = [events[0].originator_id for events in wanted]
    found = recorder.streams([*reversed(ids), uuid4(), ids[0]])
    assert read(found) == list(chain.from_iterable(wanted))
    assert read(recorder.streams([])) == []


def test_more_streams_than_one_statement_takes_are_read_in_order(
    recorder: LogRecorder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("adapters.log.queries.AT_ONCE", 7)
    events = sorted(
        (stream()[0] for _ in range(50)), key=lambda event: UUID(str(event.originator_id))
    )
    recorder.insert_events(events)
    assert read(recorder.streams({UUID(str(e.originator_id)) for e in events})) == events


def test_a_stream_can_be_read_in_part(recorder: LogRecorder) -> None:
    events = stream(6)
    recorder.insert_events(events)
    ident = events[0].originator_id
    assert recorder.select_events(ident, gt=2, lte=5) == events[2:5]
    assert recorder.select_events(ident, gt=2, lte=5, desc=True, limit=2) == events[4:2:-1]
    assert recorder.select_events(ident, limit=1) == events[:1]
    assert recorder.select_events("not a UUID") == []


@pytest.mark.parametrize("batch", [1, 3, 10, 11, 1_000])
def test_the_whole_log_is_streamed_in_batches_of_any_size(
    recorder: LogRecorder, batch: int
) -> None:
    recorder.insert_events(stream(10))
    assert [n.id for n in recorder.stream(batch=batch)] == list(range(1, 11))
    assert [n.id for n in recorder.stream(3, 8, batch=batch)] == list(range(3, 9))
    assert list(recorder.stream(11, batch=batch)) == []


def test_appending_threads_get_dense_positions_without_conflict(
    engine: Engine, recorder: LogRecorder
) -> None:
    def append(_: int) -> list[int]:
        return [p for _ in range(15) for p in recorder.insert_events(stream(3))]

    with ThreadPoolExecutor(8) as pool:
        positions = sorted(chain.from_iterable(pool.map(append, range(8))))
    assert positions == list(range(1, 361))
    assert written(engine)[0] == positions


def test_an_append_gives_up_when_another_does_not_finish(engine: Engine, database_url: str) -> None:
    impatient = create_engine(database_url, lock_timeout=0.05)
    tried: list[object] = []

    def try_beside(_: Connection) -> None:
        with pytest.raises(OperationalError) as caught:
            LogRecorder(impatient).insert_events(stream())
        tried.append(caught.value)

    assert LogRecorder(engine).insert_events(stream(), within=try_beside) == [1]
    assert len(tried) == 1
    assert LogRecorder(impatient).insert_events(stream()) == [2]
    impatient.dispose()
