"""Processes that are killed and processes that write at once: nothing acknowledged is lost, no position is missing or given twice."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random
from signal import SIGKILL
from uuid import uuid4

from eventsourcing.persistence import StoredEvent
from sqlalchemy import Engine

from adapters.log import leaf, merkle, tables
from adapters.log.engine import create_engine, reading
from adapters.log.recorder import LogRecorder
from adapters.log.tree import StoredTree, Tree

APPENDER = Path(__file__).with_name("appender.py")
ROOT = Path(__file__).parents[3]


def appender(url: str, count: int, seed: int) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, str(APPENDER), url, str(count), str(seed)],
        cwd=ROOT,
        env={"PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        text=True,
    )


@contextmanager
def opened(url: str) -> Iterator[Engine]:
    engine = create_engine(url)
    tables.create(engine)
    yield engine
    engine.dispose()


def check(engine: Engine, acknowledged: dict[int, str]) -> int:
    """The size of the log; fails unless it is dense, its tree is that of its events, and all that was acknowledged is there."""
    log = list(LogRecorder(engine).stream())
    assert [n.id for n in log] == list(range(1, len(log) + 1))
    hashes = [leaf.hash_of(n) for n in log]
    with reading(engine) as connection:
        source = StoredTree(connection)
        assert source.tree() == Tree().append(hashes)[0]
        assert merkle.tree_root(len(log), source) == merkle.root(hashes)
    kept = {n.id: str(n.originator_id) for n in log}
    assert {position: kept.get(position) for position in acknowledged} == acknowledged
    return len(log)


def acknowledgements(output: str) -> dict[int, str]:
    """What a process said that it had recorded; a last line that the kill cut short was not said."""
    lines = [line.split() for line in output.splitlines(keepends=True) if line.endswith("\n")]
    return {int(position): originator for position, originator in lines}


def test_a_process_killed_at_any_moment_loses_nothing_it_acknowledged(database_url: str) -> None:
    random, acknowledged = Random(20260430), {}
    for round_ in range(6):
        process = appender(database_url, 0, round_)
        assert process.stdout is not None
        heard = [process.stdout.readline() for _ in range(random.randint(1, 1_500))]
        process.kill()
        heard.append(process.communicate()[0])
        acknowledged |= acknowledgements("".join(heard))
        with opened(database_url) as engine:
            assert check(engine, acknowledged) >= len(acknowledged)


def test_processes_that_append_at_once_leave_no_gap_for_a_reader_to_see(database_url: str) -> None:
    with opened(database_url) as engine:
        recorder, seen = LogRecorder(engine), 0
        processes = [appender(database_url, 40, seed) for seed in range(3)]
        outputs = [iter(process.stdout or ()) for process in processes]
        acknowledged = {}
        while outputs:
            for lines in list(outputs):
                line = next(lines, None)
                if line is None:
                    outputs.remove(lines)
                else:
                    acknowledged |= acknowledgements(line)
            if len(acknowledged) % 20 == 0:
                new = recorder.select_notifications(seen + 1, 10_000)
                assert [n.id for n in new] == list(range(seen + 1, seen + 1 + len(new)))
                seen += len(new)
        assert [process.wait() for process in processes] == [0, 0, 0]
        assert check(engine, acknowledged) == len(acknowledged)


def test_processes_that_open_a_new_file_at_once_all_succeed(sqlite_url: str) -> None:
    processes = [appender(sqlite_url, 1, seed) for seed in range(5)]
    assert [process.communicate() and process.returncode for process in processes] == [0] * 5
    with opened(sqlite_url) as engine:
        assert check(engine, {}) >= 5


def test_a_process_killed_between_writing_and_committing_leaves_the_log_as_it_was(
    database_url: str,
) -> None:
    process = appender(database_url, -3, 1)
    acknowledged = acknowledgements(process.communicate()[0])
    assert process.returncode == -SIGKILL
    with opened(database_url) as engine:
        assert check(engine, acknowledged) == len(acknowledged) > 0
        assert LogRecorder(engine).insert_events([StoredEvent(uuid4(), 1, "topic", b"{}")]) == [
            len(acknowledged) + 1
        ]
