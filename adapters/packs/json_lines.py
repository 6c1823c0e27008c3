"""JSON with lines (RFC 8259): duplicate keys, NaN, huge numbers and deep nesting are refused."""

from __future__ import annotations

import math
import re
from decimal import Decimal
from json import JSONDecoder
from pathlib import Path as FilePath
from typing import Any

from adapters.packs.reading import MAX_DEPTH, Located, PackError, Stop, read_text
from domain.policy.shapes import FORBIDDEN_KEYS, Path, broken

BLANK = re.compile(r"[ \t\n\r]*")
NUMBER = re.compile(r"-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?")
WORDS = {"true": True, "false": False, "null": None}
LONGEST_NUMBER = 30
DECODER = JSONDecoder()


def read_json(path: FilePath) -> Located:
    """A JSON file's plain value with lines; fractions come as Decimal. Raises PackError."""
    text = read_text(path)
    reader = _Reader(text)
    try:
        value = reader.document()
    except Stop as stop:
        raise PackError([stop.problem(str(path))]) from stop
    return Located(str(path), value, reader.lines)


class _Reader:
    def __init__(self, text: str) -> None:
        self.text, self.at = text, 0
        self.counted, self.line = 0, 1
        self.lines: dict[Path, int] = {}

    def here(self) -> int:
        """The line of the place reached."""
        self.line += self.text.count("\n", self.counted, self.at)
        self.counted = max(self.counted, self.at)
        return self.line

    def stop(self, message: str, path: Path = ()) -> Stop:
        return Stop(self.here(), message, path)

    def peek(self) -> str:
        match = BLANK.match(self.text, self.at)
        self.at = match.end() if match else self.at
        return self.text[self.at : self.at + 1]

    def expect(self, mark: str, path: Path) -> None:
        if self.peek() != mark:
            raise self.stop(f"不是正确的 JSON：此处应为 {mark}", path)
        self.at += 1

    def document(self) -> Any:
        value = self.value(())
        if self.peek():
            raise self.stop("不是正确的 JSON：结尾之后还有内容")
        return value

    def value(self, path: Path) -> Any:
        mark = self.peek()
        self.lines.setdefault(path, self.here())
        if len(path) > MAX_DEPTH:
            raise self.stop(f"嵌套超过 {MAX_DEPTH} 层", path[:3])
        if mark == "{":
            return self.object(path)
        if mark == "[":
            return self.array(path)
        return self.string(path) if mark == '"' else self.word(path)

    def object(self, path: Path) -> dict[str, Any]:
        self.at += 1
        value: dict[str, Any] = {}
        if self.peek() == "}":
            self.at += 1
            return value
        while True:
            if self.peek() != '"':
                raise self.stop("不是正确的 JSON：键应加双引号", path)
            line = self.here()
            name = self.string(path)
            here = (*path, name)
            if name in value:
                told = f"重复的键（第 {self.lines[here]} 行已有）"
                raise Stop(line, told, here)
            if name in FORBIDDEN_KEYS:
                raise Stop(line, "不允许使用的键", here)
            self.lines[here] = line
            self.expect(":", here)
            value[name] = self.value(here)
            if self.peek() != ",":
                self.expect("}", path)
                return value
            self.at += 1

    def array(self, path: Path) -> list[Any]:
        self.at += 1
        value: list[Any] = []
        if self.peek() == "]":
            self.at += 1
            return value
        while True:
            value.append(self.value((*path, len(value))))
            if self.peek() != ",":
                self.expect("]", path)
                return value
            self.at += 1

    def string(self, path: Path) -> str:
        try:
            text, self.at = DECODER.raw_decode(self.text, self.at)
        except ValueError as error:
            raise self.stop("不是正确的 JSON：文本没有结束或含有控制字符", path) from error
        if broken(text):
            raise self.stop("文本中有残缺字符", path)
        return str(text)

    def word(self, path: Path) -> Any:
        for word, value in WORDS.items():
            if self.text.startswith(word, self.at):
                self.at += len(word)
                return value
        match = NUMBER.match(self.text, self.at)
        if match is None:
            found = self.text[self.at : self.at + 10].split("\n")[0]
            raise self.stop(f"不是正确的 JSON：无法识别 {found!r}", path)
        number = match.group()
        if len(number) > LONGEST_NUMBER:
            raise self.stop("数字过长", path)
        self.at = match.end()
        if number.lstrip("-").isdigit():
            return int(number)
        if not math.isfinite(float(number)):
            raise self.stop("数字超出范围", path)
        return Decimal(number)
