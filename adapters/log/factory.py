"""What eventsourcing's Application asks for, made for this log; and many aggregates read at once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence, Sized
from contextlib import AbstractContextManager, nullcontext
from typing import Any, Final, NoReturn, TypeVar
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
    TrackingRecorder,
    Transcoder,
)
from eventsourcing.utils import Environment, EnvType
from sqlalchemy import Engine

from adapters.garbage import untracked
from adapters.log import tables
from adapters.log.cache import Kept, SavedRecords
from adapters.log.loading import Loader
from adapters.log.recorder import Follower, LogRecorder
from adapters.log.transcoding import LogTranscoder

MANY: Final = 50
"""From how many records or events on the cycle collector would come by again and again."""

AnyAggregate = TypeVar("AnyAggregate", bound=BaseAggregate[UUID])


class LogStore(EventStore[UUID]):
    """An event store that hands the recorder the domain events too, and reads many streams at once."""

    recorder: LogRecorder

    def __init__(self, mapper: Mapper[UUID], recorder: AggregateRecorder) -> None:
        super().__init__(mapper, recorder)
        self._loader = Loader(mapper)
        self._saved = SavedRecords()

    def put(
        self, domain_events: Sequence[DomainEventProtocol[UUID]], **kwargs: Any
    ) -> list[Recording[UUID]]:
        """Records the events, with what follows them, in one transaction."""
        with _unhurried(domain_events):
            stored = list(map(self.mapper.to_stored_event, domain_events))
            positions = self.recorder.insert_events(stored, domain_events=domain_events, **kwargs)
            return [
                Recording(
                    event,
                    Notification(
                        kept.originator_id, kept.originator_version, kept.topic, kept.state, at
                    ),
                )
                for event, kept, at in zip(domain_events, stored, positions, strict=True)
            ]

    def load_many(self, ids: Iterable[UUID], kind: type[AnyAggregate]) -> dict[UUID, AnyAggregate]:
        """The aggregates of these ids, read in one query; an id that has no events is left out.

        ``TypeError`` when one of them is not of this ``kind``.
        """
        wanted = set(ids)
        with _unhurried(wanted):
            found = self._kept(wanted)
            if missing := wanted - found.keys():
                for id, rows in self.recorder.streams(missing):
                    found[id] = self._loader.load(id, rows)
        for id, aggregate in found.items():
            if not isinstance(aggregate, kind):
                raise TypeError(f"{id} is not a {kind.__name__}")
        return found

    def _kept(self, ids: Iterable[UUID]) -> dict[UUID, Any]:
        """What is in memory, and still is as it is in the log."""
        kept = self._saved.take(ids)
        if not kept:
            return {}
        same = self.recorder.unchanged({id: each.head for id, each in kept.items()})
        return {id: kept[id].record for id in same}

    def keep(
        self, aggregates: Sequence[BaseAggregate[UUID]], recordings: Iterable[Recording[UUID]]
    ) -> None:
        """Keep in memory what was just recorded with these events; from now on nobody else may use it."""
        last = {each.notification.originator_id: each.notification for each in recordings}
        self._saved.keep(
            (each.id, Kept(event, each))
            for each in aggregates
            if (event := last.get(each.id)) is not None and event.originator_version == each.version
        )


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


def _unhurried(many: Sized) -> AbstractContextManager[None]:
    """For many at once the cycle collector stays out: until all is done, none of it is garbage."""
    return untracked() if len(many) > MANY else nullcontext()
