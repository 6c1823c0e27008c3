"""Whatever is changed in the database is found, and named by its position."""

from collections.abc import Callable, Iterator
from uuid import UUID, uuid5

import pytest
import sqlalchemy as sa
from eventsourcing.persistence import StoredEvent
from sqlalchemy import Connection, Engine

from adapters.log import leaf, merkle, tables
from adapters.log.engine import create_engine, writing
from adapters.log.recorder import LogRecorder
from adapters.log.tables import events, nodes, tree
from adapters.log.tree import Tree
from adapters.log.verification import LogDamaged, verify_log

STREAM = UUID("0b4a0f4e-6f1d-4f0c-8f4e-2d7e5f3b9a55")
SIZE = 600
LOG = [StoredEvent(uuid5(STREAM, str(n)), 1, "studio.named", b'{"n":%d}' % n) for n in range(SIZE)]
HASHES = [leaf.hash_of(event) for event in LOG]
OTHER = StoredEvent(uuid5(STREAM, "other"), 1, "studio.named", b"{}")


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    engine = create_engine(database_url)
    tables.create(engine)
    LogRecorder(engine).insert_events(LOG)
    yield engine
    engine.dispose()


def at(position: int) -> sa.ColumnElement[bool]:
    return events.c.position == position


def edit(connection: Connection, position: int, **values: object) -> None:
    connection.execute(events.update().where(at(position)).values(**values))


def put(connection: Connection, position: int, event: StoredEvent) -> None:
    """Replaces an event together with its hash, as one does who knows the log."""
    edit(connection, position, **vars(event), leaf_hash=leaf.hash_of(event))


