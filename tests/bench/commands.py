"""One command and a batch of 500: this register against the bare driver, Django and the library.

Every studio is measured the first time that its history is read, after a restart; that is how a
year's results come in. The register keeps the studios that it saved in memory, so the same
batches are then filed for another year, which is how the city confirms what its unions filed.
"""

from __future__ import annotations

import json
import sqlite3
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import psycopg
from sqlalchemy import make_url

from tests.bench import bare, library_peer
from tests.bench.town import POLICY, Town, town
from tests.databases import Postgres, libpq

SINGLES, BATCH, ROUNDS = 1_000, 500, 4
WARM = 50
PASSES = 3
"""How often all is measured, ours and the peers in turn: a machine is not equally fast all the time."""


@dataclass(frozen=True)
class Measured:
    """Checks a second: one by one; in batches of 500; in the same batches with all in memory."""

    single: float
    batch: float
    again: float


def run(home: Path, server: Postgres | None) -> list[dict[str, Measured]]:
    """Measure ours and the peers on one kind of database, in this order, PASSES times."""
    found = []
    for n in range(PASSES):
        place = home / str(n)
        place.mkdir(parents=True)
        found.append(_once(place, server))
    return found


def _once(home: Path, server: Postgres | None) -> dict[str, Measured]:
    database_url = f"sqlite:///{home / 'ours.db'}" if server is None else server.create_database()
    size = WARM + SINGLES + BATCH * ROUNDS
    with town(home / "ours", database_url, size) as place:
        place.restart()
        place.check_all(place.studios[:WARM])
        copy = _copy(place, home, server)
        commits: list[tuple[int, int]] = []
        single = _singles(place, commits)
        batch = _batches(place, 2024, commits)
        again = _batches(place, 2023)
        mark = "?" if server is None else "%s"
        work = bare.transactions(place.house.engine, commits, mark)
        found = {"本登记簿": Measured(single, batch, again)}
        replay = bare.replay_sqlite if server is None else bare.replay_postgresql
        target = make_url(copy).database if server is None else copy
        found["(a) 裸驱动"] = _alike(
            SINGLES / replay(str(target), work[:SINGLES]),
            BATCH * ROUNDS / replay(str(target), work[SINGLES:]),
        )
        found["(b) Django + simple-history"] = _django(home, server)
        found["(c) eventsourcing 自带记录器"] = _library(place, home, server)
    return found


def _alike(single: float, batch: float) -> Measured:
    """What a peer does that keeps nothing in memory: its second year is like its first."""
    return Measured(single, batch, batch)


def _singles(place: Town, commits: list[tuple[int, int]]) -> float:
    chosen = place.studios[WARM : WARM + SINGLES]
    before = _last(place)
    begin = time.perf_counter()
    for studio in chosen:
        place.check_one(studio)
    elapsed = time.perf_counter() - begin
    commits += [(position, position) for position in range(before + 1, _last(place) + 1)]
    return SINGLES / elapsed


def _batches(place: Town, year: int, commits: list[tuple[int, int]] | None = None) -> float:
    elapsed = 0.0
    for n in range(ROUNDS):
        first = WARM + SINGLES + n * BATCH
        before = _last(place)
        begin = time.perf_counter()
        place.check_all(place.studios[first : first + BATCH], year)
        elapsed += time.perf_counter() - begin
        if commits is not None:
            commits.append((before + 1, _last(place)))
    return BATCH * ROUNDS / elapsed


def _last(place: Town) -> int:
    return place.house.register.recorder.max_notification_id() or 0


def _copy(place: Town, home: Path, server: Postgres | None) -> str:
    """The database as it stands before the measured commands, under another name."""
    source = str(place.house.engine.url.render_as_string(hide_password=False))
    if server is None:
        path = home / "bare.db"
        with (
            sqlite3.connect(str(make_url(source).database)) as original,
            sqlite3.connect(path) as copied,
        ):
            original.backup(copied)
        return f"sqlite:///{path}"
    place.house.engine.dispose()
    name = f"{make_url(source).database}_bare"
    with psycopg.connect(libpq(server.url), autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE {make_url(source).database}")
    return make_url(source).set(database=name).render_as_string(hide_password=False)


def _django(home: Path, server: Postgres | None) -> Measured:
    """Django sets itself up once for each process, so it is measured in one of its own."""
    url = f"sqlite:///{home / 'django.db'}" if server is None else server.create_database()
    script = (
        "import json, sys; from tests.bench.django_peer import measure; "
        "print(json.dumps(measure(sys.argv[1], *map(int, sys.argv[2:]))))"
    )
    arguments = [url, str(SINGLES), str(BATCH), str(ROUNDS)]
    done = subprocess.run(
        [sys.executable, "-c", script, *arguments], check=True, capture_output=True, text=True
    )
    return _alike(**json.loads(done.stdout.splitlines()[-1]))


def _library(place: Town, home: Path, server: Postgres | None) -> Measured:
    url = f"sqlite:///{home / 'library.db'}" if server is None else server.create_database()
    rule = place.house.policies[POLICY].assessment
    if rule is None:
        raise LookupError(f"{POLICY} has no assessment")
    with library_peer.plain(url) as app:
        events = place.house.register.recorder.stream()
        library_peer.fill(app, (e for e in events if e.topic != "studio.annually_checked"))
        singles = place.studios[:SINGLES]
        single = library_peer.check_each(app, singles, rule, place.officer, together=False)
        rest = place.studios[SINGLES:]
        rates = [
            library_peer.check_each(
                app, rest[n * BATCH : (n + 1) * BATCH], rule, place.officer, together=True
            )
            for n in range(ROUNDS)
        ]
    return _alike(single, sum(rates) / len(rates))
