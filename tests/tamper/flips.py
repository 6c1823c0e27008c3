"""Single flipped bits: chosen by a seed, written past everything that would refuse them, and taken back."""

from __future__ import annotations

import random
import sqlite3
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import accumulate
from typing import Any, Protocol

import psycopg

SEED = "铭牌"
ALL = 20_000

COLUMNS = {
    "events": ("position", "originator_id", "originator_version", "leaf_hash", "topic", "state"),
    "tree": ("id", "size", "root", "frontier"),
    "nodes": ("level", "number", "hash"),
    "signed_checkpoints": ("number", "origin", "size", "root", "note"),
}
"""Every column of every table that the tree, or a signature over it, covers."""

TEXTS = {"topic", "origin"}
LOG_TABLES = ("events", "tree", "nodes")
UNIQUE = {
    "events": (("position",), ("originator_id", "originator_version")),
    "tree": (("id",),),
    "nodes": (("level", "number"),),
    "signed_checkpoints": (("number",),),
}
"""What no two rows may share: a flip that would make them share it cannot be written."""


@dataclass(frozen=True, slots=True)
class Flip:
    """One bit of one value: the row by its place in the table (from 0), the bit counted within the value's bytes."""

    table: str
    column: str
    row: int
    bit: int


class Target(Protocol):
    """A database whose bits can be flipped."""

    def values(self, table: str, column: str) -> list[int | bytes]:
        """The column's values, in the order of the table's key; texts and ids as bytes."""

    def write(self, flip: Flip, value: int | bytes) -> None:
        """Puts a value into the flip's place."""

    def takes(self, flip: Flip, value: int | bytes) -> bool:
        """Whether the column's type can hold the value at all."""


def width(value: int | bytes) -> int:
    """How many bits a value has; an integer has 64."""
    return 64 if isinstance(value, int) else 8 * len(value)


