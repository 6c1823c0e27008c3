"""Conditions on the tables of the filled form: how many rows they list."""

from __future__ import annotations

from typing import ClassVar

from domain.policy.kinds.base import Case, require_limits
from domain.policy.kinds.formal import FormRule
from domain.policy.model import key, model
from domain.policy.verdicts import Finding, failed, passed


@model
class Listed(FormRule):
    """A number on the form comes with a list that has as many rows (培养人才须列表详细说明)."""

    KIND: ClassVar[str] = "listed"
    number: str = key("path of the number")
    rows: str = key("path of the table that lists them")

    def form_paths(self) -> tuple[str, ...]:
        return (self.number, self.rows)

    def check(self, case: Case) -> Finding:
        values = {path: (field, value) for path, field, value in self.filled(case)}
        field, number = values[self.number]
        listed = values[self.rows][1] or []
        told = {"stated": number, "listed": len(listed)}
        if number is None:
            return failed(f"未填写“{field.label}”", **told)
        if len(listed) < number:
            text = f"“{field.label}”填 {number} 人，名单只列 {len(listed)} 人"
            return failed(text, **told)
        return passed(f"“{field.label}” {number} 人均已列表说明", **told)


@model
class TableRows(FormRule):
    """A table of the form lists enough, and not too much (主要成果填3—5项)."""

    KIND: ClassVar[str] = "table_rows"
    rows: str = key("path of the table")
    least: int | None = key("fewest rows", default=None, least=1, most=500)
    most: int | None = key("most rows", default=None, least=1, most=500)

    def __post_init__(self) -> None:
        require_limits(self, "least", "most", either=True)

    def form_paths(self) -> tuple[str, ...]:
        return (self.rows,)

    def check(self, case: Case) -> Finding:
        field, listed = next((f, v) for path, f, v in self.filled(case) if path == self.rows)
        if listed is None:
            return failed(f"未填写“{field.label}”", found=0, needed=self.least)
        told = f"“{field.label}”列 {len(listed)} 项"
        if self.least is not None and len(listed) < self.least:
            return failed(f"{told}，不足 {self.least} 项", found=len(listed), needed=self.least)
        if self.most is not None and len(listed) > self.most:
            return failed(f"{told}，超过 {self.most} 项", found=len(listed), limit=self.most)
        return passed(f"{told}，符合要求", found=len(listed))
