"""Merkle trees against the published vectors, against RFC 6962's own recursive words, and against forgers."""

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
