"""A year's results of every studio in one run: `mingpai import assessments` as operators run it.

Each run is a process of its own on a durable database of named studios. Told are its time from start to exit,
how many times as long it takes as the bare driver that inserts the same rows in transactions of the same size
(by the clock, and of the processor without the server's), and its peak of memory, which must not grow with
the file. `MINGPAI_BENCH=full` imports 10,000 and 100,000 results.
"""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
import time
import uuid
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import NamedTuple
from uuid import UUID

import psycopg
import sqlalchemy as sa
from rich.console import Console
from rich.table import Table
from sqlalchemy import make_url

from adapters.log.engine import create_engine, hasty
from adapters.views.tables import requests
from domain.desks.desk import policy_ref
from domain.model.organisation import Kind
from domain.model.studio import Studio
from domain.values import Person
from tests.bench import bare
from tests.bench.town import POLICY, Town, town
from tests.databases import Postgres, libpq

ROOT = Path(__file__).resolve().parents[2]
FULL = os.environ.get("MINGPAI_BENCH") == "full"
SIZES = (10_000, 100_000) if FULL else (1_000, 10_000)
BUILT_AT_ONCE = 2_000
REPLAYED_AT_ONCE = 50
"""Commits of the bare driver that are held in memory."""

MEASURING = """
import json, os, subprocess, sys
child = subprocess.Popen(sys.argv[1:])
_, status, used = os.wait4(child.pid, 0)
print(json.dumps([os.waitstatus_to_exitcode(status), used.ru_utime + used.ru_stime, used.ru_maxrss]))
"""
"""A small process in between: the system counts what a process's parent held into its peak."""

console = Console(width=110)


class Took(NamedTuple):
    """Seconds by the clock and of the processor, of our process alone."""

    clock: float
    processor: float


@dataclass(frozen=True)
class Measured:
    """One import: rows, what it took, what the bare driver took, peak of memory in MiB."""

    rows: int
    ours: Took
    bare: Took
    peak: float


def run(home: Path, server: Postgres | None, size: int) -> Measured:
    """Build, copy, import, and insert the same rows again into the copy."""
    home.mkdir(parents=True)
    url = f"sqlite:///{home / 'ours.db'}" if server is None else server.create_database()
    file = home / "results.jsonl"
    with town(home / "ours", url, 0) as place:
        _build(place, file, size)
        last = place.house.recorder.max_notification_id() or 0
    copy = _copy(url, home, server)
    took, peak = _import(home / "ours", url, file, size)
    return Measured(size, took, _bare(url, copy, last, server), peak)


def _build(place: Town, file: Path, size: int) -> None:
    """So many named studios, and a file with a passing result for each."""
    directory, federation = place.house.register.directory, place.officer.organisation
    if federation is None:
        raise LookupError("the officer belongs to no federation")
    unions = [
        directory.register_organisation(
            place.mandate(), name=f"第{n}区", kind=Kind.RECOMMENDING_UNION, parent=federation,
            code=f"q{n}",
        )
        for n in range(20)
    ]  # fmt: skip
    units = [
        directory.register_organisation(
            place.mandate(), name=f"第{n}公司", kind=Kind.UNIT, parent=unions[n % 20], code=f"g{n}"
        )
        for n in range(200)
    ]
    with hasty(place.house.engine), file.open("w", encoding="utf-8") as lines:
        for begin in range(0, size, BUILT_AT_ONCE):
            studios = []
            for n in range(begin, min(begin + BUILT_AT_ONCE, size)):
                lineage = [units[n % 200], unions[n % 20], federation]
                studios.append(_named(place, n, lineage))
                result = {"编号": _number(n), "等次": "合格", "意见": "台账齐全，完成攻关课题"}
                lines.write(json.dumps(result, ensure_ascii=False) + "\n")
            place.house.register.save(*studios)


