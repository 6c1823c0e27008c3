"""Merkle trees against the published vectors, against RFC 6962's own recursive words, and against forgers."""

from collections.abc import Callable
from math import ceil, log2
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.log import merkle
from adapters.log.merkle import InvalidProof

LEAVES = [
    bytes.fromhex(leaf)
    for leaf in (
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    )
]
ROOTS = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
HASHES = [merkle.leaf_hash(leaf) for leaf in LEAVES]
MANY = [merkle.leaf_hash(n.to_bytes(4, "big")) for n in range(300)]
OTHER = merkle.leaf_hash(b"something else")
sizes = st.integers(min_value=1, max_value=300)


def split(n: int) -> int:
    k = 1
    while k * 2 < n:
        k *= 2
    return k


def naive_root(hashes: list[bytes]) -> bytes:
    """RFC 6962 §2.1, word for word."""
    if not hashes:
        return merkle.EMPTY_ROOT
    if len(hashes) == 1:
        return hashes[0]
    k = split(len(hashes))
    return merkle.node_hash(naive_root(hashes[:k]), naive_root(hashes[k:]))


def naive_path(m: int, hashes: list[bytes]) -> list[bytes]:
    """RFC 6962 §2.1.1, word for word."""
    if len(hashes) == 1:
        return []
    k = split(len(hashes))
    if m < k:
        return [*naive_path(m, hashes[:k]), naive_root(hashes[k:])]
    return [*naive_path(m - k, hashes[k:]), naive_root(hashes[:k])]


def naive_subproof(m: int, hashes: list[bytes], known: bool) -> list[bytes]:
    """RFC 6962 §2.1.2, word for word."""
    if m == len(hashes):
        return [] if known else [naive_root(hashes)]
    k = split(len(hashes))
    if m <= k:
        return [*naive_subproof(m, hashes[:k], known), naive_root(hashes[k:])]
    return [*naive_subproof(m - k, hashes[k:], False), naive_root(hashes[:k])]


@pytest.mark.parametrize("size", range(9))
def test_the_reference_leaves_have_the_reference_roots(size: int) -> None:
    assert merkle.root(HASHES[:size]).hex() == ROOTS[size]


def test_roots_are_those_of_the_definition() -> None:
    for size in range(301):
        assert merkle.root(MANY[:size]) == naive_root(MANY[:size])


@given(size=sizes, data=st.data())
def test_inclusion_proofs_are_those_of_the_definition_and_verify(
    size: int, data: st.DataObject
) -> None:
    index = data.draw(st.integers(0, size - 1))
    proof = merkle.inclusion_proof(index, size, MANY)
    assert proof == naive_path(index, MANY[:size])
    assert len(proof) <= ceil(log2(size))
    merkle.verify_inclusion(index, size, MANY[index], proof, merkle.root(MANY[:size]))


@given(size=sizes, data=st.data())
def test_consistency_proofs_are_those_of_the_definition_and_verify(
    size: int, data: st.DataObject
) -> None:
    older = data.draw(st.integers(1, size))
    proof = merkle.consistency_proof(older, size, MANY)
    assert proof == naive_subproof(older, MANY[:size], True)
    merkle.verify_consistency(
        older, size, proof, merkle.root(MANY[:older]), merkle.root(MANY[:size])
    )


def test_every_proof_in_every_small_tree_verifies() -> None:
    for size in range(1, 40):
        root = merkle.root(MANY[:size])
        for index in range(size):
            proof = merkle.inclusion_proof(index, size, MANY)
            merkle.verify_inclusion(index, size, MANY[index], proof, root)
        for older in range(1, size + 1):
            proof = merkle.consistency_proof(older, size, MANY)
            merkle.verify_consistency(older, size, proof, merkle.root(MANY[:older]), root)


@given(size=sizes, data=st.data())
def test_an_inclusion_proof_with_any_bit_flipped_is_refused(size: int, data: st.DataObject) -> None:
    index = data.draw(st.integers(0, size - 1))
    parts = [
        MANY[index],
        merkle.root(MANY[:size]),
        *merkle.inclusion_proof(index, size, MANY),
    ]
    part = data.draw(st.integers(0, len(parts) - 1))
    bit = data.draw(st.integers(0, 255))
    parts[part] = flipped(parts[part], bit)
    leaf, root, *proof = parts
    with pytest.raises(InvalidProof):
        merkle.verify_inclusion(index, size, leaf, proof, root)


