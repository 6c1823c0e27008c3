"""Sending: what was said is spread over the ways on which it goes out, gathered into digests, and carried."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from adapters.bootstrap import House
from adapters.messages.carrying import carry
from adapters.messages.digests import digests
from adapters.messages.following import follow_log
from adapters.messages.spreading import spread
from jobs.job import Tally

SETTLED: Final = timedelta(minutes=15)
"""A digest waits so long after its hour, that all that is said at this hour is in it."""


def spread_messages(house: House, now: datetime, tally: Tally) -> None:
    """Find out who reads each new message by mail, and which programs are told of it and of events."""
    tally.add("分发消息", spread(house, now))
    tally.add("分发事件", follow_log(house, now))
    tally.add("汇总邮件", digests(house, now - SETTLED))


def carry_messages(house: House, now: datetime, tally: Tally) -> None:
    """Send the mails and posts that are due."""
    # Nothing is sent by a scheduler that lost its lease.
    carried = carry(house, now, check=house.lease.check)
    tally.add("已发出", carried.sent)
    tally.add("稍后重试", carried.retried)
    tally.add("无法送达", carried.dead)
    tally.add("无人可送", carried.dropped)