def _named(place: Town, n: int, lineage: list[UUID]) -> Studio:
    policy, mandate = place.house.policies[POLICY], place.mandate()
    studio = Studio.register(
        mandate,
        uuid.uuid4(),
        name=f"第{n}创新工作室",
        lineage=lineage,
        leader=Person(uuid.uuid4(), f"领衔人{n}", {"title": "高级技师"}),
        founded_on=date(2020, 3, 1),
        predecessors=[],
    )
    studio.record_naming(
        number=_number(n),
        level=policy.level,
        category=policy.categories[0].id,
        federation=lineage[-1],
        document="长会办字〔2023〕33号",
        on=date(2023, 12, 8),
        policy=policy_ref(policy),
    )
    return studio


def _number(n: int) -> str:
    return f"测创〔2023〕{n:06d}"


def _import(home: Path, url: str, file: Path, size: int) -> tuple[Took, float]:
    """What the command took from start to exit, and its peak of memory in MiB."""
    command = [sys.executable, str(ROOT / "mingpai.py"), "import", "assessments", str(file)]
    who = ("--year", "2024", "--by", "bench", "--role", "city_officer")
    begin = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-c", MEASURING, *command, *who],
        env={**os.environ, "MINGPAI_HOME": str(home), "MINGPAI_DATABASE_URL": url},
        check=False,
        capture_output=True,
        text=True,
    )
    seconds = time.perf_counter() - begin
    *told, measured = done.stdout.splitlines()
    code, processor, peak = json.loads(measured)
    if code or f"录入 {size}，" not in "".join(told):
        raise RuntimeError(f"the import ended with {code}: {told} {done.stderr[-2_000:]}")
    return Took(seconds, processor), peak / 1024


def _copy(url: str, home: Path, server: Postgres | None) -> str:
    """The database before the import, under another name."""
    if server is None:
        path = home / "bare.db"
        with (
            sqlite3.connect(str(make_url(url).database)) as original,
            sqlite3.connect(path) as copied,
        ):
            original.backup(copied)
        return str(path)
    name = f"{make_url(url).database}_bare"
    with psycopg.connect(libpq(server.url), autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE {make_url(url).database}")
    return make_url(url).set(database=name).render_as_string(hide_password=False)


def _bare(url: str, copy: str, last: int, server: Postgres | None) -> Took:
    """What the bare driver took for the rows that the import wrote, in the same transactions."""
    engine = create_engine(url)
    with engine.connect() as connection:
        query = sa.select(requests.c.first, requests.c.last).where(requests.c.first > last)
        commits = [tuple(row) for row in connection.execute(query.order_by(requests.c.first))]
    mark, replay = ("?", bare.replay_sqlite) if server is None else ("%s", bare.replay_postgresql)
    clock = processor = 0.0
    for begin in range(0, len(commits), REPLAYED_AT_ONCE):
        part = commits[begin : begin + REPLAYED_AT_ONCE]
        work = bare.transactions(engine, part, mark)
        before = time.process_time()
        clock += replay(copy, work)
        processor += time.process_time() - before
    engine.dispose()
    return Took(clock, processor)


def show(home: Path, server: Postgres | None) -> None:
    """Both sizes on one database."""
    table = Table("一次导入", "秒", "条/秒", "裸驱动 秒", "为其", "处理器 秒", "裸驱动", "内存 MiB")
    for size in SIZES:
        found = run(home / str(size), server, size)
        table.add_row(
            f"{found.rows:,} 条",
            f"{found.ours.clock:,.1f}",
            f"{found.rows / found.ours.clock:,.0f}",
            f"{found.bare.clock:,.1f}",
            f"{found.ours.clock / found.bare.clock:.1f} 倍",
            f"{found.ours.processor:,.1f}",
            f"{found.bare.processor:,.1f}",
            f"{found.peak:,.0f}",
        )
    console.print(table)


if __name__ == "__main__":
    from tests.bench.__main__ import main

    main("bulk")
