"""Evidence: files kept by what is in them. A file's name on disk is its SHA-256, so it cannot change unnoticed.

Who handed a file in, and under which name, is noted beside it; the same content may come from several.
"""

from __future__ import annotations

import hashlib
import os
import re
import tempfile
from collections.abc import Sequence
from datetime import datetime
from io import BufferedReader
from pathlib import Path, PurePath
from typing import IO
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Engine

from adapters.log.engine import reading, writing
from adapters.outside import METADATA, ensure, stamp
from domain.errors import Invalid, NotFound
from domain.values import Evidence

LARGEST = 512 * 1024 * 1024
"""Bytes. A film of about five minutes, which two of the notices ask for, fits with room to spare."""

_CHUNK = 1024 * 1024
_ZIP, _OLE = (b"PK\x03\x04", b"PK\x05\x06"), (b"\xd0\xcf\x11\xe0",)
_OFFICE = "application/vnd.openxmlformats-officedocument"

KINDS: dict[str, tuple[str, int, tuple[bytes, ...]]] = {
    ".pdf": ("application/pdf", 0, (b"%PDF-",)),
    ".ofd": ("application/ofd", 0, _ZIP),
    ".jpg": ("image/jpeg", 0, (b"\xff\xd8\xff",)),
    ".jpeg": ("image/jpeg", 0, (b"\xff\xd8\xff",)),
    ".png": ("image/png", 0, (b"\x89PNG\r\n\x1a\n",)),
    ".docx": (f"{_OFFICE}.wordprocessingml.document", 0, _ZIP),
    ".xlsx": (f"{_OFFICE}.spreadsheetml.sheet", 0, _ZIP),
    ".pptx": (f"{_OFFICE}.presentationml.presentation", 0, _ZIP),
    ".doc": ("application/msword", 0, _OLE),
    ".xls": ("application/vnd.ms-excel", 0, _OLE),
    ".wps": ("application/vnd.ms-works", 0, (*_OLE, *_ZIP)),
    ".zip": ("application/zip", 0, _ZIP),
    ".mp4": ("video/mp4", 4, (b"ftyp",)),
    ".mov": ("video/quicktime", 4, (b"ftyp", b"moov", b"wide", b"mdat")),
    ".txt": ("text/plain", 0, (b"",)),
    ".csv": ("text/csv", 0, (b"",)),
}
"""What is accepted: media type, and the bytes at an offset that such a file begins with."""

UPLOADS = sa.Table(
    "evidence_uploads",
    METADATA,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("sha256", sa.String(64), nullable=False, index=True),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("size", sa.BigInteger, nullable=False),
    sa.Column("type", sa.Text, nullable=False),
    sa.Column("account", sa.Uuid),
    sa.Column("organisation", sa.Uuid),
    sa.Column("at", sa.Text, nullable=False),
)


