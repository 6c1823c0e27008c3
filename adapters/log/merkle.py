"""RFC 6962 Merkle trees: hashes, proofs and their verification, without any storage.

A leaf is SHA-256(0x00 ‖ data), a node SHA-256(0x01 ‖ left ‖ right); the tree of ``n`` leaves is split at the largest power of
two smaller than ``n`` (RFC 6962 §2.1). Proofs are lists of 32-byte hashes, nearest to the leaf first (§2.1.1, §2.1.2).

Proofs are read from a *source*: a sequence of leaf hashes, or anything with :meth:`NodeSource.node` such as the stored tree. Since
perfect subtrees never change, one source serves every earlier size of the same log.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from hashlib import sha256
from typing import Final, Protocol

HASH_SIZE: Final = 32
MAX_SIZE: Final = 2**63 - 1
EMPTY_ROOT: Final = sha256(b"").digest()


class InvalidProof(Exception):
    """The proof does not show what it claims; the message says which check failed."""


class NodeSource(Protocol):
    """Hands out the hashes of perfect subtrees."""

    def node(self, height: int, index: int) -> bytes:
        """The hash over the leaves ``index * 2**height`` up to, not including, ``(index + 1) * 2**height``."""


Source = Sequence[bytes] | NodeSource


class LeafHashes:
    """A sequence of leaf hashes as a :class:`NodeSource`; computes what is asked for and remembers nothing."""

    def __init__(self, hashes: Sequence[bytes]) -> None:
        self._hashes = hashes

    def node(self, height: int, index: int) -> bytes:
        """The perfect subtree's hash; ``IndexError`` when leaves are missing."""
        first = index << height
        level = list(self._hashes[first : first + (1 << height)])
        if len(level) != 1 << height:
            raise IndexError(f"the leaves from {first} are not all there")
        return fold(level)


def leaf_hash(data: bytes) -> bytes:
    """SHA-256(0x00 ‖ data)."""
    return sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """SHA-256(0x01 ‖ left ‖ right)."""
    return sha256(b"\x01" + left + right).digest()


def fold(level: Sequence[bytes]) -> bytes:
    """The hash of a perfect subtree from its nodes of one level; their number is a power of two."""
    while len(level) > 1:
        pairs = iter(level)
        level = [
            sha256(b"\x01" + left + right).digest()
            for left, right in zip(pairs, pairs, strict=True)
        ]
    return level[0]


def fold_right(subtrees: Iterable[bytes]) -> bytes:
    """The root over adjacent perfect subtrees given from right (small) to left (large); the empty root for none."""
    root: bytes | None = None
    for subtree in subtrees:
        root = subtree if root is None else node_hash(subtree, root)
    return EMPTY_ROOT if root is None else root


def root(leaf_hashes: Sequence[bytes]) -> bytes:
    """The root over the given leaf hashes; SHA-256 of nothing for none."""
    return tree_root(len(leaf_hashes), leaf_hashes)


def tree_root(size: int, source: Source) -> bytes:
    """The root of the tree of the first ``size`` leaves of ``source``."""
    _require_size(size)
    return _range_root(0, size, _nodes(source))


def inclusion_proof(index: int, size: int, source: Source) -> list[bytes]:
    """Hashes that lead from leaf ``index`` to the root of the tree of ``size``; at most ceil(log2(size)).

    Raises ``ValueError`` unless ``0 <= index < size``.
    """
    _require_size(size)
    if type(index) is not int or not 0 <= index < size:
        raise ValueError(f"index {index!r} is not in a tree of size {size}")
    nodes = _nodes(source)
    proof = []
    low, high = 0, size
    while high - low > 1:
        middle = low + _split(high - low)
        if index < middle:
            proof.append(_range_root(middle, high, nodes))
            high = middle
        else:
            proof.append(_range_root(low, middle, nodes))
            low = middle
    return proof[::-1]


def consistency_proof(size1: int, size2: int, source: Source) -> list[bytes]:
    """Hashes that show the tree of ``size1`` to be a prefix of the tree of ``size2``; none when the sizes are equal.

    Raises ``ValueError`` unless ``1 <= size1 <= size2``: nothing can be proved about the empty tree.
    """
    _require_size(size1)
    _require_size(size2)
    if not 1 <= size1 <= size2:
        raise ValueError(f"no consistency proof leads from size {size1} to size {size2}")
    if size1 == size2:
        return []
    nodes = _nodes(source)
    proof = []
    low, high = 0, size2
    while size1 != high:
        middle = low + _split(high - low)
        if size1 <= middle:
            proof.append(_range_root(middle, high, nodes))
            high = middle
        else:
            proof.append(_range_root(low, middle, nodes))
            low = middle
    if low > 0:
        proof.append(_range_root(low, high, nodes))
    return proof[::-1]


