"""One flipped bit anywhere in the log is noticed, and in an event's row its position is named.

`make test` takes a sample; `make tamper` (MINGPAI_TAMPER=all) flips all 20,000.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.databases import libpq
from tests.tamper.flips import (
    ALL,
    COLUMNS,
    LOG_TABLES,
    Flip,
    PostgreSQLTarget,
    SQLiteTarget,
    Target,
    choose,
    flipped,
)
from tests.tamper.scene import Scene, on_sqlite, set_up

THOROUGH = os.environ.get("MINGPAI_TAMPER") == "all"
PARTS = 8
SQLITE_FLIPS = ALL if THOROUGH else 400
POSTGRESQL_FLIPS = 2_000 if THOROUGH else 108


def targets_of(log: Target, store: Target) -> dict[str, Target]:
    return {table: log if table in LOG_TABLES else store for table in COLUMNS}


def unnoticed(scene: Scene, targets: dict[str, Target], flips: list[Flip]) -> list[str]:
    """Flips each bit, verifies, and flips it back; what was not noticed or not located."""
    missed = []
    for flip in flips:
        target = targets[flip.table]
        value = target.values(flip.table, flip.column)[flip.row]
        target.write(flip, flipped(value, flip.bit))
        report = scene.verify()
        target.write(flip, value)
        if report.ok:
            missed.append(f"{flip} was not noticed")
        elif flip.table == "events" and report.first != flip.row + 1:
            missed.append(f"{flip} was located at {report.first}: {report.faults}")
    return missed


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    with on_sqlite(tmp_path_factory.mktemp("tamper")) as scene:
        yield scene


def sqlite_targets(home: Path) -> dict[str, Target]:
    return targets_of(
        SQLiteTarget(str(home / "log.sqlite")), SQLiteTarget(str(home / "signed.sqlite"))
    )


def test_the_flips_are_spread_over_every_column_of_every_table(scene: Scene) -> None:
    flips = choose(sqlite_targets(scene.home), ALL)
    assert len(set(flips)) == len(flips) == ALL
    counted = Counter((flip.table, flip.column) for flip in flips)
    assert set(counted) == {(table, column) for table in COLUMNS for column in COLUMNS[table]}
    assert min(counted.values()) >= 64
    assert {flip.row for flip in flips if flip.table == "events"} == set(range(1_000))


@pytest.mark.parametrize("part", range(PARTS))
def test_every_flipped_bit_is_noticed_and_in_an_event_located(scene: Scene, part: int) -> None:
    targets = sqlite_targets(scene.home)
    assert scene.verify().ok
    assert unnoticed(scene, targets, choose(targets, SQLITE_FLIPS)[part::PARTS]) == []
    assert scene.verify().ok


def test_every_flipped_bit_is_noticed_on_postgresql_too(
    tmp_path: Path, postgresql_url: str
) -> None:
    with set_up(tmp_path, postgresql_url, postgresql_url) as scene:
        target = PostgreSQLTarget(libpq(postgresql_url))
        targets = targets_of(target, target)
        assert scene.verify().ok
        assert unnoticed(scene, targets, choose(targets, POSTGRESQL_FLIPS)) == []
        assert scene.verify().ok
        target.connection.close()
