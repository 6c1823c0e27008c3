"""One sample of every event, with values that are the same in every run.

`python -m tests.samples.make` writes the samples that are missing. A sample that exists is never
written again: it stands for what real logs hold.
"""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from pathlib import Path
from types import UnionType
from typing import Any, get_args, get_origin
from uuid import UUID, uuid5

import domain.register
from domain.model.notice import Clock
from domain.model.record import Record
from domain.sealed import Sealed
from domain.values import (
    Actor,
    BankLine,
    Evidence,
    Money,
    Payee,
    Person,
    PolicyRef,
)
from tests.domain.given import MAPPER
from tests.domain.persons import uid

FOLDER = Path(__file__).parent / "v1"
AT = datetime(2022, 10, 11, 1, 30, 15, 250_000, tzinfo=UTC)
DAY = date(2022, 10, 11)
PHONE = Sealed(uid("张工"), "phone", "djEtc2VhbGVk")
ONE_OF_EACH: dict[type, Any] = {
    str: "文字",
    int: 3,
    bool: True,
    UUID: uid("something"),
    date: DAY,
    datetime: AT,
    Money: Money(4_000_000),
    Actor: Actor(uid("officer"), uid("city")),
    Person: Person(uid("张工"), "张工", {"gender": "男"}, (PHONE,)),
    Payee: Payee(uid("unit"), "第一机床厂", "工商银行", PHONE),
    Evidence: Evidence("a" * 64, "证明.pdf", 1024, "application/pdf"),
    BankLine: BankLine("B-1", DAY, Money(4_000_000), "第一机床厂"),
    PolicyRef: PolicyRef("full", "1", "d" * 64),
    Clock: Clock(DAY, date(2022, 10, 18), AT, 5, "working_days", False, "chinesecalendar 1"),
}
OPEN: dict[str, Any] = {
    "timing": {"zone": "Asia/Shanghai", "hour": "09:00", "working_days_only": True},
    "dossier": {"leader": {"name": "张工", "phone": PHONE}, "team": {"size": 6}, "namings": []},
    "verdicts": {"condition": "team", "outcome": "pass", "facts": {"found": 6}, "evidence": []},
    "predecessors": {"studio": uid("old"), "inherits": True, "decision": "并〔2022〕1号"},
    "entries": {
        "studio": uid("studio"),
        "application": uid("application"),
        "name": "张工创新工作室",
    },
    "sources": {"year": 2024, "check": uid("check"), "version": 21},
    "others": {
        "number": "2022-2",
        "level": "province",
        "category": "studio",
        "federation": uid("province"),
    },
    "stages": {"id": "first", "ranking": True, "categories": []},
    "quotas": {"id": "three", "cap": 3, "union": None, "except": [uid("union")]},
    "kept": {"record": uid("studio"), "why": "个人信息保护法第四十七条"},
}
"""What stands in fields that may hold anything."""


def value(name: str, kind: Any) -> Any:
    """A sample value for a field."""
    if kind in ONE_OF_EACH:
        return ONE_OF_EACH[kind]
    if kind is Any or (get_origin(kind) is dict and get_args(kind)[1] is Any):
        return OPEN[name]
    if isinstance(kind, UnionType):
        return value(name, next(each for each in get_args(kind) if each is not type(None)))
    if get_origin(kind) is list:
        return [value(name, get_args(kind)[0])]
    if get_origin(kind) is dict:
        return {name: value(name, get_args(kind)[1])}
    raise TypeError(f"no sample for {name}: {kind}")


def kinds() -> list[type[Record]]:
    """Every aggregate of the register."""
    assert domain.register is not None
    return sorted(Record.__subclasses__(), key=lambda kind: kind.TOPIC)


def event_classes() -> dict[str, Any]:
    """Every event that is ever recorded, by its topic."""
    return {
        found.TOPIC: found
        for kind in kinds()
        for name, found in vars(kind).items()
        if isinstance(found, type) and name not in ("Event", "Created")
    }


def sample(topic: str) -> Any:
    """The event of a topic with sample values."""
    made = event_classes()[topic]
    facts = {
        name: value(name, hint)
        for name, hint in made.__annotations__.items()
        if name not in ("by", "timestamp")
    }
    common = {
        "originator_id": uuid5(uid("samples"), topic),
        "originator_version": 1 if "originator_topic" in _fields(made) else 7,
        "timestamp": AT,
        "by": ONE_OF_EACH[Actor],
        "request_id": "5f7e1c0a",
    }
    if "originator_topic" in _fields(made):
        common["originator_topic"] = topic.split(".", maxsplit=1)[0]
    return made(**common, **facts)


def _fields(made: Any) -> set[str]:
    return {name for each in made.__mro__ for name in vars(each).get("__annotations__", {})}


def written(event: Any) -> dict[str, Any]:
    """An event as the log writes it."""
    stored = MAPPER.to_stored_event(event)
    return {
        "topic": stored.topic,
        "originator_id": str(stored.originator_id),
        "originator_version": stored.originator_version,
        "state": json.loads(stored.state),
    }


def main() -> None:
    """Write the samples that are missing."""
    FOLDER.mkdir(exist_ok=True)
    for topic in event_classes():
        path = FOLDER / f"{topic}.json"
        if not path.exists():
            text = json.dumps(written(sample(topic)), ensure_ascii=False, indent=1)
            path.write_text(text + "\n", "utf-8")


if __name__ == "__main__":
    main()
