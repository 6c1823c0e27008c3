"""The log's hash tree as it is stored: cheap to append to, enough to prove anything from.

Kept are the leaf hash in each event's row, one node for every full tile of 256, 65,536, … leaves, and one row with the tree's size,
root and right edge. An append reads and writes that one row; a proof reads at most 256 hashes of a level at each side.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, NamedTuple

import sqlalchemy as sa
from sqlalchemy import Connection

from adapters.log import merkle, tables

TILE_HEIGHT: Final = 8
TILE: Final = 1 << TILE_HEIGHT


class Node(NamedTuple):
    """The root of one full tile."""

    level: int
    number: int
    hash: bytes


@dataclass(frozen=True, slots=True)
class Tree:
    """A tree of ``size`` leaves: its root, and as ``frontier`` the roots of its perfect subtrees, the largest first."""

    size: int = 0
    root: bytes = merkle.EMPTY_ROOT
    frontier: bytes = b""

    def append(self, leaf_hashes: Iterable[bytes]) -> tuple[Tree, list[Node]]:
        """The tree with these leaves after its own, and the nodes of the tiles that they fill."""
        leaves = list(leaf_hashes)
        edge = [self.frontier[at : at + 32] for at in range(0, len(self.frontier), 32)]
        full: list[Node] = []
        size, at = self.size, 0
        while at < len(leaves):
            if size % TILE == 0 and len(leaves) - at >= TILE:
                # A tile of its own is folded at once: half the time of going leaf by leaf.
                node, height, step = merkle.fold(leaves[at : at + TILE]), TILE_HEIGHT, TILE
                full.append(Node(1, size >> TILE_HEIGHT, node))
            else:
                node, height, step = leaves[at], 0, 1
            rest = size >> height
            while rest & 1:
                node = merkle.node_hash(edge.pop(), node)
                height += 1
                rest >>= 1
                if height % TILE_HEIGHT == 0:
                    full.append(Node(height // TILE_HEIGHT, rest, node))
            edge.append(node)
            size += step
            at += step
        return Tree(size, merkle.fold_right(reversed(edge)), b"".join(edge)), full


class StoredTree:
    """The stored hashes as a source for proofs (:class:`merkle.NodeSource`), for the tree's present size and every earlier one.

    Use it within one reading transaction. A tile that was read is kept for the next question, so a proof reads each but once.
    """

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._tiles: dict[tuple[int, int], list[bytes]] = {}

    def tree(self) -> Tree:
        """The present tree; ``LookupError`` when the tables were never set up."""
        row = self._connection.execute(_TREE).first()
        if row is None:
            raise LookupError("the log has no tree")
        return Tree(row.size, bytes(row.root), bytes(row.frontier))

    def node(self, height: int, index: int) -> bytes:
        """The hash of a perfect subtree; ``IndexError`` when the log is not that long or hashes are missing."""
        level, below = divmod(height, TILE_HEIGHT)
        first = index << below
        tile, offset = divmod(first, TILE)
        hashes = self._tile(level, tile)[offset : offset + (1 << below)]
        if len(hashes) != 1 << below:
            raise IndexError(f"the tree has no node {index} at height {height}")
        return merkle.fold(hashes)

    def _tile(self, level: int, tile: int) -> list[bytes]:
        """The hashes of one tile from its start to its first gap."""
        hashes = self._tiles.get((level, tile))
        if hashes is None:
            first = tile * TILE + (1 if level == 0 else 0)
            between = {"low": first, "high": first + TILE - 1}
            if level == 0:
                rows = self._connection.execute(_LEAVES, between)
            else:
                rows = self._connection.execute(_NODES, {"level": level, **between})
            found = (bytes(row[1]) for n, row in enumerate(rows) if row[0] == first + n)
            hashes = self._tiles[level, tile] = list(found)
        return hashes


_TREE: Final = sa.select(tables.tree.c.size, tables.tree.c.root, tables.tree.c.frontier)
_LEAVES: Final = (
    sa.select(tables.events.c.position, tables.events.c.leaf_hash)
    .where(tables.events.c.position.between(sa.bindparam("low"), sa.bindparam("high")))
    .order_by(tables.events.c.position)
)
_NODES: Final = (
    sa.select(tables.nodes.c.number, tables.nodes.c.hash)
    .where(
        tables.nodes.c.level == sa.bindparam("level"),
        tables.nodes.c.number.between(sa.bindparam("low"), sa.bindparam("high")),
    )
    .order_by(tables.nodes.c.number)
)
