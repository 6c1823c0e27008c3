"""One subsidy from the rule to its use, for those who have to account for it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, render_template

from web.context import queries
from web.pages import csv, lists
from web.pages.asof import as_of, position
from web.pages.filters import yuan
from web.pages.names import Names
from web.pages.record import Told, told
from web.pages.sight import require_sight, scope

blueprint = Blueprint("grants", __name__, url_prefix="/grants")


@dataclass(frozen=True)
class Link:
    """One step of the chain, with the events that make it."""

    title: str
    rows: list[Told]


COLUMNS = {
    "studio_name": "工作室",
    "number": "命名编号",
    "fund_name": "资金",
    "payee_name": "收款单位",
    "document": "文号",
    "granted_on": "决定日期",
    "amount": "决定（元）",
    "paid": "已拨（元）",
    "spent": "已列支（元）",
    "returned": "已退回（元）",
    "balance": "结余（元）",
}
MONEY = ("amount", "paid", "spent", "returned", "balance")


class Chain:
    """The steps from rule to use, and the grant that they lead to."""

    def __init__(self, id: UUID) -> None:
        found = queries().trace(id, as_of=position())
        self.names = Names(as_of())
        self.links = [
            Link(step["title"], [told(item, self.names) for item in step["events"]])
            for step in found["steps"]
        ]
        self.grant: dict[str, Any] = queries().grant(id, as_of=position())


@blueprint.get("")
def index() -> str:
    """The grants that the visitor may see, the latest first."""
    return render_template("grants/list.html", rows=lists.grants())


@blueprint.get("/all.csv")
def export() -> Response:
    """All of them, in yuan."""
    return csv.export("grants", "grants.csv", list(COLUMNS.values()), _every())


@blueprint.get("/<uuid:id>")
def show(id: UUID) -> str:
    """One grant and everything that led to it and followed."""
    require_sight(id, "grants")
    return render_template("grants/show.html", chain=Chain(id))


def _every() -> Iterator[list[object]]:
    asked = {"sort": "granted_at", "descending": True}
    for row in queries().every("grants", as_of=position(), scope=scope(), **asked):
        yield [yuan(row[name]) if name in MONEY else row[name] for name in COLUMNS]