def flipped(value: int | bytes, bit: int) -> int | bytes:
    """The value with one bit changed."""
    if isinstance(value, int):
        raw = bytearray(value.to_bytes(8, "big", signed=True))
        raw[bit // 8] ^= 1 << bit % 8
        return int.from_bytes(raw, "big", signed=True)
    changed = bytearray(value)
    changed[bit // 8] ^= 1 << bit % 8
    return bytes(changed)


def choose(targets: dict[str, Target], count: int, seed: str = SEED) -> list[Flip]:
    """So many different flips, spread evenly over the columns; where a small column has no more bits, the events get the rest."""
    chance = random.Random(seed)
    places = [(table, column) for table, columns in COLUMNS.items() for column in columns]
    chosen: list[Flip] = []
    for at, (table, column) in enumerate(reversed(places)):
        each = -(-(count - len(chosen)) // (len(places) - at))
        chosen += _flips_of(targets[table], table, column, each, chance)
    chance.shuffle(chosen)
    return chosen


def _flips_of(
    target: Target, table: str, column: str, most: int, chance: random.Random
) -> list[Flip]:
    values = target.values(table, column)
    starts = [0, *accumulate(map(width, values))]
    taken = {
        names: set(zip(*(target.values(table, name) for name in names), strict=True))
        for names in UNIQUE[table]
        if column in names
    }
    found: list[Flip] = []
    for bit in _shuffled(starts[-1], chance):
        if len(found) == most:
            break
        row = bisect_right(starts, bit) - 1
        flip = Flip(table, column, row, bit - starts[row])
        new = flipped(values[row], flip.bit)
        clash = any(
            tuple(new if name == column else target.values(table, name)[row] for name in names)
            in keys
            for names, keys in taken.items()
        )
        if not clash and target.takes(flip, new):
            found.append(flip)
    return found


def _shuffled(bits: int, chance: random.Random) -> Iterator[int]:
    """Every bit once, in a random order; of many only a tenth, without putting all into order."""
    few = bits if bits < 200_000 else bits // 10
    yield from chance.sample(range(bits), few)


KEYS = {
    "events": "position",
    "tree": "id",
    "nodes": "level, number",
    "signed_checkpoints": "number",
}


class SQLiteTarget:
    """A SQLite file, opened a second time without its guards."""

    def __init__(self, path: str) -> None:
        self.connection = sqlite3.connect(path, isolation_level=None)
        self.connection.execute("PRAGMA synchronous = OFF")
        self.connection.execute("PRAGMA ignore_check_constraints = ON")
        self._cache: dict[tuple[str, str], list[Any]] = {}

    def values(self, table: str, column: str) -> list[int | bytes]:
        """See Target."""
        if (table, column) not in self._cache:
            shown = f"CAST({column} AS BLOB)" if column in TEXTS else column
            rows = self.connection.execute(f"SELECT {shown} FROM {table} ORDER BY {KEYS[table]}")
            self._cache[table, column] = [row[0] for row in rows]
        return self._cache[table, column]

    def write(self, flip: Flip, value: int | bytes) -> None:
        """See Target."""
        keys = KEYS[flip.table].split(", ")
        where = " AND ".join(f"{key} = ?" for key in keys)
        place = [self.values(flip.table, key)[flip.row] for key in keys]
        if flip.column in keys and value == self.values(flip.table, flip.column)[flip.row]:
            place[keys.index(flip.column)] = flipped(value, flip.bit)
        new = "CAST(? AS TEXT)" if flip.column in TEXTS else "?"
        done = self.connection.execute(
            f"UPDATE {flip.table} SET {flip.column} = {new} WHERE {where}", (value, *place)
        )
        assert done.rowcount == 1

    def takes(self, flip: Flip, value: int | bytes) -> bool:
        """See Target: SQLite takes anything."""
        return True


class PostgreSQLTarget:
    """A PostgreSQL database, its check constraint dropped; it still takes nothing but valid texts."""

    def __init__(self, url: str) -> None:
        self.connection = psycopg.connect(url, autocommit=True)
        self.connection.execute("ALTER TABLE tree DROP CONSTRAINT IF EXISTS tree_id_check")
        self._cache: dict[tuple[str, str], list[Any]] = {}

    def values(self, table: str, column: str) -> list[int | bytes]:
        """See Target."""
        if (table, column) not in self._cache:
            shown = column
            if column in TEXTS:
                shown = f"convert_to({column}, 'UTF8')"
            elif column == "originator_id":
                shown = "uuid_send(originator_id)"
            query = f"SELECT {shown} FROM {table} ORDER BY {KEYS[table]}"
            self._cache[table, column] = [row[0] for row in self.connection.execute(query)]
        return self._cache[table, column]

    def write(self, flip: Flip, value: int | bytes) -> None:
        """See Target."""
        keys = KEYS[flip.table].split(", ")
        place = [self.values(flip.table, key)[flip.row] for key in keys]
        if flip.column in keys and value == self.values(flip.table, flip.column)[flip.row]:
            place[keys.index(flip.column)] = flipped(value, flip.bit)
        new = "%s"
        if flip.column in TEXTS:
            new = "convert_from(%s, 'UTF8')"
        elif flip.column == "originator_id":
            new = "encode(%s, 'hex')::uuid"
        where = " AND ".join(f"{key} = %s" for key in keys)
        query = f"UPDATE {flip.table} SET {flip.column} = {new} WHERE {where}"
        done = self.connection.execute(query, (value, *place))
        assert done.rowcount == 1

    def takes(self, flip: Flip, value: int | bytes) -> bool:
        """See Target: a text must be UTF-8 without NUL, and some integers have 32 bits."""
        if isinstance(value, int):
            return flip.column not in {"id", "level", "number"} or -(2**31) <= value < 2**31
        if flip.column not in TEXTS:
            return True
        try:
            return "\0" not in value.decode()
        except UnicodeDecodeError:
            return False
