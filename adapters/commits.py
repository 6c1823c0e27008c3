"""What a command recorded, found again by its request id; and what happened to a record since a version."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Engine

from adapters.log.engine import reading
from adapters.views.tables import requests, timeline
from domain.register import Register


@dataclass(frozen=True, slots=True)
class Committed:
    """One event of a commit: its position, its topic, and the event itself."""

    position: int
    topic: str
    event: Any


@dataclass(frozen=True, slots=True)
class Happening:
    """One line of a record's history: which version it made, what it was, when and by whom."""

    version: int
    topic: str
    at: str
    account: str | None
    organisation: str | None
    rule: str | None


class Commits:
    """Reads the log by requests and by records."""

    def __init__(self, engine: Engine, register: Register) -> None:
        self._engine = engine
        self._register = register

    def of(self, request_id: str) -> Sequence[Committed]:
        """The events that a request recorded, in order; none if it recorded nothing."""
        columns = (requests.c.first, requests.c.last)
        wanted = sa.select(*columns).where(requests.c.request_id == request_id)
        with reading(self._engine) as connection:
            row = connection.execute(wanted).first()
        if row is None:
            return ()
        first, last = row
        found = self._register.recorder.select_notifications(first, last - first + 1, last)
        decode = self._register.mapper.to_domain_event
        return [Committed(each.id, each.topic, decode(each)) for each in found]

    def since(self, record: UUID, version: int, limit: int = 50) -> Sequence[Happening]:
        """What happened to a record after a version, oldest first."""
        columns = [timeline.c[name] for name in Happening.__slots__]
        wanted = sa.select(*columns).where(
            timeline.c.record == str(record), timeline.c.version > version
        )
        with reading(self._engine) as connection:
            rows = connection.execute(wanted.order_by(timeline.c.position).limit(limit)).all()
        return [Happening(*row) for row in rows]

    def version(self, record: str, as_of: int | None = None) -> int:
        """The version of a record, now or as of a position; 0 where there is none."""
        wanted = sa.select(sa.func.max(timeline.c.version)).where(timeline.c.record == record)
        if as_of is not None:
            wanted = wanted.where(timeline.c.position <= as_of)
        with reading(self._engine) as connection:
            return connection.execute(wanted).scalar() or 0
