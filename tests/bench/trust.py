"""What tamper evidence costs, as ratios: appending with and without the tree, verifying against plain SHA-256, proofs by size.

Sizes are small unless MINGPAI_BENCH=full is set; then the log has a million events. Databases are durable.
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from hashlib import sha256
from pathlib import Path
from statistics import median, quantiles
from time import perf_counter, process_time
from typing import Any
from uuid import UUID, uuid5

from eventsourcing.persistence import JSONTranscoder, Mapper, StoredEvent
from sqlalchemy import Connection, Engine

from adapters.log import leaf, merkle, tables
from adapters.log.engine import create_engine, reading
from adapters.log.recorder import LogRecorder
from adapters.log.scan import Scan
from adapters.log.transcoding import LogTranscoder
from adapters.log.tree import StoredTree
from adapters.transcodings import transcodings
from adapters.trust.verify import Premises, verify
from domain.model.organisation import Kind, Organisation
from domain.values import Actor, Mandate, Role
from tests.databases import start_postgres

FULL = os.environ.get("MINGPAI_BENCH") == "full"
SIZES = (100_000, 1_000_000) if FULL else (10_000, 100_000)
SINGLES = 2_000 if FULL else 400
BATCH = 500
PER_RECORD = 10
SPACE = UUID("5e0f7d5c-9a0b-4a6e-8a5d-0c3b8b2f1e77")

Rows = Sequence[Sequence[object]]


def run() -> None:
    """Measure everything and print a table each."""
    appending()
    with _folder() as folder:
        logs = {size: filled(Path(folder) / f"{size}.sqlite", size) for size in SIZES}
        verifying(logs)
        proving(logs[max(SIZES)], max(SIZES))


def _folder() -> tempfile.TemporaryDirectory[str]:
    """A folder where we stand: the system's temporary one may be in memory, where nothing is durable."""
    return tempfile.TemporaryDirectory(prefix=".bench-", dir=Path.cwd())


def show(title: str, head: Sequence[str], rows: Rows) -> None:
    """Print a small table."""
    lines = [head, *[[str(cell) for cell in row] for row in rows]]
    widths = [max(len(line[n]) for line in lines) for n in range(len(head))]
    print(f"\n{title}")
    for line in lines:
        print("  " + "  ".join(cell.rjust(width) for cell, width in zip(line, widths, strict=True)))


# Appending


_UNNEST = (
    "INSERT INTO events SELECT added.* FROM unnest(%b::bigint[], %b::uuid[], %b::bigint[],"
    " %b::bytea[], %b::text[], %b::bytea[]) AS added"
)


class WithoutTree(LogRecorder):
    """The same recorder and table, without leaf hashes and tree: what the tree's price is measured against."""

    def _append(self, connection: Connection, stored_events: Sequence[StoredEvent]) -> range:
        cursor = connection.connection.cursor()
        try:
            postgresql = connection.dialect.name == "postgresql"
            if postgresql:
                cursor.execute(f"SELECT pg_advisory_xact_lock({tables.APPEND_LOCK})")
            cursor.execute("SELECT coalesce(max(position), 0) FROM events")
            (last,) = cursor.fetchone() or (0,)
            positions = range(last + 1, last + len(stored_events) + 1)
            rows = self._rows(positions, stored_events, [b""] * len(stored_events))
            if postgresql:
                cursor.execute(_UNNEST, tuple(map(list, zip(*rows, strict=True))))
            else:
                cursor.executemany("INSERT INTO events VALUES (?, ?, ?, ?, ?, ?)", rows)
        finally:
            cursor.close()
        return positions


def appending() -> None:
    """Append one by one and in batches, in turns with and without the tree, on both databases."""
    rows: list[Sequence[object]] = []
    with _folder() as folder:
        urls = [f"sqlite:///{folder}/{name}.sqlite" for name in ("with", "without")]
        rows += _appending("SQLite", *urls)
        with (
            start_postgres(durable=True, directory=Path.cwd()) as server,
            server.database() as one,
            server.database() as two,
        ):
            rows += _appending(f"PostgreSQL {server.version().split()[0]}", one, two)
    head = ("database", "at once", "tree ms", "without", "ratio", "p99 ms", "without", "ratio")
    show("appending, durable: with the tree against without", head, rows)


