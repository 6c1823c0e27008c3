"""Proof files: that an entry is in the log, for anyone to check without us (C2SP tlog-proof).

    c2sp.org/tlog-proof@v1
    extra base64 of the entry's bytes
    index 73894
    base64 hashes, one a line, from the leaf's sibling up to the root's child
    <empty line>
    checkpoint, with its signatures

The file's `extra` line is opaque to the format; ours carries the bytes of the leaf, so that the file alone
shows what was recorded. It is trusted only after its hash has led to the signed root.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from adapters.log import merkle
from adapters.log.checkpoints import Checkpoint, open_checkpoint, parse_decimal
from adapters.log.cosignatures import WitnessKey, cosigned_seconds
from adapters.log.notes import (
    InvalidNote,
    MalformedNote,
    UnverifiedNote,
    VerifierKey,
    decode_base64,
    encode_base64,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from adapters.log.notes import Note

HEADER = "c2sp.org/tlog-proof@v1"
SUFFIX = ".tlog-proof"
MAX_FILE_BYTES = 8_000_000
MAX_HASHES = 63


class MissingLeaf(InvalidNote):
    """The file does not carry the entry's bytes and nobody else gave them: nothing can be shown."""


@dataclass(frozen=True, slots=True)
class ProofFile:
    """A proof as written down. index: zero-based; note: the checkpoint verbatim; extra: the leaf's bytes."""

    index: int
    hashes: tuple[bytes, ...]
    note: bytes
    extra: bytes | None = None

    def encode(self) -> bytes:
        """The file's bytes; raises MalformedNote if nobody would read so long a file."""
        lines = [HEADER]
        if self.extra is not None:
            lines.append(f"extra {encode_base64(self.extra)}")
        lines += [f"index {self.index}", *map(encode_base64, self.hashes), "", ""]
        data = "\n".join(lines).encode() + self.note
        if len(data) > MAX_FILE_BYTES:
            raise MalformedNote(f"证明文件超过 {MAX_FILE_BYTES} 字节")
        return data

    @classmethod
    def parse(cls, data: bytes) -> ProofFile:
        """Read a proof file; raises MalformedNote. The checkpoint in it is not looked at yet."""
        if len(data) > MAX_FILE_BYTES:
            raise MalformedNote(f"证明文件超过 {MAX_FILE_BYTES} 字节")
        head, gap, note = data.partition(b"\n\n")
        if not gap:
            raise MalformedNote("证明与检查点之间缺少空行")
        lines = _ascii_lines(head)
        if lines.pop(0) != HEADER:
            raise MalformedNote(f"首行须为“{HEADER}”")
        extra = None
        if lines and lines[0].startswith("extra "):
            extra = decode_base64(lines.pop(0).removeprefix("extra "))
            if extra is None:
                raise MalformedNote("extra 行须为 base64")
        index = parse_decimal(lines.pop(0).removeprefix("index ")) if _has_index(lines) else None
        if index is None:
            raise MalformedNote("缺少“index 序号”行，或序号不是十进制数")
        return cls(index, parse_hashes(lines), note, extra)


def parse_hashes(lines: Sequence[str]) -> tuple[bytes, ...]:
    """Base64 lines of 32-byte hashes, 63 at most; raises MalformedNote."""
    if len(lines) > MAX_HASHES:
        raise MalformedNote(f"证明超过 {MAX_HASHES} 行")
    hashes = []
    for line in lines:
        raw = decode_base64(line)
        if raw is None or len(raw) != merkle.HASH_SIZE:
            raise MalformedNote("证明的每一行须为 32 字节哈希的 base64")
        hashes.append(raw)
    return tuple(hashes)


@dataclass(frozen=True, slots=True)
class Verified:
    """What a proof file shows: these bytes are entry `index` (from 0) of the log of this checkpoint.

    witnesses: the known witnesses under it, with the time that each states.
    """

    index: int
    checkpoint: Checkpoint
    leaf: bytes
    witnesses: tuple[tuple[WitnessKey, datetime], ...] = ()


def verify_proof_file(
    data: bytes,
    log_vkey: str | VerifierKey,
    witnesses: Sequence[str | WitnessKey] = (),
    quorum: int = 0,
    *,
    origin: str | None = None,
    leaf: bytes | None = None,
) -> Verified:
    """Check everything a proof file claims, with nothing but the file and the known keys.

    origin: the log's name, by default its key's; quorum: how many of the witnesses must have cosigned;
    leaf: the entry's bytes when the file has none. Raises InvalidNote (form, signatures, origin, quorum)
    or merkle.InvalidProof (the hashes do not lead to the root); ValueError for a quorum out of reach.
    """
    log_key = VerifierKey.parse(log_vkey) if isinstance(log_vkey, str) else log_vkey
    keys = [WitnessKey.parse(w) if isinstance(w, str) else w for w in witnesses]
    if not 0 <= quorum <= len({key.public for key in keys}):
        raise ValueError(f"a quorum of {quorum} is out of reach")
    proof = ProofFile.parse(data)
    checkpoint, note = open_checkpoint(proof.note, log_key, origin=origin)
    cosigned = cosigned_by(note, keys)
    found = len({key.public for key, _ in cosigned})
    if found < quorum:
        raise UnverifiedNote(f"需要 {quorum} 个见证者联署，只有 {found} 个")
    if leaf is not None and proof.extra is not None and leaf != proof.extra:
        raise MalformedNote("文件所带的条目内容与给出的不同")
    shown = proof.extra if leaf is None else leaf
    if shown is None:
        raise MissingLeaf("证明文件没有附带条目内容（extra 行）")
    merkle.verify_inclusion(
        proof.index, checkpoint.size, merkle.leaf_hash(shown), list(proof.hashes), checkpoint.root
    )
    return Verified(proof.index, checkpoint, shown, cosigned)


def cosigned_by(
    note: Note, witnesses: Sequence[WitnessKey]
) -> tuple[tuple[WitnessKey, datetime], ...]:
    """The known witnesses that cosigned the note and their latest times; raises BadSignature."""
    if not any(s.by(key) for s in note.signatures for key in witnesses):
        return ()
    times: dict[WitnessKey, int] = {}
    for signature in note.verify(witnesses):
        key = next(key for key in witnesses if signature.by(key))
        times[key] = max(times.get(key, 0), cosigned_seconds(signature))
    return tuple((key, _moment(seconds)) for key, seconds in times.items())


def _moment(seconds: int) -> datetime:
    try:
        return datetime.fromtimestamp(seconds, UTC)
    except (ValueError, OverflowError, OSError) as error:
        raise MalformedNote("联署时间不是可信的时间") from error


def _has_index(lines: Sequence[str]) -> bool:
    return bool(lines) and lines[0].startswith("index ")


def _ascii_lines(head: bytes) -> list[str]:
    try:
        return head.decode("ascii").split("\n")
    except UnicodeDecodeError as error:
        raise MalformedNote("证明部分含有 ASCII 以外的字符") from error
