"""Secrets in files: signing keys and the master key, each in a file that only its owner can read.

A signing key's file holds one line, "PRIVATE+KEY+name+hex id+base64(type ‖ seed)", the form of Go's
sumdb/note; the master key's holds 32 bytes in base64. Files are created once and never overwritten.
"""

from __future__ import annotations

import os
import secrets
import stat
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from adapters.log.cosignatures import COSIGNATURE_V1, Cosigner
from adapters.log.notes import (
    ED25519,
    MalformedKey,
    Signer,
    check_name,
    decode_base64,
    encode_base64,
    key_id,
)

MASTER_BYTES = 32
_PREFIX = "PRIVATE+KEY+"


class UnsafeKeyFile(Exception):
    """The key file cannot be used: others can read it, it is missing or damaged. The message is Chinese."""


def write_private(path: Path, data: bytes) -> None:
    """Create a file of mode 600, whole or not at all; FileExistsError if there is one already."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        path.hardlink_to(draft)
    finally:
        draft.unlink()
    sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Wait until the folder's entries are on disk."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def read_private(path: Path) -> str:
    """The text of a secret file; raises UnsafeKeyFile unless it is ours and nobody else can touch it."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK)
    except OSError as error:
        raise UnsafeKeyFile(f"无法读取密钥文件 {path}：{error.strerror}") from error
    try:
        _check(path, os.fstat(descriptor))
        data = os.read(descriptor, 4097)
    finally:
        os.close(descriptor)
    try:
        return data.decode("utf-8").removesuffix("\n")
    except UnicodeDecodeError as error:
        raise UnsafeKeyFile(f"密钥文件 {path} 已损坏") from error


def _check(path: Path, status: os.stat_result) -> None:
    if not stat.S_ISREG(status.st_mode):
        raise UnsafeKeyFile(f"密钥文件 {path} 不是普通文件")
    if status.st_mode & 0o077:
        mode = stat.S_IMODE(status.st_mode)
        raise UnsafeKeyFile(f"密钥文件 {path} 的权限为 {mode:03o}，须为 600（chmod 600）")
    if status.st_uid not in {0, os.geteuid()}:
        raise UnsafeKeyFile(f"密钥文件 {path} 属于其他用户")


def create_signer(path: Path, name: str) -> Signer:
    """Make the log's signing key, once; raises FileExistsError or MalformedKey."""
    return Signer(name, _create(path, name, ED25519))


def load_signer(path: Path) -> Signer:
    """The log's signing key; raises UnsafeKeyFile."""
    return Signer(*_load(path, ED25519))


def create_cosigner(path: Path, name: str) -> Cosigner:
    """Make a witness's signing key, once; raises FileExistsError or MalformedKey."""
    return Cosigner(name, _create(path, name, COSIGNATURE_V1))


def load_cosigner(path: Path) -> Cosigner:
    """A witness's signing key; raises UnsafeKeyFile."""
    return Cosigner(*_load(path, COSIGNATURE_V1))


def create_master(path: Path) -> bytes:
    """Make the 32-byte master key, once; raises FileExistsError."""
    master = secrets.token_bytes(MASTER_BYTES)
    write_private(path, encode_base64(master).encode() + b"\n")
    return master


def load_master(path: Path) -> bytes:
    """The 32-byte master key; raises UnsafeKeyFile."""
    master = decode_base64(read_private(path))
    if master is None or len(master) != MASTER_BYTES:
        raise UnsafeKeyFile(f"主密钥文件 {path} 已损坏：须为 32 字节的 base64")
    return master


def encode_private(name: str, kind: int, private: Ed25519PrivateKey) -> str:
    """The line of a signing key's file."""
    identity = key_id(name, kind, private.public_key().public_bytes_raw()).hex()
    seed = encode_base64(bytes([kind]) + private.private_bytes_raw())
    return f"{_PREFIX}{check_name(name)}+{identity}+{seed}"


def decode_private(line: str, kind: int) -> tuple[str, Ed25519PrivateKey]:
    """Name and key of such a line; raises MalformedKey."""
    name, _, rest = line.removeprefix(_PREFIX).partition("+")
    identity, _, seed = rest.partition("+")
    raw = decode_base64(seed)
    if not line.startswith(_PREFIX) or raw is None or len(raw) != 33 or raw[0] != kind:
        raise MalformedKey("私钥的格式或类型不正确")
    private = Ed25519PrivateKey.from_private_bytes(raw[1:])
    if key_id(check_name(name), kind, private.public_key().public_bytes_raw()).hex() != identity:
        raise MalformedKey("私钥与其编号不符")
    return name, private


def _create(path: Path, name: str, kind: int) -> Ed25519PrivateKey:
    private = Ed25519PrivateKey.generate()
    write_private(path, encode_private(name, kind, private).encode() + b"\n")
    return private


def _load(path: Path, kind: int) -> tuple[str, Ed25519PrivateKey]:
    try:
        return decode_private(read_private(path), kind)
    except MalformedKey as error:
        raise UnsafeKeyFile(f"密钥文件 {path} 已损坏：{error}") from error
