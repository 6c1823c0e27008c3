"""Goes through the whole log and compares every event, hash and node with what they must be.

Finds what was changed in the database: a row edited, deleted, inserted or swapped, a tail cut off. What was rewritten together with its
hashes is found where a root is known from elsewhere: give the roots of checkpoints that left the machine.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

import sqlalchemy as sa
from eventsourcing.persistence import StoredEvent
from sqlalchemy import Connection, Engine, Select

from adapters.log import leaf, tables
from adapters.log.engine import reading
from adapters.log.merkle import HASH_SIZE
from adapters.log.tree import TILE_HEIGHT, Node, StoredTree, Tree

BATCH: Final = 2_048

Progress = Callable[[int, int], object]
"""Called with the number of events verified and of all events."""


class LogDamaged(Exception):
    """The log is not what it was; ``first`` and ``last`` are the positions between which it was changed (equal when it is certain)."""

    def __init__(self, reason: str, first: int, last: int | None = None) -> None:
        self.reason = reason
        self.first = first
        self.last = first if last is None else last
        where = f"{first}" if self.last == first else f"{first}–{self.last}"
        super().__init__(f"position {where}: {reason}")


def verify_log(
    engine: Engine, roots: Mapping[int, bytes] | None = None, progress: Progress | None = None
) -> Tree:
    """Verifies every event up to the log's present size, in flat memory and short transactions, and returns the tree.

    ``roots`` are known roots by tree size. Raises :class:`LogDamaged` at the first position that is wrong.
    """
    stored = _stored_tree(engine)
    known = dict(sorted((roots or {}).items()))
    if any(size > stored.size for size in known):
        raise LogDamaged("the log is shorter than a checkpoint of it", stored.size + 1, max(known))
    tree, trusted = Tree(), 0
    _check_root(tree, known, trusted)
    nodes = _Nodes(engine)
    for rows in _batches(engine, stored.size):
        hashes = [_verified(tree.size + n, row) for n, row in enumerate(rows, start=1)]
        while hashes:
            step = _until_known(tree.size, len(hashes), known)
            tree, full = tree.append(hashes[:step])
            hashes = hashes[step:]
            nodes.check(full)
            trusted = _check_root(tree, known, trusted)
        if progress is not None:
            progress(tree.size, stored.size)
    if tree.size < stored.size:
        raise LogDamaged("the events from here on are missing", tree.size + 1, stored.size)
    _check_edge(tree, stored)
    return tree


def _stored_tree(engine: Engine) -> Tree:
    with reading(engine) as connection:
        tree = StoredTree(connection).tree()
        last = connection.execute(sa.select(sa.func.max(tables.events.c.position))).scalar()
    if last is not None and last > tree.size:
        raise LogDamaged("an event that was never appended", tree.size + 1, last)
    return tree


def _batches(engine: Engine, size: int) -> Iterator[list[Any]]:
    """The events up to ``size``, by position; ends early where they end."""
    first = 1
    while first <= size:
        last = min(first + BATCH - 1, size)
        with reading(engine) as connection:
            rows = list(connection.execute(_EVENTS, {"first": first, "last": last}))
        yield rows
        first = last + 1


def _verified(position: int, row: Any) -> bytes:
    if row.position != position:
        raise LogDamaged("the event is missing", position)
    event = StoredEvent(row.originator_id, row.originator_version, row.topic, row.state)
    if leaf.hash_of(event) != row.leaf_hash:
        raise LogDamaged("the event is not the one that was recorded", position)
    return bytes(row.leaf_hash)


def _until_known(size: int, count: int, known: Mapping[int, bytes]) -> int:
    """How many leaves may be appended before the next root that is known."""
    return min((at - size for at in known if size < at <= size + count), default=count)


def _check_root(tree: Tree, known: Mapping[int, bytes], trusted: int) -> int:
    """The size up to which the log is certain; raises when a known root contradicts it."""
    if tree.size not in known:
        return trusted
    if known[tree.size] != tree.root:
        raise LogDamaged("the log contradicts a checkpoint", trusted + 1, max(tree.size, 1))
    return tree.size


def _check_edge(tree: Tree, stored: Tree) -> None:
    """Compares the right edge subtree by subtree, for each covers positions of its own; then the root over them."""
    first, rest = 1, tree.size
    for at in range(0, len(tree.frontier), HASH_SIZE):
        width = 1 << (rest.bit_length() - 1)
        if tree.frontier[at : at + HASH_SIZE] != stored.frontier[at : at + HASH_SIZE]:
            raise LogDamaged("the tree is not that of its events", first, first + width - 1)
        first, rest = first + width, rest - width
    if tree != stored:
        raise LogDamaged("the root is not that of the events", 1, max(tree.size, 1))


class _Nodes:
    """The stored nodes, each level in order beside the one that is computed."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._levels: dict[int, Iterator[Node]] = {}

    def check(self, computed: list[Node]) -> None:
        """Raises :class:`LogDamaged` when a computed node is not the next that is stored."""
        for node in computed:
            level = self._levels.setdefault(node.level, self._stored(node.level))
            if next(level, None) != node:
                width = 1 << (TILE_HEIGHT * node.level)
                first = node.number * width + 1
                raise LogDamaged(
                    "a stored hash is not that of its events", first, first + width - 1
                )

    def _stored(self, level: int) -> Iterator[Node]:
        number = 0
        while True:
            with reading(self._engine) as connection:
                rows = _nodes_of(connection, level, number)
            yield from rows
            if not rows:
                return
            number = rows[-1].number + 1


def _nodes_of(connection: Connection, level: int, number: int) -> list[Node]:
    rows = connection.execute(_NODES, {"at": level, "first": number})
    return [Node(row.level, row.number, bytes(row.hash)) for row in rows]


_EVENTS: Final[Select[Any]] = (
    tables.events.select()
    .where(tables.events.c.position.between(sa.bindparam("first"), sa.bindparam("last")))
    .order_by(tables.events.c.position)
)
_NODES: Final[Select[Any]] = (
    tables.nodes.select()
    .where(
        tables.nodes.c.level == sa.bindparam("at"),
        tables.nodes.c.number >= sa.bindparam("first"),
    )
    .order_by(tables.nodes.c.number)
    .limit(BATCH)
)
