"""The list of studios: its filters, its order, its pages; and the whole of it for export."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from flask import request, url_for

from web.context import queries
from web.pages.asof import position
from web.pages.names import honour
from web.pages.sight import scope
from web.pages.words import word

COLUMNS = (
    ("name", "工作室", True),
    ("unit_name", "所在单位", False),
    ("recommender_name", "推荐单位", False),
    ("honour", "称号", False),
    ("number", "编号", True),
    ("named_on", "命名日期", True),
    ("status", "状态", False),
    ("failing_run", "连续不合格", True),
)
"""Column of the view, heading, and whether the list can be sorted by it."""

STATUSES = ("registered", "applying", "named", "de_named", "closed", "merged")
FILTERS = ("federation", "recommender", "unit", "status")
SORTS = [id for id, _, sortable in COLUMNS if sortable]
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
    options: Sequence[tuple[str, str]]


class StudioList:
    """One page of the list that the address asks for."""

    def __init__(self) -> None:
        cursor = request.args.get("after") or None
        self._page = queries().listed("studios", **_asked(), cursor=cursor, limit=PAGE)

    @property
    def rows(self) -> Sequence[Mapping[str, Any]]:
        return [{**row, "honour": _honour(row)} for row in self._page["items"]]

    @property
    def total(self) -> int:
        return int(self._page["total"])

    @property
    def columns(self) -> list[Column]:
        return [_column(*column) for column in COLUMNS]

    @property
    def next_url(self) -> str | None:
        return _url(after=self._page["next"]) if self._page["next"] else None

    @property
    def first_url(self) -> str | None:
        return _url(after=None) if request.args.get("after") else None

    @property
    def csv_url(self) -> str:
        return _address("pages.studios.export", after=None)

    @cached_property
    def choices(self) -> list[Choice]:
        """What the list can be narrowed to: only what there is something of."""
        found = [
            Choice("federation", "总工会", _present("federation")),
            Choice("recommender", "推荐单位", _present("recommender")),
            Choice("unit", "所在单位", _present("unit")),
            Choice("category", "称号", _categories()),
            Choice("status", "状态", [(value, word(value, "status")) for value in STATUSES]),
        ]
        return [choice for choice in found if len(choice.options) > 1]


def every_studio() -> Iterator[list[object]]:
    """Every studio under the same filters, a line each, as the export has it."""
    for row in queries().every("studios", **_asked()):
        told = {**row, "status": word(row["status"], "status"), "honour": _honour(row)}
        yield [told[id] for id, _, _ in COLUMNS]


def _asked() -> dict[str, Any]:
    key, descending = _sort()
    filters = {name: request.args[name] for name in FILTERS if request.args.get(name)}
    if category := request.args.get("category"):
        filters["policy"], _, filters["category"] = category.partition("/")
    return {
        "scope": scope(),
        "as_of": position(),
        "search": request.args.get("q") or None,
        "filters": filters,
        "sort": key,
        "descending": descending,
    }


def _sort() -> tuple[str, bool]:
    """What the address asks to sort by; by name where it asks for nothing that we know."""
    asked = request.args.get("sort", "")
    key = asked.removeprefix("-")
    return (key, asked.startswith("-")) if key in SORTS else ("name", False)


def _present(column: str) -> list[tuple[str, str]]:
    found = queries().counts("studios", [column], scope=scope(), as_of=position())
    return [(row[column], row.get(f"{column}_name") or row[column]) for row in found if row[column]]


def _categories() -> list[tuple[str, str]]:
    found = queries().counts("studios", ["policy", "category"], scope=scope(), as_of=position())
    return [(f"{row['policy']}/{row['category']}", _honour(row)) for row in found if row["policy"]]


def _honour(row: Mapping[str, Any]) -> str:
    return honour(row["policy"], row["category"]) if row["policy"] else ""


def _column(id: str, label: str, sortable: bool) -> Column:
    key, descending = _sort()
    direction = ("descending" if descending else "ascending") if key == id else ""
    turned = f"-{id}" if direction == "ascending" else id
    return Column(id, label, _url(sort=turned, after=None) if sortable else "", direction)


def _url(**changes: str | None) -> str:
    return _address("pages.studios.index", **changes)


def _address(endpoint: str, **changes: str | None) -> str:
    args: dict[str, Any] = {**request.args.to_dict(), **changes}
    return url_for(endpoint, **args)
