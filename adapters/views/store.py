"""The statements that write and read versioned rows, compiled once, on the driver's own cursor.

As in the log, SQLAlchemy writes the statements and the driver runs them: a command is on this
path.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

import orjson
import sqlalchemy as sa
from sqlalchemy import Table
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Dialect
from sqlalchemy.sql.expression import ClauseElement

from adapters.views.shape import FOREVER, View
from adapters.views.tables import VIEWS, requests, timeline
from adapters.views.versions import Changes, Row

_DIALECTS: Final[Mapping[str, Dialect]] = {
    "sqlite": sqlite.dialect(paramstyle="qmark"),
    "postgresql": postgresql.psycopg.dialect(paramstyle="format"),  # type: ignore[no-untyped-call]
}
"""Both with parameters by their place."""


FEW: Final = 8
"""Up to so many rows are read one by one on SQLite, more of them in one statement."""


class Statements:
    """One view's statements: `insert` by column, `end` by until, id, since, `current` by id."""

    def __init__(self, table: Table, dialect: str) -> None:
        self.columns = [column.name for column in table.columns]
        self.insert = _compiled(sa.insert(table), dialect)
        self.copy = f"COPY {table.name} FROM STDIN"
        if "until" in self.columns:
            self.end = _compiled(
                sa.update(table)
                .values(until=sa.bindparam("end"))
                .where(table.c.id == sa.bindparam("key"), table.c.since == sa.bindparam("begin")),
                dialect,
            )
            key: Any = sa.bindparam("key")
            match = table.c.id == key if dialect == "sqlite" else table.c.id == sa.any_(key)
            now = table.c.until == sa.literal_column(str(FOREVER))
            self.current = _compiled(sa.select(table).where(match, now), dialect)
            many: Any = sa.select(sa.column("value")).select_from(sa.func.json_each(key))
            self.many = _compiled(sa.select(table).where(table.c.id.in_(many), now), dialect)


class Store:
    """Versioned rows in one database; `tables` are the views' own unless others stand in.

    `bulk`: rows come by the thousand, so PostgreSQL takes them by COPY.
    """

    def __init__(
        self, dialect: str, tables: Mapping[str, Table] | None = None, *, bulk: bool = False
    ) -> None:
        self._one_by_one = dialect == "sqlite"
        self._insert = _copy if bulk and dialect == "postgresql" else _insert
        given = tables or {}
        self._views = {
            name: Statements(given.get(name, view.table), dialect) for name, view in VIEWS.items()
        }
        self._timeline = Statements(given.get("timeline", timeline), dialect)
        self._requests = Statements(given.get("requests", requests), dialect)

    def current(self, cursor: Any, view: View, ids: Sequence[str]) -> Iterable[Row]:
        """The rows that hold now, of some ids."""
        statements = self._views[view.name]
        if self._one_by_one and len(ids) > FEW:
            found = cursor.execute(statements.many, (orjson.dumps(list(ids)).decode(),)).fetchall()
        elif self._one_by_one:
            found = [cursor.execute(statements.current, (id,)).fetchone() for id in ids]
        else:
            found = cursor.execute(statements.current, (list(ids),)).fetchall()
        columns = statements.columns
        return [dict(zip(columns, row, strict=True)) for row in found if row is not None]

    def write(self, cursor: Any, changes: Mapping[str, Changes]) -> None:
        """Write what a fold gave."""
        for name, change in changes.items():
            statements = self._views[name]
            if change.ends:
                _run(cursor, statements.end, change.ends)
            if change.rows:
                self._insert(cursor, statements, change.rows)

    def extend(
        self,
        cursor: Any,
        events: Sequence[Sequence[Any]],
        commands: Sequence[Sequence[Any]],
    ) -> None:
        """Add to the timeline and the requests."""
        self._insert(cursor, self._timeline, events)
        self._insert(cursor, self._requests, commands)


def _insert(cursor: Any, statements: Statements, rows: Sequence[Sequence[Any]]) -> None:
    _run(cursor, statements.insert, rows)


def _copy(cursor: Any, statements: Statements, rows: Sequence[Sequence[Any]]) -> None:
    with cursor.copy(statements.copy) as copy:
        for row in rows:
            copy.write_row(row)


def _run(cursor: Any, statement: str, rows: Sequence[Sequence[Any]]) -> None:
    if len(rows) == 1:
        cursor.execute(statement, rows[0])
    else:
        cursor.executemany(statement, rows)


def _compiled(statement: ClauseElement, dialect: str) -> str:
    return str(statement.compile(dialect=_DIALECTS[dialect]))
