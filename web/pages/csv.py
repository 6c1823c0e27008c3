"""Lists as CSV: whole, streamed, in Asia/Shanghai, and safe to open in a spreadsheet."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from urllib.parse import unquote
from uuid import uuid4

from flask import Response, request, stream_with_context

from web import auth
from web.context import register
from web.pages.asof import position

FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""What a spreadsheet would run as a formula when a cell begins with it."""


def export(
    what: str, name: str, header: Sequence[str], rows: Iterable[Sequence[object]]
) -> Response:
    """A file of all rows; who took what is recorded first.

    It begins with a byte-order mark, by which spreadsheets know UTF-8.
    """
    mandate, asked = auth.mandate(str(uuid4())), unquote(request.query_string.decode())
    register().privacy.note_export(mandate, what=what, filters=asked, as_of=position())
    response = Response(stream_with_context(_lines(header, rows)), mimetype="text/csv")
    response.headers["Content-Disposition"] = f"attachment; filename={name}"
    return response


def _lines(header: Sequence[str], rows: Iterable[Sequence[object]]) -> Iterator[str]:
    yield "\ufeff" + _line(header)
    for row in rows:
        yield _line([_cell(value) for value in row])


def _line(cells: Sequence[str]) -> str:
    line = io.StringIO()
    csv.writer(line).writerow(cells)
    return line.getvalue()


def _cell(value: object) -> str:
    text = "" if value is None else str(value)
    return f"'{text}" if text.startswith(FORMULA) else text
