"""Where a person stands in an event: what is said of them there, and the sealed values that are theirs."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from adapters.audit.stored import STAMP, Event
from domain.sealed import Sealed


@dataclass(frozen=True)
class Mention:
    """One place in one event. `open` is what stands there in clear about the person; `sealed` what only their key opens."""

    position: int
    record: str
    topic: str
    at: str
    path: str
    open: dict[str, Any]
    sealed: tuple[Sealed, ...]


def mentions(position: int, event: Event, person: UUID) -> Iterator[Mention]:
    """Every place in an event that is about a person; nothing that is about others."""
    about = (position, event["originator_id"], event["topic"], event["facts"]["timestamp"])
    if event["originator_id"] == str(person):
        facts = {name: each for name, each in event["facts"].items() if name not in STAMP}
        yield Mention(*about, "", facts, ())
    for path, said, sealed in _walk(json.loads(event["state"]), person, ""):
        yield Mention(*about, path, said, sealed)


Found = tuple[str, dict[str, Any], tuple[Sealed, ...]]


def _walk(value: Any, person: UUID, path: str) -> Iterator[Found]:
    if isinstance(value, list):
        for number, item in enumerate(value):
            yield from _walk(item, person, f"{path}[{number}]")
    elif isinstance(value, dict) and "_type_" in value:
        yield from _marked(value["_type_"], value["_data_"], person, path)
    elif isinstance(value, dict):
        yield from _fields(value, person, path)


def _marked(kind: str, data: Any, person: UUID, path: str) -> Iterator[Found]:
    """What the log's marks tell apart: ids, actors, people, and other values."""
    if (kind == "uuid_hex" and data == person.hex) or (kind == "actor" and data[0] == person.hex):
        yield path, {}, ()
    elif kind == "person":
        if data["id"] == {"_type_": "uuid_hex", "_data_": person.hex}:
            yield path, {"name": data["name"], **data["details"]}, _tokens(data["sealed"], person)
    elif kind == "sealed":
        if sealed := _tokens([{"_type_": kind, "_data_": data}], person):
            yield path, {}, sealed
    elif isinstance(data, dict | list):
        yield from _walk(data, person, path)


def _fields(value: dict[str, Any], person: UUID, path: str) -> Iterator[Found]:
    """An object that holds a value of the person is about the person: its own words are told too."""
    mine = _tokens(list(value.values()), person)
    if mine:
        said = {name: each for name, each in value.items() if isinstance(each, str | int | bool)}
        yield path, said, mine
    for name, each in value.items():
        if not (mine and _tokens([each], person)):
            yield from _walk(each, person, f"{path}.{name}" if path else name)


def _tokens(values: list[Any], person: UUID) -> tuple[Sealed, ...]:
    found = (
        each["_data_"]
        for each in values
        if isinstance(each, dict) and each.get("_type_") == "sealed"
    )
    return tuple(Sealed(person, d["f"], d["c"]) for d in found if d["s"] == person.hex)
