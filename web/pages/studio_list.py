"""The list of studios: its filters, its order, its pages; and the whole of it for export."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from flask import request, url_for

from web.context import queries
from web.pages.asof import as_of, position
from web.pages.names import Names
from web.pages.sight import scope
from web.pages.words import word

COLUMNS = (
    ("name", "工作室", True),
    ("unit", "所在单位", False),
    ("recommender", "推荐单位", False),
    ("honour", "称号", False),
    ("number", "编号", True),
    ("named_on", "命名日期", True),
    ("status", "状态", False),
    ("failing_run", "连续不合格", True),
)
"""Column of the view, heading, and whether the list can be sorted by it."""

STATUSES = ("registered", "applying", "named", "de_named", "closed", "merged")
FILTERS = ("q", "recommender", "category", "status")
PAGE = 50


@dataclass(frozen=True)
class Column:
    """A heading; `url` sorts by it, `direction` says that the list is sorted by it now."""

    id: str
    label: str
    url: str
    direction: str


@dataclass(frozen=True)
class Choice:
    """A filter with its options."""

    name: str
    label: str
    options: list[tuple[str, str]]


class StudioList:
    """One page of the list that the address asks for."""

    def __init__(self) -> None:
        self.names = Names(as_of())
        self._page = queries().studios(**_asked(), after=request.args.get("after"), limit=PAGE)

    @property
    def rows(self) -> list[Mapping[str, Any]]:
        return list(self._page.rows)

    @property
    def total(self) -> int:
        return int(self._page.total)

    @property
    def columns(self) -> list[Column]:
        return [_column(*column) for column in COLUMNS]

    @property
    def next_url(self) -> str | None:
        return _url(after=self._page.next) if self._page.next else None

    @property
    def first_url(self) -> str | None:
        return _url(after=None) if request.args.get("after") else None

    @property
    def csv_url(self) -> str:
        return url_for("pages.studios.export", **{**request.args.to_dict(), "after": None})

    @cached_property
    def choices(self) -> list[Choice]:
        found = queries().studio_filters(scope=scope(), as_of=position())
        unions = [(id, self.names[id]) for id in found["recommender"]]
        return [
            Choice("recommender", "推荐单位", unions),
            Choice("category", "称号", [(value, value) for value in found["honour"]]),
            Choice("status", "状态", [(value, word(value, "status")) for value in STATUSES]),
        ]


def every_studio() -> Iterator[list[object]]:
    """Every studio under the same filters, a line each, as the export has it."""
    names = Names(as_of())
    for row in queries().studios_all(**_asked()):
        told = {
            **row,
            "unit": names[row["unit"]],
            "recommender": names[row["recommender"]],
            "status": word(row["status"], "status"),
        }
        yield [told[id] for id, _, _ in COLUMNS]


def _asked() -> dict[str, Any]:
    filters = {name: request.args[name] for name in FILTERS if request.args.get(name)}
    sort = request.args.get("sort", "name")
    return {"scope": scope(), "as_of": position(), "sort": sort, **filters}


def _column(id: str, label: str, sortable: bool) -> Column:
    sort = request.args.get("sort", "name")
    direction = {id: "ascending", f"-{id}": "descending"}.get(sort, "")
    turned = f"-{id}" if direction == "ascending" else id
    return Column(id, label, _url(sort=turned, after=None) if sortable else "", direction)


def _url(**changes: str | None) -> str:
    return url_for("pages.studios.index", **{**request.args.to_dict(), **changes})
