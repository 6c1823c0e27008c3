"""A process that appends: ``python appender.py URL COUNT SEED``; it prints each position once it was acknowledged.

A COUNT of 0 appends until the process is killed; with -3 it kills itself in the third append, when all is written but the commit.
Batches are of one to three hundred events.
"""

import os
import signal
import sys
from random import Random
from uuid import UUID

from eventsourcing.persistence import StoredEvent

from adapters.log import tables
from adapters.log.engine import create_engine
from adapters.log.recorder import LogRecorder


def main(url: str, count: int, seed: int) -> None:
    """Appends ``count`` batches, or batches for ever."""
    random = Random(seed)
    engine = create_engine(url, lock_timeout=60)
    tables.create(engine)
    recorder = LogRecorder(engine)
    done = 0
    while count <= 0 or done < count:
        originator_id = UUID(int=random.getrandbits(128))
        size = random.choice((1, 1, 1, 2, 300))
        events = [StoredEvent(originator_id, n, "topic", b"{}") for n in range(size)]
        done += 1
        for position in recorder.insert_events(events, within=die if done == -count else None):
            print(position, originator_id)
        sys.stdout.flush()


def die(_: object) -> None:
    """No clean-up whatever."""
    os.kill(os.getpid(), signal.SIGKILL)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
