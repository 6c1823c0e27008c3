"""Proof files: anyone can check one without us, and no part of one can be changed unnoticed."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.log import merkle
from adapters.log.checkpoints import Checkpoint
from adapters.log.notes import (
    InvalidNote,
    MalformedNote,
    Note,
    Signature,
    UnverifiedNote,
    encode_base64,
    sign,
)
from adapters.log.proofs import (
    HEADER,
    MAX_FILE_BYTES,
    MissingLeaf,
    ProofFile,
    Verified,
    verify_proof_file,
)
from tests.adapters.log.small_log import ORIGIN, SmallLog, cosigner

AT = datetime(2026, 11, 20, 8, 30, tzinfo=UTC)
LOG = SmallLog.of_size(11)
VKEY = str(LOG.signer.vkey)
W1, W2, W3 = cosigner("w1"), cosigner("w2"), cosigner("w3")


def cosigned(*names: str) -> bytes:
    lines = [cosigner(name).cosign(LOG.checkpoint(), AT) for name in names]
    return Note.parse(LOG.note()).signed(*lines).encode()


@given(st.integers(1, 70), st.data())
def test_every_entry_of_every_tree_can_be_shown(size: int, data: st.DataObject) -> None:
    log = SmallLog.of_size(size)
    index = data.draw(st.integers(0, size - 1))
    file = log.proof_file(index).encode()
    expected = Verified(index, log.checkpoint(), f"entry {index}".encode())
    assert verify_proof_file(file, VKEY) == expected


def test_a_file_is_written_as_the_format_prescribes() -> None:
    log = SmallLog([b"a", b"b"])
    assert log.proof_file(1).encode() == (
        b"c2sp.org/tlog-proof@v1\nextra Yg==\nindex 1\n"
        + encode_base64(merkle.leaf_hash(b"a")).encode()
        + b"\n\n"
        + log.note()
    )


def test_a_file_without_hashes_or_extra_reads_and_writes_back() -> None:
    log = SmallLog([b"only"])
    proof = replace(log.proof_file(0), extra=None)
    assert proof.encode().startswith(
        b"c2sp.org/tlog-proof@v1\nindex 0\n\nregister.example/city\n1\n"
    )
    assert ProofFile.parse(proof.encode()) == proof


def test_an_empty_entry_can_be_shown() -> None:
    assert verify_proof_file(SmallLog([b"", b"x"]).proof_file(0).encode(), VKEY).leaf == b""


def test_the_entry_may_come_from_elsewhere() -> None:
    bare = replace(LOG.proof_file(4), extra=None).encode()
    assert verify_proof_file(bare, VKEY, leaf=b"entry 4").leaf == b"entry 4"
    with pytest.raises(MissingLeaf):
        verify_proof_file(bare, VKEY)
    with pytest.raises(merkle.InvalidProof):
        verify_proof_file(bare, VKEY, leaf=b"entry 5")
    with pytest.raises(MalformedNote):
        verify_proof_file(LOG.proof_file(4).encode(), VKEY, leaf=b"entry 5")


def test_every_flipped_bit_is_noticed() -> None:
    good = SmallLog.of_size(3).proof_file(1).encode()
    for position in range(len(good) * 8):
        bad = bytearray(good)
        bad[position // 8] ^= 1 << position % 8
        with pytest.raises((InvalidNote, merkle.InvalidProof)):
            verify_proof_file(bytes(bad), VKEY)


def test_another_entry_or_another_place_is_not_shown() -> None:
    proof = LOG.proof_file(4)
    for wrong in (
        replace(proof, index=5),
        replace(proof, index=11),
        replace(proof, extra=b"entry 5"),
        replace(proof, hashes=proof.hashes[:-1]),
        replace(proof, hashes=(*proof.hashes, bytes(32))),
        replace(proof, hashes=tuple(reversed(proof.hashes))),
        replace(proof, note=LOG.note(10)),
    ):
        with pytest.raises(merkle.InvalidProof):
            verify_proof_file(wrong.encode(), VKEY)


def test_an_inner_node_cannot_be_shown_as_an_entry() -> None:
    log = SmallLog([b"a", b"b", b"c", b"d"])
    left, right = merkle.root(log.hashes[:2]), merkle.root(log.hashes[2:])
    inner = log.hashes[0] + log.hashes[1]
    forged = ProofFile(0, (right,), log.note(), inner)
    assert merkle.node_hash(left, right) == log.checkpoint().root
    with pytest.raises(merkle.InvalidProof):
        verify_proof_file(forged.encode(), VKEY)


def test_the_logs_key_and_name_are_pinned() -> None:
    stranger = SmallLog(LOG.entries, seed="stranger")
    with pytest.raises(UnverifiedNote):
        verify_proof_file(stranger.proof_file(4).encode(), VKEY)
    elsewhere = sign(replace(LOG.checkpoint(), origin="other").body(), LOG.signer).encode()
    with pytest.raises(MalformedNote):
        verify_proof_file(LOG.proof_file(4, note=elsewhere).encode(), VKEY)
    shown = verify_proof_file(LOG.proof_file(4, note=elsewhere).encode(), VKEY, origin="other")
    assert shown.checkpoint.origin == "other"


def test_a_quorum_of_witnesses_is_counted() -> None:
    file = LOG.proof_file(4, note=cosigned("w1", "w2", "unknown")).encode()
    known = [W1.vkey, str(W2.vkey), W3.vkey]
    shown = verify_proof_file(file, VKEY, known, quorum=2)
    assert shown.witnesses == ((W1.vkey, AT), (W2.vkey, AT))
    with pytest.raises(UnverifiedNote):
        verify_proof_file(file, VKEY, known, quorum=3)
    with pytest.raises(ValueError, match="quorum"):
        verify_proof_file(file, VKEY, known, quorum=4)


def test_one_key_under_two_names_is_one_witness() -> None:
    twin = replace(W1, name="w1-twin")
    lines = (W1.cosign(LOG.checkpoint(), AT), twin.cosign(LOG.checkpoint(), AT))
    file = LOG.proof_file(4, note=Note.parse(LOG.note()).signed(*lines).encode()).encode()
    with pytest.raises(UnverifiedNote):
        verify_proof_file(file, VKEY, [W1.vkey, twin.vkey, W2.vkey], quorum=2)
    with pytest.raises(ValueError, match="quorum"):
        verify_proof_file(file, VKEY, [W1.vkey, twin.vkey], quorum=2)


def test_a_cosignature_alone_does_not_replace_the_logs_signature() -> None:
    tree = LOG.checkpoint()
    note = Note(tree.body(), (W1.cosign(tree, AT),)).encode()
    with pytest.raises(UnverifiedNote):
        verify_proof_file(LOG.proof_file(4, note=note).encode(), VKEY, [W1.vkey], quorum=1)


def test_a_known_witnesss_false_cosignature_condemns_the_file() -> None:
    false = Signature(W1.name, W1.vkey.key_id, bytes(72))
    note = Note.parse(cosigned("w2")).signed(false).encode()
    with pytest.raises(UnverifiedNote):
        verify_proof_file(LOG.proof_file(4, note=note).encode(), VKEY, [W1.vkey, W2.vkey], quorum=1)


def test_a_time_beyond_every_calendar_is_refused() -> None:
    seconds = 2**62
    body = LOG.checkpoint().body()
    blob = W1.private.sign(f"cosignature/v1\ntime {seconds}\n{body}".encode())
    line = Signature(W1.name, W1.vkey.key_id, seconds.to_bytes(8) + blob)
    note = Note.parse(LOG.note()).signed(line).encode()
    with pytest.raises(MalformedNote):
        verify_proof_file(LOG.proof_file(4, note=note).encode(), VKEY, [W1.vkey])


HASH = encode_base64(bytes(32))
NOTE = LOG.note().decode()


@pytest.mark.parametrize(
    "text",
    [
        "",
        HEADER,
        f"{HEADER}\n",
        f"{HEADER}\nindex 0",
        f"{HEADER}\nindex 0\n{HASH}\n",
        f"{HEADER}\n\n{NOTE}",
        f"{HEADER}\nindex 0\n{NOTE}".replace("\n\n", "\n"),
        f"c2sp.org/tlog-proof@v2\nindex 0\n\n{NOTE}",
        f"{HEADER} \nindex 0\n\n{NOTE}",
        f"\n{HEADER}\nindex 0\n\n{NOTE}",
        f"{HEADER}\nindex\n\n{NOTE}",
        f"{HEADER}\nindex \n\n{NOTE}",
        f"{HEADER}\nindex 00\n\n{NOTE}",
        f"{HEADER}\nindex -1\n\n{NOTE}",
        f"{HEADER}\nindex 1 \n\n{NOTE}",
        f"{HEADER}\nindex {2**63}\n\n{NOTE}",
        f"{HEADER}\nindex 0\nextra QQ==\n\n{NOTE}",
        f"{HEADER}\nextra QQ==\nextra QQ==\nindex 0\n\n{NOTE}",
        f"{HEADER}\nextra QQ\nindex 0\n\n{NOTE}",
        f"{HEADER}\nextra QR==\nindex 0\n\n{NOTE}",
        f"{HEADER}\nextra\nindex 0\n\n{NOTE}",
        f"{HEADER}\nextra QQ==\n\n{NOTE}",
        f"{HEADER}\nindex 0\nAAAA\n\n{NOTE}",
        f"{HEADER}\nindex 0\n {HASH}\n\n{NOTE}",
        f"{HEADER}\nindex 0\n{HASH}\r\n\n{NOTE}",
        f"{HEADER}\nindex 0\n{(HASH + chr(10)) * 64}\n{NOTE}",
        f"{HEADER}\nindex 0é\n\n{NOTE}",
        f"{HEADER}\r\nindex 0\r\n\r\n{NOTE}",
    ],
)
def test_what_is_not_a_proof_file_is_refused(text: str) -> None:
    with pytest.raises(MalformedNote):
        ProofFile.parse(text.encode())


def test_a_file_that_nobody_would_read_is_not_written() -> None:
    proof = LOG.proof_file(0)
    with pytest.raises(MalformedNote):
        replace(proof, extra=bytes(MAX_FILE_BYTES)).encode()
    longest = replace(proof, extra=bytes(5_990_000))
    assert ProofFile.parse(longest.encode()) == longest


def test_a_file_of_the_largest_size_is_read_and_no_larger_one() -> None:
    head = f"{HEADER}\nindex 0\n\n".encode()
    largest = head + b"x" * (MAX_FILE_BYTES - len(head))
    assert ProofFile.parse(largest).encode() == largest
    with pytest.raises(MalformedNote):
        ProofFile.parse(largest + b"x")


def test_as_many_hashes_as_a_tree_can_have_levels_are_read() -> None:
    proof = ProofFile(0, (bytes(32),) * 63, LOG.note())
    assert ProofFile.parse(proof.encode()) == proof


def test_an_empty_tree_shows_nothing() -> None:
    empty = sign(Checkpoint(ORIGIN, 0, merkle.EMPTY_ROOT).body(), LOG.signer).encode()
    with pytest.raises(merkle.InvalidProof):
        verify_proof_file(ProofFile(0, (), empty, b"x").encode(), VKEY)


PIECES = st.sampled_from(
    [HEADER, "\n", "\n\n", "extra ", "index ", "index 0\n", "QQ==", HASH, "0", "1", NOTE, "é", "\0"]
)


@given(st.lists(PIECES, max_size=12))
def test_anything_made_of_the_pieces_of_proofs_is_shown_or_refused(pieces: list[str]) -> None:
    with pytest.raises((InvalidNote, merkle.InvalidProof)):
        verify_proof_file("".join(pieces).encode(), VKEY)


@given(st.binary(max_size=300))
def test_any_bytes_after_the_header_are_a_proof_file_or_refused(data: bytes) -> None:
    try:
        proof = ProofFile.parse(HEADER.encode() + b"\nindex 0\n" + data)
    except MalformedNote:
        return
    assert proof.encode() == HEADER.encode() + b"\nindex 0\n" + data
