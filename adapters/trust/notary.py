"""The notary: signs what the log is, after it has seen for itself, and hands out proofs of it.

What is signed leaves the house and cannot be taken back. So before each signature the events recorded since the last one are hashed
anew from their rows, and the tree must continue the last one signed.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Final

from sqlalchemy import Engine

from adapters.log import keys, leaf, merkle
from adapters.log.checkpoints import Checkpoint, Contradiction, SignedCheckpoints, signed_rows
from adapters.log.engine import reading
from adapters.log.handover import rotate
from adapters.log.merkle import InvalidProof
from adapters.log.notes import InvalidNote, Note, Signature, Signer
from adapters.log.proofs import ProofFile, verify_proof_file
from adapters.log.scan import EventRow, LogDamaged, Scan
from adapters.log.sm3 import Sm3Roots
from adapters.log.stores import open_store
from adapters.log.tree import StoredTree, Tree
from adapters.log.verification import Progress, verify_log
from adapters.settings import Settings, SettingsError
from adapters.trust.extension import extension, read_checkpoint
from adapters.trust.succession import Succession, WrongKey

REFUSALS: Final = (LogDamaged, InvalidNote, InvalidProof, keys.UnsafeKeyFile)
"""What the notary, the proofs and the outlets raise when the answer is no."""

ROOTS: Final = ("sha256", "sha256+sm3")
ATTEMPTS: Final = 5


class NotRecorded(InvalidNote):
    """No event was ever recorded at that position. The message is Chinese."""


class Notary:
    """Signs checkpoints of one log and proves what is in it."""

    def __init__(self, engine: Engine, store: Engine, key_file: Path, *, sm3: bool = False) -> None:
        """engine: the log's; store: from stores.open_store(), for what was signed; key_file: of mode 600.

        sm3: whether checkpoints state an SM3 root beside the SHA-256 one.
        """
        self._engine = engine
        self._store = store
        self._key_file = key_file
        self._sm3 = sm3
        self._take(keys.load_signer(key_file))

    def _take(self, signer: Signer) -> None:
        self.succession = Succession.beside(self._key_file, signer.vkey)
        self._signed = SignedCheckpoints(self._store, signer)
        self.origin = signer.name

    def _look_for_a_new_key(self) -> None:
        """Another process may have handed over; a retired key must not sign again."""
        signer = keys.load_signer(self._key_file)
        if signer.vkey != self.succession.current:
            self._take(signer)

    def vkey(self) -> str:
        """The public key line of the key in force."""
        return str(self.succession.current)

    def letters(self) -> tuple[bytes, ...]:
        """The handover notes that lead from the first key to the one in force, oldest first."""
        return self.succession.letters

    def last(self) -> bytes | None:
        """The last checkpoint signed, with the cosignatures it has gathered."""
        return self._signed.last()

    def all(self) -> list[bytes]:
        """Every checkpoint signed, oldest first."""
        return self._signed.all()

    def checkpoint(self, progress: Progress | None = None) -> bytes:
        """Verify what was recorded since the last checkpoint, sign the log as it is now, and return the note.

        The same log gives the same note. Raises LogDamaged, InvalidNote or InvalidProof where the log is not what was signed before,
        and then signs nothing.
        """
        for _ in range(ATTEMPTS):
            self._look_for_a_new_key()
            last, key = self._signed.last(), self.succession.current
            try:
                return self._sign_after(last, progress)
            except (Contradiction, WrongKey):
                self._look_for_a_new_key()
                if (self._signed.last(), self.succession.current) == (last, key):
                    raise
        raise Contradiction("另有程序不断签署检查点，请稍后再试")

    def prove(self, position: int) -> bytes:
        """The proof file of the event at a position, under the last checkpoint, or a new one if that is older.

        Raises NotRecorded for a position without an event, and what `checkpoint` raises.
        """
        self._look_for_a_new_key()
        note = self._signed.last()
        if note is None or read_checkpoint(note, self.succession).size < position:
            note = self.checkpoint()
        size = read_checkpoint(note, self.succession).size
        if not 1 <= position <= size:
            raise NotRecorded(f"没有第 {position} 条记录：日志现有 {size} 条")
        row = next(Scan(self._engine).events(position, position))[0]
        with reading(self._engine) as connection:
            try:
                path = merkle.inclusion_proof(position - 1, size, StoredTree(connection))
            except IndexError as error:
                raise LogDamaged("保存的哈希不全，无法给出证明", position) from error
        file = ProofFile(position - 1, tuple(path), note, _leaf(row)).encode()
        self._check_own(file, position)
        return file

    def consistency(self, old: int, new: int) -> Sequence[bytes]:
        """The consistency proof between two sizes of the log, 1 ≤ old ≤ new; IndexError beyond the log's end."""
        with reading(self._engine) as connection:
            return merkle.consistency_proof(old, new, StoredTree(connection))

    def extension(self, old: bytes, new: bytes) -> bytes:
        """A file that shows to anyone who has the old checkpoint that the new one continues it."""
        return extension(old, new, self.consistency)

    def attach(self, note: bytes, *cosignatures: Signature) -> bytes:
        """Keep verified cosignatures with the checkpoint they belong to."""
        return self._signed.attach(note, *cosignatures)

    def rotate(self, at: datetime) -> bytes:
        """Hand over to a new key and return the letter; the log is signed by the old key before and by the new one after.

        Safe to repeat after an interruption.
        """
        self.checkpoint()
        signer, letter = rotate(self._key_file, at)
        self._take(signer)
        self.checkpoint()
        return letter

    def close(self) -> None:
        """Close the connections to what was signed; the log's are left to whoever opened them."""
        self._store.dispose()

    def _sign_after(self, last: bytes | None, progress: Progress | None) -> bytes:
        since = Tree() if last is None else self._grown_from(last)
        tree = verify_log(self._engine, progress=progress, since=since)
        known = self.succession.signer_of
        lines: tuple[str, ...] = ()
        if self._sm3:
            lines = Sm3Roots(self._engine, self._store, self.origin).extensions(tree.size)
        return self._signed.sign(tree.size, tree.root, self.consistency, lines, check=known)

    def _grown_from(self, last: bytes) -> Tree:
        """The tree of the last checkpoint, put together from the stored hashes; its root is the signed one."""
        signed = read_checkpoint(last, self.succession)
        with reading(self._engine) as connection:
            tree = _tree_at(signed, StoredTree(connection))
        if tree.root != signed.root:
            raise LogDamaged("日志与已签署的检查点矛盾", 1, max(signed.size, 1))
        return tree

    def _check_own(self, file: bytes, position: int) -> None:
        try:
            verify_proof_file(file, self.succession.keys[self._signer_of(file)])
        except InvalidProof as error:
            raise LogDamaged("记录与已签署的检查点不符", position) from error

    def _signer_of(self, file: bytes) -> int:
        return self.succession.signer_of(Note.parse(ProofFile.parse(file).note))


