"""Rows of a workbook, a CSV file or a file of JSON lines, one after the other, as plain text.

The columns of a sheet are named by its first row. Only one row is held at a time.
"""

from __future__ import annotations

import csv
import zipfile
from codecs import getincrementaldecoder
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import zip_longest
from pathlib import Path
from typing import Any, Final
from xml.etree.ElementTree import ParseError

import orjson

from domain.errors import Invalid

CHUNK: Final = 1 << 20
ENCODINGS: Final = ("utf-8-sig", "gb18030")
"""What spreadsheets in China write CSV in."""

DAMAGED: Final = (zipfile.BadZipFile, ParseError, KeyError, ValueError, OSError, EOFError)
"""What reading a workbook raises when it is none, or a broken one."""


@dataclass(frozen=True, slots=True)
class Line:
    """A row by its number in the file, counted from 1; `fault` says why it cannot be read."""

    row: int
    cells: Mapping[str, str]
    fault: str | None = None


def lines(path: Path, columns: Mapping[str, str], required: Iterable[str]) -> Iterator[Line]:
    """The rows of a file that are not empty. `columns`: heading → key; JSON lines may use either.

    Raises Invalid for a file that cannot be read, or whose columns are not these.
    """
    readers = {".xlsx": _workbook, ".csv": _csv}
    kind = path.suffix.lower()
    if kind == ".jsonl":
        yield from _json(path, columns)
        return
    if kind not in readers:
        raise Invalid("file_kind_unknown", "文件须为 .xlsx、.csv 或 .jsonl", field="file")
    rows = readers[kind](path)
    first = next(rows, None)
    keys = _keys(first[1] if first else (), columns, required)
    for number, values in rows:
        filled = zip_longest(keys, values[: len(keys)])
        cells = {key: text(value) for key, value in filled if key}
        if any(cells.values()):
            extra = any(text(value) for value in values[len(keys) :])
            yield Line(number, cells, "这一行比标题行长" if extra else None)


def text(value: Any) -> str:
    """A cell as people see it: dates as YYYY-MM-DD, whole numbers without a point."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        value = value.date()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return str(value).strip()


def _keys(
    headings: Sequence[Any], columns: Mapping[str, str], required: Iterable[str]
) -> list[str | None]:
    known = {**columns, **{key: key for key in columns.values()}}
    names = [text(heading) for heading in headings]
    unknown = [name for name in names if name and name not in known]
    if unknown:
        told = f"不认识的列：{'、'.join(unknown)}；可用的列：{'、'.join(columns)}"
        raise Invalid("columns_unknown", told, field="file")
    keys = [known.get(name) for name in names]
    missing = [name for name, key in columns.items() if key in set(required) - {*keys}]
    if missing:
        raise Invalid("columns_missing", f"缺少列：{'、'.join(missing)}", field="file")
    named = [key for key in keys if key]
    if len(set(named)) != len(named):
        raise Invalid("columns_twice", "同一列出现了两次", field="file")
    return keys


def _workbook(path: Path) -> Iterator[tuple[int, Sequence[Any]]]:
    from openpyxl import load_workbook

    try:
        book = load_workbook(path, read_only=True, data_only=True)
        try:
            sheet = book.worksheets[0]
            sheet.reset_dimensions()
            yield from enumerate(sheet.iter_rows(values_only=True), 1)
        finally:
            book.close()
    except DAMAGED as error:
        raise Invalid("file_unreadable", "不是可以读取的 Excel 工作簿（.xlsx）") from error


def _csv(path: Path) -> Iterator[tuple[int, Sequence[Any]]]:
    with path.open(encoding=_encoding(path), newline="") as file:
        try:
            yield from enumerate(csv.reader(file, strict=True), 1)
        except csv.Error as error:
            raise Invalid("file_unreadable", f"CSV 格式有误：{error}") from error


def _encoding(path: Path) -> str:
    for encoding in ENCODINGS:
        decoder = getincrementaldecoder(encoding)()
        with path.open("rb") as file:
            try:
                while chunk := file.read(CHUNK):
                    decoder.decode(chunk)
                decoder.decode(b"", final=True)
            except UnicodeDecodeError:
                continue
            return encoding
    raise Invalid("file_unreadable", "CSV 的编码须为 UTF-8 或 GB 18030", field="file")


def _json(path: Path, columns: Mapping[str, str]) -> Iterator[Line]:
    known = {**columns, **{key: key for key in columns.values()}}
    with path.open("rb") as file:
        for number, line in enumerate(file, 1):
            if line.strip():
                yield _object(number, line, known)


def _object(number: int, line: bytes, known: Mapping[str, str]) -> Line:
    try:
        found = orjson.loads(line)
    except orjson.JSONDecodeError:
        return Line(number, {}, "不是一个 JSON 对象")
    if not isinstance(found, dict):
        return Line(number, {}, "不是一个 JSON 对象")
    unknown = [key for key in found if key not in known]
    if unknown:
        return Line(number, {}, f"不认识的键：{'、'.join(unknown)}")
    if not all(value is None or type(value) in (str, int) for value in found.values()):
        return Line(number, {}, "各项的值应为文本")
    return Line(number, {known[key]: text(value) for key, value in found.items()})
