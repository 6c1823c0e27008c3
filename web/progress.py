"""How far each recommending union is with a year's results: filtered, sorted and added up, for the API and the pages."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from adapters.views.questions.campaigns import COUNTED
from domain.errors import NotFound
from web.context import house, queries
from web.reads import federations

Item = dict[str, Any]

STATES: Mapping[str, tuple[str, Callable[[Item], bool]]] = {
    "incomplete": ("未完成", lambda row: row["done"] < row["namings"]),
    "complete": ("已完成", lambda row: row["done"] >= row["namings"]),
    "unfiled": ("未报送", lambda row: row["received_on"] is None),
    "filed": ("已报送", lambda row: row["received_on"] is not None),
    "late": ("逾期报送", lambda row: bool(row["late"])),
}
"""What the unions can be narrowed to: its name, and the test."""

SORTS = ("name", "percent", "received_on", *COUNTED)


def campaign(id: str, *, as_of: int | None) -> Item:
    """An assessment that the reader's federation, or one below it, holds. Raises NotFound."""
    found = queries().one("campaigns", id, as_of=as_of)
    if found["federation"] not in federations():
        raise NotFound("campaign_unknown", "没有这条记录")
    return found


def progress(
    about: Mapping[str, Any],
    *,
    as_of: int | None,
    scope: object,
    search: str | None = None,
    state: str | None = None,
    sort: str = "name",
) -> list[Item]:
    """The unions at the reader's organisation or below it, each with `percent` done (whole numbers).

    Raises NotFound where the policy has no assessment any more.
    """
    policy = house().policies.get(about["policy"])
    if policy is None or policy.assessment is None:
        raise NotFound("no_assessment", "该政策没有年度考核规定", field="policy")
    rows = queries().progress(about["id"], policy.assessment, as_of=as_of, scope=scope)
    found = [{**row, "percent": percent(row)} for row in rows]
    if search and search.strip():
        wanted = search.strip().lower()
        found = [row for row in found if wanted in _name(row).lower()]
    if state is not None:
        found = [row for row in found if STATES[state][1](row)]
    key, descending = sort.removeprefix("-"), sort.startswith("-")
    value = _name if key == "name" else lambda row: row[key] or ("" if key == "received_on" else 0)
    return sorted(found, key=value, reverse=descending)


def total(rows: Sequence[Mapping[str, Any]]) -> Item:
    """All unions together."""
    found: Item = {name: sum(row[name] for row in rows) for name in COUNTED}
    filed = [row for row in rows if row["received_on"] is not None]
    return {
        **found,
        "percent": percent(found),
        "unions": len(rows),
        "filed": len(filed),
        "late": sum(bool(row["late"]) for row in filed),
    }


def percent(row: Mapping[str, Any]) -> int:
    """How much is done, rounded down: 100 only when all is; where nothing is due all is done."""
    return 100 * row["done"] // row["namings"] if row["namings"] else 100


def _name(row: Mapping[str, Any]) -> str:
    return row.get("organisation_name") or ""
