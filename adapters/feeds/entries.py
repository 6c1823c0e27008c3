"""Entries of a calendar: what each holds, and how one is remembered."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid5

import orjson

from domain.values import end_of

NAMESPACE = UUID("0b6b1f0e-6f0c-5d0e-8c63-2f8e3c3a9a51")


@dataclass(frozen=True, slots=True)
class Entry:
    """One event of a calendar.

    thread: the kind and the subject, from which the UID follows; starts, ends: both days, the last one
    included, or both moments (UTC); link: a path of our pages; category: a word for its sort.
    """

    thread: str
    summary: str
    text: str
    link: str
    category: str
    starts: date
    ends: date

    @property
    def uid(self) -> str:
        """The same for the same thing for ever, whatever else changes; unlike any other register's."""
        return f"{uuid5(NAMESPACE, self.thread)}@mingpai"

    @property
    def whole_days(self) -> bool:
        """Whether it stands on days rather than at hours."""
        return not isinstance(self.starts, datetime)

    @property
    def over(self) -> datetime:
        """The moment (UTC) at which it is over; a day lasts to its last microsecond."""
        return self.ends if isinstance(self.ends, datetime) else end_of(self.ends)


@dataclass(frozen=True, slots=True)
class Told:
    """An entry as the calendar tells it: how often it changed, when that was last, whether it is off."""

    entry: Entry
    sequence: int
    changed_at: datetime
    cancelled: bool = False

    def changed(self, entry: Entry, at: datetime, *, cancelled: bool = False) -> Told:
        """The next version of it."""
        return replace(
            self, entry=entry, sequence=self.sequence + 1, changed_at=at, cancelled=cancelled
        )


def dumped(entry: Entry) -> str:
    """An entry as it is kept."""
    return orjson.dumps(
        {name: getattr(entry, name) for name in Entry.__slots__}, option=orjson.OPT_SORT_KEYS
    ).decode()


def loaded(text: str) -> Entry:
    """An entry as it was kept."""
    found: dict[str, Any] = orjson.loads(text)
    return Entry(**{**found, "starts": _when(found["starts"]), "ends": _when(found["ends"])})


def _when(text: str) -> date:
    return datetime.fromisoformat(text) if "T" in text else date.fromisoformat(text)
