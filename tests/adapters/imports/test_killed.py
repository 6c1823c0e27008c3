"""An import that is killed at random points, or run twice at once, records each result exactly once.

Real processes run the command line on a real database; they are killed with SIGKILL, so nothing tidies up.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random, SystemRandom

import pytest
import sqlalchemy as sa

from adapters.log.tables import events
from adapters.views.rebuild import check
from tests.adapters.imports.scene import City

ROWS, SMALL = 120, 3
"""So many results, in commits of so few, that a kill can fall on many places."""

RUN = f"from adapters.imports import spool; spool.BATCH = {SMALL}; import mingpai; mingpai.main()"
ROOT = Path(__file__).resolve().parents[3]
KILLS = 6


@pytest.fixture
def town(tmp_path: Path, database_url: str) -> Iterator[City]:
    """Named studios without a result."""
    made = City(tmp_path, database_url).name(ROWS)
    yield made
    made.house.close()


@contextmanager
def importing(town: City) -> Iterator[subprocess.Popen[str]]:
    """The command in a process of its own."""
    lines = [
        json.dumps({"编号": number, "等次": "不合格" if n % 3 else "合格", "意见": f"第{n}家"})
        for n, (_, number) in enumerate(town.studios)
    ]
    file = town.home / "results.jsonl"
    file.write_text("\n".join(lines), "utf-8")
    who = ("--year", "2025", "--by", "officer", "--role", "city_officer", "--json")
    with subprocess.Popen(
        [sys.executable, "-c", RUN, "import", "assessments", str(file), *who],
        cwd=ROOT,
        env={**os.environ, "MINGPAI_HOME": str(town.home), "MINGPAI_DATABASE_URL": town.url},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def recorded(town: City) -> Counter[str]:
    """How many events of each topic the log holds."""
    with town.house.engine.connect() as connection:
        return Counter(connection.scalars(sa.select(events.c.topic)))


def finished(process: subprocess.Popen[str]) -> Counter[str]:
    told, _ = process.communicate(timeout=120)
    assert process.returncode == 0
    found = json.loads(told)
    assert found.pop("conflicts") == []
    return Counter(found)


def all_recorded_once(town: City) -> None:
    told = [(each["number"], each["grade"], each["findings"]) for each in town.results()]
    assert told == sorted(
        (number, "unqualified" if n % 3 else "qualified", f"第{n}家")
        for n, (_, number) in enumerate(town.studios)
    )
    assert recorded(town)["studio.annually_checked"] == ROWS
    assert recorded(town)["studio.rectification_ordered"] == ROWS - ROWS // 3
    found = check(
        town.house.engine, town.house.recorder, town.house.register.mapper, lambda *_: None
    )
    assert list(found) == []


def test_killed_at_random_points_and_run_again_each_result_is_recorded_once(town: City) -> None:
    seed = SystemRandom().randrange(10**6)
    print(f"seed {seed}")
    chance = Random(seed)
    points = sorted(chance.sample(range(1, ROWS // SMALL), KILLS))
    for point in points:
        with importing(town) as process:
            while recorded(town)["studio.annually_checked"] < point * SMALL:
                assert process.poll() is None
            # Somewhere within the next commits, as the processes' timing has it.
            for _ in range(chance.randrange(20)):
                recorded(town)
            process.kill()
            process.wait()
    before = recorded(town)["studio.annually_checked"]
    assert 0 < before <= ROWS
    with importing(town) as process:
        told = finished(process)
    assert (told["rows"], told["already"], told["recorded"]) == (ROWS, before, ROWS - before)
    all_recorded_once(town)


def test_run_twice_at_once_each_result_is_recorded_once(town: City) -> None:
    with importing(town) as first, importing(town) as second:
        told = finished(first) + finished(second)
    assert (told["recorded"], told["already"]) == (ROWS, ROWS)
    all_recorded_once(town)