class EvidenceStore:
    """Files below a folder, as `ab/cdef…`; `largest` is in bytes."""

    def __init__(self, engine: Engine, folder: Path, *, largest: int = LARGEST) -> None:
        self._engine = engine
        self._folder = folder
        self.largest = largest
        ensure(engine)

    def put(
        self,
        stream: IO[bytes],
        name: str,
        *,
        at: datetime,
        account: UUID | None = None,
        organisation: UUID | None = None,
    ) -> Evidence:
        """Keep a file, on disk and synced when this returns. Its type follows from name and content.

        Raises Invalid: `file_too_large`, `file_empty`, `file_type_unknown`, `file_type_differs`.
        """
        shown = _safe_name(name)
        type, offset, starts = _kind(shown)
        self._folder.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=self._folder, prefix=".new-", delete=False) as file:
            path = Path(file.name)
            try:
                sha256, size, head = self._copy(stream, file)
                _require_start(shown, head[offset:], starts)
                self._settle(path, sha256)
            except BaseException:
                path.unlink(missing_ok=True)
                raise
        evidence = Evidence(sha256, shown, size, type)
        row = {"account": account, "organisation": organisation, "at": stamp(at)}
        with writing(self._engine) as connection:
            connection.execute(
                sa.insert(UPLOADS).values(sha256=sha256, name=shown, size=size, type=type, **row)
            )
        return evidence

    def path(self, sha256: str) -> Path:
        """Where a file is. Raises NotFound."""
        self.describe(sha256)
        return self._place(sha256)

    def open(self, sha256: str) -> BufferedReader:
        """A file for reading. Raises NotFound."""
        return self.path(sha256).open("rb")

    def describe(self, sha256: str, organisation: UUID | None = None) -> Evidence:
        """A file's name, size and type, as it was first handed in. Raises NotFound.

        Where the organisation handed it in, the name is the one that it gave: others may have called it otherwise.
        """
        columns = (UPLOADS.c.sha256, UPLOADS.c.name, UPLOADS.c.size, UPLOADS.c.type)
        own = sa.case((UPLOADS.c.organisation == organisation, 0), else_=1)
        wanted = sa.select(*columns).where(UPLOADS.c.sha256 == sha256).order_by(own, UPLOADS.c.id)
        with reading(self._engine) as connection:
            row = connection.execute(wanted.limit(1)).first()
        if row is None or not self._place(sha256).is_file():
            raise NotFound("evidence_unknown", "没有这个文件", sha256=sha256[:64])
        return Evidence(*row)

    def owners(self, sha256: str) -> Sequence[UUID]:
        """The organisations on whose behalf a file was handed in."""
        wanted = sa.select(UPLOADS.c.organisation).distinct()
        mine = (UPLOADS.c.sha256 == sha256) & UPLOADS.c.organisation.is_not(None)
        with reading(self._engine) as connection:
            return list(connection.execute(wanted.where(mine)).scalars())

    def intact(self, sha256: str) -> bool:
        """Whether the file still has the content it is named for."""
        with self.open(sha256) as file:
            return hashlib.file_digest(file, "sha256").hexdigest() == sha256

    def _copy(self, stream: IO[bytes], file: IO[bytes]) -> tuple[str, int, bytes]:
        digest, size, head = hashlib.sha256(), 0, b""
        while chunk := stream.read(_CHUNK):
            size += len(chunk)
            if size > self.largest:
                told = f"文件超过 {self.largest // 1024 // 1024} MB"
                raise Invalid("file_too_large", told, field="file", largest=self.largest)
            head = head or chunk[:64]
            digest.update(chunk)
            file.write(chunk)
        if not size:
            raise Invalid("file_empty", "文件是空的", field="file")
        file.flush()
        os.fsync(file.fileno())
        return digest.hexdigest(), size, head

    def _settle(self, path: Path, sha256: str) -> None:
        place = self._place(sha256)
        place.parent.mkdir(exist_ok=True)
        path.replace(place)
        for folder in (place.parent, self._folder):
            handle = os.open(folder, os.O_RDONLY)
            try:
                os.fsync(handle)
            finally:
                os.close(handle)

    def _place(self, sha256: str) -> Path:
        if not re.fullmatch(r"[0-9a-f]{64}", sha256):
            raise NotFound("evidence_unknown", "没有这个文件")
        return self._folder / sha256[:2] / sha256[2:]


def _safe_name(name: str) -> str:
    """The last part of a name, without what is not printed."""
    last = PurePath(name.replace("\\", "/")).name
    shown = "".join(
        mark for mark in last if mark.isprintable() and not 0xD800 <= ord(mark) < 0xE000
    )
    if not shown.strip() or len(shown) > 200:
        raise Invalid("file_name", "文件名须为 1 至 200 个字符", field="name")
    return shown.strip()


def _kind(name: str) -> tuple[str, int, tuple[bytes, ...]]:
    suffix = PurePath(name).suffix.lower()
    if suffix not in KINDS:
        known = "、".join(sorted(KINDS))
        raise Invalid("file_type_unknown", f"不接受这种文件；可用：{known}", field="name")
    return KINDS[suffix]


def _require_start(name: str, head: bytes, starts: tuple[bytes, ...]) -> None:
    if not any(head.startswith(start) for start in starts):
        raise Invalid("file_type_differs", f"“{name}”的内容与其扩展名不符", field="file")
