"""What ends because its day is over: calls, public notices; and last days that a new calendar moves."""

from __future__ import annotations

from datetime import datetime

from adapters.bootstrap import House
from adapters.schedule import due
from domain.model.call import Call
from domain.values import local
from jobs.job import Tally, by_rule

CALL_ENDS = "申报截止时间已过"
NOTICE_ENDS = "公示期满且无未办结异议"
CLOCK_MOVES = "节假日安排已导入或更正"


def end_calls(house: House, now: datetime, tally: Tally) -> None:
    """Close the calls whose deadline is over, where the policy refuses what is late."""
    calls = house.register.calls
    for id in due.open_calls(house.engine, now):
        looking = by_rule(CALL_ENDS, f"call:{id}", now)
        call = house.register.get(Call, id, looking)
        if call.late == "refused" and call.deadline is not None:
            with tally.one("截止申报批次", id):
                once = f"call:{id}:{call.deadline.isoformat()}"
                calls.pass_deadline(by_rule(CALL_ENDS, once, now), id)


def end_notices(house: House, now: datetime, tally: Tally) -> None:
    """End the notices whose last day is over and that no objection holds: their studios may be named."""
    for id in due.ended_notices(house.engine, local(now).date()):
        with tally.one("办结公示", id):
            mandate = by_rule(NOTICE_ENDS, f"notice:{id}", now)
            house.register.publicity.complete_due(mandate, id)


def move_clocks(house: House, now: datetime, tally: Tally) -> None:
    """Compute last days anew: those that were open until a calendar came, and those that a correction puts off."""
    for id in due.counting_notices(house.engine):
        with tally.one("核对公示期", id, counted=False):
            version = house.queries.one("notices", str(id))["since"]
            mandate = by_rule(CLOCK_MOVES, f"clock:{id}:{version}", now)
            tally.add("重算公示截止日", house.register.publicity.recompute(mandate, id))
