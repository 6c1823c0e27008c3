"""How many may be put forward, and what happens beyond: a hard cap refuses, 原则上 asks for a reason."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from domain.errors import Refused


@dataclass
class Entry:
    """One application in a call. Its state: entered, recommended, selected, named or left."""

    application: UUID
    studio: UUID
    category: str
    unit: UUID
    recommender: UUID
    state: str = "entered"
    rank: int | None = None


def exceeded(
    quotas: Sequence[dict[str, Any]],
    entries: Iterable[Entry],
    entry: Entry,
    per: str,
    reason: str | None,
) -> list[str]:
    """Ids of the quotas in principle that one more entry exceeds.

    `per` is unit, recommending_union or call. Raises Refused beyond a hard cap
    (`quota_exceeded`), and where a reason is needed and none is given (`reason_required`).
    """
    found = []
    others = list(entries)
    whose = entry.unit if per == "unit" else entry.recommender
    for quota in quotas:
        if quota["per"] != per or entry.category not in quota["categories"]:
            continue
        if quota["union"] not in (None, whose) or whose in quota["except"]:
            continue
        count = 1 + sum(_counts(other, entry, quota) for other in others)
        if count > quota["cap"]:
            _require_reason(quota, count, reason)
            found.append(quota["id"])
    return found


def _require_reason(quota: dict[str, Any], count: int, reason: str | None) -> None:
    details = {"quota": quota["id"], "cap": quota["cap"], "count": count}
    if quota["force"] == "hard":
        raise Refused(
            "quota_exceeded",
            f"超出名额：最多 {quota['cap']} 个，这是第 {count} 个",
            field="category",
            clause=quota["clause"],
            **details,
        )
    if not reason or not reason.strip():
        raise Refused(
            "reason_required",
            f"原则上不超过 {quota['cap']} 个，这是第 {count} 个；如确需推荐，请填写超额理由",
            field="reason",
            clause=quota["clause"],
            **details,
        )


def _counts(other: Entry, entry: Entry, quota: dict[str, Any]) -> bool:
    if other.state == "left" or other.category not in quota["categories"]:
        return False
    if other.application == entry.application:
        return False
    if quota["per"] == "unit":
        return other.unit == entry.unit
    if other.state == "entered":
        return False
    return quota["per"] == "call" or other.recommender == entry.recommender
