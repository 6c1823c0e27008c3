"""The keys that a log has signed with, one after the other, as the letters between them show.

A letter is a handover note (adapters/log/handover.py), kept beside the signing key. Whoever trusts one of the keys can follow the
letters to the later ones.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from adapters.log.handover import Handover, open_handover
from adapters.log.notes import InvalidNote, Note, VerifierKey


class WrongKey(InvalidNote):
    """What is shown is signed by another key than the trusted one and its successors. The message is Chinese."""


@dataclass(frozen=True, slots=True)
class Succession:
    """All keys of one log, oldest first, and the letters from each to the next."""

    keys: tuple[VerifierKey, ...]
    letters: tuple[bytes, ...] = ()

    @property
    def current(self) -> VerifierKey:
        """The key in force."""
        return self.keys[-1]

    @classmethod
    def beside(cls, path: Path, current: VerifierKey) -> Succession:
        """From the letters beside the signing key's file; raises InvalidNote where they do not lead to the key in force."""
        letters = [
            file.read_bytes() for file in sorted(path.parent.glob(f"{path.name}.*.handover"))
        ]
        keys, used = [current], list[bytes]()
        left = {letter: Handover.parse(Note.parse(letter).text) for letter in letters}
        while found := [letter for letter, said in left.items() if said.new == keys[0]]:
            if len(found) > 1:
                raise InvalidNote("有两份密钥交接书交给同一把密钥")
            said = left.pop(found[0])
            open_handover(found[0], said.old)
            keys.insert(0, said.old)
            used.insert(0, found[0])
        if any(said.old != current for said in left.values()):
            raise InvalidNote("有密钥交接书不能与现用密钥相连")
        return cls(tuple(keys), tuple(used))

    @classmethod
    def after(cls, trusted: VerifierKey, letters: Sequence[bytes] = ()) -> Succession:
        """From a trusted key on, by letters in any order of which others may be among them; raises InvalidNote for a bad one."""
        keys, used = [trusted], list[bytes]()
        left = {letter: Handover.parse(Note.parse(letter).text) for letter in letters}
        while found := [letter for letter, said in left.items() if said.old == keys[-1]]:
            if len(found) > 1:
                raise InvalidNote("同一把密钥交给了两把不同的密钥")
            del left[found[0]]
            keys.append(open_handover(found[0], keys[-1]).new)
            used.append(found[0])
        return cls(tuple(keys), tuple(used))

    def since(self, trusted: VerifierKey) -> Succession:
        """The part that someone may believe who trusts one of the keys; raises WrongKey for a key that is none of them."""
        if trusted not in self.keys:
            raise WrongKey(f"日志现用的密钥及其前身都不是给定的 {trusted}")
        at = self.keys.index(trusted)
        return Succession(self.keys[at:], self.letters[at:])

    def signer_of(self, note: Note) -> int:
        """Which of the keys stands under a note, the latest if several do; raises InvalidNote, WrongKey among them."""
        if not any(signature.by(key) for signature in note.signatures for key in self.keys):
            names = "、".join(signature.name for signature in note.signatures)
            raise WrongKey(f"没有受信任密钥的签名，只有：{names}")
        signed = note.verify(self.keys)
        return max(n for n, key in enumerate(self.keys) if any(s.by(key) for s in signed))


def letters_beside(path: Path) -> list[bytes]:
    """The letters that lie beside a signing key's file."""
    return [file.read_bytes() for file in sorted(path.parent.glob(f"{path.name}.*.handover"))]
