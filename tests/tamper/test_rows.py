"""Somebody with the database's password changes rows: the verification names the first bad position."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
import sqlalchemy as sa
from eventsourcing.persistence import StoredEvent
from sqlalchemy import Connection

from adapters.log import leaf
from adapters.log.engine import writing
from adapters.log.tables import events, nodes, tree
from tests.databases import Postgres
from tests.tamper.scene import EVENTS, SIZE, Scene, at, rewrite, set_up, sqlite_urls, story

OTHER = story(1, "elsewhere")[0]
Attack = Callable[[Connection], object]


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def lasting(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Scene]:
    home = tmp_path_factory.mktemp("rows")
    if request.param == "sqlite":
        with set_up(home, *sqlite_urls(home)) as scene:
            yield scene
        return
    server: Postgres = request.getfixturevalue("postgres_server")
    with server.database() as url, set_up(home, url, url) as scene:
        yield scene


@pytest.fixture
def scene(lasting: Scene) -> Iterator[Scene]:
    """The log as it was, before and after each attack."""
    assert lasting.verify().ok
    yield lasting
    rewrite(lasting.engine, EVENTS)


def edit(connection: Connection, position: int, **values: object) -> None:
    connection.execute(events.update().where(at(position)).values(**values))


def put(connection: Connection, position: int, event: StoredEvent) -> None:
    """Replaces an event together with its hash."""
    edit(connection, position, **vars(event), leaf_hash=leaf.hash_of(event))


def add(connection: Connection, position: int, event: StoredEvent) -> None:
    row = {"position": position, **vars(event), "leaf_hash": leaf.hash_of(event)}
    connection.execute(events.insert().values(**row))


def delete(connection: Connection, first: int, last: int) -> None:
    connection.execute(events.delete().where(events.c.position.between(first, last)))


def swap(connection: Connection, one: int, other: int) -> None:
    for old, new in ((one, 10**6), (other, one), (10**6, other)):
        connection.execute(events.update().where(at(old)).values(position=new))


def shift(connection: Connection, first: int, by: int) -> None:
    """Moves an event and all after it; by way of positions that nobody has."""
    later = events.update().where(events.c.position >= first)
    connection.execute(later.values(position=events.c.position + 10**6))
    connection.execute(later.values(position=events.c.position - 10**6 + by))


def insert_between(connection: Connection, position: int) -> None:
    shift(connection, position, 1)
    add(connection, position, OTHER)


def close_gap(connection: Connection, position: int) -> None:
    delete(connection, position, position)
    connection.execute(
        events.update()
        .where(events.c.position > position)
        .values(position=events.c.position + 10**6)
    )
    connection.execute(
        events.update()
        .where(events.c.position > 10**6)
        .values(position=events.c.position - 10**6 - 1)
    )


def flip(connection: Connection, position: int) -> None:
    state = bytearray(EVENTS[position - 1].state)
    state[-3] ^= 1
    edit(connection, position, state=bytes(state))


def exact(position: int) -> tuple[int, int]:
    return position, position


SIGNED = (101, 300)
"""Between two checkpoints."""

ATTACKS: dict[str, tuple[Attack, tuple[int, int]]] = {
    "an amount edited": (lambda c: flip(c, 300), exact(300)),
    "the first event edited": (lambda c: flip(c, 1), exact(1)),
    "the last event edited": (lambda c: flip(c, SIZE), exact(SIZE)),
    "a topic edited": (lambda c: edit(c, 300, topic="studio.de_named"), exact(300)),
    "a version edited": (lambda c: edit(c, 300, originator_version=9_999), exact(300)),
    "an event given to another studio": (
        lambda c: edit(c, 300, originator_id=OTHER.originator_id),
        exact(300),
    ),
    "a leaf hash edited": (lambda c: edit(c, 300, leaf_hash=bytes(32)), exact(300)),
    "a leaf hash shortened": (lambda c: edit(c, 300, leaf_hash=b""), exact(300)),
    "an event emptied": (lambda c: edit(c, 300, state=b""), exact(300)),
    "an event and its hash replaced": (lambda c: put(c, 300, OTHER), SIGNED),
    "an event deleted": (lambda c: delete(c, 300, 300), exact(300)),
    "the first event deleted": (lambda c: delete(c, 1, 1), exact(1)),
    "the last event deleted": (lambda c: delete(c, SIZE, SIZE), exact(SIZE)),
    "a range deleted": (lambda c: delete(c, 300, 349), (300, 349)),
    "the tail deleted": (lambda c: delete(c, 901, SIZE), (901, SIZE)),
    "all events deleted": (lambda c: delete(c, 1, SIZE), (1, SIZE)),
    "an event deleted and the gap closed": (lambda c: close_gap(c, 300), SIGNED),
    "an event inserted between two": (lambda c: insert_between(c, 300), SIGNED),
    "an event inserted after the last": (
        lambda c: add(c, SIZE + 1, OTHER),
        exact(SIZE + 1),
    ),
    "an event inserted far after the last": (
        lambda c: add(c, SIZE + 77, OTHER),
        exact(SIZE + 77),
    ),
    "an event inserted before the first": (lambda c: add(c, 0, OTHER), exact(0)),
    "two events swapped": (lambda c: swap(c, 300, 301), SIGNED),
    "two events swapped across tiles": (lambda c: swap(c, 10, 900), (1, 100)),
    "an event copied over another": (
        lambda c: put(c, 301, StoredEvent(**{**vars(EVENTS[299]), "originator_version": 9_999})),
        (301, 512),
    ),
    "a node edited": (
        lambda c: c.execute(nodes.update().where(nodes.c.number == 1).values(hash=bytes(32))),
        (301, 512),
    ),
    "a node deleted": (lambda c: c.execute(nodes.delete().where(nodes.c.number == 0)), (101, 256)),
    "a node too many": (
        lambda c: c.execute(nodes.insert().values(level=1, number=3, hash=bytes(32))),
        (1, SIZE),
    ),
    "the root edited": (lambda c: c.execute(tree.update().values(root=bytes(32))), (1, SIZE)),
    "the edge edited": (lambda c: c.execute(tree.update().values(frontier=b"")), (1, 512)),
    "the size made smaller": (lambda c: c.execute(tree.update().values(size=900)), (901, SIZE)),
    "the size made larger": (
        lambda c: c.execute(tree.update().values(size=2**62)),
        (SIZE + 1, 2**62),
    ),
    "the tree's row deleted": (lambda c: c.execute(tree.delete()), exact(1)),
}


@pytest.mark.parametrize("what", ATTACKS)
def test_whoever_changes_rows_is_found_out(scene: Scene, what: str) -> None:
    attack, where = ATTACKS[what]
    with writing(scene.engine) as connection:
        attack(connection)
    report = scene.verify()
    try:
        assert [(f.first, f.last) for f in report.faults if f.part == "log"] == [where]
        assert (report.ok, report.first) == (False, where[0])
    finally:
        restore_tree(scene)


def restore_tree(scene: Scene) -> None:
    with writing(scene.engine) as connection:
        if connection.execute(sa.select(tree.c.id)).first() is None:
            connection.execute(tree.insert().values(id=1, size=0, root=b"", frontier=b""))
