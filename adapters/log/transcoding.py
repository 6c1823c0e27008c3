"""Values as JSON: ``{"_type_": name, "_data_": …}``, the way eventsourcing writes them, with dates, value objects and a guard.

An object from outside that has the key ``_type_`` would be read back as a value, or not at all, for ever. So the transcoder refuses
to write such a key that it did not put there itself; the boundary refuses it earlier and more politely.
"""

from __future__ import annotations

import dataclasses
import json
import re
import threading
from collections.abc import Callable
from datetime import date
from typing import Any, Final, get_origin, get_type_hints

import orjson
from eventsourcing.persistence import JSONTranscoder, Transcoding

_MARK: Final = b'"_type_":'
_LONG: Final = re.compile(rb"[0-9]{19}")


class _Marks(threading.local):
    """How many values the encoding that runs in this thread has marked."""

    count = 0


class LogTranscoder(JSONTranscoder):
    """eventsourcing's JSON with the guard; NaN and infinity, which are not JSON, are refused."""

    def __init__(self) -> None:
        super().__init__()
        self._decoders: dict[str, Callable[[Any], Any]] = {}
        self._marks = _Marks()
        self.encoder = json.JSONEncoder(
            default=self._encode_obj, separators=(",", ":"), ensure_ascii=False, allow_nan=False
        )
        self.register(DateAsISO())

    def register(self, transcoding: Transcoding) -> None:
        """Registers a transcoding, with its decoder at hand: reading a stream is mostly this."""
        super().register(transcoding)
        self._decoders[transcoding.name] = transcoding.decode

    def decode(self, data: bytes) -> Any:
        """What was encoded, values included."""
        part = orjson.loads(data)
        return self._revived(part) if type(part) is dict or type(part) is list else part

    def _revived(self, part: Any) -> Any:
        """The part with its values built, innermost first."""
        if type(part) is dict:
            if len(part) == 2 and "_type_" in part and "_data_" in part:
                return self._value(part)
            for key, value in part.items():
                if type(value) is dict or type(value) is list:
                    part[key] = self._revived(value)
        else:
            for at, value in enumerate(part):
                if type(value) is dict or type(value) is list:
                    part[at] = self._revived(value)
        return part

    def _value(self, marked: dict[str, Any]) -> Any:
        data = marked["_data_"]
        if type(data) is dict or type(data) is list:
            data = marked["_data_"] = self._revived(data)
        decode = self._decoders.get(marked["_type_"])
        # The library says best what is wrong with a name that nobody registered.
        return self._decode_obj(marked) if decode is None else decode(data)

    def encode(self, obj: Any) -> bytes:
        """The JSON bytes; ``ValueError`` for what could not be read back as it was."""
        self._marks.count = 0
        encoded = super().encode(obj)
        if encoded.count(_MARK) != self._marks.count:
            raise ValueError("the key _type_ is reserved")
        # Reading makes a float of an integer past 64 bits, so none is written.
        if _LONG.search(encoded):
            try:
                orjson.dumps(json.loads(encoded))
            except TypeError:
                raise ValueError("an integer takes more than 64 bits") from None
        return encoded

    def _encode_obj(self, o: Any) -> dict[str, Any]:
        self._marks.count += 1
        return super()._encode_obj(o)


class DateAsISO(Transcoding):
    """A business date as ``YYYY-MM-DD``."""

    type = date
    name = "date_iso"

    def encode(self, obj: date) -> str:
        """``2026-04-30``."""
        return obj.isoformat()

    def decode(self, data: str) -> date:
        """``date(2026, 4, 30)``."""
        return date.fromisoformat(data)


class ValueTranscoding(Transcoding):
    """A frozen dataclass as an object of its fields; see :func:`value_transcoding`."""

    def __init__(self, cls: type[Any], name: str) -> None:
        hints = get_type_hints(cls)
        self.type = cls
        self.name = name
        self._fields = tuple(field.name for field in dataclasses.fields(cls) if field.init)
        self._tuples = tuple(name for name in self._fields if _holds_tuple(hints[name]))

    def encode(self, obj: Any) -> dict[str, Any]:
        """Its fields by name."""
        return {name: getattr(obj, name) for name in self._fields}

    def decode(self, data: dict[str, Any]) -> Any:
        """The value; fields added to the class since then take their defaults."""
        for name in self._tuples:
            if isinstance(data.get(name), list):
                data[name] = tuple(data[name])
        build: Callable[..., Any] = self.type
        return build(**data)


def value_transcoding(cls: type[Any], name: str) -> Transcoding:
    """How the log writes the frozen dataclass ``cls``: under ``name``, which must never change.

    Fields may hold anything that the transcoder knows; those annotated as tuples come back as tuples.
    """
    return ValueTranscoding(cls, name)


def _holds_tuple(hint: Any) -> bool:
    """Whether a field's annotation is a tuple, or a tuple or None."""
    members = getattr(hint, "__args__", ()) if get_origin(hint) is not tuple else ()
    return hint is tuple or get_origin(hint) is tuple or any(map(_holds_tuple, members))
