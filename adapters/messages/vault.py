"""Secrets of endpoints at rest: sealed under a key that follows from the file that also signs sessions.

An address of a group robot is itself a secret, so it is sealed like the secrets that sign.
"""

from __future__ import annotations

import secrets
from pathlib import Path
from uuid import UUID

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from adapters.log.ciphers import DataKey, InvalidToken
from adapters.log.keys import write_private

_PLACE = b"mingpai endpoint v1\0"


class Vault:
    """Seals and opens; a token opens only in the place it was sealed for."""

    def __init__(self, secret_key_file: Path) -> None:
        derived = HKDF(SHA256(), 32, salt=None, info=b"mingpai endpoints").derive(
            _secret(secret_key_file)
        )
        self._key = DataKey(derived)

    def seal(self, endpoint: UUID, field: str, text: str) -> str:
        """A token."""
        return self._key.seal("aes-256-gcm", _place(endpoint, field), text)

    def open(self, endpoint: UUID, field: str, token: str) -> str | None:
        """The words; None where the key file is not the one they were sealed with."""
        try:
            return self._key.open(token, _place(endpoint, field))
        except InvalidToken:
            return None


def _place(endpoint: UUID, field: str) -> bytes:
    return _PLACE + endpoint.bytes + field.encode()


def _secret(path: Path) -> bytes:
    """The file's bytes; it is made on first use, by whoever comes first."""
    if not path.exists():
        try:
            write_private(path, secrets.token_bytes(32))
        except FileExistsError:
            return path.read_bytes()
    return path.read_bytes()
