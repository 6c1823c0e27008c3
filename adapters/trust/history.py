"""What a log has said of itself: the checkpoints it remembers to have signed, and those written to a folder.

Each must be whole, signed by the log's key of its time, and agree with the others; together they give the roots that the events have to
lead to.
"""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Engine

from adapters.log.checkpoints import Checkpoint, SignedRow, signed_rows
from adapters.log.cosignatures import WitnessKey
from adapters.log.notes import InvalidNote, Note, Verifier
from adapters.log.sm3 import sm3_root
from adapters.trust.outlets import written
from adapters.trust.succession import Succession


class History:
    """The known roots by size, how many kept checkpoints gave them, and what is wrong with the checkpoints (Chinese)."""

    def __init__(self, keys: Succession | None, witnesses: tuple[WitnessKey, ...] = ()) -> None:
        self.roots: dict[int, bytes] = {}
        self.sm3: Checkpoint | None = None
        self.count = 0
        self.faults: list[str] = []
        self.keys = keys
        self._witnesses = witnesses

    def know(self, checkpoint: Checkpoint, where: str) -> None:
        """Take up a checkpoint; one that denies another of the same size is a fault."""
        if sm3_root(checkpoint) and (self.sm3 is None or self.sm3.size <= checkpoint.size):
            self.sm3 = checkpoint
        if self.roots.setdefault(checkpoint.size, checkpoint.root) != checkpoint.root:
            self.faults.append(f"{where}与另一个同为 {checkpoint.size} 条的检查点矛盾")

    def read(self, data: bytes) -> tuple[Checkpoint, int]:
        """A checkpoint and which of the log's keys signed it; raises InvalidNote for any line that is not a known key's."""
        if self.keys is None:
            raise InvalidNote("没有公钥可以核对")
        note = Note.parse(data)
        at = self.keys.signer_of(note)
        known: list[Verifier] = [*self.keys.keys, *self._witnesses]
        if len(note.verify(known)) < len(note.signatures):
            raise InvalidNote("有未知密钥的签名行（停用的见证者请以“- 公钥”留在 witnesses 中）")
        checkpoint = Checkpoint.parse(note.text)
        if checkpoint.origin != self.keys.current.name:
            raise InvalidNote(f"属于另一个日志“{checkpoint.origin}”")
        return checkpoint, at


def read_history(history: History, store: Engine | None, folder: Path | None) -> None:
    """Read what was signed and what was written out into the history."""
    if store is not None:
        _read_store(history, signed_rows(store))
    if folder is not None:
        for path in written(folder):
            _read_file(history, path)


def _read_store(history: History, rows: list[SignedRow]) -> None:
    size, signer, number = 0, 0, 0
    for row in rows:
        where = f"签署的第 {row.number} 个检查点"
        if row.number != number + 1:
            history.faults.append(f"{where}之前缺少第 {number + 1} 个")
        number = row.number
        try:
            checkpoint, at = history.read(row.note)
        except InvalidNote as error:
            history.faults.append(f"{where}：{error}")
            continue
        if (row.origin, row.size, row.root) != (
            checkpoint.origin,
            checkpoint.size,
            checkpoint.root,
        ):
            history.faults.append(f"{where}的登记与其正文不符")
        if checkpoint.size < size or at < signer:
            history.faults.append(f"{where}比之前签署的更小，或由已交出的密钥签署")
        size, signer = checkpoint.size, at
        history.know(checkpoint, where)
        history.count += 1


def _read_file(history: History, path: Path) -> None:
    try:
        history.know(history.read(path.read_bytes())[0], path.name)
        history.count += 1
    except InvalidNote as error:
        history.faults.append(f"文件 {path.name}：{error}")
