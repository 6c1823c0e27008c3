"""How a part of the model declares its keys, so that packs, errors and the reference agree.

Every part of a pack is a frozen dataclass made by `model`. Each key is declared with `key`, which
carries its description and limits; the pack reader and docs/packs.md are derived from them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import MISSING, dataclass, field, fields, is_dataclass
from datetime import date, time
from decimal import Decimal
from typing import Any, TypeVar, dataclass_transform

from domain.values import Money

T = TypeVar("T")


def key(
    doc: str,
    *,
    default: Any = MISSING,
    least: int | None = None,
    most: int | None = None,
    choices: tuple[str, ...] = (),
    derived: bool = False,
) -> Any:
    """One key of a part: English description, default, limits of numbers, allowed words.

    `derived` keys are filled in when a pack is put together and never stand in a pack.
    """
    limits = {"doc": doc, "least": least, "most": most, "choices": choices, "derived": derived}
    return field(default=default, metadata=limits)


@dataclass_transform(frozen_default=True, kw_only_default=True, field_specifiers=(key,))
def model(cls: type[T]) -> type[T]:
    """A frozen, keyword-only dataclass."""
    make: Callable[[type[T]], type[T]] = dataclass(frozen=True, kw_only=True)
    return make(cls)


def plain(value: Any) -> Any:
    """Any value of the model as plain JSON values: dates as ISO text, money as fen."""
    if isinstance(value, Money):
        return value.fen
    if is_dataclass(value) and not isinstance(value, type):
        own = getattr(value, "as_dict", None)
        return own() if own is not None else keys_of(value)
    if isinstance(value, dict):
        return {str(name): plain(item) for name, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, time):
        return value.isoformat("minutes")
    if isinstance(value, date):
        return value.isoformat()
    return value


def keys_of(value: Any) -> dict[str, Any]:
    """The declared keys of a part as plain JSON values, without the derived ones."""
    return {
        each.name: plain(getattr(value, each.name))
        for each in fields(value)
        if not each.metadata.get("derived")
    }