def _appending(name: str, with_url: str, without_url: str) -> list[Sequence[object]]:
    recorders = [_recorder(LogRecorder, with_url), _recorder(WithoutTree, without_url)]
    rows: list[Sequence[object]] = []
    done = 0
    for size, times in ((1, SINGLES), (BATCH, max(20, SINGLES // 20))):
        took: list[list[float]] = [[], []]
        for _ in range(times):
            events = [event(n) for n in range(done, done + size)]
            done += size
            for at, recorder in enumerate(recorders):
                start = perf_counter()
                recorder.insert_events(events)
                took[at].append((perf_counter() - start) * 1000)
        middle = [median(each) for each in took]
        slow = [quantiles(each, n=100)[-1] for each in took]
        cells = [
            *(f"{value:.2f}" for value in middle),
            f"{middle[0] / middle[1]:.2f}",
            *(f"{value:.2f}" for value in slow),
            f"{slow[0] / slow[1]:.2f}",
        ]
        rows.append((name, size, *cells))
    for recorder in recorders:
        recorder.engine.dispose()
    return rows


def _recorder(kind: type[LogRecorder], url: str) -> LogRecorder:
    engine = create_engine(url)
    tables.create(engine)
    return kind(engine)


# Verifying


def verifying(logs: dict[int, str]) -> None:
    """Verify logs of several sizes, each in a process of its own, against SHA-256 over the same bytes."""
    rows: list[Sequence[object]] = []
    for size, url in logs.items():
        plain = _plain(url, size)
        for decode in (False, True):
            done = subprocess.run(
                [sys.executable, "-m", "tests.bench.trust", url, "decode" if decode else "-"],
                capture_output=True,
                text=True,
                check=True,
            )
            found = json.loads(done.stdout)
            what = "all, events decoded" if decode else "hashes, versions, file"
            seconds = found["seconds"]
            per = found["busy"] / size * 1e6
            memory = (f"{found[when] >> 10} MB" for when in ("before", "peak"))
            cells = (f"{seconds:.1f}", f"{per:.1f}", f"{found['busy'] / plain:.1f}", *memory)
            rows.append((f"{size:,}", what, *cells))
    head = ("events", "verified", "s", "CPU µs each", "× sha256", "before", "peak")
    show(
        "log verify; processor time against SHA-256 of each event's bytes; memory of the process",
        head,
        rows,
    )


def _plain(url: str, size: int) -> float:
    """Processor seconds that SHA-256 alone takes over the leaves, once they are in memory."""
    engine, seconds = create_engine(url), 0.0
    for batch in Scan(engine).events(1, size):
        leaves = [leaf.encode_fields(row[1], row[2], row[4], row[5]) for row in batch]
        start = process_time()
        for data in leaves:
            sha256(data).digest()
        seconds += process_time() - start
    engine.dispose()
    return seconds


def measure(url: str, *, decode: bool) -> dict[str, float]:
    """Verify one log in this process: seconds, processor seconds, and resident memory in KiB before and at its peak."""
    engine = create_engine(url)
    mapper = mapper_of_the_domain() if decode else None
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    start, busy = perf_counter(), process_time()
    report = verify(Premises(engine, mapper=mapper))
    seconds, busy = perf_counter() - start, process_time() - busy
    assert report.ok, report.lines()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return {"seconds": seconds, "busy": busy, "before": before, "peak": peak}


# Proving


def proving(url: str, largest: int) -> None:
    """Make and check inclusion and consistency proofs at sizes from a thousand to the log's own."""
    engine = create_engine(url)
    rows = []
    size = 1_000
    while size <= largest:
        rows.append(_proving(engine, size))
        size *= 10
    engine.dispose()
    head = ("size", "hashes", "made ms", "checked µs", "consistency ms", "checked µs", "all ÷ one")
    show(
        "proofs from the database; the last column: hashing all events against checking one",
        head,
        rows,
    )


def _proving(engine: Engine, size: int) -> Sequence[object]:
    with reading(engine) as connection:
        stored = StoredTree(connection)
        root, older = (merkle.tree_root(n, stored) for n in (size, size * 2 // 3))
    indices = [int(size * n / 97) for n in range(97)]
    made, checked, hashes = list[float](), list[float](), 0
    for index in indices:
        seconds, path = _timed(partial(_fresh, engine, merkle.inclusion_proof, index, size))
        made.append(seconds)
        row = next(Scan(engine).events(index + 1, index + 1))[0]
        data = leaf.encode_fields(row[1], row[2], row[4], row[5])
        checked.append(_timed(partial(_check, data, index, size, path, root))[0])
        hashes = max(hashes, len(path))
    linked, proof = _timed(lambda: _fresh(engine, merkle.consistency_proof, size * 2 // 3, size))
    followed, _ = _timed(lambda: merkle.verify_consistency(size * 2 // 3, size, proof, older, root))
    each = _timed(lambda: [merkle.leaf_hash(data) for _ in range(1_000)])[0] / 1_000
    return (
        f"{size:,}",
        hashes,
        f"{median(made) * 1e3:.2f}",
        f"{median(checked) * 1e6:.0f}",
        f"{linked * 1e3:.2f}",
        f"{followed * 1e6:.0f}",
        f"{each * size / median(checked):,.0f}",
    )


def _check(data: bytes, index: int, size: int, path: Sequence[bytes], root: bytes) -> None:
    merkle.verify_inclusion(index, size, merkle.leaf_hash(data), path, root)


def _fresh(engine: Engine, prove: Callable[..., Any], *sizes: int) -> Any:
    with reading(engine) as connection:
        return prove(*sizes, StoredTree(connection))


def _timed(work: Callable[[], Any]) -> tuple[float, Any]:
    start = perf_counter()
    result = work()
    return perf_counter() - start, result


# What is measured on


@dataclass(frozen=True, slots=True)
class _Template:
    topic: str
    state: bytes


def mapper_of_the_domain() -> Mapper[UUID]:
    """Decodes events of the domain, as the register does."""
    transcoder: JSONTranscoder = LogTranscoder()
    for transcoding in (*_standard(), *transcodings()):
        transcoder.register(transcoding)
    return Mapper(transcoder)


def _standard() -> Sequence[Any]:
    from eventsourcing.persistence import DatetimeAsISO, DecimalAsStr, UUIDAsHex

    return (UUIDAsHex(), DecimalAsStr(), DatetimeAsISO())


def _templates() -> list[_Template]:
    """One real record's events: registered, and then renamed again and again."""
    mandate = Mandate(
        Actor(UUID(int=7), UUID(int=8)), Role.RULE, datetime(2026, 11, 20, tzinfo=UTC), "bench"
    )
    organisation = Organisation.register(
        mandate, UUID(int=1), name="某某市总工会", kind=Kind.FEDERATION, above=None, code="420000"
    )
    for n in range(PER_RECORD - 1):
        organisation.rename(f"某某市第{n}职工创新工作室联合会")
    stored = map(mapper_of_the_domain().to_stored_event, organisation.collect_events())
    return [_Template(each.topic, each.state) for each in stored]


_TEMPLATES: list[_Template] = []


def event(n: int) -> StoredEvent:
    """The n-th event of a long log: records of ten events each."""
    if not _TEMPLATES:
        _TEMPLATES.extend(_templates())
    record, version = divmod(n, PER_RECORD)
    template = _TEMPLATES[version]
    return StoredEvent(uuid5(SPACE, str(record)), version + 1, template.topic, template.state)


def filled(path: Path, size: int) -> str:
    """A log of so many events; its URL."""
    url = f"sqlite:///{path}"
    recorder = _recorder(LogRecorder, url)
    for first in range(0, size, 2_000):
        recorder.insert_events([event(n) for n in range(first, min(first + 2_000, size))])
    recorder.engine.dispose()
    return url


if __name__ == "__main__":
    if len(sys.argv) == 3:
        print(json.dumps(measure(sys.argv[1], decode=sys.argv[2] == "decode")))
    else:
        run()
