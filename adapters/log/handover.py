"""Changing the log's signing key: the old key and the new one both sign the handover.

Whoever knows the old key can follow the notes, one after the other, to the key in force; nobody without
the old key can name a successor, and nobody can name a key that they do not hold.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from adapters.log.keys import create_signer, load_signer, sync_folder, write_private
from adapters.log.notes import InvalidNote, MalformedNote, Note, Signer, VerifierKey, sign

if TYPE_CHECKING:
    from collections.abc import Iterable

_TITLE = "mingpai key handover v1"


@dataclass(frozen=True, slots=True)
class Handover:
    """From one key to the next of the same log; at: whole seconds, UTC."""

    old: VerifierKey
    new: VerifierKey
    at: datetime

    def body(self) -> str:
        """The text that both keys sign. It can never be read as a checkpoint."""
        at = self.at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        return f"{_TITLE}\nold {self.old}\nnew {self.new}\nat {at}\n"

    @classmethod
    def parse(cls, body: str) -> Handover:
        """Read the text; raises InvalidNote."""
        lines = body.split("\n")
        if len(lines) != 5 or lines[0] != _TITLE or lines[4]:
            raise MalformedNote("不是密钥交接书")
        try:
            at = datetime.strptime(lines[3], "at %Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
        except ValueError as error:
            raise MalformedNote("密钥交接书的时间格式不正确") from error
        old = VerifierKey.parse(lines[1].removeprefix("old "))
        handover = cls(old, VerifierKey.parse(lines[2].removeprefix("new ")), at)
        if handover.body() != body or old.name != handover.new.name or old == handover.new:
            raise MalformedNote("密钥交接书须由同一日志的旧密钥交给另一把新密钥")
        return handover


def open_handover(data: bytes, trusted: VerifierKey) -> Handover:
    """Check a handover that starts at a trusted key and bears both signatures; raises InvalidNote."""
    note = Note.parse(data)
    handover = Handover.parse(note.text)
    if handover.old != trusted:
        raise InvalidNote("密钥交接书不是由当前信任的密钥发出的")
    signed = note.verify([handover.old, handover.new])
    if not all(any(s.by(key) for s in signed) for key in (handover.old, handover.new)):
        raise InvalidNote("密钥交接书须有新旧两把密钥的签名")
    return handover


def follow(trusted: VerifierKey, handovers: Iterable[bytes]) -> VerifierKey:
    """The key in force after these handovers, oldest first; raises InvalidNote at the first bad one."""
    for data in handovers:
        trusted = open_handover(data, trusted).new
    return trusted


def rotate(path: Path, at: datetime) -> tuple[Signer, bytes]:
    """Replace the signing key in its file; returns the new key and the handover note.

    The note is kept beside it as `<file>.<old id>.handover`, the old key as `<file>.<old id>.retired`.
    Safe to repeat after an interruption: it goes on with the key that was already made.
    """
    old = load_signer(path)
    waiting = path.with_name(f"{path.name}.next")
    new = load_signer(waiting) if waiting.exists() else create_signer(waiting, old.name)
    mark = old.vkey.key_id.hex()
    letter = path.with_name(f"{path.name}.{mark}.handover")
    if not letter.exists():
        body = Handover(old.vkey, new.vkey, at.replace(microsecond=0)).body()
        write_private(letter, sign(body, old, new).encode())
    note = letter.read_bytes()
    if open_handover(note, old.vkey).new != new.vkey:
        raise InvalidNote(f"{letter} 交接的不是等待启用的新密钥，请检查后删除其中之一")
    retired = path.with_name(f"{path.name}.{mark}.retired")
    if not retired.exists():
        retired.hardlink_to(path)
    waiting.replace(path)
    sync_folder(path.parent)
    return new, note