def cut_tail(connection: Connection, size: int) -> None:
    connection.execute(events.delete().where(events.c.position > size))
    connection.execute(nodes.delete().where(nodes.c.number >= size // 256))
    rewritten, _ = Tree().append(HASHES[:size])
    connection.execute(
        tree.update().values(size=size, root=rewritten.root, frontier=rewritten.frontier)
    )


def swap(connection: Connection, one: int, other: int) -> None:
    for old, new in ((one, 10**6), (other, one), (10**6, other)):
        connection.execute(events.update().where(at(old)).values(position=new))


def rewrite(connection: Connection) -> None:
    """Changes one event and everything that was computed from it."""
    put(connection, 300, OTHER)
    rewritten, full = Tree().append([*HASHES[:299], leaf.hash_of(OTHER), *HASHES[300:]])
    connection.execute(nodes.delete())
    connection.execute(nodes.insert(), [node._asdict() for node in full])
    connection.execute(tree.update().values(root=rewritten.root, frontier=rewritten.frontier))


Attack = Callable[[Connection], object]

ATTACKS: dict[str, tuple[Attack, tuple[int, int]]] = {
    "a state edited": (lambda c: edit(c, 300, state=b'{"n":0}'), (300, 300)),
    "one bit flipped": (lambda c: edit(c, 5, state=b'{"n":5}'), (5, 5)),
    "a topic edited": (lambda c: edit(c, 1, topic="studio.de_named"), (1, 1)),
    "a version edited": (lambda c: edit(c, SIZE, originator_version=2), (SIZE, SIZE)),
    "an event given to another studio": (
        lambda c: edit(c, 300, originator_id=OTHER.originator_id),
        (300, 300),
    ),
    "a leaf hash edited": (lambda c: edit(c, 300, leaf_hash=bytes(32)), (300, 300)),
    "the first event deleted": (lambda c: c.execute(events.delete().where(at(1))), (1, 1)),
    "an event deleted": (lambda c: c.execute(events.delete().where(at(300))), (300, 300)),
    "the last event deleted": (
        lambda c: c.execute(events.delete().where(at(SIZE))),
        (SIZE, SIZE),
    ),
    "the tail deleted": (
        lambda c: c.execute(events.delete().where(events.c.position > 500)),
        (501, SIZE),
    ),
    "two events swapped": (lambda c: swap(c, 300, 301), (257, 512)),
    "two studios' events swapped at the edge": (lambda c: swap(c, 592, 593), (577, 592)),
    "an event and its hash replaced": (lambda c: put(c, 300, OTHER), (257, 512)),
    "an event and its hash replaced at the edge": (lambda c: put(c, 599, OTHER), (593, 600)),
    "an event inserted at the end": (
        lambda c: c.execute(
            events.insert().values(position=SIZE + 1, **vars(OTHER), leaf_hash=leaf.hash_of(OTHER))
        ),
        (SIZE + 1, SIZE + 1),
    ),
    "a node edited": (
        lambda c: c.execute(nodes.update().where(nodes.c.number == 1).values(hash=bytes(32))),
        (257, 512),
    ),
    "a node deleted": (
        lambda c: c.execute(nodes.delete().where(nodes.c.number == 0)),
        (1, 256),
    ),
    "the root edited": (lambda c: c.execute(tree.update().values(root=bytes(32))), (1, SIZE)),
    "the edge edited": (
        lambda c: c.execute(tree.update().values(frontier=bytes(32 * 4))),
        (1, 512),
    ),
    "the size made smaller": (
        lambda c: c.execute(tree.update().values(size=SIZE - 1)),
        (SIZE, SIZE),
    ),
    "the size made larger": (
        lambda c: c.execute(tree.update().values(size=SIZE + 3)),
        (SIZE + 1, SIZE + 3),
    ),
}


def attack(engine: Engine, how: Attack) -> None:
    with writing(engine) as connection:
        how(connection)


def test_an_untouched_log_is_verified(engine: Engine) -> None:
    steps: list[tuple[int, int]] = []
    verified = verify_log(
        engine,
        {0: merkle.EMPTY_ROOT, 7: merkle.root(HASHES[:7]), SIZE: merkle.root(HASHES)},
        lambda done, of: steps.append((done, of)),
    )
    assert (verified.size, verified.root) == (SIZE, merkle.root(HASHES))
    assert steps == [(SIZE, SIZE)]


def test_an_empty_log_is_verified(database_url: str) -> None:
    engine = create_engine(database_url)
    tables.create(engine)
    assert verify_log(engine) == Tree()
    engine.dispose()


@pytest.mark.parametrize("what", ATTACKS)
def test_the_position_is_named_of(engine: Engine, what: str) -> None:
    how, where = ATTACKS[what]
    attack(engine, how)
    with pytest.raises(LogDamaged) as caught:
        verify_log(engine)
    assert (caught.value.first, caught.value.last) == where


def test_a_tail_cut_off_and_tidied_up_is_seen_by_a_checkpoint_alone(engine: Engine) -> None:
    attack(engine, lambda connection: cut_tail(connection, 400))
    assert verify_log(engine).size == 400
    with pytest.raises(LogDamaged, match="日志比检查点短") as caught:
        verify_log(engine, {SIZE: merkle.root(HASHES)})
    assert (caught.value.first, caught.value.last) == (401, SIZE)


def test_a_rewritten_history_is_seen_between_two_checkpoints(engine: Engine) -> None:
    attack(engine, rewrite)
    assert verify_log(engine).size == SIZE
    known = {size: merkle.root(HASHES[:size]) for size in (200, 290, 400, SIZE)}
    with pytest.raises(LogDamaged, match="矛盾") as caught:
        verify_log(engine, known)
    assert (caught.value.first, caught.value.last) == (291, 400)


def test_a_log_is_verified_while_it_grows(engine: Engine) -> None:
    recorder = LogRecorder(engine)
    verified = verify_log(engine, progress=lambda *_: recorder.insert_events([OTHER]))
    assert verified.size == SIZE
    assert verify_log(engine).size == SIZE + 1


WHOLE = 5_000
MANY = [leaf.hash_of(StoredEvent(STREAM, n, "studio.named", b"{}")) for n in range(WHOLE)]


@pytest.mark.parametrize("cut", [1, 255, 256, 257, 511, 4_096, 4_999])
def test_a_tree_grows_to_the_same_in_one_step_or_in_two(cut: int) -> None:
    whole, nodes_at_once = Tree().append(MANY)
    first, some = Tree().append(MANY[:cut])
    second, others = first.append(MANY[cut:])
    assert second == whole
    assert whole.root == merkle.root(MANY)
    assert sorted(some + others) == sorted(nodes_at_once)


def test_only_what_came_after_a_trusted_tree_is_gone_through(engine: Engine) -> None:
    trusted, _ = Tree().append(HASHES[:300])
    attack(engine, lambda connection: edit(connection, 5, state=b"{}"))
    assert verify_log(engine, since=trusted).root == merkle.root(HASHES)
    attack(engine, lambda connection: edit(connection, 301, state=b"{}"))
    with pytest.raises(LogDamaged) as caught:
        verify_log(engine, since=trusted)
    assert caught.value.first == 301
    longer, _ = Tree().append([*HASHES, HASHES[0]])
    with pytest.raises(LogDamaged) as caught:
        verify_log(engine, since=longer)
    assert (caught.value.first, caught.value.last) == (SIZE + 1, SIZE + 1)
