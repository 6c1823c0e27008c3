"""A notice's task table beside what a call has brought so far."""

from __future__ import annotations

from typing import Any

from domain.policy.policy import Policy
from domain.policy.targets import Targets

Item = dict[str, Any]


def progress(policy: Policy, call: Item) -> Item:
    """The table with its totals, pools and warnings; each row with the union's numbers in the call.

    A row belongs to the union of the same name. `done` counts what was named, `under_way` what was recommended or
    selected, under the columns that are about a category or about the level at which this policy names.
    """
    warnings = [{"code": each.code, "message": each.message} for each in policy.warnings]
    table = policy.targets
    if table is None:
        return {
            "title": "",
            "columns": [],
            "rows": [],
            "totals": {},
            "pools": [],
            "warnings": warnings,
        }
    return {
        "title": table.title,
        "columns": [
            {"id": each.id, "name": each.name, "category": each.category} for each in table.columns
        ],
        "rows": [_row(table, each.union, call, policy.level) for each in table.rows],
        "totals": {each.column: each.count for each in table.totals},
        "sums": {each.id: table.column_sum(each.id) for each in table.columns},
        "pools": [
            {"name": each.name, "column": each.column, "count": each.count, "text": each.text}
            for each in table.pools
        ],
        "warnings": warnings,
    }


def _row(table: Targets, union: str, call: Item, level: str) -> Item:
    row = table.row(union)
    mine = [each for each in call["progress"] if each["recommender_name"] == union]
    done: dict[str, int] = {}
    under_way: dict[str, int] = {}
    for column in (each for each in table.columns if each.level == level):
        of = [each for each in mine if column.category in (None, each["category"])]
        done[column.id] = sum(each["named"] for each in of)
        under_way[column.id] = sum(each["recommended"] + each["selected"] for each in of)
    return {
        "union": union,
        "targets": {each.column: each.count for each in row.numbers} if row else {},
        "done": done,
        "under_way": under_way,
    }
