"""An SM3 root beside the SHA-256 one, where commercial-cryptography rules ask for it: a checkpoint's extension line.

The tree is that of RFC 6962 with SM3 (GB/T 32905) in the place of SHA-256, over the same leaves: leaf = SM3(0x00 ‖ leaf), node =
SM3(0x01 ‖ left ‖ right). The line is ``sm3 <base64 root>``; the log's signature and every cosignature cover it. Proofs stay with SHA-256.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from sqlalchemy import BigInteger, Column, Engine, LargeBinary, MetaData, Table, Text

from adapters.log import leaf
from adapters.log.checkpoints import Checkpoint
from adapters.log.notes import decode_base64, encode_base64
from adapters.log.scan import LogDamaged, Scan
from adapters.log.stores import writing

LINE: Final = "sm3 "
BYTES: Final = 32

_tables: Final = MetaData()
_kept: Final = Table(
    "sm3_trees",
    _tables,
    Column("origin", Text, primary_key=True),
    Column("size", BigInteger, nullable=False),
    Column("edge", LargeBinary, nullable=False),
)


def sm3(data: bytes) -> bytes:
    """32 bytes."""
    return hashlib.new("sm3", data).digest()


@dataclass(frozen=True, slots=True)
class Edge:
    """A tree of `size` leaves by the roots of its perfect subtrees, the largest first."""

    size: int = 0
    roots: tuple[bytes, ...] = ()

    def grown(self, leaves: Iterable[bytes]) -> Edge:
        """With these leaves after its own."""
        roots, size = list(self.roots), self.size
        for data in leaves:
            node, rest = sm3(b"\0" + data), size
            while rest & 1:
                node, rest = sm3(b"\1" + roots.pop() + node), rest >> 1
            roots.append(node)
            size += 1
        return Edge(size, tuple(roots))

    @property
    def root(self) -> bytes:
        """The tree's root; SM3 of nothing for the empty one."""
        found: bytes | None = None
        for node in reversed(self.roots):
            found = node if found is None else sm3(b"\1" + node + found)
        return sm3(b"") if found is None else found


class Sm3Roots:
    """The SM3 roots of one log; what was hashed before is remembered beside the signed checkpoints."""

    def __init__(self, engine: Engine, store: Engine, origin: str) -> None:
        """engine: the log's; store: from stores.open_store(), where checkpoints are remembered."""
        self._engine = engine
        self._store = store
        self._origin = origin
        with writing(store, "sm3") as connection:
            _tables.create_all(connection)

    def extensions(self, size: int) -> tuple[str, ...]:
        """The extension line of a checkpoint of this size. Raises LogDamaged where an event cannot be hashed."""
        mine = _kept.c.origin == self._origin
        with writing(self._store, "sm3") as connection:
            row = connection.execute(_kept.select().where(mine)).first()
            kept = Edge() if row is None or row.size > size else _edge(row.size, row.edge)
            grown = edge(self._engine, size, kept)
            connection.execute(_kept.delete().where(mine))
            values = {"origin": self._origin, "size": size, "edge": b"".join(grown.roots)}
            connection.execute(_kept.insert().values(values))
        return (f"{LINE}{encode_base64(grown.root)}",)


def edge(engine: Engine, size: int, since: Edge | None = None) -> Edge:
    """The SM3 tree of the log's first events, from their stored bytes."""
    grown = since or Edge()
    for rows in Scan(engine).events(grown.size + 1, size):
        leaves = []
        for row in rows:
            try:
                fields = (row[1], row[2], row[4], row[5])
                leaves.append(leaf.encode_fields(*fields))
            except (TypeError, ValueError) as error:
                raise LogDamaged("该条记录不是有效的事件", row[0]) from error
        grown = grown.grown(leaves)
    return grown


def sm3_root(checkpoint: Checkpoint) -> bytes | None:
    """The SM3 root that a checkpoint states; None if it states none, or not exactly one."""
    lines = [line for line in checkpoint.extensions if line.startswith(LINE)]
    root = decode_base64(lines[0].removeprefix(LINE)) if len(lines) == 1 else None
    return root if root is not None and len(root) == BYTES else None


def check_sm3(engine: Engine, checkpoint: Checkpoint) -> bool | None:
    """Whether the log's events lead to the SM3 root that a checkpoint states, all hashed anew; None if it states none."""
    if not any(line.startswith(LINE) for line in checkpoint.extensions):
        return None
    return edge(engine, checkpoint.size).root == sm3_root(checkpoint)


def _edge(size: int, roots: bytes) -> Edge:
    return Edge(size, tuple(roots[at : at + BYTES] for at in range(0, len(roots), BYTES)))
