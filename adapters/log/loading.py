"""Aggregates straight from their stored events, without making the events first.

The library decodes an event, makes an object of it, and lets that change the aggregate. Here the stored state is decoded as far as the
aggregate's own method asks for it, and the method is called: the same aggregate in less than half of the time. What the library would do
otherwise for an event (lift an older version of it, call an ``apply`` of its own, decrypt it) is left to the library.

Most of a long history are entries in ledgers, which most commands never ask for. An aggregate that lets them wait (its ``MAY_WAIT``) gets
them undecoded, and they are applied when it asks.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable
from dataclasses import fields
from datetime import datetime
from functools import partial
from typing import Any, Final, NamedTuple
from uuid import UUID

import orjson
from eventsourcing.domain import (
    CanInitAggregate,
    CanMutateAggregate,
    DecoratedFuncCaller,
    OriginatorVersionError,
    decorated_funcs,
)
from eventsourcing.persistence import Mapper, StoredEvent

from adapters.log.queries import Stored
from adapters.log.transcoding import LogTranscoder

_PLAIN: Final = {
    "mutate": (CanMutateAggregate.mutate, CanInitAggregate.mutate),
    "apply": (CanMutateAggregate.apply, DecoratedFuncCaller.apply),
}
"""What an event class has from the library, unless it goes ways of its own."""


class _Step(NamedTuple):
    """What an event calls, the facts that are asked for, and those that are not.

    The first event of a stream also names the class that it makes.
    """

    call: Callable[..., None]
    names: frozenset[str]
    others: tuple[str, ...]
    makes: Any = None
    may_wait: bool = False


class Loader:
    """Makes aggregates of rows. One for a mapper: it remembers what each topic calls."""

    def __init__(self, mapper: Mapper[UUID]) -> None:
        self._mapper = mapper
        self._value: Any = getattr(mapper.transcoder, "value", None)
        self._steps: dict[str, _Step | None] = {}

    def load(self, id: UUID, rows: Iterable[Stored]) -> Any:
        """The aggregate of one stream, whose rows come by version; None where there are none."""
        aggregate: Any = None
        own: dict[str, Any] = {}
        waiting: list[Stored] = []
        for row in rows:
            _, version, topic, state = row
            step = self._steps.get(topic)
            if step is None or (aggregate is None) is (step.makes is None):
                aggregate = self._as_the_library(aggregate, StoredEvent(id, version, topic, state))
                own = vars(aggregate)
                continue
            if step.makes is None and version != own["_version"] + 1:
                raise OriginatorVersionError(version, own["_version"] + 1)
            if step.may_wait:
                if "_put_off" not in own:
                    waiting = []
                    aggregate.put_off(partial(self._make_up, id, waiting))
                waiting.append(row)
                own["_version"] = version
                continue
            facts, moment = self._facts(step, id, row)
            if step.makes is not None:
                aggregate = step.makes.__new__(step.makes)
                aggregate.__base_init__(id, version, moment)
                own = vars(aggregate)
            step.call(aggregate, **facts)
            own["_version"], own["_modified_on"] = version, moment
        if waiting and waiting[-1][1] == own["_version"]:
            own["_modified_on"] = self._value(orjson.loads(waiting[-1][3])["timestamp"])
        return aggregate

    def _make_up(self, id: UUID, waiting: Iterable[Stored], aggregate: Any) -> None:
        """Apply events that were put off, in their order."""
        for row in waiting:
            step = self._steps[row[2]]
            if step is not None:
                step.call(aggregate, **self._facts(step, id, row)[0])

    def _facts(self, step: _Step, id: UUID, row: Stored) -> tuple[dict[str, Any], datetime]:
        """The facts that an event's method asks for, and when it happened."""
        try:
            facts = orjson.loads(row[3])
            moment = self._value(facts["timestamp"])
            for name in step.others:
                facts.pop(name, None)
            if facts.keys() != step.names:
                facts = {name: facts[name] for name in facts.keys() & step.names}
            self._value(facts)
        except (ValueError, TypeError, LookupError):
            # The library says best what is wrong.
            self._mapper.to_domain_event(StoredEvent(id, *row[1:]))
            raise
        return facts, moment

    def _as_the_library(self, aggregate: Any, stored: StoredEvent) -> Any:
        """The aggregate after one event in the library's own way; learns what the topic calls."""
        event: Any = self._mapper.to_domain_event(stored)
        aggregate = event.mutate(aggregate)
        if self._plain(type(event)):
            makes = type(aggregate) if isinstance(event, CanInitAggregate) else None
            call = makes.__init__ if makes else decorated_funcs[type(event)]
            names = frozenset(inspect.signature(call).parameters) - {"self"}
            others = {field.name for field in fields(type(event))} - names
            if "id" not in names:
                may_wait = call in getattr(type(aggregate), "MAY_WAIT", ())
                self._steps[stored.topic] = _Step(call, names, tuple(others), makes, may_wait)
        return aggregate

    def _plain(self, cls: type[Any]) -> bool:
        """Whether events of a class are stored as JSON, never changed, and mutate as the library has it."""
        mapper = self._mapper
        return (
            isinstance(mapper.transcoder, LogTranscoder)
            and mapper.cipher is None
            and mapper.compressor is None
            and getattr(cls, "class_version", 1) == 1
            and (cls in decorated_funcs or issubclass(cls, CanInitAggregate))
            and all(
                vars(base).get(name, plain[0]) in plain
                for base in cls.__mro__
                for name, plain in _PLAIN.items()
            )
        )
