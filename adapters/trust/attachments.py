"""The files that events refer to, held against the SHA-256 and the size that the events give.

What is referred to is collected in a temporary table on disk, so memory stays flat however many files there are.
"""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any, Final

from domain.values import Evidence

MARK: Final = b'"_type_":"evidence"'
"""What the state of every event contains that refers to a file."""


class References:
    """The files that events refer to, each with the first position that does."""

    def __init__(self) -> None:
        self._kept = sqlite3.connect("", isolation_level=None)
        self._kept.execute(
            "CREATE TABLE files (sha256 TEXT, size INTEGER, position INTEGER,"
            " PRIMARY KEY (sha256, size)) WITHOUT ROWID"
        )
        self._kept.execute("BEGIN")

    def add(self, position: int, event: object) -> None:
        """Take up what an event refers to; positions come in ascending order."""
        rows = [(found.sha256, found.size, position) for found in evidence_in(vars(event))]
        self._kept.executemany("INSERT OR IGNORE INTO files VALUES (?, ?, ?)", rows)

    def __len__(self) -> int:
        return int(self._kept.execute("SELECT count(*) FROM files").fetchone()[0])

    def broken(self, folder: Path) -> Iterator[tuple[int, str]]:
        """(position, what is wrong) for each file that is not as the event says; by position."""
        query = "SELECT sha256, size, position FROM files ORDER BY position, sha256, size"
        for sha256, size, position in self._kept.execute(query):
            reason = _fault(folder / sha256[:2] / sha256[2:], sha256, size)
            if reason is not None:
                yield position, reason

    def close(self) -> None:
        """Drop the table."""
        self._kept.close()


def evidence_in(value: Any) -> Iterator[Evidence]:
    """Every reference to a file within a value, however deep."""
    if isinstance(value, Evidence):
        yield value
    elif isinstance(value, Mapping):
        yield from _within(value.values())
    elif isinstance(value, list | tuple | set | frozenset):
        yield from _within(value)
    elif is_dataclass(value) and not isinstance(value, type):
        yield from _within(getattr(value, field.name) for field in fields(value))


def _within(values: Iterable[Any]) -> Iterator[Evidence]:
    for value in values:
        yield from evidence_in(value)


def _fault(path: Path, sha256: str, size: int) -> str | None:
    try:
        with path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
            length = file.tell()
    except OSError as error:
        return f"附件 {sha256[:12]}… 读不到：{error.strerror}"
    if digest != sha256:
        return f"附件 {sha256[:12]}… 的内容被改动"
    if length != size:
        return f"附件 {sha256[:12]}… 的大小是 {length} 字节，事件中写的是 {size}"
    return None
