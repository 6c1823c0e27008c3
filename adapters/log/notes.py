"""Signed notes: a text and the lines of those who signed it (C2SP signed-note).

    text ending in a newline
    <empty line>
    — key-name base64(key id ‖ signature)

A key is known by its name and the first four bytes of SHA-256(name ‖ 0x0A ‖ type ‖ public key). Signatures
of unknown keys are ignored, those of known keys must verify, and at least one must be there.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

if TYPE_CHECKING:
    from collections.abc import Iterable

ED25519 = 0x01
"""The signature type of a plain Ed25519 signature over the note's text."""

MAX_NOTE_BYTES = 1_000_000
MAX_SIGNATURES = 100

_CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f]")


class InvalidNote(Exception):
    """A note, a checkpoint, a key line or a proof file that must not be believed. The message is Chinese."""


class MalformedNote(InvalidNote):
    """The text does not have the prescribed form."""


class MalformedKey(InvalidNote):
    """A verifier key line (vkey) or a key's name does not have the prescribed form."""


class UnverifiedNote(InvalidNote):
    """The form is right, but no signature of a known key stands under it."""


class BadSignature(UnverifiedNote):
    """A known key's name and id stand under the note, but the signature is not the key's."""


class Verifier(Protocol):
    """A public key that knows how its signatures are to be checked."""

    @property
    def name(self) -> str:
        """The key's name, as on the signature line."""

    @property
    def key_id(self) -> bytes:
        """Four bytes."""

    def verify(self, text: str, signature: bytes) -> bool:
        """Whether the signature (without key id) is this key's over the note's text."""


def decode_base64(text: str) -> bytes | None:
    """Strict, canonical, padded base64 (RFC 4648 §4), or None."""
    try:
        raw = base64.b64decode(text.encode("ascii"), validate=True)
    except (binascii.Error, UnicodeEncodeError):
        return None
    return raw if base64.b64encode(raw).decode() == text else None


def encode_base64(raw: bytes) -> str:
    """Padded base64 as in RFC 4648 §4."""
    return base64.b64encode(raw).decode()


def check_name(name: str) -> str:
    """The name itself, if a key may be called so; raises MalformedKey."""
    if not name or "+" in name or any(c.isspace() for c in name) or _CONTROL.search(name):
        raise MalformedKey(
            f"密钥名称不合规定（不得为空，不得含空白、加号或控制字符）：{name[:80]!r}"
        )
    try:
        name.encode()
    except UnicodeEncodeError as error:
        raise MalformedKey("密钥名称不是有效的 UTF-8 文本") from error
    return name


def key_id(name: str, kind: int, public: bytes) -> bytes:
    """The first four bytes of SHA-256(name ‖ 0x0A ‖ type ‖ public key)."""
    return hashlib.sha256(name.encode() + b"\n" + bytes([kind]) + public).digest()[:4]


def encode_vkey(name: str, kind: int, public: bytes) -> str:
    """The line by which others know a key: name+hex id+base64(type ‖ public key)."""
    material = encode_base64(bytes([kind]) + public)
    return f"{name}+{key_id(name, kind, public).hex()}+{material}"


def decode_vkey(line: str, kind: int) -> tuple[str, bytes]:
    """(name, 32-byte public key) of a vkey line of this signature type; raises MalformedKey."""
    name, _, rest = line.strip("\n").partition("+")
    claimed, _, material = rest.partition("+")
    check_name(name)
    raw = decode_base64(material)
    if not re.fullmatch(r"[0-9a-f]{8}", claimed) or raw is None:
        raise MalformedKey("公钥行格式应为“名称+八位十六进制编号+base64”")
    if len(raw) != 33 or raw[0] != kind:
        raise MalformedKey(f"公钥行不是类型 {kind:#04x} 的 Ed25519 公钥")
    if key_id(name, kind, raw[1:]).hex() != claimed:
        raise MalformedKey("公钥行中的编号与公钥不符")
    return name, raw[1:]


def ed25519_verifies(public: bytes, message: bytes, signature: bytes) -> bool:
    """Whether the 64-byte signature is the key's over the message."""
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True


@dataclass(frozen=True, slots=True)
class VerifierKey:
    """A plain Ed25519 public key (signature type 0x01); public: 32 bytes."""

    name: str
    public: bytes

    @classmethod
    def parse(cls, line: str) -> VerifierKey:
        """Read a vkey line; raises MalformedKey."""
        return cls(*decode_vkey(line, ED25519))

    @property
    def key_id(self) -> bytes:
        """Four bytes."""
        return key_id(self.name, ED25519, self.public)

    def verify(self, text: str, signature: bytes) -> bool:
        """Whether the signature is this key's over the note's text."""
        return ed25519_verifies(self.public, text.encode(), signature)

    def __str__(self) -> str:
        return encode_vkey(self.name, ED25519, self.public)


