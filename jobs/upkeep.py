"""Upkeep: what is only of use for a while is let go, and the log is signed once a day."""

from __future__ import annotations

from datetime import datetime, timedelta

from adapters.answers import Answers
from adapters.bootstrap import House
from adapters.messages import deliveries
from jobs.job import Tally

IDLE_RUNS = timedelta(days=7)
"""Runs that found nothing to do are kept for so long; the others stay."""

DELIVERIES = timedelta(days=366)
"""Deliveries that came to a good end are kept for so long; the messages stay."""


def forget(house: House, now: datetime, tally: Tally) -> None:
    """Let go of old answers to repeated requests, runs that did nothing, and deliveries long done."""
    tally.add("过期的重复请求应答", Answers(house.engine).forget(now))
    tally.add("已完成的发送记录", deliveries.forget(house.engine, now - DELIVERIES))
    tally.add("无事可做的运行记录", house.runs.forget(now - IDLE_RUNS))
