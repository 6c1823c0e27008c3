"""Answers to commands that came with an Idempotency-Key, so that a repeated one is told the same again.

The effect itself is kept to one by the log: a request id is recorded once, in the commit of its events.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy import Engine
from sqlalchemy.exc import IntegrityError

from adapters.log.engine import reading, writing
from adapters.outside import METADATA, ensure, stamp

ANSWERS = sa.Table(
    "answers",
    METADATA,
    sa.Column("request_id", sa.Text, primary_key=True),
    sa.Column("fingerprint", sa.Text, nullable=False),
    sa.Column("asked_at", sa.Text, nullable=False, index=True),
    sa.Column("status", sa.Integer),
    sa.Column("body", sa.Text),
)


@dataclass(frozen=True, slots=True)
class Answer:
    """What was asked under a key, and the answer unless it is still being worked on."""

    fingerprint: str
    status: int | None
    body: str | None


class Answers:
    """One row for each request that brought a key."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        ensure(engine)

    def claim(self, request_id: str, fingerprint: str, at: datetime) -> Answer | None:
        """Note that a request came; returns what is known of it if it came before."""
        if known := self.get(request_id):
            return known
        row = {"request_id": request_id, "fingerprint": fingerprint, "asked_at": stamp(at)}
        try:
            with writing(self._engine) as connection:
                connection.execute(sa.insert(ANSWERS).values(**row))
        except IntegrityError:
            return self.get(request_id)
        return None

    def get(self, request_id: str) -> Answer | None:
        """What is known of a request."""
        columns = (ANSWERS.c.fingerprint, ANSWERS.c.status, ANSWERS.c.body)
        with reading(self._engine) as connection:
            row = connection.execute(
                sa.select(*columns).where(ANSWERS.c.request_id == request_id)
            ).first()
        return Answer(*row) if row else None

    def keep(self, request_id: str, status: int, body: str) -> None:
        """Keep the answer for whoever asks again."""
        change = sa.update(ANSWERS).where(ANSWERS.c.request_id == request_id)
        with writing(self._engine) as connection:
            connection.execute(change.values(status=status, body=body))

    def forget(self, before: datetime, keep: timedelta = timedelta(days=30)) -> int:
        """Drop what is older than clients repeat themselves; returns how many rows went."""
        old = sa.delete(ANSWERS).where(ANSWERS.c.asked_at < stamp(before - keep))
        with writing(self._engine) as connection:
            return connection.execute(old).rowcount
