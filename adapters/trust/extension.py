"""Whether one checkpoint continues another, shown to anyone: with a proof from the log, or from a file without it.

An extension file is the newer checkpoint with the proof that it continues the older one, in the form in which a log speaks to a
witness (C2SP tlog-witness, add-checkpoint)::

    old 1200
    base64 hashes, one a line
    <empty line>
    the newer checkpoint, with its signatures
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from adapters.log import leaf
from adapters.log.checkpoints import Checkpoint, check_extends, open_checkpoint
from adapters.log.merkle import InvalidProof
from adapters.log.notes import InvalidNote, MalformedNote, Note, VerifierKey
from adapters.log.proofs import ProofFile, Verified, verify_proof_file
from adapters.log.witness import Request
from adapters.trust.succession import Succession

SUFFIX = ".tlog-extension"
_START = b"old "

Prove = Callable[[int, int], Sequence[bytes]]
"""Gives the consistency proof between two sizes of the log."""


class Unproven(InvalidNote):
    """The hashes of a proof do not show what they claim. The message is Chinese."""


def read_checkpoint(
    note: bytes, vkey: str | Succession, letters: Sequence[bytes] = ()
) -> Checkpoint:
    """A checkpoint signed by the trusted key or a successor; raises InvalidNote in all its kinds."""
    trusted = vkey if isinstance(vkey, Succession) else succession(vkey, letters)
    trusted.signer_of(Note.parse(note))
    return open_checkpoint(note, *trusted.keys)[0]


def succession(vkey: str, letters: Sequence[bytes] = ()) -> Succession:
    """The trusted key of a vkey line and those that it was handed over to."""
    return Succession.after(VerifierKey.parse(vkey), letters)


def is_extension(data: bytes) -> bool:
    """Whether a file is an extension file rather than a checkpoint alone."""
    return data.startswith(_START)


def extension(old: bytes, new: bytes, prove: Prove) -> bytes:
    """The extension file from one checkpoint to a later one of the same log."""
    before, after = (Checkpoint.parse(Note.parse(note).text) for note in (old, new))
    return Request(before.size, tuple(_between(before, after, prove)), new).encode()


def extends(
    old: bytes, new: bytes, vkey: str, *, prove: Prove | None = None, letters: Sequence[bytes] = ()
) -> tuple[Checkpoint, Checkpoint]:
    """Both checkpoints, if the new one continues the old one.

    ``new`` is a checkpoint, for which ``prove`` gives the proof from the log, or an extension file, which needs no log. Raises
    InvalidNote in all its kinds (form, signature, another log, contradiction, proof).
    """
    trusted = succession(vkey, letters)
    before = read_checkpoint(old, trusted)
    proof: Sequence[bytes] = ()
    if is_extension(new):
        request = Request.parse(new)
        if request.old_size != before.size:
            raise MalformedNote(f"证明从 {request.old_size} 条起，而旧检查点是 {before.size} 条")
        new, proof = request.note, request.proof
    after = read_checkpoint(new, trusted)
    with _in_chinese():
        if prove is not None and not proof:
            proof = _between(before, after, prove)
        check_extends(before, after, proof)
    return before, after


def verify_proof(
    file: bytes,
    vkey: str,
    *,
    witnesses: Sequence[str] = (),
    quorum: int = 0,
    letters: Sequence[bytes] = (),
) -> Verified:
    """What a proof file shows, checked with nothing but the file and the known keys.

    Raises InvalidNote in all its kinds, or ValueError for a quorum out of reach.
    """
    trusted = succession(vkey, letters)
    at = trusted.signer_of(Note.parse(ProofFile.parse(file).note))
    with _in_chinese():
        return verify_proof_file(file, trusted.keys[at], witnesses, quorum)


def shown_event(verified: Verified) -> dict[str, Any]:
    """What a proof file showed, as JSON has it: position, log, size, root, witnesses, and the event itself.

    Raises MalformedNote where the entry is not an event of this program.
    """
    try:
        event = leaf.decode(verified.leaf)
        state = json.loads(event.state)
    except ValueError as error:
        raise MalformedNote(f"所证明的条目不是本系统的事件：{error}") from error
    return {
        "position": verified.index + 1,
        "log": verified.checkpoint.origin,
        "size": verified.checkpoint.size,
        "root": verified.checkpoint.root.hex(),
        "witnesses": {key.name: at.isoformat() for key, at in verified.witnesses},
        "event": {
            "originator_id": str(event.originator_id),
            "version": event.originator_version,
            "topic": event.topic,
            "state": state,
        },
    }


@contextmanager
def _in_chinese() -> Iterator[None]:
    try:
        yield
    except InvalidProof as error:
        raise Unproven(f"证明不成立（{error}）") from error


def _between(old: Checkpoint, new: Checkpoint, prove: Prove) -> Sequence[bytes]:
    if not 0 < old.size < new.size:
        return ()
    try:
        return prove(old.size, new.size)
    except (IndexError, ValueError) as error:
        raise InvalidProof(f"the log cannot prove {old.size} to {new.size}: {error}") from error
