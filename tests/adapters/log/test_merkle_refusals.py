"""What a verifier of Merkle proofs must refuse; published forgeries among them."""

from collections.abc import Callable
from typing import Any

import pytest

from adapters.log import merkle
from adapters.log.merkle import InvalidProof

MANY = [merkle.leaf_hash(n.to_bytes(4, "big")) for n in range(300)]
OTHER = merkle.leaf_hash(b"something else")

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
