"""Sealed review rounds: until a stage is decided, nobody reads what another gave it.

A round is one stage of one application. It is closed when the stage is passed or rejected, or when
the application ends. Until then lists, records, timelines and changes tell how many scores there are.
"""

from __future__ import annotations

from collections.abc import Mapping, MutableMapping, Sequence
from typing import Any

import orjson
import sqlalchemy as sa
from sqlalchemy import Connection

from adapters.views.shape import FOREVER
from adapters.views.tables import applications

OPEN = ("under_review", "returned")
SCORED = "studio.scored"
SEALED = frozenset({"points", "opinion"})
"""What a score tells only when its round is closed."""


def seal_row(row: MutableMapping[str, Any]) -> None:
    """Leave out of an application's row the scores of its open rounds; their number stays."""
    scores: Sequence[Mapping[str, Any]] = _json(row["scores"]) or ()
    shown = [each for each in scores if _closed(row, str(each["stage"]))]
    if len(shown) == len(scores):
        return
    text = isinstance(row["scores"], str)
    row["scores"] = orjson.dumps(shown).decode() if text else shown
    row["score_total"] = sum(each["points"] for each in shown)


def seal_facts(connection: Connection, items: Sequence[Mapping[str, Any]]) -> None:
    """Leave out of scores among a timeline's items what their rounds still seal."""
    scored = [each["facts"] for each in items if each["topic"] == SCORED]
    if not scored:
        return
    table = applications.table
    query = sa.select(table.c.id, table.c.status, table.c.passed).where(
        table.c.id.in_({facts["application"] for facts in scored}), table.c.until == FOREVER
    )
    rows = {row["id"]: row for row in connection.execute(query).mappings()}
    for facts in scored:
        row = rows.get(facts["application"])
        if row is not None and not _closed(row, facts["stage"]):
            for name in SEALED & facts.keys():
                del facts[name]
            facts["sealed"] = True


def _closed(row: Mapping[Any, Any], stage: str) -> bool:
    return row["status"] not in OPEN or stage in (_json(row["passed"]) or {})


def _json(value: Any) -> Any:
    return orjson.loads(value) if isinstance(value, str) else value
