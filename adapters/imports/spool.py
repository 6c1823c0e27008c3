"""A file's rows once they are checked, and what is wrong with the others: on disk, gone with the process.

So a file of any length is checked whole before its first row is recorded, in flat memory, and what is
recorded is what was checked.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from typing import Final, NamedTuple
from uuid import UUID

BATCH: Final = 500

TABLES: Final = """
    PRAGMA journal_mode = OFF;
    CREATE TABLE checked (
        row INTEGER PRIMARY KEY, studio TEXT NOT NULL, number TEXT NOT NULL, grade TEXT NOT NULL,
        findings TEXT NOT NULL, received_on TEXT, UNIQUE (studio, number)
    );
    CREATE TABLE told (at INTEGER PRIMARY KEY, row INTEGER NOT NULL, message TEXT NOT NULL);
"""


class Checked(NamedTuple):
    """A row that can be filed: whose it is, and the grade by its id. `received_on` is ISO or None."""

    row: int
    studio: UUID
    number: str
    grade: str
    findings: str
    received_on: str | None


class Told(NamedTuple):
    """What is said of a row."""

    row: int
    message: str


class Spool:
    """A temporary database without a name: SQLite puts it on disk and removes it."""

    def __init__(self) -> None:
        self._database = sqlite3.connect("", isolation_level=None)
        self._database.executescript(TABLES)

    def add(self, checked: Checked) -> int | None:
        """Keep a row; returns the earlier one about the same naming instead, where there is one."""
        values = (checked.row, str(checked.studio), *checked[2:])
        done = self._database.execute(
            "INSERT OR IGNORE INTO checked VALUES (?, ?, ?, ?, ?, ?)", values
        )
        if done.rowcount:
            return None
        same = "SELECT row FROM checked WHERE studio = ? AND number = ?"
        found: int = self._database.execute(same, values[1:3]).fetchone()[0]
        return found

    def tell(self, row: int, message: str) -> None:
        """Say something of a row."""
        self._database.execute("INSERT INTO told (row, message) VALUES (?, ?)", (row, message))

    def told(self) -> Iterator[Told]:
        """All that was said, by row."""
        for found in self._database.execute("SELECT row, message FROM told ORDER BY row, at"):
            yield Told(*found)

    def told_count(self) -> int:
        """How much was said."""
        found: int = self._database.execute("SELECT count(*) FROM told").fetchone()[0]
        return found

    def __len__(self) -> int:
        found: int = self._database.execute("SELECT count(*) FROM checked").fetchone()[0]
        return found

    def batches(self) -> Iterator[list[Checked]]:
        """The rows that can be filed, in the file's order, BATCH at a time."""
        last = 0
        query = "SELECT * FROM checked WHERE row > ? ORDER BY row LIMIT ?"
        while found := self._database.execute(query, (last, BATCH)).fetchall():
            yield [Checked(row, UUID(studio), *rest) for row, studio, *rest in found]
            last = found[-1][0]

    def close(self) -> None:
        """Drop everything."""
        self._database.close()
