"""Decoding events for a refold: what the folds look at, and no more.

The library's mapper decides as always which class an event is and lifts old versions of it; only
the JSON is read another way: by orjson, with ids and actors remembered, because the same come again
and again, and with dossiers and verdicts left as they are stored. That takes less than half of the
time.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

import orjson
from eventsourcing.persistence import Mapper, Transcoder

from adapters.log.transcoding import LogTranscoder

LEFT_ALONE = frozenset({"dossier", "verdicts"})
"""Fields whose values stay as they are stored, with the marks of types: no fold looks at those."""

_MANY = 200_000
"""How many ids and actors are remembered at most."""


class FoldTranscoder(Transcoder):
    """Reads what another transcoder wrote; see the module's words."""

    def __init__(self, written_by: LogTranscoder) -> None:
        self._written_by = written_by
        self._decoders: Mapping[str, Callable[[Any], Any]] = written_by.decoders
        self._remembered: dict[Any, Any] = {}

    def encode(self, obj: Any) -> bytes:
        """As the other does it."""
        return self._written_by.encode(obj)

    def decode(self, data: bytes) -> Any:
        """An event's state."""
        state = orjson.loads(data)
        for name, value in state.items():
            if type(value) in (dict, list) and name not in LEFT_ALONE:
                state[name] = self._revived(value)
        return state

    def _revived(self, value: Any) -> Any:
        if type(value) is list:
            return [self._revived(each) for each in value]
        if type(value) is not dict:
            return value
        if len(value) == 2 and "_type_" in value and "_data_" in value:
            return self._made(value["_type_"], value["_data_"])
        return {name: self._revived(each) for name, each in value.items()}

    def _made(self, name: str, data: Any) -> Any:
        key: Any = data if name == "uuid_hex" else tuple(data) if name == "actor" else None
        if key is None:
            return self._decoders[name](self._revived(data))
        found = self._remembered.get(key)
        if found is None:
            if len(self._remembered) >= _MANY:
                self._remembered.clear()
            found = self._remembered[key] = self._decoders[name](data)
        return found


def for_folds(mapper: Mapper[UUID]) -> Mapper[UUID]:
    """A mapper like the given one that decodes for folds; the same where the log did not write it."""
    if not isinstance(mapper.transcoder, LogTranscoder):
        return mapper
    return Mapper(
        transcoder=FoldTranscoder(mapper.transcoder),
        compressor=mapper.compressor,
        cipher=mapper.cipher,
    )
