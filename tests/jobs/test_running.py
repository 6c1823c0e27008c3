"""A run: written down whatever happens, fenced, and never stopped by one thing that goes wrong."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from adapters.bootstrap import House
from adapters.schedule.lease import PATIENCE, Lease
from domain.errors import OutOfOrder
from jobs.catalogue import catalogue
from jobs.job import Job, Tally, by_rule
from jobs.running import run
from tests.jobs.conftest import Town

EVERY = timedelta(minutes=1)


def works(house: House, now: datetime, tally: Tally) -> None:
    for number in range(3):
        with tally.one("事项", number):
            if number == 1:
                raise OutOfOrder("nothing_changed", "没有变化")


def fails(house: House, now: datetime, tally: Tally) -> None:
    tally.add("事项", 1)
    raise RuntimeError("电话 13912345678")


def test_one_refusal_is_noted_and_the_others_are_done(town: Town) -> None:
    ran = run(town.house, Job("test", "试", EVERY, works), town.world.now)
    assert (ran.done, ran.errors) == ({"事项": 2}, ["事项 1：没有变化（nothing_changed）"])
    (written,) = town.house.runs.listed()
    assert (written.done, written.errors, written.fence) == ({"事项": 2}, ran.errors, None)
    assert written.now == town.world.now


def test_a_job_that_fails_is_written_down_without_the_data_in_its_error(
    town: Town, capsys: pytest.CaptureFixture[str]
) -> None:
    ran = run(town.house, Job("test", "试", EVERY, fails), town.world.now)
    assert (ran.done, ran.errors) == ({"事项": 1}, ["RuntimeError"])
    (written,) = town.house.runs.listed(failed=True)
    assert (written.errors, written.ended_at) == (["RuntimeError"], town.world.now)
    assert "13912345678" not in "".join(capsys.readouterr())


def test_a_scheduler_that_lost_its_lease_records_nothing(town: Town) -> None:
    lease, seconds = town.house.lease, [0.0]
    other = Lease(town.house.engine, "other", clock=lambda: seconds[0])
    assert lease.acquire() is True
    other.acquire()

    def taken_over(house: House, now: datetime, tally: Tally) -> None:
        seconds[0] += PATIENCE
        assert other.acquire() is True
        mandate = by_rule("试", "once", now)
        city = town.world.places["city"]
        house.register.directory.close_organisation(town.world.by("admin"), city, "不应发生")
        tally.add(mandate.request_id, 1)

    before = town.world.length()
    ran = run(town.house, Job("test", "试", EVERY, taken_over), town.world.now, fenced=True)
    assert (ran.done, ran.errors) == ({}, ["调度权已由另一进程接管，本次所写已撤回"])
    assert town.world.length() == before
    assert town.house.runs.listed()[0].fence == 1


def test_every_job_runs_on_an_empty_register_and_finds_nothing_to_do(town: Town) -> None:
    quiet = {job.name: run(town.house, job, town.world.now) for job in catalogue()}
    assert {name: ran.errors for name, ran in quiet.items()} == {key: [] for key in quiet}
    assert {name for name, ran in quiet.items() if ran.done} == {"checkpoints"}


def test_the_jobs_have_names_of_their_own() -> None:
    names = [job.name for job in catalogue()]
    assert sorted(set(names)) == sorted(names)
