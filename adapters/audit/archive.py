"""Writing a plain zip: regular files under ASCII names, each by its SHA-256 and size, whole or not at all."""

from __future__ import annotations

import hashlib
import os
import stat
import tempfile
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from shutil import copyfileobj

from adapters.audit.verify import MOST, MOST_BYTES
from domain.errors import Refused


@dataclass(frozen=True)
class Member:
    """One file of a bundle, from memory or from disk; `digest` is SHA-256 in hex, `size` is in bytes."""

    name: str
    digest: str
    size: int
    data: bytes | None = None
    source: Path | None = None

    @classmethod
    def of(cls, name: str, data: bytes) -> Member:
        """From memory."""
        return cls(name, hashlib.sha256(data).hexdigest(), len(data), data=data)

    @classmethod
    def at(cls, name: str, source: Path) -> Member:
        """From disk."""
        with source.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
            return cls(name, digest, file.tell(), source=source)


def write(path: Path, members: Sequence[Member], at: datetime) -> None:
    """The zip, on disk when this returns. Raises Refused where nobody would read so large a one."""
    if len(members) > MOST or sum(member.size for member in members) > MOST_BYTES // 2:
        raise Refused("bundle_too_large", "审计包过大：附件合计不能超过 1 GB")
    when = at.astimezone(UTC).timetuple()[:6]
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=path.parent, prefix=".bundle-", delete=False) as file:
        draft = Path(file.name)
        try:
            with zipfile.ZipFile(file, "w") as archive:
                for member in members:
                    _add(archive, member, when)
            file.flush()
            os.fsync(file.fileno())
            draft.replace(path)
        except BaseException:
            draft.unlink(missing_ok=True)
            raise


def _add(
    archive: zipfile.ZipFile, member: Member, when: tuple[int, int, int, int, int, int]
) -> None:
    info = zipfile.ZipInfo(member.name, when)
    info.external_attr = (stat.S_IFREG | 0o644) << 16
    info.create_system = 3
    if member.data is not None:
        info.compress_type = zipfile.ZIP_DEFLATED
        archive.writestr(info, member.data)
    elif member.source is not None:
        info.file_size = member.size
        with member.source.open("rb") as source, archive.open(info, "w") as target:
            copyfileobj(source, target, 1 << 20)
