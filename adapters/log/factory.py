"""What eventsourcing's Application asks for, made for this log; and many aggregates read at once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import Any, NoReturn, TypeVar
from uuid import UUID

from eventsourcing.domain import BaseAggregate, DomainEventProtocol
from eventsourcing.persistence import (
    AggregateRecorder,
    EventStore,
    InfrastructureFactory,
    Mapper,
    Notification,
    NotSupportedError,
    Recording,
    StoredEvent,
    TrackingRecorder,
    Transcoder,
)
from eventsourcing.utils import Environment, EnvType
from sqlalchemy import Engine

from adapters.log import tables
from adapters.log.recorder import Follower, LogRecorder
from adapters.log.transcoding import LogTranscoder
from domain.model.record import replay

AnyAggregate = TypeVar("AnyAggregate", bound=BaseAggregate[UUID])


class LogStore(EventStore[UUID]):
    """An event store that hands the recorder the domain events too, and reads many streams at once."""

    recorder: LogRecorder

    def put(
        self, domain_events: Sequence[DomainEventProtocol[UUID]], **kwargs: Any
    ) -> list[Recording[UUID]]:
        """Records the events, with what follows them, in one transaction."""
        stored = list(map(self.mapper.to_stored_event, domain_events))
        positions = self.recorder.insert_events(stored, domain_events=domain_events, **kwargs)
        return [
            Recording(event, Notification(**vars(kept), id=position))
            for event, kept, position in zip(domain_events, stored, positions, strict=True)
        ]

    def load_many(self, ids: Iterable[UUID], kind: type[AnyAggregate]) -> dict[UUID, AnyAggregate]:
        """The aggregates of these ids, read in one query; an id that has no events is left out.

        ``TypeError`` when one of them is not of this ``kind``.
        """
        found: dict[UUID, AnyAggregate] = {}
        for originator_id, stream in groupby(self.recorder.select_many(ids), _originator):
            aggregate = replay(None, map(self.mapper.to_domain_event, stream))
            if not isinstance(aggregate, kind):
                raise TypeError(f"{originator_id} is not a {kind.__name__}")
            found[aggregate.id] = aggregate
        return found


class LogFactory(InfrastructureFactory[TrackingRecorder]):
    """Makes the log's parts for one application; give it to ``Application.construct_factory``."""

    def __init__(
        self,
        env: Environment | EnvType | None = None,
        *,
        engine: Engine,
        followers: Sequence[Follower] = (),
        create_tables: bool = True,
    ) -> None:
        super().__init__(env)
        self.engine = engine
        self.followers = tuple(followers)
        if create_tables:
            tables.create(engine)

    def transcoder(self) -> Transcoder:
        """The log's JSON."""
        return LogTranscoder()

    def application_recorder(self) -> LogRecorder:
        """A recorder with this factory's followers."""
        return LogRecorder(self.engine, self.followers)

    def event_store(  # type: ignore[override] # ids in this log are UUIDs
        self,
        mapper: Mapper[UUID] | None = None,
        recorder: AggregateRecorder | None = None,
    ) -> LogStore:
        """A store that keeps the followers up to date."""
        return LogStore(mapper or self.mapper(), recorder or self.application_recorder())

    def aggregate_recorder(self, purpose: str = "events") -> NoReturn:
        """Refused: a snapshot would be a second truth beside the log, and one to sweep at each erasure."""
        raise NotSupportedError(f"this log keeps no {purpose} apart")

    def tracking_recorder(self, tracking_recorder_class: Any = None) -> NoReturn:
        """Refused: views follow the log in its own transaction and need no tracking."""
        raise NotSupportedError("this log tracks no other application")

    def process_recorder(self) -> NoReturn:
        """Refused, as :meth:`tracking_recorder`."""
        raise NotSupportedError("this log tracks no other application")

    def close(self) -> None:
        """Closes the engine's connections."""
        self.engine.dispose()


def _originator(event: StoredEvent) -> UUID | str:
    return event.originator_id
