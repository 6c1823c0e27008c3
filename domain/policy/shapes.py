"""What a value of a dossier may look like: one source for its JSON Schema and for what is wrong.

A value that is `null` means 未填写; a shape inside a list or marked `filled` may not be null.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

Path = tuple[str | int, ...]

FORBIDDEN_KEYS = frozenset({"_type_", "_data_"})
"""Keys that the event store's transcoder would read as a type; never stored."""

MONTH = re.compile(r"[12]\d{3}-(0[1-9]|1[0-2])\Z")
DAY = re.compile(r"[12]\d{3}-\d{2}-\d{2}\Z")


@dataclass(frozen=True)
class Fault:
    """What is wrong with a value, and where: keys and list positions from the top."""

    path: Path
    message: str

    @property
    def field(self) -> str:
        """The place as text, such as `results[0].name`."""
        return dotted(self.path)


def normal(name: str) -> str:
    """A name for comparing: full-width forms folded, no blanks."""
    return "".join(unicodedata.normalize("NFKC", name).split())


def dotted(path: Path) -> str:
    """A path as text: `results[0].name`."""
    text = ""
    for step in path:
        text += f"[{step}]" if isinstance(step, int) else f".{step}" if text else step
    return text


@dataclass(frozen=True, kw_only=True)
class Shape:
    """The base of all shapes. `title` is the Chinese name; `filled` forbids null."""

    title: str = ""
    filled: bool = False

    def faults(self, value: Any, path: Path = ()) -> Iterator[Fault]:
        """What is wrong with a value, nothing if it is fine."""
        if value is None:
            if self.filled:
                yield Fault(path, "不能为空（null）")
            return
        yield from self.faults_of(value, path)

    def faults_of(self, value: Any, path: Path) -> Iterator[Fault]:
        """What is wrong with a value that is not null."""
        raise TypeError(f"{type(self).__name__} checks nothing: {path} {value!r}")

    def schema(self) -> dict[str, Any]:
        """The shape as JSON Schema (2020-12)."""
        own = self.schema_of()
        if self.title:
            own = {"title": self.title, **own}
        if self.filled:
            return own
        if "enum" in own:
            return {**own, "type": ["string", "null"], "enum": [*own["enum"], None]}
        return {**own, "type": [own["type"], "null"]}

    def schema_of(self) -> dict[str, Any]:
        """The JSON Schema of a value that is not null."""
        raise TypeError(f"{type(self).__name__} has no schema")


@dataclass(frozen=True, kw_only=True)
class Text(Shape):
    """Text without control characters; empty text is the same as null for every rule."""

    most: int = 2_000
    pattern: str = ""

    def faults_of(self, value: Any, path: Path) -> Iterator[Fault]:
        if not isinstance(value, str):
            yield Fault(path, "应为文本")
        elif len(value) > self.most:
            yield Fault(path, f"超过 {self.most} 字（现 {len(value)} 字）")
        elif any(ord(mark) < 32 and mark not in "\n\r\t" for mark in value) or broken(value):
            yield Fault(path, "含有不可见的控制字符或残缺字符")
        elif self.pattern and not re.fullmatch(self.pattern, value):
            yield Fault(path, f"格式应为 {self.pattern}")

    def schema_of(self) -> dict[str, Any]:
        limits: dict[str, Any] = {"type": "string", "maxLength": self.most}
        return {**limits, "pattern": f"^{self.pattern}$"} if self.pattern else limits


def broken(value: str) -> bool:
    """Whether a text holds half a character (a lone surrogate), which no file can keep."""
    return any(0xD800 <= ord(mark) <= 0xDFFF for mark in value)


@dataclass(frozen=True, kw_only=True)
class Choice(Shape):
    """One of the words it names; with `names` they are shown in Chinese in messages."""

    options: tuple[str, ...]

    def faults_of(self, value: Any, path: Path) -> Iterator[Fault]:
        if not isinstance(value, str) or value not in self.options:
            yield Fault(path, f"应为其中之一：{'、'.join(self.options)}")

    def schema_of(self) -> dict[str, Any]:
        return {"type": "string", "enum": list(self.options)}