@given(size=st.integers(2, 300), data=st.data())
def test_a_consistency_proof_with_any_bit_flipped_is_refused(
    size: int, data: st.DataObject
) -> None:
    older = data.draw(st.integers(1, size - 1))
    parts = [
        merkle.root(MANY[:older]),
        merkle.root(MANY[:size]),
        *merkle.consistency_proof(older, size, MANY),
    ]
    part = data.draw(st.integers(0, len(parts) - 1))
    parts[part] = flipped(parts[part], data.draw(st.integers(0, 255)))
    root1, root2, *proof = parts
    with pytest.raises(InvalidProof):
        merkle.verify_consistency(older, size, proof, root1, root2)


def flipped(value: bytes, bit: int) -> bytes:
    return (int.from_bytes(value, "big") ^ (1 << bit)).to_bytes(32, "big")


def test_an_inclusion_proof_holds_for_no_other_index() -> None:
    root = merkle.root(MANY[:37])
    for index in range(37):
        proof = merkle.inclusion_proof(index, 37, MANY)
        for other in set(range(37)) - {index}:
            with pytest.raises(InvalidProof):
                merkle.verify_inclusion(other, 37, MANY[index], proof, root)


Break = Callable[[dict[str, Any]], object]

BREAKS: dict[str, Break] = {
    "an index beyond the tree": lambda p: p.update(index=7),
    "an index far beyond the tree": lambda p: p.update(index=2**70),
    "a negative index": lambda p: p.update(index=-1),
    "an index that is a truth value": lambda p: p.update(index=True),
    "an index that is not whole": lambda p: p.update(index=2.0),
    "an index in words": lambda p: p.update(index="2"),
    "an empty tree": lambda p: p.update(size=0),
    "a negative size": lambda p: p.update(size=-7),
    "a size that is a truth value": lambda p: p.update(size=True),
    "a size that is not whole": lambda p: p.update(size=7.0),
    "a size beyond 63 bits": lambda p: p.update(size=2**63),
    "no size": lambda p: p.update(size=None),
    "a short leaf hash": lambda p: p.update(leaf_hash=p["leaf_hash"][:-1]),
    "a long leaf hash": lambda p: p.update(leaf_hash=p["leaf_hash"] + b"\0"),
    "an empty leaf hash": lambda p: p.update(leaf_hash=b""),
    "a leaf hash in hexadecimal": lambda p: p.update(leaf_hash=p["leaf_hash"].hex()[:32]),
    "a leaf hash that can change": lambda p: p.update(leaf_hash=bytearray(p["leaf_hash"])),
    "another leaf": lambda p: p.update(leaf_hash=OTHER),
    "a short root": lambda p: p.update(root=p["root"][:-1]),
    "another root": lambda p: p.update(root=OTHER),
    "no root": lambda p: p.update(root=None),
    "no hashes": lambda p: p.update(proof=[]),
    "no proof": lambda p: p.update(proof=None),
    "one string for a proof": lambda p: p.update(proof=b"".join(p["proof"])),
    "a missing first hash": lambda p: p["proof"].pop(0),
    "a missing last hash": lambda p: p["proof"].pop(),
    "an extra first hash": lambda p: p["proof"].insert(0, OTHER),
    "an extra last hash": lambda p: p["proof"].append(OTHER),
    "swapped hashes": lambda p: p["proof"].reverse(),
    "a short hash in the proof": lambda p: p["proof"].__setitem__(0, p["proof"][0][1:]),
    "text in the proof": lambda p: p["proof"].__setitem__(0, "x" * 32),
    "the wrong hash in the proof": lambda p: p["proof"].__setitem__(1, OTHER),
}


@pytest.mark.parametrize("what", BREAKS)
def test_an_inclusion_proof_is_refused_for(what: str) -> None:
    proof: dict[str, Any] = {
        "index": 2,
        "size": 7,
        "leaf_hash": MANY[2],
        "proof": merkle.inclusion_proof(2, 7, MANY),
        "root": merkle.root(MANY[:7]),
    }
    merkle.verify_inclusion(**proof)
    BREAKS[what](proof)
    with pytest.raises(InvalidProof):
        merkle.verify_inclusion(**proof)


