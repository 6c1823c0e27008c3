"""台账: the ledgers that a studio keeps, as tables."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from web.pages import lists
from web.pages.words import word


@dataclass(frozen=True)
class Ledger:
    """One ledger: its headings and its rows."""

    id: str
    title: str
    heads: tuple[str, ...]
    rows: list[list[Any]]


LEDGERS: tuple[tuple[str, str, str, dict[str, str]], ...] = (
    (
        "members",
        "成员台账",
        "joined_on",
        {
            "name": "姓名",
            "duty": "分工",
            "frontline": "一线职工",
            "joined_on": "加入",
            "left_on": "离开",
        },
    ),
    (
        "terms",
        "任期台账",
        "ends_on",
        {"name": "姓名", "leads": "领衔人", "ends_on": "任期至", "basis": "依据"},
    ),
    (
        "achievements",
        "成果台账",
        "achieved_on",
        {"title": "成果", "kind": "类别", "recognised_by": "认定单位", "achieved_on": "日期"},
    ),
    (
        "surveys",
        "调查摸底与分类",
        "year",
        {
            "year": "年度",
            "grade": "类别",
            "assessor": "调查单位",
            "findings": "情况",
            "surveyed_on": "登记日期",
        },
    ),
    (
        "activities",
        "活动台账",
        "held_on",
        {"title": "活动", "kind": "类别", "participants": "参加人数", "held_on": "日期"},
    ),
    (
        "apprenticeships",
        "名师带徒",
        "starts_on",
        {
            "master_name": "师傅",
            "apprentice_name": "徒弟",
            "starts_on": "自",
            "ends_on": "至",
            "duties": "双方职责",
            "plan": "学习计划",
        },
    ),
)
"""View, title, what it is sorted by, and the columns with their headings."""


def ledgers(studio: UUID) -> list[Ledger]:
    """The studio's ledgers, the latest entries first, at the moment that is looked at."""
    return [
        Ledger(view, title, tuple(columns.values()), _rows(view, sort, list(columns), studio))
        for view, title, sort, columns in LEDGERS
    ]


def _rows(view: str, sort: str, columns: list[str], studio: UUID) -> list[list[Any]]:
    found = lists.rows(view, sort, descending=True, filters={"studio": str(studio)})
    return [[_cell(column, row[column]) for column in columns] for row in found]


def _cell(column: str, value: Any) -> Any:
    return word(value, "assessor") if column == "assessor" else value