@dataclass(frozen=True, kw_only=True)
class Whole(Shape):
    """A whole number; true and false are not numbers."""

    least: int = 0
    most: int = 10**15

    def faults_of(self, value: Any, path: Path) -> Iterator[Fault]:
        if type(value) is not int:
            yield Fault(path, "应为整数")
        elif not self.least <= value <= self.most:
            yield Fault(path, f"应在 {self.least} 至 {self.most} 之间")

    def schema_of(self) -> dict[str, Any]:
        return {"type": "integer", "minimum": self.least, "maximum": self.most}


@dataclass(frozen=True, kw_only=True)
class Number(Shape):
    """A finite number, whole or not."""

    least: int = 0
    most: int = 10**12

    def faults_of(self, value: Any, path: Path) -> Iterator[Fault]:
        number = isinstance(value, int | float | Decimal) and not isinstance(value, bool)
        if not number or not math.isfinite(value):
            yield Fault(path, "应为有限的数字")
        elif not self.least <= value <= self.most:
            yield Fault(path, f"应在 {self.least} 至 {self.most} 之间")

    def schema_of(self) -> dict[str, Any]:
        return {"type": "number", "minimum": self.least, "maximum": self.most}


@dataclass(frozen=True, kw_only=True)
class Flag(Shape):
    """Yes or no."""

    def faults_of(self, value: Any, path: Path) -> Iterator[Fault]:
        if not isinstance(value, bool):
            yield Fault(path, "应为 true 或 false")

    def schema_of(self) -> dict[str, Any]:
        return {"type": "boolean"}


@dataclass(frozen=True, kw_only=True)
class Day(Shape):
    """A date as `YYYY-MM-DD`; with `month_will_do` also `YYYY-MM`."""

    month_will_do: bool = False

    def faults_of(self, value: Any, path: Path) -> Iterator[Fault]:
        if isinstance(value, str) and self.month_will_do and MONTH.match(value):
            return
        if not isinstance(value, str) or not DAY.match(value) or not _is_day(value):
            also = "或 YYYY-MM " if self.month_will_do else ""
            yield Fault(path, f"应为 YYYY-MM-DD {also}形式的日期")

    def schema_of(self) -> dict[str, Any]:
        if self.month_will_do:
            return {"type": "string", "pattern": r"^[12]\d{3}-\d{2}(-\d{2})?$"}
        return {"type": "string", "format": "date"}


def _is_day(value: str) -> bool:
    try:
        date.fromisoformat(value)
    except ValueError:
        return False
    return True


@dataclass(frozen=True, kw_only=True)
class Listing(Shape):
    """A list of values of one shape."""

    of: Shape
    most: int = 1_000

    def faults_of(self, value: Any, path: Path) -> Iterator[Fault]:
        if not isinstance(value, list | tuple):
            yield Fault(path, "应为列表")
        elif len(value) > self.most:
            yield Fault(path, f"超过 {self.most} 项")
        else:
            for position, item in enumerate(value):
                yield from self.of.faults(item, (*path, position))

    def schema_of(self) -> dict[str, Any]:
        return {"type": "array", "items": self.of.schema(), "maxItems": self.most}


@dataclass(frozen=True, kw_only=True)
class Keys(Shape):
    """An object with exactly these keys, of which the `optional` ones may be left out."""

    of: Mapping[str, Shape]
    optional: frozenset[str] = field(default_factory=frozenset)
    complete: bool = True

    def faults_of(self, value: Any, path: Path) -> Iterator[Fault]:
        if not isinstance(value, Mapping):
            yield Fault(path, "应为对象（键与值）")
            return
        for name, item in value.items():
            if name in FORBIDDEN_KEYS:
                yield Fault((*path, name), "不允许使用的键")
            elif name not in self.of:
                yield Fault((*path, str(name)), "不认识的键")
            else:
                yield from self.of[name].faults(item, (*path, name))
        if self.complete:
            for name in self.of:
                if name not in value and name not in self.optional:
                    yield Fault((*path, name), "缺少此项")

    def schema_of(self) -> dict[str, Any]:
        return {
            "type": "object",
            "properties": {name: shape.schema() for name, shape in self.of.items()},
            "required": [name for name in self.of if name not in self.optional],
            "additionalProperties": False,
        }
