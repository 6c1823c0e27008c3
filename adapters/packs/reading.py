"""Files people write, as plain values with the line of every key; what is wrong, with file and line."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path as FilePath
from typing import Any

from domain.policy.shapes import Fault, Path, dotted

MAX_BYTES = 512 * 1024
"""A pack or dossier of half a megabyte is a mistake."""

MAX_DEPTH = 24


@dataclass(frozen=True)
class Problem:
    """Something wrong in a file: its line (1 is the first), the field, and a Chinese sentence."""

    file: str
    line: int
    field: str
    message: str

    def __str__(self) -> str:
        place = f"{self.field}：" if self.field else ""
        return _one_line(f"{self.file}:{self.line}: {place}{self.message}")

    def as_dict(self) -> dict[str, Any]:
        """The problem as plain JSON values."""
        return {
            "file": self.file,
            "line": self.line,
            "field": self.field,
            "message": self.message,
        }


def _one_line(text: str) -> str:
    """The text on one line: a key from a file must not be able to write on a terminal."""
    return "".join(mark if mark.isprintable() else "\ufffd" for mark in text)


class PackError(Exception):
    """A file cannot be used; `problems` says where and why, in the order of lines."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(sorted(problems, key=lambda each: (each.file, each.line, each.field)))
        super().__init__("\n".join(map(str, self.problems)))


@dataclass(frozen=True)
class Located:
    """A file's plain value and the line of every key and list item in it."""

    file: str
    value: Any
    lines: dict[Path, int]

    def line(self, path: Path) -> int:
        """The line of a place, or of the nearest place around it that the file shows."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path, 1)

    def problem(self, fault: Fault) -> Problem:
        """A fault of the value as a problem of the file."""
        return Problem(self.file, self.line(fault.path), fault.field, fault.message)

    def refuse(self, faults: Iterable[Fault]) -> None:
        """Raise PackError if there is any fault."""
        problems = [self.problem(each) for each in faults]
        if problems:
            raise PackError(problems)


class Stop(Exception):
    """Reading cannot go on: the line, the place and why."""

    def __init__(self, line: int, message: str, path: Path = ()) -> None:
        self.line, self.message, self.path = line, message, path
        super().__init__(message)

    def problem(self, file: str) -> Problem:
        """The problem of the file."""
        return Problem(file, self.line, dotted(self.path), self.message)


def read_text(path: FilePath) -> str:
    """The text of a file. Raises PackError if it cannot be opened, is too large or not UTF-8."""
    try:
        with path.open("rb") as source:
            data = source.read(MAX_BYTES + 1)
    except OSError as error:
        raise PackError([Problem(str(path), 1, "", _why(error))]) from error
    if len(data) > MAX_BYTES:
        raise PackError([Problem(str(path), 1, "", f"文件超过 {MAX_BYTES // 1024} KiB")])
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        message = "不是 UTF-8 编码（请另存为 UTF-8）"
        raise PackError([Problem(str(path), line, "", message)]) from error
    if not text.strip():
        raise PackError([Problem(str(path), 1, "", "文件是空的")])
    return text


def _why(error: OSError) -> str:
    known = {
        FileNotFoundError: "没有这个文件",
        IsADirectoryError: "这是文件夹，不是文件",
        PermissionError: "没有读取权限",
    }
    return known.get(type(error), f"打不开文件：{error.strerror}")


def walk(value: Any, path: Path = ()) -> Iterator[tuple[Path, Any]]:
    """Every key of every object in a value, with its path."""
    if isinstance(value, dict):
        for name, item in value.items():
            yield (*path, name), name
            yield from walk(item, (*path, name))
    elif isinstance(value, list):
        for position, item in enumerate(value):
            yield from walk(item, (*path, position))