def verify_inclusion(
    index: int, size: int, leaf_hash: bytes, proof: Sequence[bytes], root: bytes
) -> None:
    """Raises :class:`InvalidProof` unless ``proof`` leads from the leaf at ``index`` to ``root`` at ``size`` (RFC 9162 §2.1.3.2)."""
    _check_sizes(index=index, size=size)
    _check_hashes(proof, leaf_hash=leaf_hash, root=root)
    if index >= size:
        raise InvalidProof(f"index {index} is not in a tree of size {size}")
    node, last, result = index, size - 1, leaf_hash
    for sibling in proof:
        if last == 0:
            raise InvalidProof("the proof has more hashes than the tree has levels")
        if node & 1 or node == last:
            result = node_hash(sibling, result)
            while not node & 1 and node:
                node, last = node >> 1, last >> 1
        else:
            result = node_hash(result, sibling)
        node, last = node >> 1, last >> 1
    if last != 0:
        raise InvalidProof("the proof has fewer hashes than it needs")
    if result != root:
        raise InvalidProof("the proof leads to another root")


def verify_consistency(
    size1: int, size2: int, proof: Sequence[bytes], root1: bytes, root2: bytes
) -> None:
    """Raises :class:`InvalidProof` unless the tree ``size1``, ``root1`` is a prefix of ``size2``, ``root2`` (RFC 9162 §2.1.4.2).

    Equal sizes need equal roots and no hashes. An older tree of size 0 is refused: any history is consistent with it.
    """
    _check_sizes(size1=size1, size2=size2)
    _check_hashes(proof, root1=root1, root2=root2)
    if size1 == 0:
        raise InvalidProof("nothing can be proved from an empty tree")
    if size1 > size2:
        raise InvalidProof(f"a tree of size {size1} is not a prefix of one of size {size2}")
    if size1 == size2:
        if proof:
            raise InvalidProof("trees of equal size need an empty proof")
        if root1 != root2:
            raise InvalidProof("two trees of equal size have different roots")
        return
    old, new = _roots_from_consistency(size1, size2, proof, root1)
    if old != root1:
        raise InvalidProof("the proof leads to another old root")
    if new != root2:
        raise InvalidProof("the proof leads to another new root")


def _roots_from_consistency(
    size1: int, size2: int, proof: Sequence[bytes], root1: bytes
) -> tuple[bytes, bytes]:
    """The two roots that the proof's hashes give for ``size1 < size2``."""
    if not proof:
        raise InvalidProof("the proof has fewer hashes than it needs")
    path = [root1, *proof] if size1 & (size1 - 1) == 0 else proof
    node, last = size1 - 1, size2 - 1
    while node & 1:
        node, last = node >> 1, last >> 1
    old = new = path[0]
    for sibling in path[1:]:
        if last == 0:
            raise InvalidProof("the proof has more hashes than the tree has levels")
        if node & 1 or node == last:
            old, new = node_hash(sibling, old), node_hash(sibling, new)
            while not node & 1 and node:
                node, last = node >> 1, last >> 1
        else:
            new = node_hash(new, sibling)
        node, last = node >> 1, last >> 1
    if last != 0:
        raise InvalidProof("the proof has fewer hashes than it needs")
    return old, new


def _split(size: int) -> int:
    """The largest power of two smaller than ``size`` (RFC 6962's k); ``size`` is at least 2."""
    return 1 << ((size - 1).bit_length() - 1)


def _range_root(low: int, high: int, nodes: NodeSource) -> bytes:
    """The root over leaves ``low`` to ``high``; ``low`` is a multiple of the range's first perfect subtree."""
    subtrees = []
    while low < high:
        height = (high - low).bit_length() - 1
        subtrees.append(nodes.node(height, low >> height))
        low += 1 << height
    return fold_right(reversed(subtrees))


def _nodes(source: Source) -> NodeSource:
    return LeafHashes(source) if isinstance(source, Sequence) else source


def _require_size(size: int) -> None:
    if type(size) is not int or not 0 <= size <= MAX_SIZE:
        raise ValueError(f"{size!r} is not the size of a tree")


def _check_sizes(**sizes: int) -> None:
    for name, size in sizes.items():
        if type(size) is not int or not 0 <= size <= MAX_SIZE:
            raise InvalidProof(f"{name} is not a whole number that a tree can have")


def _check_hashes(proof: Sequence[bytes], **hashes: bytes) -> None:
    if not isinstance(proof, list | tuple):
        raise InvalidProof("the proof is not a list of hashes")
    for name, value in (
        *hashes.items(),
        *((f"proof[{i}]", value) for i, value in enumerate(proof)),
    ):
        if type(value) is not bytes or len(value) != HASH_SIZE:
            raise InvalidProof(f"{name} is not a hash of {HASH_SIZE} bytes")
