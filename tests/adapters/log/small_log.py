"""A log in memory with everything a test of proofs and witnesses needs."""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from adapters.log import merkle
from adapters.log.checkpoints import Checkpoint
from adapters.log.cosignatures import Cosigner
from adapters.log.notes import Signer, sign
from adapters.log.proofs import ProofFile

ORIGIN = "register.example/city"


def private(seed: str) -> Ed25519PrivateKey:
    """A key that is the same in every run."""
    return Ed25519PrivateKey.from_private_bytes(sha256(seed.encode()).digest())


def cosigner(name: str) -> Cosigner:
    """A witness's key that is the same in every run."""
    return Cosigner(name, private(name))


class SmallLog:
    """Entries in a list; anything can be signed, also what an honest log would not sign."""

    def __init__(self, entries: Sequence[bytes] = (), *, seed: str = "log") -> None:
        self.signer = Signer(ORIGIN, private(seed))
        self.entries = list(entries)

    @classmethod
    def of_size(cls, size: int, story: str = "entry") -> SmallLog:
        """A log of so many entries; another story is another history."""
        return cls([f"{story} {n}".encode() for n in range(size)])

    @property
    def hashes(self) -> list[bytes]:
        return [merkle.leaf_hash(entry) for entry in self.entries]

    def checkpoint(self, size: int | None = None) -> Checkpoint:
        size = len(self.entries) if size is None else size
        return Checkpoint(ORIGIN, size, merkle.root(self.hashes[:size]))

    def note(self, size: int | None = None) -> bytes:
        return sign(self.checkpoint(size).body(), self.signer).encode()

    def prove(self, old: int, new: int) -> list[bytes]:
        return merkle.consistency_proof(old, new, self.hashes)

    def proof_file(self, index: int, *, note: bytes | None = None) -> ProofFile:
        path = merkle.inclusion_proof(index, len(self.entries), self.hashes)
        note = self.note() if note is None else note
        return ProofFile(index, tuple(path), note, self.entries[index])
