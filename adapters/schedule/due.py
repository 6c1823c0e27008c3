"""What is due by rule, asked of the views: calls past their deadline, notices past their last day, clocks to look at."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import ColumnElement, Engine, Select

from adapters.log.engine import reading
from adapters.views.shape import FOREVER
from adapters.views.tables import calls, notices

_NOW: ColumnElement[int] = sa.literal_column(str(FOREVER))


def open_calls(engine: Engine, now: datetime) -> list[UUID]:
    """Calls that are open although their deadline is over."""
    c = calls.table.c
    wanted = sa.select(c.id, c.deadline).where(
        c.until == _NOW, c.status == "open", c.deadline.is_not(None)
    )
    return [
        UUID(row.id)
        for row in _rows(engine, wanted.order_by(c.since))
        if datetime.fromisoformat(row.deadline) < now
    ]


def ended_notices(engine: Engine, today: date) -> list[UUID]:
    """Running notices whose last day is over, and that no objection holds."""
    c = notices.table.c
    wanted = sa.select(c.id).where(
        c.until == _NOW,
        c.status == "running",
        c.ends_on < today.isoformat(),
        c.objections_open == 0,
        c.provisional.is_(False),
    )
    return [UUID(row.id) for row in _rows(engine, wanted.order_by(c.since))]


def counting_notices(engine: Engine) -> list[UUID]:
    """Running notices whose days are working days, and so hang on the calendar."""
    c = notices.table.c
    wanted = sa.select(c.id).where(
        c.until == _NOW, c.status == "running", c.day_kind == "working_days"
    )
    return [UUID(row.id) for row in _rows(engine, wanted.order_by(c.since))]


def _rows(engine: Engine, wanted: Select[Any]) -> Any:
    with reading(engine) as connection:
        return connection.execute(wanted).all()