CONSISTENCY_BREAKS: dict[str, Break] = {
    "an empty older tree": lambda p: p.update(size1=0),
    "an empty older tree with its root and no hashes": lambda p: p.update(
        size1=0, root1=merkle.EMPTY_ROOT, proof=[]
    ),
    "two empty trees": lambda p: p.update(
        size1=0, size2=0, root1=merkle.EMPTY_ROOT, root2=merkle.EMPTY_ROOT, proof=[]
    ),
    "a negative size": lambda p: p.update(size1=-3),
    "a size that is a truth value": lambda p: p.update(size1=True),
    "a size that is not whole": lambda p: p.update(size2=7.0),
    "a size beyond 63 bits": lambda p: p.update(size2=2**63),
    "an older tree that is larger": lambda p: p.update(size1=8),
    "sizes the wrong way round": lambda p: p.update(size1=p["size2"], size2=p["size1"]),
    "roots the wrong way round": lambda p: p.update(root1=p["root2"], root2=p["root1"]),
    "another older size": lambda p: p.update(size1=4),
    "another newer size": lambda p: p.update(size2=9),
    "equal sizes with hashes": lambda p: p.update(size1=7, root1=p["root2"]),
    "equal sizes with different roots": lambda p: p.update(size1=7, proof=[]),
    "no hashes": lambda p: p.update(proof=[]),
    "no proof": lambda p: p.update(proof=None),
    "a missing first hash": lambda p: p["proof"].pop(0),
    "a missing last hash": lambda p: p["proof"].pop(),
    "an extra first hash": lambda p: p["proof"].insert(0, OTHER),
    "an extra last hash": lambda p: p["proof"].append(OTHER),
    "swapped hashes": lambda p: p["proof"].reverse(),
    "a short hash in the proof": lambda p: p["proof"].__setitem__(0, p["proof"][0][1:]),
    "a short older root": lambda p: p.update(root1=p["root1"][:31]),
    "a long newer root": lambda p: p.update(root2=p["root2"] + b"\0"),
    "another older root": lambda p: p.update(root1=OTHER),
    "another newer root": lambda p: p.update(root2=OTHER),
}


@pytest.mark.parametrize("what", CONSISTENCY_BREAKS)
def test_a_consistency_proof_is_refused_for(what: str) -> None:
    proof: dict[str, Any] = {
        "size1": 3,
        "size2": 7,
        "proof": merkle.consistency_proof(3, 7, MANY),
        "root1": merkle.root(MANY[:3]),
        "root2": merkle.root(MANY[:7]),
    }
    merkle.verify_consistency(**proof)
    CONSISTENCY_BREAKS[what](proof)
    with pytest.raises(InvalidProof):
        merkle.verify_consistency(**proof)


@pytest.mark.parametrize("older", range(1, 9))
def test_history_put_before_the_old_one_is_not_consistent(older: int) -> None:
    old, new = MANY[:older], [*MANY[100 : 100 + older], *MANY[:older]]
    before, root1, root2 = merkle.root(MANY[100 : 100 + older]), merkle.root(old), merkle.root(new)
    moved = merkle.inclusion_proof(older, len(new), new)
    for forged in ([before], [root1, before], [before, root1], moved, moved[::-1], [*moved, root1]):
        with pytest.raises(InvalidProof):
            merkle.verify_consistency(older, len(new), forged, root1, root2)


def test_rewritten_history_has_no_proof() -> None:
    rewritten = [*MANY[:5], OTHER, *MANY[6:20]]
    with pytest.raises(InvalidProof):
        merkle.verify_consistency(
            8,
            20,
            merkle.consistency_proof(8, 20, rewritten),
            merkle.root(MANY[:8]),
            merkle.root(rewritten),
        )


@pytest.mark.parametrize(("index", "size"), [(0, 0), (3, 3), (-1, 3), (True, 3), (1, -1), (1, 2.0)])
def test_nothing_is_proved_about_leaves_that_are_not_there(index: Any, size: Any) -> None:
    with pytest.raises(ValueError, match="tree"):
        merkle.inclusion_proof(index, size, MANY)


@pytest.mark.parametrize(("older", "size"), [(0, 0), (0, 3), (4, 3), (-1, 3), (True, 3)])
def test_no_consistency_is_proved_from_nothing_or_backwards(older: Any, size: Any) -> None:
    with pytest.raises(ValueError, match="size"):
        merkle.consistency_proof(older, size, MANY)


def test_a_source_that_lacks_leaves_gives_no_proof() -> None:
    with pytest.raises(IndexError):
        merkle.inclusion_proof(2, 301, MANY)


def test_a_leaf_is_never_a_node() -> None:
    left, right = HASHES[:2]
    assert merkle.leaf_hash(left + right) != merkle.node_hash(left, right)
