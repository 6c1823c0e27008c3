"""YAML with lines: only mappings, lists and plain words; no anchors, tags or second documents."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path as FilePath
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    Event,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)

from adapters.packs.reading import MAX_DEPTH, Located, PackError, Problem, Stop, read_text
from domain.policy.shapes import Path, broken

KNOWN = (
    ("character '\\t'", "缩进不能用制表符（Tab），请用空格"),
    ("mapping values are not allowed", "文字中有“: ”，请加引号；或上一行缩进有误"),
    ("could not find expected ':'", "缺少冒号，或冒号后没有空格"),
    ("did not find expected", "缩进或括号不配对"),
    ("expected <block end>", "缩进与上文不一致"),
    ("expected ',' or", "括号内缺少逗号，或括号没有结束"),
    ("unexpected end of stream", "引号或括号没有结束"),
)
"""What people most often get wrong, in Chinese; the rest is told as the reader tells it."""

WHOLE = re.compile(r"-?(0|[1-9][0-9]{0,17})\Z")


def read_yaml(path: FilePath) -> Located:
    """A YAML file's plain value with lines. Raises PackError."""
    return parse_yaml(str(path), read_text(path))


def parse_yaml(file: str, text: str) -> Located:
    """The plain value of a file's text, with lines. Raises PackError.

    Whole numbers, `true`, `false` and `null` are read as such where they stand unquoted; all else is
    text, dates and decimals too, so that nothing changes its meaning on the way.
    """
    try:
        reader = _Reader(YAML(typ="safe", pure=True).parse(text))
        value = reader.document()
    except Stop as stop:
        raise PackError([stop.problem(file)]) from stop
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else 1
        why = next((told for said, told in KNOWN if said in str(error.problem)), error.problem)
        raise PackError([Problem(file, line, "", f"不是正确的 YAML：{why}")]) from error
    except (YAMLError, ValueError) as error:
        line = text[: getattr(error, "position", 0) or 0].count("\n") + 1
        raise PackError([Problem(file, line, "", "不是正确的 YAML：含有不可用的字符")]) from error
    return Located(file, value, reader.lines)


class _Reader:
    def __init__(self, events: Iterator[Event]) -> None:
        self.events = events
        self.lines: dict[Path, int] = {}
        self.documents = 0

    def next(self) -> Event:
        event = next(self.events)
        if isinstance(event, DocumentStartEvent):
            self.documents += 1
            if self.documents > 1:
                raise Stop(_line(event), "只能有一个 YAML 文档")
            return self.next()
        if isinstance(event, AliasEvent) or getattr(event, "anchor", None):
            raise Stop(_line(event), "不允许使用锚点和引用（& 与 *）")
        if tag := getattr(event, "tag", None):
            raise Stop(_line(event), f"不允许使用标签 {tag}")
        return event

    def document(self) -> Any:
        self.next()
        event = self.next()
        if not isinstance(event, MappingStartEvent):
            raise Stop(_line(event), "最外层应为映射（键: 值）")
        value = self.node(event, ())
        for rest in self.events:
            if isinstance(rest, DocumentStartEvent):
                raise Stop(_line(rest), "只能有一个 YAML 文档")
        return value

    def node(self, event: Event, path: Path) -> Any:
        self.lines.setdefault(path, _line(event))
        if len(path) > MAX_DEPTH:
            raise Stop(_line(event), f"嵌套超过 {MAX_DEPTH} 层", path)
        if isinstance(event, MappingStartEvent):
            return self.mapping(path)
        if isinstance(event, SequenceStartEvent):
            return self.sequence(path)
        if isinstance(event, ScalarEvent):
            return _scalar(event)
        raise Stop(_line(event), "不是正确的 YAML", path)

    def mapping(self, path: Path) -> dict[str, Any]:
        value: dict[str, Any] = {}
        while not isinstance(event := self.next(), MappingEndEvent):
            if not isinstance(event, ScalarEvent):
                raise Stop(_line(event), "键应为文字", path)
            name = _text(event)
            here = (*path, name)
            if name in value:
                first = self.lines[here]
                raise Stop(_line(event), f"重复的键（第 {first} 行已有）", here)
            self.lines[here] = _line(event)
            value[name] = self.node(self.next(), here)
        return value

    def sequence(self, path: Path) -> list[Any]:
        value: list[Any] = []
        while not isinstance(event := self.next(), SequenceEndEvent):
            value.append(self.node(event, (*path, len(value))))
        return value


def _text(event: ScalarEvent) -> str:
    if broken(event.value):
        raise Stop(_line(event), "文本中有残缺字符")
    return str(event.value)


def _scalar(event: ScalarEvent) -> Any:
    text = _text(event)
    if event.style is not None:
        return text
    if text in {"", "~", "null"}:
        return None
    if text in {"true", "false"}:
        return text == "true"
    return int(text) if WHOLE.match(text) else text


def _line(event: Event) -> int:
    return int(event.start_mark.line) + 1
