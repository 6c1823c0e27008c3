"""How values are written on a page: times in Asia/Shanghai, money in yuan, sealed values never."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from typing import Any

from domain.sealed import Sealed
from domain.values import Money, local
from web.pages import words

SEALED = "已加密"


def moment(value: datetime | str) -> str:
    """`2026-10-01 10:20:33`, on the clocks of Asia/Shanghai."""
    return f"{local(_instant(value)):%Y-%m-%d %H:%M:%S}"


def minute(value: datetime | str) -> str:
    """`2026-10-01 10:20`, on the clocks of Asia/Shanghai."""
    return f"{local(_instant(value)):%Y-%m-%d %H:%M}"


def iso(value: datetime | str) -> str:
    """For machines, with the zone: `2026-10-01T10:20:33+08:00`."""
    return local(_instant(value)).isoformat(timespec="seconds")


def day(value: date | datetime | str) -> str:
    """`2026年10月1日`."""
    if isinstance(value, str):
        value = date.fromisoformat(value[:10])
    if isinstance(value, datetime):
        value = local(value).date()
    return f"{value.year}年{value.month}月{value.day}日"


def yuan(value: Money | int | Mapping[str, Any]) -> str:
    """Fen as yuan with thousands separators: `40,000.00`."""
    if isinstance(value, Mapping):
        value = int(value["fen"])
    return f"{value if isinstance(value, Money) else Money(value)}"


def shown(value: object) -> str:
    """A dossier's value: sealed ones only as a word, truth in words, lists in one line."""
    if isinstance(value, Sealed) or (isinstance(value, Mapping) and "token" in value):
        return SEALED
    if isinstance(value, bool):
        return "是" if value else "否"
    if value is None or value == "":
        return "—"
    if isinstance(value, list | tuple):
        return "、".join(shown(item) for item in value) or "—"
    if isinstance(value, Mapping):
        return "，".join(f"{key}：{shown(item)}" for key, item in value.items())
    return str(value)


def stage(value: str | None) -> str:
    """What a stage is called; the end of review where there is none."""
    return words.word(value, "stage") if value else "评审后"


def tone(value: object) -> str:
    """The class of colour that goes with a state."""
    return words.TONES.get(str(value), "")


def _instant(value: datetime | str) -> datetime:
    found = datetime.fromisoformat(value) if isinstance(value, str) else value
    return found if found.tzinfo else found.replace(tzinfo=UTC)


FILTERS: dict[str, Callable[..., str]] = {
    "moment": moment,
    "minute": minute,
    "iso": iso,
    "day": day,
    "yuan": yuan,
    "shown": shown,
    "stage": stage,
    "tone": tone,
    "word": words.word,
}
