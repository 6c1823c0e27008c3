"""Checkpoints: what is new in the log is verified, signed and carried out of the house."""

from __future__ import annotations

from contextlib import closing
from datetime import datetime

from adapters.bootstrap import House
from adapters.trust.notary import open_notary
from adapters.trust.publishing import publish
from jobs.job import Tally

NAME = "checkpoints"


def sign(house: House, _now: datetime, tally: Tally) -> None:
    """Sign the log as it stands if it grew, and send it by every way that is configured.

    What did not go out last time is tried again, even if nothing is new.
    """
    if not house.recorder.max_notification_id():
        return
    with closing(open_notary(house.settings, house.engine)) as notary:
        before = notary.last()
        note = notary.checkpoint()
        if note == before and not _failed_before(house):
            return
        done = publish(notary, house.settings, note)
    tally.add("签署检查点", note != before)
    tally.add("送出检查点", len(done.sent))
    tally.errors += [f"检查点未能送出（{way}）：{type(why).__name__}" for way, why in done.failed]


def _failed_before(house: House) -> bool:
    """Whether the run before this one left something unsent."""
    earlier = house.runs.listed(job=NAME, limit=2)[1:]
    return any(run.errors for run in earlier)
