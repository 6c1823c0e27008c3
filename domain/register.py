"""The register: owner of the log. Its desks hold the use cases; it fetches, bulk-loads and saves."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any, Protocol, TypeVar, cast
from uuid import UUID

from eventsourcing.application import Application
from eventsourcing.persistence import (
    InfrastructureFactory,
    IntegrityError,
    JSONTranscoder,
    Recording,
    Transcoding,
)
from eventsourcing.utils import EnvType

from domain.desks.assessments import Assessments
from domain.desks.calls import Calls
from domain.desks.directory import Directory
from domain.desks.intake import IntakeDesk
from domain.desks.ledgers import LedgersDesk
from domain.desks.naming import NamingDesk
from domain.desks.privacy import Privacy
from domain.desks.publicity import PublicityDesk
from domain.desks.review import ReviewDesk
from domain.desks.subsidies import Subsidies
from domain.errors import NotFound, Stale
from domain.model.record import Record
from domain.model.studio import Studio
from domain.policy.workdays import Calendar
from domain.ports import Policies
from domain.sealed import Sealing
from domain.values import Mandate

AnyRecord = TypeVar("AnyRecord", bound=Record)


class Streams(Protocol):
    """What the log's event store offers beyond the library's: many records at once, and kept."""

    def load_many(self, ids: Iterable[UUID], kind: type[AnyRecord]) -> dict[UUID, AnyRecord]: ...

    def keep(self, records: Sequence[Record], recordings: Sequence[Recording[UUID]]) -> None: ...


class Register(Application[UUID]):
    """The application that owns the log. Everything it needs of the world is given to it."""

    name = "mingpai"

    def __init__(
        self,
        *,
        factory: InfrastructureFactory[Any],
        transcodings: Sequence[Transcoding],
        policies: Policies,
        calendar: Calendar,
        sealing: Sealing,
        new_id: Callable[[], UUID],
    ) -> None:
        self._given_factory = factory
        self._transcodings = tuple(transcodings)
        self.policies = policies
        self.calendar = calendar
        self.sealing = sealing
        self.new_id = new_id
        super().__init__()
        self.directory = Directory(self)
        self.calls = Calls(self)
        self.intake = IntakeDesk(self)
        self.review = ReviewDesk(self)
        self.publicity = PublicityDesk(self)
        self.naming = NamingDesk(self)
        self.subsidies = Subsidies(self)
        self.assessments = Assessments(self)
        self.ledgers = LedgersDesk(self)
        self.privacy = Privacy(self)

    def construct_factory(self, env: EnvType) -> InfrastructureFactory[Any]:
        """The factory that was given; the environment decides nothing."""
        return self._given_factory

    def register_transcodings(self, transcoder: JSONTranscoder) -> None:
        """The library's, and those of the domain's values."""
        super().register_transcodings(transcoder)
        for transcoding in self._transcodings:
            transcoder.register(transcoding)

    def get(self, kind: type[AnyRecord], id: UUID, mandate: Mandate) -> AnyRecord:
        """A record to act on under a mandate.

        Raises NotFound where there is none of that kind, and Stale where the user looked at an
        older version than the present one.
        """
        return self.get_many(kind, (id,), mandate)[id]

    def get_many(
        self, kind: type[AnyRecord], ids: Iterable[UUID], mandate: Mandate
    ) -> dict[UUID, AnyRecord]:
        """Many records of one kind, read in one query. Raises NotFound where one is missing."""
        wanted = dict.fromkeys(ids)
        found = cast(Streams, self.events).load_many(wanted, Record)
        records: dict[UUID, AnyRecord] = {}
        for id in wanted:
            record = found.get(id)
            if not isinstance(record, kind):
                raise NotFound(f"{kind.TOPIC}_unknown", "没有这条记录", id=str(id))
            _require_seen(record, mandate)
            records[id] = record.under(mandate)
        return records

    def exists(self, id: UUID) -> bool:
        """Whether there is a record with this id."""
        return bool(self.recorder.select_events(id, limit=1))

    def save(self, *objs: Any, **kwargs: Any) -> list[Recording[UUID]]:
        """Record what the given records decided, in one transaction with all that follows.

        Studios, whose histories are long, stay in memory for the next command, and are not to be
        used any more. Raises Stale where another commit came between reading and saving.
        """
        events = [event for record in objs for event in record.collect_events()]
        try:
            recordings = self.events.put(events, **kwargs)
        except IntegrityError as conflict:
            raise Stale("conflict", "记录刚刚被他人修改，请重试") from conflict
        studios = {record.id: record for record in objs if isinstance(record, Studio)}
        spent = [studio.handed_over() for studio in studios.values()]
        cast(Streams, self.events).keep(spent, recordings)
        return recordings


def _require_seen(record: Record, mandate: Mandate) -> None:
    seen = mandate.seen.get(record.id, record.version)
    if seen != record.version:
        raise Stale(
            "stale", "记录已被他人修改，请查看改动后重试", seen=seen, version=record.version
        )
