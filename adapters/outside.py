"""Tables outside the log: what is secret, or only of use for a while, and so is not engraved.

They stand in the log's database and are made and changed by `adapters.migrations`. Moments are UTC as ISO text, which both
databases keep exactly and in order.
"""

from __future__ import annotations

from datetime import UTC, datetime

import sqlalchemy as sa
from sqlalchemy import Engine

from adapters.log.engine import reading, writing
from adapters.migrations import HEAD, at, migrate

METADATA = sa.MetaData()

_LOCK = 0x6D696E67
"""Any number of our own: processes that start together make the tables one after the other."""


def ensure(engine: Engine) -> None:
    """Bring all the tables outside the log to their present form; safe from several processes at once."""
    with reading(engine) as connection:
        if at(connection) == HEAD:
            return
    with writing(engine) as connection:
        if engine.dialect.name == "postgresql":
            connection.execute(sa.select(sa.func.pg_advisory_xact_lock(_LOCK)))
        migrate(connection)


def stamp(moment: datetime) -> str:
    """A moment as it is kept."""
    return moment.astimezone(UTC).isoformat(timespec="microseconds")
