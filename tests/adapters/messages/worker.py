"""A process of its own that spreads and carries all there is: `python -m tests.adapters.messages.worker SETTINGS NOW`.

It says `ready` when it begins, so that whoever wants to kill it knows when to.
"""

from __future__ import annotations

import json
import sys
from datetime import datetime

from adapters.bootstrap import build
from adapters.messages.carrying import Carried, carry
from adapters.messages.digests import digests
from adapters.messages.following import follow_log
from adapters.messages.spreading import spread
from adapters.settings import Settings


def work(settings: Settings, now: datetime) -> None:
    """Until there is nothing left to do."""
    house = build(settings, clock=lambda: now)
    print("ready", flush=True)
    while True:
        spread(house, now)
        follow_log(house, now)
        digests(house, now)
        if carry(house, now, most=20) == Carried():
            break
    house.close()


if __name__ == "__main__":
    given = json.loads(sys.argv[1])
    work(Settings.at(given.pop("home"), **given), datetime.fromisoformat(sys.argv[2]))
