"""Cosignatures: a witness says that it saw the log grow to this tree, and when (C2SP tlog-cosignature).

A v1 cosignature is the time (u64, big-endian) and an Ed25519 signature over two lines, "cosignature/v1"
and "time N", followed by the whole body of the checkpoint.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from adapters.log.notes import (
    MalformedNote,
    Signature,
    check_name,
    decode_vkey,
    ed25519_verifies,
    encode_vkey,
    key_id,
)

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    from adapters.log.checkpoints import Checkpoint

COSIGNATURE_V1 = 0x04
"""The signature type of a timestamped Ed25519 cosignature."""

_BYTES = 8 + 64
_LATEST = 2**63 - 1


def _message(body: str, seconds: int) -> bytes:
    return f"cosignature/v1\ntime {seconds}\n{body}".encode()


@dataclass(frozen=True, slots=True)
class WitnessKey:
    """A witness's Ed25519 public key (signature type 0x04); public: 32 bytes."""

    name: str
    public: bytes

    @classmethod
    def parse(cls, line: str) -> WitnessKey:
        """Read a vkey line; raises MalformedKey."""
        return cls(*decode_vkey(line, COSIGNATURE_V1))

    @property
    def key_id(self) -> bytes:
        """Four bytes."""
        return key_id(self.name, COSIGNATURE_V1, self.public)

    def verify(self, text: str, signature: bytes) -> bool:
        """Whether the signature is this key's over the checkpoint's body at the time it states."""
        if len(signature) != _BYTES:
            return False
        seconds = int.from_bytes(signature[:8])
        if seconds > _LATEST:
            return False
        return ed25519_verifies(self.public, _message(text, seconds), signature[8:])

    def __str__(self) -> str:
        return encode_vkey(self.name, COSIGNATURE_V1, self.public)


def cosigned_seconds(signature: Signature) -> int:
    """The time a cosignature states, in seconds since 1970 (UTC); raises MalformedNote."""
    if len(signature.blob) != _BYTES:
        raise MalformedNote("联署签名的长度不正确")
    return int.from_bytes(signature.blob[:8])


@dataclass(frozen=True, slots=True)
class Cosigner:
    """A witness's signing key. It signs whatever it is given: only a Witness decides what that is."""

    name: str
    private: Ed25519PrivateKey

    @property
    def vkey(self) -> WitnessKey:
        """The public half."""
        return WitnessKey(check_name(self.name), self.private.public_key().public_bytes_raw())

    def cosign(self, checkpoint: Checkpoint, at: datetime) -> Signature:
        """The signature line over a checkpoint; at: an aware time, cut to whole seconds."""
        seconds = int(at.astimezone(UTC).timestamp())
        signature = self.private.sign(_message(checkpoint.body(), seconds))
        blob = seconds.to_bytes(8) + signature
        return Signature(self.name, self.vkey.key_id, blob)
