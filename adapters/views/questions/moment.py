"""A connection at a moment: one snapshot of the database, read as it stood at a position."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import orjson
import sqlalchemy as sa
from sqlalchemy import ColumnElement, Connection, Engine, RowMapping, Select, Table

from adapters.log.engine import reading
from adapters.views.questions.rounds import seal_row
from adapters.views.shape import FOREVER, View
from adapters.views.tables import VIEWS, requests
from domain.errors import Invalid, NotFound

Item = dict[str, Any]

_JSON = frozenset(
    column.name
    for view in VIEWS.values()
    for column in view.table.columns
    if column.info.get("json")
)

_ROUNDS = frozenset({"scores", "score_total", "passed", "status"})
"""What tells a row of an application."""


@dataclass(frozen=True)
class Moment:
    """`position` is the last one that is seen; `now` tells whether it is also the log's last."""

    connection: Connection
    position: int
    now: bool

    def holds(self, table: Table) -> ColumnElement[bool]:
        """The condition that a row held at the moment."""
        if self.now:
            return table.c.until == sa.literal_column(str(FOREVER))
        return sa.and_(table.c.since <= self.position, table.c.until > self.position)

    def rows(self, query: Select[Any]) -> list[Item]:
        """The rows of a query as items."""
        return [item(row) for row in self.connection.execute(query).mappings()]

    def of(self, view: View, **values: Any) -> list[Item]:
        """The rows of a view with these values, in the order in which they began."""
        table = view.table
        query = sa.select(table).where(self.holds(table))
        for name, value in values.items():
            query = query.where(table.c[name] == value)
        return self.rows(query.order_by(table.c.since, table.c.id))

    def one(self, view: View, id: object) -> Item:
        """The row of an id. Raises NotFound, in the words in which what a reader may not see is not there either."""
        found = self.of(view, id=str(id))
        if not found:
            raise NotFound(f"{view.name.removesuffix('s')}_unknown", "没有这条记录")
        return found[0]

    def named(self, view: View, ids: Iterable[str | None], column: str) -> dict[str, str]:
        """What rows are called: id → the column."""
        wanted = sorted({id for id in ids if id is not None})
        if not wanted:
            return {}
        table = view.table
        query = sa.select(table.c.id, table.c[column])
        found = self.connection.execute(query.where(table.c.id.in_(wanted), self.holds(table)))
        return {row[0]: row[1] for row in found}

    def label(self, items: list[Item]) -> list[Item]:
        """Add to ids what they are called: `unit` gets `unit_name`, and so on."""
        for column, (name, label) in _LABELS.items():
            ids = [found.get(column) for found in items]
            if any(ids):
                names = self.named(VIEWS[name], ids, label)
                for found in items:
                    if column in found:
                        found[f"{column}_name"] = names.get(found[column] or "")
        return items

    def path(self, scope: object | None) -> str | None:
        """The path of an organisation that a question is limited to."""
        return None if scope is None else str(self.one(VIEWS["organisations"], scope)["path"])


_LABELS: Mapping[str, tuple[str, str]] = {
    "unit": ("organisations", "name"),
    "recommender": ("organisations", "name"),
    "federation": ("organisations", "name"),
    "organisation": ("organisations", "name"),
    "home": ("organisations", "name"),
    "parent": ("organisations", "name"),
    "payer": ("organisations", "name"),
    "studio": ("studios", "name"),
    "successor": ("studios", "name"),
    "call": ("calls", "title"),
    "fund": ("funds", "name"),
    "account": ("accounts", "name"),
    "submitted_by": ("accounts", "name"),
    "named_by": ("accounts", "name"),
    "granted_by": ("accounts", "name"),
    "paid_by": ("accounts", "name"),
}


def item(row: RowMapping) -> Item:
    """A row as an item: JSON columns as what they hold, and no `until`, which is of the future."""
    found: Item = {**row}
    found.pop("until", None)
    for name in _JSON & found.keys():
        text = found[name]
        found[name] = orjson.loads(text) if isinstance(text, str) else text
    if found.keys() >= _ROUNDS:
        seal_row(found)
    return found


def below(table: Table, path: str) -> ColumnElement[bool]:
    """The condition that a row is at an organisation or below it: a range of an index."""
    return sa.and_(table.c.path >= path, table.c.path < path[:-1] + "0")


class Asking:
    """Opens moments; every subject's questions build on it."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine

    @contextmanager
    def at(self, as_of: int | None) -> Iterator[Moment]:
        """The register as of a position, or now.

        A position within a command means its end, and one that is still to come means the last: what is read page
        after page then stands still.
        """
        if as_of is not None and not 0 <= as_of < FOREVER:
            raise Invalid("as_of_out_of_range", "没有这个时点", field="as_of")
        with reading(self.engine) as connection:
            last = connection.scalar(sa.select(sa.func.max(requests.c.last))) or 0
            if as_of is None:
                yield Moment(connection, last, now=True)
                return
            query = sa.select(requests.c.last).where(requests.c.first <= as_of)
            ends = connection.scalar(query.order_by(requests.c.first.desc()).limit(1)) or 0
            position = min(max(as_of, ends), last)
            yield Moment(connection, position, now=position >= last)
