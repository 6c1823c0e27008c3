"""`as_of` as people and programs write it: `position:N`, an ISO moment with its zone, or a date."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from typing import Protocol

from domain.errors import Invalid
from domain.values import end_of

_POSITION = re.compile(r"position:([0-9]{1,15})")
_DAY = re.compile(r"[12][0-9]{3}-[0-9]{2}-[0-9]{2}")
_ZONED = re.compile(r"T.*(Z|[+-][0-9]{2}:?[0-9]{2})$")


class Positions(Protocol):
    """Where the log stood at a moment."""

    def position_at(self, moment: datetime) -> int: ...


def position_of(as_of: str | None, positions: Positions) -> int | None:
    """The log position that is meant; None is now.

    A date means its last moment in Asia/Shanghai. Raises Invalid `as_of_malformed`.
    """
    if as_of is None:
        return None
    if found := _POSITION.fullmatch(as_of):
        return int(found[1])
    try:
        if _DAY.fullmatch(as_of):
            moment = end_of(date.fromisoformat(as_of))
        else:
            moment = datetime.fromisoformat(as_of if _ZONED.search(as_of) else "").astimezone(UTC)
    except (ValueError, OverflowError):
        raise Invalid(
            "as_of_malformed", "as_of 应为 position:N、带时区的 ISO 时间或日期", field="as_of"
        ) from None
    return positions.position_at(moment)
