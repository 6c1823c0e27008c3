"""Given events, when a command, then exactly these events: the words in which aggregates are tested."""

from __future__ import annotations

import copy
from collections.abc import Callable, Sequence
from typing import Any, Generic, TypeVar

import pytest
from eventsourcing.persistence import DatetimeAsISO, DecimalAsStr, Mapper, UUIDAsHex

from adapters.log.transcoding import LogTranscoder
from adapters.transcodings import transcodings
from domain.errors import DomainError
from domain.model.record import Record

AnyRecord = TypeVar("AnyRecord", bound=Record)
Command = Callable[[AnyRecord], Any]


def mapper() -> Mapper[Any]:
    """What writes events to the log and reads them back, without a database."""
    transcoder = LogTranscoder()
    for each in (UUIDAsHex(), DecimalAsStr(), DatetimeAsISO(), *transcodings()):
        transcoder.register(each)
    return Mapper(transcoder)


MAPPER = mapper()


def stored(event: Any) -> Any:
    """The event after a journey through the log's encoding."""
    return MAPPER.to_domain_event(MAPPER.to_stored_event(event))


def state(record: Record) -> dict[str, Any]:
    """Everything that a record is, without who acts on it now."""
    kept = {name: value for name, value in vars(record).items() if name != "_mandate"}
    return copy.deepcopy({**kept, "_pending_events": []})


def replayed(events: Sequence[Any]) -> Any:
    """The record that stored events make."""
    record = None
    for event in events:
        record = stored(event).mutate(record)
    return record


class Given(Generic[AnyRecord]):
    """A record as the log gives it back, which is the same as the one that lived through it."""

    def __init__(self, record: AnyRecord, *history: Command[AnyRecord]) -> None:
        for command in history:
            command(record)
        again = replayed(record.collect_events())
        assert state(again) == state(record)
        self.record: AnyRecord = again.under(record.mandate)
        self.command: Command[AnyRecord] | None = None

    def when(self, command: Command[AnyRecord]) -> Given[AnyRecord]:
        """The command under test."""
        self.command = command
        return self

    def then(self, *expected: tuple[str, dict[str, Any]]) -> AnyRecord:
        """Exactly these events follow, each a topic with its essential facts."""
        assert self.command is not None
        before = self.record.version
        self.command(self.record)
        events = list(self.record.pending_events)
        facts = [expectation for _, expectation in expected]
        told = [
            (event.TOPIC, {name: getattr(event, name) for name in fact})
            for event, fact in zip(events, [*facts, *[{}] * len(events)], strict=False)
        ]
        assert told == list(expected)
        assert self.record.version == before + len(events)
        return self.record

    def refused(self, code: str) -> DomainError:
        """The command is refused with this code, and nothing at all has changed."""
        assert self.command is not None
        before = state(self.record)
        with pytest.raises(DomainError) as refusal:
            self.command(self.record)
        assert refusal.value.code == code
        assert (state(self.record), list(self.record.pending_events)) == (before, [])
        return refusal.value


def given(record: AnyRecord, *history: Command[AnyRecord]) -> Given[AnyRecord]:
    """A record that has lived through its history, read back from the log's encoding."""
    return Given(record, *history)
