"""The yearly assessment, opened and closed by the policy's and the federation's rules."""

from __future__ import annotations

from datetime import datetime

from adapters.bootstrap import House
from adapters.log.engine import reading
from adapters.matters import read_timings
from domain.values import local
from jobs.job import Tally, by_rule

OPENS = "年度考核到期自动开始"
CLOSES = "年度考核报送期满自动结束"


def open_campaigns(house: House, now: datetime, tally: Tally) -> None:
    """Open each federation's assessment of the year, once its day has come."""
    with reading(house.engine) as connection:
        timings = read_timings(connection)
    for due in house.queries.due_campaigns(house.policies, timings, local(now).date()):
        with tally.one("开始年度考核", due.federation):
            once = f"campaign:{due.federation}:{due.policy}:{due.year}:open"
            house.register.assessments.open(
                by_rule(OPENS, once, now),
                federation=due.federation,
                policy=due.policy,
                year=due.year,
            )


def close_campaigns(house: House, now: datetime, tally: Tally) -> None:
    """Close what has been waited for long enough: what is missing is 未考核, and no failing.

    Where the policy counts a missing year as failing, a person closes it and not the clock.
    """
    with reading(house.engine) as connection:
        timings = read_timings(connection)
    for over in house.queries.closable(timings, local(now).date()):
        rule = house.policies[over.policy].assessment if over.policy in house.policies else None
        if rule is not None and rule.missing_year != "fails":
            with tally.one("结束年度考核", over.campaign):
                mandate = by_rule(CLOSES, f"campaign:{over.campaign}:close", now)
                missing = house.queries.unassessed(over.campaign)
                found = house.register.assessments.close(mandate, over.campaign, namings=missing)
                tally.add("未考核", len(found))
