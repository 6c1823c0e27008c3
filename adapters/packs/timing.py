"""A federation's settings of passing time, read from plain keys: unknown ones, wrong types and bad values refused by name."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from marshmallow import ValidationError

from adapters.packs.schemas import schema_for
from domain.errors import Invalid
from domain.policy.shapes import Path, dotted
from domain.policy.timing import Timing


def read_timing(data: Mapping[str, Any]) -> Timing:
    """The settings, with defaults for what is not given. Raises Invalid `timing_malformed`.

    `field` is the first wrong key, such as `reminders[0].before[2]`; `details.fields` tells all.
    """
    try:
        found: Timing = schema_for(Timing)().load(dict(data))
    except ValidationError as error:
        faults = {dotted(path): message for path, message in _faults(error.messages, ())}
        field, message = next(iter(faults.items()))
        raise Invalid(
            "timing_malformed", f"{field}：{message}", field=field, fields=faults
        ) from error
    return found


def _faults(messages: Any, path: Path) -> Iterator[tuple[Path, str]]:
    if isinstance(messages, Mapping):
        for name, inner in messages.items():
            yield from _faults(inner, path if name == "_schema" else (*path, name))
    else:
        for message in messages:
            yield path, str(message)