@dataclass(frozen=True, slots=True)
class Signature:
    """One signature line; blob: the signature without the four bytes of the key's id."""

    name: str
    key_id: bytes
    blob: bytes

    def line(self) -> str:
        """The line with its newline."""
        return f"— {self.name} {encode_base64(self.key_id + self.blob)}\n"

    @classmethod
    def parse(cls, line: str) -> Signature:
        """Read one line without its newline; raises MalformedNote."""
        dash, _, rest = line.partition(" ")
        name, _, encoded = rest.partition(" ")
        raw = decode_base64(encoded)
        if dash != "—" or raw is None or len(raw) < 5:
            raise MalformedNote("签名行格式应为“— 名称 base64”")
        try:
            check_name(name)
        except MalformedKey as error:
            raise MalformedNote(str(error)) from error
        return cls(name, raw[:4], raw[4:])

    def by(self, key: Verifier) -> bool:
        """Whether the line claims to be this key's."""
        return self.name == key.name and self.key_id == key.key_id


@dataclass(frozen=True, slots=True)
class Note:
    """A text, ending in a newline, with signatures. Parsing proves nothing: call verify()."""

    text: str
    signatures: tuple[Signature, ...]

    @classmethod
    def parse(cls, data: bytes) -> Note:
        """Read a signed note, refusing what the format forbids; raises MalformedNote."""
        whole = _readable(data)
        head, gap, tail = whole.rpartition("\n\n")
        if not gap:
            raise MalformedNote("正文与签名之间缺少空行")
        if not tail.endswith("\n"):
            raise MalformedNote("缺少签名，或最后一行没有换行")
        lines = tail[:-1].split("\n")
        if len(lines) > MAX_SIGNATURES:
            raise MalformedNote(f"签名超过 {MAX_SIGNATURES} 行")
        return cls(head + "\n", tuple(Signature.parse(line) for line in lines))

    def encode(self) -> bytes:
        """The note as it is stored and sent."""
        return (self.text + "\n" + "".join(s.line() for s in self.signatures)).encode()

    def signed(self, *signatures: Signature) -> Note:
        """The note with more signatures below; a key's new one takes the place of its older one."""
        lines = {(s.name, s.key_id): s for s in (*self.signatures, *signatures)}
        return Note(self.text, tuple(lines.values()))

    def verify(self, keys: Iterable[Verifier]) -> tuple[Signature, ...]:
        """The signatures of known keys, all of them checked.

        Raises BadSignature if one fails, UnverifiedNote if there is none, and MalformedKey if two of the
        keys share name and id, so that nobody could tell them apart.
        """
        known: dict[tuple[str, bytes], Verifier] = {}
        for key in keys:
            if known.setdefault((key.name, key.key_id), key) != key:
                raise MalformedKey(f"两个不同的公钥名称与编号相同：{key.name}")
        found = []
        for signature in self.signatures:
            signer = known.get((signature.name, signature.key_id))
            if signer is None:
                continue
            if not signer.verify(self.text, signature.blob):
                raise BadSignature(f"{signature.name} 的签名不正确")
            found.append(signature)
        if not found:
            raise UnverifiedNote("没有任何已知密钥的签名")
        return tuple(found)


def _readable(data: bytes) -> str:
    if len(data) > MAX_NOTE_BYTES:
        raise MalformedNote(f"签名文本超过 {MAX_NOTE_BYTES} 字节")
    try:
        text = data.decode()
    except UnicodeDecodeError as error:
        raise MalformedNote("不是有效的 UTF-8 文本") from error
    if _CONTROL.search(text):
        raise MalformedNote("含有换行以外的控制字符")
    return text


def signable(text: str) -> str:
    """The text itself, if a note may carry it; raises MalformedNote."""
    try:
        encoded = text.encode()
    except UnicodeEncodeError as error:
        raise MalformedNote("正文不是有效的 UTF-8 文本") from error
    if not text.endswith("\n") or _CONTROL.search(text) or len(encoded) > MAX_NOTE_BYTES:
        raise MalformedNote("正文须以换行结尾，不得含其他控制字符，也不得过长")
    return text


@dataclass(frozen=True, slots=True)
class Signer:
    """A named Ed25519 signing key; it signs any text, so ask checkpoints.py for rules about which."""

    name: str
    private: Ed25519PrivateKey

    @property
    def vkey(self) -> VerifierKey:
        """The public half."""
        return VerifierKey(check_name(self.name), self.private.public_key().public_bytes_raw())

    def sign(self, text: str) -> Signature:
        """The signature line over a text; raises MalformedNote if no note may carry the text."""
        blob = self.private.sign(signable(text).encode())
        return Signature(self.name, self.vkey.key_id, blob)


def sign(text: str, *signers: Signer) -> Note:
    """A note over the text with one signature of each signer, in their order."""
    return Note(text, tuple(signer.sign(text) for signer in signers))
