"""Targets of a notice: goals by a day, and a task table by union with its own arithmetic."""

from __future__ import annotations

from domain.policy.model import key, model
from domain.policy.terms import Caution, Goal


@model
class TargetColumn:
    """A column of the task table. `parts` add up to it; `within` names the column it is part of."""

    id: str = key("name of the column")
    name: str = key("the notice's heading")
    parts: tuple[str, ...] = key("columns that add up to this one", default=())
    within: str | None = key("column that includes this one (其中)", default=None)
    category: str | None = key("category the column is about", default=None)
    level: str | None = key(
        "level the column is about", default=None, choices=("province", "city", "county")
    )


@model
class Number:
    """A number under a column."""

    column: str = key("name of the column")
    count: int = key("how many", least=0)


@model
class TargetRow:
    """What one union is to achieve, by column; a column that is not named is empty."""

    union: str = key("name of the union as the notice has it")
    numbers: tuple[Number, ...] = key("numbers by column")

    def count(self, column: str) -> int:
        """The number under a column; 0 where the notice leaves it empty."""
        return next((each.count for each in self.numbers if each.column == column), 0)


@model
class Pool:
    """Places that the notice gives to no row, or to a row that cannot hold them."""

    name: str = key("the notice's word for it")
    column: str = key("column that the places belong to")
    count: int = key("how many", least=0)
    text: str = key("why it is a pool")


@model
class Targets:
    """The task table as printed, its stated totals, what is left unallocated, and the goals."""

    title: str = key("the table's title", default="")
    columns: tuple[TargetColumn, ...] = key("columns in the printed order", default=())
    rows: tuple[TargetRow, ...] = key("rows in the printed order", default=())
    totals: tuple[Number, ...] = key("the totals as printed", default=())
    pools: tuple[Pool, ...] = key("unallocated places", default=())
    goals: tuple[Goal, ...] = key("numbers of namings to reach by a day", default=())
    clause: str = key("clause number")
    text: str = key("the words it encodes")

    def row(self, union: str) -> TargetRow | None:
        """The row of a union, or None."""
        return next((row for row in self.rows if row.union == union), None)

    def column_sum(self, column: str) -> int:
        """What the named rows add up to under a column, pools left out."""
        return sum(row.count(column) for row in self.rows)

    def total(self, column: str) -> int | None:
        """The total as printed, or None."""
        return next((each.count for each in self.totals if each.column == column), None)

    def pool(self, column: str) -> int:
        """The unallocated places under a column."""
        return sum(each.count for each in self.pools if each.column == column)

    @property
    def warnings(self) -> tuple[Caution, ...]:
        """Where the printed table does not add up."""
        return (*self._columns_that_do_not_add_up(), *self._rows_that_do_not_add_up())

    def _columns_that_do_not_add_up(self) -> list[Caution]:
        found = []
        for column in self.columns:
            stated, summed = self.total(column.id), self.column_sum(column.id)
            if stated is None or stated == summed:
                continue
            pool = self.pool(column.id)
            rest = f"；未分配 {pool} 个列为机动" if pool else ""
            found.append(
                Caution(
                    code="targets_do_not_add_up",
                    clause=self.clause,
                    message=f"“{column.name}”一栏各单位合计 {summed}，不是表中所列的 {stated}{rest}",
                )
            )
        return found

    def _rows_that_do_not_add_up(self) -> list[Caution]:
        found = []
        for column in (each for each in self.columns if each.parts):
            for row in self.rows:
                whole, parts = row.count(column.id), sum(map(row.count, column.parts))
                if whole != parts:
                    message = f"{row.union}“{column.name}”为 {whole}，分项之和为 {parts}"
                    found.append(
                        Caution(code="targets_do_not_add_up", clause=self.clause, message=message)
                    )
        return found
