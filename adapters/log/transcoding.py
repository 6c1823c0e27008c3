"""Values as JSON: ``{"_type_": name, "_data_": …}``, the way eventsourcing writes them, with dates, value objects and a guard.

An object from outside that has the key ``_type_`` would be read back as a value, or not at all, for ever. So the transcoder refuses
to write such a key that it did not put there itself; the boundary refuses it earlier and more politely.
"""

from __future__ import annotations

import dataclasses
import json
import re
import threading
from collections.abc import Callable, Collection
from datetime import date, datetime
from functools import lru_cache
from typing import Any, Final, get_origin, get_type_hints
from uuid import UUID, SafeUUID

import orjson
from eventsourcing.persistence import DatetimeAsISO, JSONTranscoder, Transcoding, UUIDAsHex

_MARK: Final = b'"_type_":'
_LONG: Final = re.compile(rb"[0-9]{19}")


class _Marks(threading.local):
    """How many values the encoding that runs in this thread has marked."""

    count = 0


class LogTranscoder(JSONTranscoder):
    """eventsourcing's JSON with the guard; NaN and infinity, which are not JSON, are refused."""

    def __init__(self) -> None:
        super().__init__()
        self.decoders: dict[str, Callable[[Any], Any]] = {}
        """By name, what makes a value of its data."""
        self.value = self._valuer()
        self._marks = _Marks()
        self.encoder = json.JSONEncoder(
            default=self._encode_obj, separators=(",", ":"), ensure_ascii=False, allow_nan=False
        )
        self.register(DateAsISO())

    def register(self, transcoding: Transcoding) -> None:
        """Registers a transcoding, with its decoder at hand: reading a stream is mostly this."""
        super().register(transcoding)
        quicker = _QUICKER.get(type(transcoding))
        self.decoders[transcoding.name] = quicker or transcoding.decode

    def decode(self, data: bytes) -> Any:
        """What was encoded, values included."""
        part = orjson.loads(data)
        return self.value(part) if type(part) is dict or type(part) is list else part

    def _valuer(self) -> Callable[[Any], Any]:
        """What builds the values in an object or array of decoded JSON, innermost first, in place.

        Reading a stream is mostly this, so it is one function that looks nothing up elsewhere.
        """
        decoders, unknown = self.decoders, self._decode_obj

        def value(part: Any) -> Any:
            if type(part) is dict:
                if len(part) == 2 and "_type_" in part and "_data_" in part:
                    data = part["_data_"]
                    if type(data) is dict or type(data) is list:
                        data = part["_data_"] = value(data)
                    decode = decoders.get(part["_type_"])
                    # The library says best what is wrong with a name that nobody registered.
                    return unknown(part) if decode is None else decode(data)
                for key, each in part.items():
                    if type(each) is dict or (type(each) is list and each):
                        part[key] = value(each)
            else:
                for at, each in enumerate(part):
                    if type(each) is dict or type(each) is list:
                        part[at] = value(each)
            return part

        return value

    def encode(self, obj: Any) -> bytes:
        """The JSON bytes; ``ValueError`` for what could not be read back as it was."""
        try:
            return orjson.dumps(self._marked(obj))
        except TypeError:
            # Rare: a float, a key that is no text, an integer past 64 bits, a type that nobody registered.
            return self._encode_as_the_library(obj)

    def _marked(self, part: Any) -> Any:
        """The part with its values marked; ``TypeError`` for what orjson would write in its own way."""
        kind = type(part)
        if kind is str or kind is int or kind is bool or part is None:
            return part
        if kind is dict:
            if "_type_" in part:
                raise ValueError("the key _type_ is reserved")
            return {
                key: each
                if type(each) is str or type(each) is int or each is None
                else self._marked(each)
                for key, each in part.items()
            }
        if kind is list or kind is tuple:
            return [self._marked(each) for each in part]
        transcoding = self.types.get(kind)
        if transcoding is None:
            raise TypeError(kind)
        return {"_type_": transcoding.name, "_data_": self._marked(transcoding.encode(part))}

    def _encode_as_the_library(self, obj: Any) -> bytes:
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


def _uuid(data: str) -> UUID:
    """As ``UUID(data)``, for 32 digits in a third of the time."""
    if len(data) != 32 or data[0] == "-":
        return UUID(data)
    made: UUID = _new(UUID)
    _set_int(made, int(data, 16))
    _set_safety(made, _UNKNOWN)
    return made


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

    def __init__(self, cls: type[Any], name: str, added: Collection[str] = ()) -> None:
        hints = get_type_hints(cls)
        self.type = cls
        self.name = name
        self._fields = tuple(field.name for field in dataclasses.fields(cls) if field.init)
        defaults = {field.name: field.default for field in dataclasses.fields(cls)}
        self._added = {name: defaults[name] for name in added}
        self._tuples = tuple(name for name in self._fields if _holds_tuple(hints[name]))
        checked = hasattr(cls, "__post_init__") or not hasattr(cls, "__slots__")
        self._setters = () if checked else [(n, vars(cls)[n].__set__) for n in self._fields]

    def encode(self, obj: Any) -> dict[str, Any]:
        """Its fields by name; one that was added later is left out where it has its default."""
        found = {name: getattr(obj, name) for name in self._fields}
        for name, default in self._added.items():
            if found[name] == default:
                del found[name]
        return found

    def decode(self, data: dict[str, Any]) -> Any:
        """The value; fields added to the class since then take their defaults."""
        for name in self._tuples:
            if type(data.get(name)) is list:
                data[name] = tuple(data[name])
        if len(data) != len(self._setters):
            build: Callable[..., Any] = self.type
            return build(**data)
        # What its constructor does, in half of the time.
        made = _new(self.type)
        for name, put in self._setters:
            put(made, data[name])
        return made


def value_transcoding(cls: type[Any], name: str, added: Collection[str] = ()) -> Transcoding:
    """How the log writes the frozen dataclass ``cls``: under ``name``, which must never change.

    Fields may hold anything that the transcoder knows; those annotated as tuples come back as tuples.
    ``added`` are the fields, with defaults, that the class did not have when it was first written.
    """
    return ValueTranscoding(cls, name, added)


def _holds_tuple(hint: Any) -> bool:
    """Whether a field's annotation is a tuple, or a tuple or None."""
    members = getattr(hint, "__args__", ()) if get_origin(hint) is not tuple else ()
    return hint is tuple or get_origin(hint) is tuple or any(map(_holds_tuple, members))


_UNKNOWN: Final = SafeUUID.unknown
_new: Final[Callable[[type[Any]], Any]] = object.__new__
_set_int: Final = vars(UUID)["int"].__set__
_set_safety: Final = vars(UUID)["is_safe"].__set__
_QUICKER: Final[dict[type[Transcoding], Callable[[Any], Any]]] = {
    UUIDAsHex: _uuid,
    DateAsISO: lru_cache(4096)(date.fromisoformat),
    DatetimeAsISO: lru_cache(4096)(datetime.fromisoformat),
}
"""Decoders that give the same as the transcodings' own; days and moments come again and again."""
