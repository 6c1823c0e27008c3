"""Checkpoints: what a log says of itself at one size (C2SP tlog-checkpoint), and the promise never to
sign two that contradict each other.

The body is the origin, the size, the base64 root and any extension lines; a checkpoint is a signed note
over it. What was signed is remembered in a store of its own, apart from the events: should an old copy
of the events be put back and written on, the log refuses to sign the fork.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import (
    BigInteger,
    Column,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    func,
    inspect,
    select,
)

from adapters.log import merkle
from adapters.log.notes import (
    InvalidNote,
    MalformedNote,
    Note,
    Signature,
    Signer,
    Verifier,
    VerifierKey,
    decode_base64,
    encode_base64,
    sign,
    signable,
)
from adapters.log.stores import reading, writing

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from sqlalchemy import Connection, Engine

_DECIMAL = re.compile(r"0|[1-9][0-9]{0,18}", re.ASCII)


class Contradiction(InvalidNote):
    """The checkpoint denies one that was signed before: the history was cut, rewritten or put back."""


def parse_decimal(text: str) -> int | None:
    """ASCII decimal without leading zeros, at most 2⁶³−1; None for anything else."""
    if not _DECIMAL.fullmatch(text):
        return None
    number = int(text)
    return number if number <= merkle.MAX_SIZE else None


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """The log named `origin` has `size` entries under the 32-byte `root`."""

    origin: str
    size: int
    root: bytes
    extensions: tuple[str, ...] = ()

    def body(self) -> str:
        """The text that is signed; raises MalformedNote for what no checkpoint can say."""
        lines = [self.origin, str(self.size), encode_base64(self.root), *self.extensions]
        text = signable("".join(f"{line}\n" for line in lines))
        if Checkpoint.parse(text) != self:
            raise MalformedNote("检查点的内容无法如实写成文本")
        return text

    @classmethod
    def parse(cls, body: str) -> Checkpoint:
        """Read a checkpoint's body; raises MalformedNote."""
        if not body.endswith("\n"):
            raise MalformedNote("检查点正文须以换行结尾")
        lines = body[:-1].split("\n")
        if len(lines) < 3 or not all(lines):
            raise MalformedNote("检查点正文至少三行，且不得有空行")
        size, root = parse_decimal(lines[1]), decode_base64(lines[2])
        if size is None:
            raise MalformedNote("检查点第二行须为十进制条目数，不带前导零，且不超过 2^63-1")
        if root is None or len(root) != merkle.HASH_SIZE:
            raise MalformedNote("检查点第三行须为 32 字节根哈希的 base64")
        return cls(lines[0], size, root, tuple(lines[3:]))


def open_checkpoint(
    data: bytes, *keys: VerifierKey | Verifier, origin: str | None = None
) -> tuple[Checkpoint, Note]:
    """Read a checkpoint signed by one of the log's keys and return it with its note.

    origin: the log's name, by default that of the first key. Raises InvalidNote in all its kinds.
    """
    note = Note.parse(data)
    note.verify(keys)
    checkpoint = Checkpoint.parse(note.text)
    expected = keys[0].name if origin is None else origin
    if checkpoint.origin != expected:
        raise MalformedNote(f"检查点属于“{checkpoint.origin}”，而不是“{expected}”")
    return checkpoint, note


def check_extends(old: Checkpoint, new: Checkpoint, proof: Sequence[bytes]) -> None:
    """Raise unless `new` continues `old`: Contradiction or merkle.InvalidProof.

    The empty tree is continued by every tree, without a proof.
    """
    if new.origin != old.origin:
        raise Contradiction(f"两个检查点不属于同一日志：“{old.origin}”与“{new.origin}”")
    if new.size < old.size:
        raise Contradiction(f"日志变短了：已签署 {old.size} 条，现在只有 {new.size} 条")
    if new.size == old.size and new.root != old.root:
        raise Contradiction(f"同为 {new.size} 条，根哈希却与已签署的不同")
    if old.size == 0:
        if old.root != merkle.EMPTY_ROOT:
            raise Contradiction("空日志的根哈希不正确")
        if proof:
            raise merkle.InvalidProof("nothing can be proved from an empty tree")
        return
    merkle.verify_consistency(old.size, new.size, list(proof), old.root, new.root)


_tables = MetaData()
_signed = Table(
    "signed_checkpoints",
    _tables,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("origin", Text, nullable=False, index=True),
    Column("size", BigInteger, nullable=False),
    Column("root", LargeBinary, nullable=False),
    Column("note", LargeBinary, nullable=False),
)


