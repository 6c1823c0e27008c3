"""Rebuilding every view against the library's reading and decoding of the same events alone."""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path

from adapters.views.rebuild import rebuild
from tests.bench import library_peer
from tests.bench.town import town
from tests.databases import Postgres

STUDIOS = 3_000


@dataclass(frozen=True)
class Rebuilt:
    """Events in the log, and events a second: all views refolded; only read and decoded."""

    events: int
    views: float
    decoded: float


def run(home: Path, database_url: str, server: Postgres | None) -> Rebuilt:
    """Measure both on one log of about ten events a studio."""
    url = f"sqlite:///{home / 'plain.db'}" if server is None else server.create_database()
    with town(home / "town", database_url, STUDIOS) as place, library_peer.plain(url) as app:
        for first in range(0, STUDIOS, 500):
            place.check_all(place.studios[first : first + 500])
        house = place.house
        events = library_peer.fill(app, house.recorder.stream())
        decoded = max(library_peer.read_and_decode(app) for _ in range(3))
        rates = []
        for _ in range(3):
            begin = time.perf_counter()
            rebuild(house.engine, house.recorder, house.register.mapper)
            rates.append(events / (time.perf_counter() - begin))
    return Rebuilt(events, max(rates), decoded)
