"""Funds: what there is, and one fund's ledger, line by line from the log."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from flask import Blueprint, Response, render_template

from domain.model.fund import Fund
from domain.values import ZERO, Money
from web.pages import csv, lists
from web.pages.asof import as_of
from web.pages.filters import moment, yuan
from web.pages.names import Names
from web.pages.record import Reading, Told, read
from web.pages.sight import require_sight, scope

blueprint = Blueprint("funds", __name__, url_prefix="/funds")

MOVES = {
    "fund.appropriated": ("安排", 1, 0),
    "fund.committed": ("占用", -1, 1),
    "fund.released": ("释放", 1, -1),
    "fund.paid": ("支付", 0, -1),
    "fund.returned": ("收回", 1, 0),
}
"""What each event is called, and how it moves what is free and what is committed."""


HEADINGS = ("时间", "事项", "对象", "金额（元）", "可用余额（元）", "占用余额（元）", "日志")


@dataclass(frozen=True)
class Line:
    """One line of the ledger, with both balances after it (fen)."""

    position: int
    at: datetime
    what: str
    amount: Money
    free: int
    committed: int
    json_url: str
    studio: UUID | None
    note: str


@dataclass(frozen=True)
class FundPage:
    """A fund with its ledger, oldest first."""

    fund: Fund
    names: Names
    ledger: list[Line]

    @property
    def balances(self) -> list[tuple[str, Money]]:
        fund = self.fund
        return [
            ("安排", fund.appropriated),
            ("可用", fund.free),
            ("占用", fund.committed),
            ("已拨", fund.paid),
            ("收回", fund.returned),
        ]


@blueprint.get("")
def index() -> str:
    """The funds that the visitor may see."""
    return render_template("funds/list.html", rows=lists.funds(scope()))


@blueprint.get("/<uuid:id>")
def show(id: UUID) -> str:
    """One fund and its ledger."""
    require_sight(id, "funds")
    reading = read(Fund, id, as_of())
    page = FundPage(reading.record, reading.names, ledger(reading, lists.grant_studios(id)))
    return render_template("funds/show.html", page=page)


@blueprint.get("/<uuid:id>/ledger.csv")
def export(id: UUID) -> Response:
    """One fund's whole ledger, in yuan, on the clocks of Asia/Shanghai."""
    require_sight(id, "funds")
    reading = read(Fund, id, as_of())
    lines = ledger(reading, lists.grant_studios(id))
    reading.names.fetch(line.studio for line in lines)
    return csv.export("ledger", "ledger.csv", HEADINGS, (_told(reading, each) for each in lines))


def _told(reading: Reading[Fund], line: Line) -> list[object]:
    about = reading.names[line.studio] if line.studio else line.note
    money = [yuan(each) for each in (line.amount, line.free, line.committed)]
    return [moment(line.at), line.what, about, *money, line.position]


def ledger(reading: Reading[Fund], studios: dict[str, UUID]) -> list[Line]:
    """The lines in order; `studios` gives each grant its studio."""
    free = committed = 0
    found = []
    for row in reading.rows:
        if row.topic in MOVES:
            what, to_free, to_committed = MOVES[row.topic]
            amount: Money = row.facts.get("amount", ZERO)
            free += to_free * amount.fen
            committed += to_committed * amount.fen
            found.append(_line(row, what, amount, free, committed, studios))
    return found


def _line(
    row: Told, what: str, amount: Money, free: int, committed: int, studios: dict[str, UUID]
) -> Line:
    studio = studios.get(str(row.facts.get("grant")))
    note = str(row.facts.get("document") or "")
    return Line(row.position, row.at, what, amount, free, committed, row.json_url, studio, note)
