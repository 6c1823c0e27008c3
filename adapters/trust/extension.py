"""Whether one checkpoint continues another, shown to anyone: with a proof from the log, or from a file without it.

An extension file is the newer checkpoint with the proof that it continues the older one, in the form in which a log speaks to a
witness (C2SP tlog-witness, add-checkpoint)::

    old 1200
    base64 hashes, one a line
    <empty line>
    the newer checkpoint, with its signatures
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from adapters.log.checkpoints import Checkpoint, check_extends, open_checkpoint
from adapters.log.merkle import InvalidProof
from adapters.log.notes import MalformedNote, Note, VerifierKey
from adapters.log.proofs import ProofFile, Verified, verify_proof_file
from adapters.log.witness import Request
from adapters.trust.succession import Succession

SUFFIX = ".tlog-extension"
_START = b"old "

Prove = Callable[[int, int], Sequence[bytes]]
"""Gives the consistency proof between two sizes of the log."""


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
    InvalidNote (form, signature, another log, contradiction) or InvalidProof.
    """
    trusted = succession(vkey, letters)
    before = read_checkpoint(old, trusted)
    if is_extension(new):
        request = Request.parse(new)
        if request.old_size != before.size:
            raise MalformedNote(f"证明从 {request.old_size} 条起，而旧检查点是 {before.size} 条")
        after, proof = read_checkpoint(request.note, trusted), request.proof
    else:
        after = read_checkpoint(new, trusted)
        proof = tuple(_between(before, after, prove)) if prove is not None else ()
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

    Raises InvalidNote, InvalidProof, or ValueError for a quorum out of reach.
    """
    trusted = succession(vkey, letters)
    at = trusted.signer_of(Note.parse(ProofFile.parse(file).note))
    return verify_proof_file(file, trusted.keys[at], witnesses, quorum)


def _between(old: Checkpoint, new: Checkpoint, prove: Prove) -> Sequence[bytes]:
    if not 0 < old.size < new.size:
        return ()
    try:
        return prove(old.size, new.size)
    except (IndexError, ValueError) as error:
        raise InvalidProof(f"the log cannot prove {old.size} to {new.size}: {error}") from error
