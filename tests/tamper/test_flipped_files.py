"""A bit flips on the disk itself, below the database: it is noticed, or it changed nothing that was recorded."""

from __future__ import annotations

import os
import random
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.tamper.scene import on_sqlite, opened, sqlite_urls

THOROUGH = os.environ.get("MINGPAI_TAMPER") == "all"
FLIPS = 3_000 if THOROUGH else 100
PARTS = 4
TABLES = ("events", "tree", "nodes")

Rows = list[list[tuple[object, ...]]]


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("disk")
    with on_sqlite(home):
        pass
    with closing(sqlite3.connect(home / "log.sqlite")) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return home


def recorded(path: Path) -> Rows:
    """Everything in the log's tables, read along the tables themselves."""
    with closing(sqlite3.connect(path)) as connection:
        return [
            connection.execute(f"SELECT * FROM {table} NOT INDEXED ORDER BY rowid").fetchall()
            if table != "nodes"
            else connection.execute("SELECT * FROM nodes").fetchall()
            for table in TABLES
        ]


def flip(path: Path, bit: int) -> None:
    with path.open("r+b") as file:
        file.seek(bit // 8)
        byte = file.read(1)[0]
        file.seek(bit // 8)
        file.write(bytes([byte ^ 1 << bit % 8]))


@pytest.mark.parametrize("part", range(PARTS))
def test_a_bit_flipped_on_disk_is_noticed_or_changed_nothing(
    template: Path, tmp_path: Path, part: int
) -> None:
    original = recorded(template / "log.sqlite")
    size = (template / "log.sqlite").stat().st_size
    chance = random.Random(f"disk {part}")
    home, noticed = tmp_path / "home", 0
    shutil.copytree(template, home)
    for bit in (chance.randrange(size * 8) for _ in range(FLIPS // PARTS)):
        for path in home.glob("log.sqlite*"):
            path.unlink()
        shutil.copy(template / "log.sqlite", home / "log.sqlite")
        flip(home / "log.sqlite", bit)
        with opened(home, *sqlite_urls(home)) as scene:
            report = scene.verify()
        if report.ok:
            assert recorded(home / "log.sqlite") == original, f"bit {bit}"
        else:
            noticed += 1
    assert noticed > FLIPS // PARTS // 4
