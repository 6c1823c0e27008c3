"""Goes through the whole log and compares every event, hash and node with what they must be.

Finds what was changed in the database: a row edited, deleted, inserted or swapped, a tail cut off. What was rewritten together with its
hashes is found where a root is known from elsewhere: give the roots of checkpoints that left the machine.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final
from uuid import UUID

from eventsourcing.persistence import StoredEvent
from sqlalchemy import Engine

from adapters.log import leaf
from adapters.log.merkle import HASH_SIZE
from adapters.log.scan import EventRow, LogDamaged, Scan, Standing, nodes_of
from adapters.log.tree import TILE_HEIGHT, Node, Tree

__all__ = ["Inspect", "LogDamaged", "Progress", "verify_log", "verify_streams"]

Progress = Callable[[int, int], object]
"""Called with the number of events verified and of all events."""

Inspect = Callable[[int, StoredEvent], object]
"""Called with each position and the event that was verified there."""

EMPTY: Final = Tree()


def verify_log(
    engine: Engine,
    roots: Mapping[int, bytes] | None = None,
    progress: Progress | None = None,
    *,
    since: Tree = EMPTY,
    inspect: Inspect | None = None,
) -> Tree:
    """Verifies every event up to the log's present size, in flat memory and short transactions, and returns the tree.

    ``roots`` are known roots by tree size. ``since`` is a tree that the caller already trusts: only what came after it is gone
    through. Raises :class:`LogDamaged` at the first position that is wrong.
    """
    scan = Scan(engine)
    standing = scan.standing()
    size = standing.tree.size
    if size < since.size:
        raise LogDamaged("日志比已验证过的短", size + 1, since.size)
    growth = _Growth(scan, since, roots or {})
    for rows in scan.events(since.size + 1, size):
        growth.append(list(map(_verified, rows)))
        if inspect is not None:
            for row in rows:
                inspect(row[0], _event(row))
        if progress is not None:
            progress(growth.tree.size, size)
    _check_rest(growth.tree, standing)
    growth.finish()
    return growth.tree


def verify_streams(engine: Engine) -> None:
    """Every record's versions run 1, 2, 3 … in the order of their positions; :class:`LogDamaged` where one does not.

    Goes through the index that the unique constraint made, so nothing is remembered but the row before. The first position that is
    wrong is named.
    """
    found: list[int] = []
    record, version, position = b"", 0, 0
    for originator, next_version, next_position in Scan(engine).streams():
        if originator != record:
            record, version, position = originator, 0, 0
        if next_version != version + 1 or next_position < position:
            found = [min([*found, next_position])]
        if next_version != version:
            version, position = next_version, next_position
    if found:
        raise LogDamaged("该记录的版本号不连续", found[0])


def _verified(row: EventRow) -> bytes:
    """The leaf hash of a row, computed anew and equal to the stored one."""
    position, originator, version, stored, topic, state = row
    try:
        computed = leaf.hash_of_fields(originator, version, topic, state)
    except (TypeError, ValueError) as error:
        raise LogDamaged("该条记录不是有效的事件", position) from error
    if computed != stored:
        raise LogDamaged("该条记录与登记时不同", position)
    return computed


def _event(row: EventRow) -> StoredEvent:
    _, originator, version, _, topic, state = row
    try:
        return StoredEvent(UUID(bytes=originator), version, topic.decode(), state)
    except UnicodeDecodeError as error:
        raise LogDamaged("该条记录不是有效的事件", row[0]) from error


def _check_rest(tree: Tree, standing: Standing) -> None:
    """What the pass over the events does not see: rows outside of it, and the tree's own row."""
    if standing.strays is not None:
        raise LogDamaged("多出了从未登记过的记录", *standing.strays)
    _check_edge(tree, standing.tree)
    if standing.nodes != nodes_of(tree.size):
        raise LogDamaged("保存的哈希多于或少于应有的", 1, max(tree.size, 1))


def _check_edge(tree: Tree, stored: Tree) -> None:
    """Compares the right edge subtree by subtree, for each covers positions of its own; then the root over them."""
    first, rest = 1, tree.size
    for at in range(0, len(tree.frontier), HASH_SIZE):
        width = 1 << (rest.bit_length() - 1)
        if tree.frontier[at : at + HASH_SIZE] != stored.frontier[at : at + HASH_SIZE]:
            raise LogDamaged("哈希树与记录不符", first, first + width - 1)
        first, rest = first + width, rest - width
    if tree != stored:
        raise LogDamaged("根哈希与记录不符", 1, max(tree.size, 1))


class _Growth:
    """The tree as it grows from the events, held against the stored nodes and the known roots."""

    def __init__(self, scan: Scan, since: Tree, roots: Mapping[int, bytes]) -> None:
        self.tree = since
        self._scan = scan
        self._trusted = since.size
        self._known = deque(item for item in sorted(roots.items()) if item[0] >= since.size)
        self._levels: dict[int, Iterator[tuple[int, int, Any]]] = {}
        self._check_root()

    def append(self, hashes: list[bytes]) -> None:
        """Raises :class:`LogDamaged` when a node or a root along the way is another than expected."""
        done = 0
        while done < len(hashes):
            step = len(hashes) - done
            if self._known:
                step = min(step, self._known[0][0] - self.tree.size)
            self.tree, full = self.tree.append(hashes[done : done + step])
            done += step
            for node in full:
                self._check_node(node)
            self._check_root()

    def finish(self) -> None:
        """Raises :class:`LogDamaged` when roots of larger trees are known than the log has become."""
        if self._known:
            raise LogDamaged("日志比检查点短", self.tree.size + 1, self._known[-1][0])

    def _check_root(self) -> None:
        while self._known and self._known[0][0] <= self.tree.size:
            size, root = self._known.popleft()
            if root != self.tree.root:
                raise LogDamaged("日志与检查点矛盾", self._trusted + 1, max(size, 1))
            self._trusted = size

    def _check_node(self, node: Node) -> None:
        level = self._levels.get(node.level)
        if level is None:
            level = self._levels[node.level] = self._scan.nodes(node.level, node.number)
        if next(level, None) != node:
            width = 1 << (TILE_HEIGHT * node.level)
            first, last = node.number * width + 1, (node.number + 1) * width
            raise LogDamaged("保存的哈希与记录不符", max(first, self._trusted + 1), last)
