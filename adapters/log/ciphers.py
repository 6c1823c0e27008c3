"""Authenticated ciphers for personal data: AES-256-GCM, and SM4-GCM where commercial-cryptography rules
ask for it.

A token is "<letter>.<base64url of nonce ‖ ciphertext ‖ tag>"; the letter names the cipher, so that both
stay readable whichever is configured. The plain text is padded to a multiple of 64 bytes before it is
encrypted: the length of a value that can no longer be read must not tell 汉族 from 维吾尔族.
"""

from __future__ import annotations

import base64
import binascii
import secrets
from typing import TYPE_CHECKING, Final, Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDFExpand

if TYPE_CHECKING:
    from uuid import UUID

KEY_BYTES: Final = 32
NONCE_BYTES: Final = 12
TAG_BYTES: Final = 16
BLOCK_BYTES: Final = 64
LETTERS: Final = {"aes-256-gcm": "a", "sm4-gcm": "s"}
NAMES: Final = {letter: name for name, letter in LETTERS.items()}


class InvalidToken(Exception):
    """The token is damaged, was made elsewhere, or stands in a place that it was not sealed for."""


class Aead(Protocol):
    """An authenticated cipher under one key."""

    def encrypt(self, nonce: bytes, data: bytes, associated_data: bytes) -> bytes:
        """Ciphertext and tag."""

    def decrypt(self, nonce: bytes, data: bytes, associated_data: bytes) -> bytes:
        """The plain bytes; raises cryptography's InvalidTag."""


class Sm4Gcm:
    """SM4 (GB/T 32907) in Galois/counter mode."""

    def __init__(self, key: bytes) -> None:
        """key: 16 bytes."""
        self._algorithm = algorithms.SM4(key)

    def encrypt(self, nonce: bytes, data: bytes, associated_data: bytes) -> bytes:
        """Ciphertext and tag."""
        encryptor = Cipher(self._algorithm, modes.GCM(nonce)).encryptor()
        encryptor.authenticate_additional_data(associated_data)
        return encryptor.update(data) + encryptor.finalize() + encryptor.tag

    def decrypt(self, nonce: bytes, data: bytes, associated_data: bytes) -> bytes:
        """The plain bytes; raises InvalidTag."""
        text, tag = data[:-TAG_BYTES], data[-TAG_BYTES:]
        decryptor = Cipher(self._algorithm, modes.GCM(nonce, tag)).decryptor()
        decryptor.authenticate_additional_data(associated_data)
        return decryptor.update(text) + decryptor.finalize()


class DataKey:
    """One person's 32-byte key; a key of its own is derived from it for each cipher."""

    def __init__(self, key: bytes) -> None:
        """key: 32 random bytes."""
        self._key = key
        self._ciphers: dict[str, Aead] = {}

    def seal(self, cipher: str, place: bytes, plaintext: str) -> str:
        """A token; cipher: a key of LETTERS; place: what the token is bound to."""
        letter = LETTERS[cipher]
        nonce = secrets.token_bytes(NONCE_BYTES)
        sealed = self._cipher(letter).encrypt(nonce, _pad(plaintext.encode()), place)
        return f"{letter}.{base64.urlsafe_b64encode(nonce + sealed).decode()}"

    def open(self, token: str, place: bytes) -> str:
        """The plain text; raises InvalidToken."""
        letter, raw = split_token(token)
        try:
            padded = self._cipher(letter).decrypt(raw[:NONCE_BYTES], raw[NONCE_BYTES:], place)
        except InvalidTag as error:
            raise InvalidToken("密文已损坏，或不属于这个人的这个栏目") from error
        return padded.rstrip(b"\0")[:-1].decode()

    def _cipher(self, letter: str) -> Aead:
        cipher = self._ciphers.get(letter)
        if cipher is None:
            cipher = self._ciphers[letter] = _derive(self._key, letter)
        return cipher


def place_of(subject: UUID, field: str) -> bytes:
    """What a token is bound to: the person (16 bytes) and the field's name."""
    return b"mingpai sealed v1\0" + subject.bytes + field.encode()


def split_token(token: str) -> tuple[str, bytes]:
    """The cipher's letter and the raw bytes; raises InvalidToken."""
    letter, _, encoded = token.partition(".")
    try:
        raw = base64.b64decode(encoded.encode("ascii"), altchars=b"-_", validate=True)
    except (binascii.Error, UnicodeEncodeError) as error:
        raise InvalidToken("密文不是 base64") from error
    canonical = base64.urlsafe_b64encode(raw).decode() == encoded
    if letter not in NAMES or not canonical or len(raw) < NONCE_BYTES + BLOCK_BYTES + TAG_BYTES:
        raise InvalidToken("密文的格式不正确")
    return letter, raw


def _derive(key: bytes, letter: str) -> Aead:
    length = 32 if letter == "a" else 16
    info = b"mingpai data key " + NAMES[letter].encode()
    derived = HKDFExpand(SHA256(), length, info).derive(key)
    return AESGCM(derived) if letter == "a" else Sm4Gcm(derived)


def _pad(data: bytes) -> bytes:
    """A 0x80 byte, then zeros up to the block (ISO/IEC 7816-4)."""
    return data + b"\x80" + b"\0" * (-(len(data) + 1) % BLOCK_BYTES)
