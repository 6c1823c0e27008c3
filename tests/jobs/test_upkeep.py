"""Upkeep: what is only of use for a while is let go, and nothing else."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa

from adapters.answers import Answers
from adapters.log.engine import reading, writing
from adapters.messages.deliveries import new_row
from adapters.messages.tables import deliveries
from adapters.outside import stamp
from jobs.upkeep import DELIVERIES, IDLE_RUNS
from tests.jobs.conftest import Town

MINUTE = timedelta(minutes=1)


def delivered(town: Town, state: str, at: datetime) -> UUID:
    """A delivery that came to an end."""
    id = uuid4()
    row = new_row(id, "mail", uuid4(), at=at, next_at=at, message=uuid4())
    with writing(town.house.engine) as connection:
        connection.execute(sa.insert(deliveries).values(**row))
        ended = {"state": state, "ended_at": stamp(at) if state != "waiting" else None}
        connection.execute(sa.update(deliveries).where(deliveries.c.id == id).values(**ended))
    return id


def kept(town: Town) -> set[UUID]:
    with reading(town.house.engine) as connection:
        return set(connection.execute(sa.select(deliveries.c.id)).scalars())


@pytest.mark.parametrize("state", ["sent", "gathered", "dropped"])
def test_deliveries_that_ended_well_are_kept_for_a_year(town: Town, state: str) -> None:
    now = town.world.now
    delivered(town, state, now - DELIVERIES - MINUTE)
    young = delivered(town, state, now - DELIVERIES)
    assert town.runs("upkeep") == {"已完成的发送记录": 1}
    assert kept(town) == {young}


@pytest.mark.parametrize("state", ["dead", "waiting"])
def test_what_did_not_go_out_is_never_let_go(town: Town, state: str) -> None:
    old = delivered(town, state, town.world.now - 10 * DELIVERIES)
    assert town.runs("upkeep") == {}
    assert kept(town) == {old}


def test_answers_and_idle_runs_are_let_go_in_time(town: Town) -> None:
    now = town.world.now
    Answers(town.house.engine).claim("key", "fingerprint", now - timedelta(days=31))
    old = town.house.runs.begin("calls", now, now - IDLE_RUNS - MINUTE, "here", None)
    town.house.runs.end(old, now, {}, [])
    assert town.runs("upkeep") == {"过期的重复请求应答": 1, "无事可做的运行记录": 1}
    assert Answers(town.house.engine).get("key") is None
