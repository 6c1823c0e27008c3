"""Business dates: what stood on a day by the paper, apart from when it was entered."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy import ColumnElement, Table

from adapters.views.questions.moment import Item
from domain.errors import Invalid

EFFECTIVE_ON = "effective_on"
"""Given among a list's filters, it is no column but the business date that is asked about."""


def standing(
    table: Table, filters: Mapping[str, Any] | None
) -> tuple[dict[str, Any], list[ColumnElement[bool]], Item]:
    """The filters but for the business date, what it demands of rows, and what they were then.

    Raises Invalid where rows have no business dates, and where what is given is no date.
    """
    plain = dict(filters or {})
    on = plain.pop(EFFECTIVE_ON, None)
    if on is None:
        return plain, [], {}
    if not isinstance(on, date) or table.name not in ("namings", "checks"):
        raise Invalid("effective_on_unknown", "该列表不能按业务日期查询", field=EFFECTIVE_ON)
    day, c = f"{on:%Y-%m-%d}", table.c
    if table.name == "checks":
        return plain, [c.received_on <= day], {}
    stood = [c.named_on <= day, sa.or_(c.ended_on.is_(None), c.ended_on > day)]
    if "status" in plain:
        wanted = plain.pop("status")
        among = wanted if isinstance(wanted, (list, tuple, set, frozenset)) else (wanted,)
        stood.append(sa.true() if "active" in among else sa.false())
    return plain, stood, {"status": "active"}
