"""The SM3 root beside the SHA-256 one."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from adapters.log import keys
from adapters.log.checkpoints import Checkpoint, SignedCheckpoints, open_checkpoint
from adapters.log.engine import reading
from adapters.log.merkle import consistency_proof, tree_root
from adapters.log.sm3 import Edge, Sm3Roots, check_sm3, edge, sm3, sm3_root
from adapters.log.stores import open_store
from adapters.log.tree import StoredTree
from tests.adapters.audit.scene import Town


def plain_root(leaves: Sequence[bytes]) -> bytes:
    """RFC 6962 §2.1 word for word, with SM3."""
    if not leaves:
        return sm3(b"")
    if len(leaves) == 1:
        return sm3(b"\0" + leaves[0])
    split = 1 << (len(leaves) - 1).bit_length() - 1
    return sm3(b"\1" + plain_root(leaves[:split]) + plain_root(leaves[split:]))


def test_the_hash_is_that_of_the_standard() -> None:
    """GB/T 32905-2016, example 1."""
    assert sm3(b"abc").hex() == "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"


@given(st.lists(st.binary(max_size=8), max_size=40), st.integers(0, 40))
def test_a_tree_grown_in_two_steps_has_the_root_of_the_definition(
    leaves: list[bytes], split: int
) -> None:
    grown = Edge().grown(leaves[:split]).grown(leaves[split:])
    assert (grown.size, grown.root) == (len(leaves), plain_root(leaves))


def test_a_checkpoint_states_it_under_its_signature_and_the_log_confirms_it(
    town: Town, tmp_path: Path
) -> None:
    engine = town.house.engine
    store = open_store(f"sqlite:///{tmp_path / 'signed.db'}")
    signer = keys.create_signer(tmp_path / "sm3.key", "log.example/sm3")
    signed, roots = SignedCheckpoints(store, signer), Sm3Roots(engine, store, "log.example/sm3")

    def proof(old: int, new: int) -> list[bytes]:
        with reading(engine) as connection:
            return consistency_proof(old, new, StoredTree(connection))

    notes = []
    for _ in range(2):
        town.register.privacy.note_export(town.by("officer"), what="list")
        size = town.house.queries.last()
        with reading(engine) as connection:
            root = tree_root(size, StoredTree(connection))
        notes.append(signed.sign(size, root, proof, roots.extensions(size)))
    checkpoints = [open_checkpoint(note, signer.vkey)[0] for note in notes]
    assert [check_sm3(engine, each) for each in checkpoints] == [True, True]
    last = checkpoints[-1]
    assert sm3_root(last) == edge(engine, last.size).root
    plain = Checkpoint(last.origin, last.size, last.root)
    wrong = Checkpoint(last.origin, last.size, last.root, ("sm3 " + "A" * 43 + "=",))
    assert (check_sm3(engine, plain), check_sm3(engine, wrong)) == (None, False)
