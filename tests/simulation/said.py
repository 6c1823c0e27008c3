"""What was said in a home, in the oracle's words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from pathlib import Path

import orjson
import sqlalchemy as sa

from adapters.log.engine import reading
from adapters.messages.outbox import messages
from adapters.outside import stamp
from tests.simulation.effects import events_of
from tests.simulation.home import open_home
from tests.simulation.oracle import COUNTED, KINDS, Expected, expected
from tests.simulation.plan import BEGINS, Year


def said(home: Path) -> Counter[Expected]:
    """What was said of the kinds that the oracle knows, since the beginning."""
    house, _, _ = open_home(home, BEGINS)
    wanted = sa.select(messages).where(messages.c.kind.in_(KINDS))
    found = Counter[Expected]()
    with reading(house.engine) as connection:
        for row in connection.execute(wanted):
            found[
                Expected(
                    row.kind,
                    _about(row.kind, row.thread.partition(":")[2]),
                    str(row.organisation),
                    row.role,
                    row.step,
                    row.due_on,
                    row.moment,
                    orjson.loads(row.facts)["count"] if row.kind in COUNTED else None,
                )
            ] += 1
    house.close()
    return found


def to_be_said(home: Path, year: Year) -> Counter[Expected]:
    """What the oracle expects of the log in a home."""
    house, _, _ = open_home(home, BEGINS)
    try:
        return expected(events_of(house), year.moment(0), year.moment(year.count - 1))
    finally:
        house.close()


def kinds_said(home: Path) -> Mapping[str, int]:
    """How often each kind was said since the beginning."""
    house, _, _ = open_home(home, BEGINS)
    with reading(house.engine) as connection:
        wanted = sa.select(messages.c.kind).where(messages.c.created_at >= stamp(BEGINS))
        kinds = connection.scalars(wanted).all()
    house.close()
    return Counter(kinds)


def _about(kind: str, subject: str) -> str:
    """The record that a message is about; a studio may have several rectifications to do."""
    return subject if kind == "rectification.due" else subject.partition("/")[0]
