"""An empty workbook for a year's results, with what goes into its columns."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Final

from adapters.imports.assessments import COLUMNS, REQUIRED

NOTES: Final[Mapping[str, str]] = {
    "number": "命名编号，与铭牌和命名文件一致",
    "studio": "工作室名称，用来核对；同一编号有多个命名时必须填写",
    "grade": "政策规定的等次，如：优秀、合格、不合格",
    "findings": "考核意见",
    "received_on": "只由市总工会填写：书面结果收到的日期，YYYY-MM-DD；空着即为录入当天",
}
WIDTHS: Final = {"number": 24, "studio": 36, "grade": 12, "findings": 60, "received_on": 16}


def write_template(path: Path) -> None:
    """Write the workbook: one sheet to fill in, one that explains it."""
    from openpyxl import Workbook
    from openpyxl.styles import Font, PatternFill
    from openpyxl.utils import get_column_letter

    book = Workbook()
    sheet = book.active
    sheet.title = "考核结果"
    sheet.append(list(COLUMNS))
    sheet.freeze_panes = "A2"
    for place, key in enumerate(COLUMNS.values(), 1):
        column = get_column_letter(place)
        sheet.column_dimensions[column].width = WIDTHS[key]
        # Numbers such as 2023-01 must not be taken for dates.
        sheet.column_dimensions[column].number_format = "@"
        sheet[f"{column}1"].font = Font(bold=True)
        sheet[f"{column}1"].fill = PatternFill("solid", fgColor="FFF2CC")
    notes = book.create_sheet("说明")
    notes.append(["列", "必填", "填写内容"])
    for heading, key in COLUMNS.items():
        notes.append([heading, "是" if key in REQUIRED else "否", NOTES[key]])
    for column, width in (("A", 12), ("B", 8), ("C", 70)):
        notes.column_dimensions[column].width = width
    book.save(path)
