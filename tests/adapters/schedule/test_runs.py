"""The book of runs, the heartbeat, and the outages that are found by it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy import Engine

from adapters.log.engine import create_engine, reading
from adapters.schedule.runs import NOTICED, Run, Runs
from adapters.schedule.tables import outages

NOW = datetime(2026, 11, 20, 1, tzinfo=UTC)
SECOND = timedelta(seconds=1)


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    made = create_engine(database_url)
    yield made
    made.dispose()


@pytest.fixture
def runs(engine: Engine) -> Runs:
    return Runs(engine)


def gaps(engine: Engine) -> list[tuple[str, str]]:
    with reading(engine) as connection:
        found = connection.execute(sa.select(outages.c.begins, outages.c.ends))
        return [(row.begins[:16], row.ends[:16]) for row in found]


def test_a_run_is_written_when_it_begins_and_when_it_ends(runs: Runs) -> None:
    id = runs.begin("calls", NOW, NOW, "here:1", 7)
    begun = Run(id, "calls", NOW, NOW, None, {}, [], "here:1", 7)
    assert (runs.listed(), runs.listed(failed=True)) == ([begun], [begun])
    runs.end(id, NOW + SECOND, {"截止申报批次": 1}, ["某批次：冲突"])
    ended = Run(
        id, "calls", NOW, NOW, NOW + SECOND, {"截止申报批次": 1}, ["某批次：冲突"], "here:1", 7
    )
    assert (runs.listed(), runs.last()) == ([ended], {"calls": ended})


def test_runs_are_listed_by_job_by_failure_and_in_pages(runs: Runs) -> None:
    ids = [runs.begin(job, NOW, NOW, "here:1", None) for job in ("a", "b", "a", "b")]
    for id in ids[:3]:
        runs.end(id, NOW, {}, ["坏"] if id == ids[0] else [])
    assert [run.id for run in runs.listed(job="a")] == [ids[2], ids[0]]
    assert [run.id for run in runs.listed(failed=True)] == [ids[3], ids[0]]
    assert [run.id for run in runs.listed(before=ids[2], limit=1)] == [ids[1]]
    assert {job: run.id for job, run in runs.last().items()} == {"a": ids[2], "b": ids[3]}


def test_only_runs_that_did_nothing_and_went_well_are_let_go(runs: Runs) -> None:
    told: list[tuple[dict[str, int], list[str]]] = [({}, []), ({"a": 1}, []), ({}, ["坏"])]
    kept = []
    for done, errors in told:
        id = runs.begin("a", NOW, NOW, "here:1", None)
        runs.end(id, NOW, done, errors)
        kept.append(id)
    cut_off = runs.begin("a", NOW, NOW, "here:1", None)
    assert (runs.forget(NOW), runs.forget(NOW + SECOND)) == (0, 1)
    assert [run.id for run in runs.listed()] == [cut_off, *reversed(kept[1:])]


def test_a_gap_between_two_heartbeats_is_an_outage(engine: Engine, runs: Runs) -> None:
    assert runs.beat(NOW) is False
    assert runs.beat(NOW + NOTICED) is False
    back = NOW + NOTICED + timedelta(days=2)
    assert runs.beat(back) is True
    assert (gaps(engine), runs.outages()) == ([("2026-11-20T01:10", "2026-11-22T01:10")], 1)
    assert runs.last_beat() == back


def test_a_clock_that_is_set_back_makes_no_outage(engine: Engine, runs: Runs) -> None:
    runs.beat(NOW)
    assert runs.beat(NOW - timedelta(hours=1)) is False
    assert runs.beat(NOW + SECOND) is False
    assert (gaps(engine), runs.last_beat()) == ([], NOW + SECOND)
