"""Rows of workbooks, CSV files and JSON lines, as plain text; and files that are none of these."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook

from adapters.imports.sheets import Line, lines
from domain.errors import Invalid

COLUMNS = {"编号": "number", "等次": "grade", "收到日期": "received_on"}
AFTERNOON = datetime.fromisoformat("2024-12-30T14:30:00")
"""As a workbook has it: without a zone."""

EXPECTED = [
    Line(2, {"number": "试〔2023〕1", "grade": "合格", "received_on": "2024-12-30"}),
    Line(4, {"number": "2", "grade": "优秀", "received_on": ""}),
]


def read(path: Path) -> list[Line]:
    return list(lines(path, COLUMNS, ("number", "grade")))


def workbook(path: Path, *rows: list[Any]) -> Path:
    book = Workbook()
    for row in rows:
        book.active.append(row)
    book.create_sheet("说明").append(["不读"])
    book.save(path)
    return path


@pytest.mark.parametrize("day", [date(2024, 12, 30), AFTERNOON, "2024-12-30"])
def test_a_workbook_is_read_by_its_first_sheet(tmp_path: Path, day: Any) -> None:
    path = workbook(
        tmp_path / "a.xlsx",
        [" 编号", "等次 ", "收到日期", None],
        ["试〔2023〕1 ", "合格", day],
        [None, "", None],
        [2, "优秀", None],
    )
    assert read(path) == EXPECTED


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_csv_is_read_as_spreadsheets_in_china_write_it(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "a.CSV"
    text = "编号,等次,收到日期\r\n试〔2023〕1,合格,2024-12-30\r\n,,\r\n2,优秀,\r\n"
    path.write_bytes(text.encode(encoding))
    assert read(path) == EXPECTED


def test_json_lines_may_have_either_names(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text(
        '\n{"编号": "试〔2023〕1", "等次": "合格", "收到日期": "2024-12-30"}\n\n'
        '{"number": 2, "grade": "优秀", "received_on": null}\n',
        "utf-8",
    )
    assert read(path) == EXPECTED


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ("[1]", "不是一个 JSON 对象"),
        ('{"number"', "不是一个 JSON 对象"),
        ('{"number": "1", "mark": 3}', "不认识的键：mark"),
        ('{"number": true}', "各项的值应为文本"),
        ('{"number": 1.5}', "各项的值应为文本"),
        ('{"number": ["1"]}', "各项的值应为文本"),
    ],
)
def test_a_json_line_that_is_none_is_a_fault_of_its_row(
    tmp_path: Path, line: str, fault: str
) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text(f'{{"number": "1"}}\n{line}\n', "utf-8")
    assert [(each.row, each.fault) for each in read(path)] == [(1, None), (2, fault)]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("编号,等次,分数\n1,合格,90\n", "columns_unknown"),
        ("编号,意见\n", "columns_unknown"),
        ("编号\n1\n", "columns_missing"),
        ("", "columns_missing"),
        ("编号,等次,number\n", "columns_twice"),
        ('编号,等次\n"1,合格\n', "file_unreadable"),
    ],
)
def test_a_sheet_with_other_columns_is_refused(tmp_path: Path, text: str, code: str) -> None:
    path = tmp_path / "a.csv"
    path.write_text(text, "utf-8")
    with pytest.raises(Invalid) as refusal:
        read(path)
    assert refusal.value.code == code


def test_a_row_that_is_longer_than_the_headings_is_a_fault(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("编号,等次\n1,合格,好\n", "utf-8")
    assert [each.fault for each in read(path)] == ["这一行比标题行长"]


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("a.xlsx", b"no workbook", "file_unreadable"),
        ("a.xlsx", b"", "file_unreadable"),
        ("a.csv", b"\xff\xff\xff", "file_unreadable"),
        ("a.pdf", b"%PDF", "file_kind_unknown"),
    ],
)
def test_a_file_that_is_no_table_is_refused(
    tmp_path: Path, name: str, content: bytes, code: str
) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(Invalid) as refusal:
        read(path)
    assert refusal.value.code == code
