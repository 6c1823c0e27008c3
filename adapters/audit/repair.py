"""After the keys were put back from a backup: the log knows who was erased, the backup may not."""

from __future__ import annotations

from typing import Protocol
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Engine

from adapters.log.engine import reading
from adapters.log.sealing import Sealer
from adapters.views.tables import timeline
from domain.sealed import Sealing


class Kept(Protocol):
    """What is needed of a house."""

    @property
    def engine(self) -> Engine: ...

    @property
    def sealing(self) -> Sealing: ...


def erased_persons(engine: Engine) -> list[UUID]:
    """Everyone whose erasure the log records, in order."""
    query = sa.select(timeline.c.record).where(timeline.c.topic == "subject.erased")
    with reading(engine) as connection:
        return [UUID(each) for each in connection.scalars(query.order_by(timeline.c.position))]


def repair_erasures(house: Kept) -> int:
    """Destroy whatever keys came back of those who were erased; returns how many did.

    One read of the timeline, and one transaction in the keys' store; with nothing to do it writes nothing. Call it at each start.
    """
    persons = erased_persons(house.engine)
    if not persons:
        return 0
    if isinstance(house.sealing, Sealer):
        return house.sealing.destroy_all(persons)
    for person in persons:
        house.sealing.destroy(person)
    return 0