_NEXT = select(func.coalesce(func.max(_signed.c.number), 0) + 1).scalar_subquery()


class SignedRow(NamedTuple):
    """One row of the store as it stands there; numbers are dense from 1, so one taken out leaves a gap."""

    number: int
    origin: str
    size: int
    root: bytes
    note: bytes


def signed_rows(engine: Engine) -> list[SignedRow]:
    """Everything in a store of signed checkpoints, by number, for those who trust nothing that stands there."""
    with reading(engine) as connection:
        if not inspect(connection).has_table(_signed.name):
            return []
        return [SignedRow(*row) for row in connection.execute(_signed.select().order_by("number"))]


def last_signed(engine: Engine, origin: str) -> bytes | None:
    """The last checkpoint of a log in a store that may be empty; makes nothing there."""
    query = select(_signed.c.note).where(_signed.c.origin == origin)
    with reading(engine) as connection:
        if not inspect(connection).has_table(_signed.name):
            return None
        note = connection.execute(query.order_by(_signed.c.number.desc()).limit(1)).scalar()
    return None if note is None else bytes(note)


class SignedCheckpoints:
    """The log's memory of what it signed, and the only way by which it signs a checkpoint."""

    def __init__(self, engine: Engine, signer: Signer, *, origin: str | None = None) -> None:
        """engine: from stores.open_store(); origin: the log's name, by default the signer's."""
        self._engine = engine
        self._signer = signer
        self.origin = signer.name if origin is None else origin
        with writing(engine, "checkpoints") as connection:
            _tables.create_all(connection)

    def sign(
        self,
        size: int,
        root: bytes,
        prove: Callable[[int, int], Sequence[bytes]],
        extensions: tuple[str, ...] = (),
        *,
        check: Callable[[Note], object] | None = None,
    ) -> bytes:
        """Sign the tree and return the note, which is saved before this returns.

        prove(old, new): the consistency proof between two sizes; check: looks at the last note signed, while
        nobody else can sign. The same tree again gives the same note, with the cosignatures it has
        gathered. Raises Contradiction, or merkle.InvalidProof when the tree does not continue the last
        one signed, or what check raises; then nothing is signed.
        """
        new = Checkpoint(self.origin, size, root, extensions)
        if size == 0 and root != merkle.EMPTY_ROOT:
            raise Contradiction("空日志的根哈希不正确")
        with writing(self._engine, "checkpoints") as connection:
            last = self._last(connection)
            if last is not None:
                if check is not None:
                    check(last)
                old = Checkpoint.parse(last.text)
                check_extends(old, new, prove(old.size, size) if 0 < old.size < size else ())
                if old == new and any(s.by(self._signer.vkey) for s in last.signatures):
                    return last.encode()
            note = sign(new.body(), self._signer)
            connection.execute(
                _signed.insert().values(
                    number=_NEXT, origin=self.origin, size=size, root=root, note=note.encode()
                )
            )
        return note.encode()

    def attach(self, data: bytes, *signatures: Signature) -> bytes:
        """Keep verified cosignatures with the note they belong to; returns it with all of them.

        Raises Contradiction when this log never signed that checkpoint.
        """
        text = Note.parse(data).text
        size = Checkpoint.parse(text).size
        query = select(_signed.c.number, _signed.c.note).order_by(_signed.c.number.desc())
        query = query.where(_signed.c.origin == self.origin, _signed.c.size == size)
        with writing(self._engine, "checkpoints") as connection:
            for number, kept in connection.execute(query).all():
                note = Note.parse(kept)
                if note.text == text:
                    encoded = note.signed(*signatures).encode()
                    row = _signed.update().where(_signed.c.number == number)
                    connection.execute(row.values(note=encoded))
                    return encoded
        raise Contradiction("本日志从未签署过这个检查点")

    def last(self) -> bytes | None:
        """The last checkpoint signed, with its cosignatures; None before the first."""
        with reading(self._engine) as connection:
            note = self._last(connection)
        return note.encode() if note else None

    def all(self) -> list[bytes]:
        """Every checkpoint ever signed, oldest first."""
        query = select(_signed.c.note).where(_signed.c.origin == self.origin)
        with reading(self._engine) as connection:
            return list(connection.execute(query.order_by(_signed.c.number)).scalars())

    def _last(self, connection: Connection) -> Note | None:
        query = select(_signed.c.note).where(_signed.c.origin == self.origin)
        note = connection.execute(query.order_by(_signed.c.number.desc()).limit(1)).scalar()
        return None if note is None else Note.parse(note)
