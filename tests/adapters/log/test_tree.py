"""The stored tree: whatever the batches, it is the tree of RFC 6962, and proofs read little of it."""

from collections.abc import Iterator
from hashlib import sha256
from random import Random
from uuid import UUID, uuid5

import pytest
import sqlalchemy as sa
from eventsourcing.persistence import StoredEvent
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Connection, Engine

from adapters.log import leaf, merkle, tables
from adapters.log.engine import create_engine, reading, writing
from adapters.log.recorder import LogRecorder
from adapters.log.tree import StoredTree, Tree

STREAM = UUID("7c4dbb51-8a37-4f0e-9d53-2b8e6a1f0c11")
LARGE = 65_536 + 2 * 256 + 3
"""Enough for a node of the second level, some of the first, and a ragged end."""


def hashes(count: int) -> list[bytes]:
    return [sha256(n.to_bytes(4, "big")).digest() for n in range(count)]


def stored(count: int) -> list[StoredEvent]:
    return [StoredEvent(uuid5(STREAM, str(n)), 1, "topic", b"{}") for n in range(count)]


@given(batches=st.lists(st.integers(0, 700), max_size=6))
def test_batches_of_any_size_make_the_tree_of_all_leaves(batches: list[int]) -> None:
    leaves = hashes(sum(batches))
    tree, nodes, start = Tree(), [], 0
    for batch in batches:
        tree, full = tree.append(leaves[start : start + batch])
        nodes += full
        start += batch
    assert (tree.size, tree.root) == (len(leaves), merkle.root(leaves))
    assert [(n.level, n.number, n.hash) for n in nodes] == [
        (1, n, merkle.root(leaves[n * 256 : (n + 1) * 256])) for n in range(len(leaves) // 256)
    ]


def test_a_second_level_node_covers_65536_leaves() -> None:
    leaves = hashes(65_536)
    _, nodes = Tree().append(leaves)
    assert [(n.level, n.number) for n in nodes[-2:]] == [(1, 255), (2, 0)]
    assert nodes[-1].hash == merkle.root(leaves)


def test_the_right_edge_is_one_hash_for_each_bit_of_the_size() -> None:
    tree, _ = Tree().append(hashes(1_000))
    assert len(tree.frontier) == 32 * (1_000).bit_count()


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Engine, list[bytes]]]:
    engine = create_engine(f"sqlite:///{tmp_path_factory.mktemp('large') / 'log.sqlite'}")
    tables.create(engine)
    recorder = LogRecorder(engine)
    events = stored(LARGE)
    for start in range(0, LARGE, 5_000):
        recorder.insert_events(events[start : start + 5_000])
    yield engine, [leaf.hash_of(event) for event in events]
    engine.dispose()


@pytest.fixture
def connection(large: tuple[Engine, list[bytes]]) -> Iterator[Connection]:
    with reading(large[0]) as connection:
        yield connection


@pytest.fixture(scope="module")
def leaves(large: tuple[Engine, list[bytes]]) -> list[bytes]:
    return large[1]


def test_the_stored_root_is_that_of_all_leaves(connection: Connection, leaves: list[bytes]) -> None:
    tree = StoredTree(connection).tree()
    assert (tree.size, tree.root) == (LARGE, merkle.root(leaves))


def test_stored_proofs_are_those_of_the_leaves_themselves(
    connection: Connection, leaves: list[bytes]
) -> None:
    source, random = StoredTree(connection), Random(6962)
    edges = [1, 2, 255, 256, 257, 511, 512, 65_535, 65_536, 65_537, LARGE - 1, LARGE]
    for size in [*edges, *(random.randint(1, LARGE) for _ in range(8))]:
        root = merkle.root(leaves[:size])
        assert merkle.tree_root(size, source) == root
        index, older = random.randrange(size), random.randint(1, size)
        proof = merkle.inclusion_proof(index, size, source)
        merkle.verify_inclusion(index, size, leaves[index], proof, root)
        assert len(proof) <= (size - 1).bit_length()
        path = merkle.consistency_proof(older, size, source)
        merkle.verify_consistency(older, size, path, merkle.root(leaves[:older]), root)


def test_a_proof_reads_at_most_two_tiles_of_each_level(connection: Connection) -> None:
    for index in (0, 255, 256, 40_000, 65_535, 65_536, LARGE - 1):
        tiles: list[object] = []

        def count(*details: object, tiles: list[object] = tiles) -> None:
            tiles.append(details[3])

        sa.event.listen(connection, "before_cursor_execute", count)
        merkle.inclusion_proof(index, LARGE, StoredTree(connection))
        sa.event.remove(connection, "before_cursor_execute", count)
        assert 1 <= len(tiles) <= 5


def test_a_node_beyond_the_log_is_refused(connection: Connection) -> None:
    source = StoredTree(connection)
    with pytest.raises(IndexError):
        source.node(0, LARGE)
    with pytest.raises(IndexError):
        source.node(8, LARGE // 256)
    with pytest.raises(IndexError):
        merkle.tree_root(LARGE + 1, source)


def test_a_proof_from_a_log_with_a_hole_is_refused(database_url: str) -> None:
    engine = create_engine(database_url)
    tables.create(engine)
    LogRecorder(engine).insert_events(stored(10))
    with writing(engine) as connection:
        connection.execute(tables.events.delete().where(tables.events.c.position == 4))
    with reading(engine) as connection:
        source = StoredTree(connection)
        assert source.node(0, 2) == leaf.hash_of(stored(3)[2])
        with pytest.raises(IndexError):
            source.node(0, 4)
    engine.dispose()


def test_a_log_without_tables_has_no_tree(database_url: str) -> None:
    engine = create_engine(database_url)
    with writing(engine) as connection:
        tables.metadata.create_all(connection)
    with reading(engine) as connection, pytest.raises(LookupError):
        StoredTree(connection).tree()
    engine.dispose()


def test_the_tree_is_the_same_on_both_databases(database_url: str) -> None:
    engine = create_engine(database_url)
    tables.create(engine)
    recorder, events = LogRecorder(engine), stored(1_000)
    for start in range(0, 1_000, 97):
        recorder.insert_events(events[start : start + 97])
    with reading(engine) as connection:
        source = StoredTree(connection)
        root = merkle.root([leaf.hash_of(event) for event in events])
        assert source.tree().root == root
        assert merkle.tree_root(1_000, source) == root
    engine.dispose()