def open_notary(settings: Settings, engine: Engine) -> Notary:
    """The notary of a home folder; its key is made when nothing was ever signed there.

    Raises UnsafeKeyFile for a key that is missing, readable by others, or of another log.
    """
    store, path = open_store(settings.checkpoints_url), settings.signing_key_file
    if not path.exists():
        if signed_rows(store):
            raise keys.UnsafeKeyFile(f"签名密钥文件 {path} 不见了，而检查点已经签署过")
        # Of two processes that begin at once one makes the key, and both use it.
        with suppress(FileExistsError):
            keys.create_signer(path, settings.origin)
    if settings.roots not in ROOTS:
        raise SettingsError(f"roots must be one of {', '.join(ROOTS)}, not {settings.roots!r}")
    notary = Notary(engine, store, path, sm3=settings.roots == "sha256+sm3")
    if notary.origin != settings.origin:
        raise keys.UnsafeKeyFile(
            f"签名密钥文件 {path} 属于“{notary.origin}”，而不是“{settings.origin}”"
        )
    return notary


def _tree_at(signed: Checkpoint, stored: StoredTree) -> Tree:
    subtrees, first = [], 0
    try:
        while first < signed.size:
            height = (signed.size - first).bit_length() - 1
            subtrees.append(stored.node(height, first >> height))
            first += 1 << height
    except IndexError as error:
        raise LogDamaged(
            "日志比已签署的检查点短，或保存的哈希不全", first + 1, signed.size
        ) from error
    return Tree(signed.size, merkle.fold_right(reversed(subtrees)), b"".join(subtrees))


def _leaf(row: EventRow) -> bytes:
    try:
        return leaf.encode_fields(row[1], row[2], row[4], row[5])
    except (TypeError, ValueError) as error:
        raise LogDamaged("该条记录不是有效的事件", row[0]) from error
