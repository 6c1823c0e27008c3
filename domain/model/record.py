"""What all aggregates share: fixed topics, chapters, and the mandate under which they act."""

from typing import Any, ClassVar, Self
from uuid import UUID

from eventsourcing.domain import (
    Aggregate,
    CanInitAggregate,
    CanMutateAggregate,
    CommandMethodDecorator,
)

from domain.values import Actor, Mandate


class Record(Aggregate):
    """An aggregate whose every event says who acted, when, and on which request.

    A large aggregate is written as chapters: plain classes, one a file, that hold the public
    commands and the private `@event` methods of one part of its life. They are bound to the
    aggregate when its class is made, because the library reads events from that class alone.
    """

    TOPIC: ClassVar[str]
    FIRST: ClassVar[str]
    """Name of the event that begins the record."""

    class Event(Aggregate.Event):
        by: Actor
        request_id: str

    def __init_subclass__(cls, **kwargs: Any) -> None:
        for chapter in cls.__mro__[1:]:
            if not issubclass(chapter, Aggregate):
                for name, value in vars(chapter).items():
                    if isinstance(value, CommandMethodDecorator):
                        setattr(cls, name, value)
        # The library defines `Created` on every aggregate and demands a topic for it too.
        topic = {"TOPIC": f"{vars(cls)['TOPIC']}.created", "__module__": cls.__module__}
        cls.Created = type("Created", (Record.Created,), topic)  # type: ignore[assignment,misc] # made at run time
        super().__init_subclass__(**kwargs)

    @classmethod
    def begin(cls, mandate: Mandate, id: UUID, **facts: Any) -> Self:
        """A new record whose first event carries the facts; they fit `__init__`'s parameters."""
        first: type[CanInitAggregate[UUID]] = getattr(cls, cls.FIRST)
        stamp = {"timestamp": mandate.at, "by": mandate.actor, "request_id": mandate.request_id}
        return cls._create(first, id=id, **stamp, **facts).under(mandate)

    def under(self, mandate: Mandate) -> Self:
        """The same record, acting from now on under this mandate."""
        self.mandate = mandate
        return self

    @property
    def mandate(self) -> Mandate:
        """Who acts, when and on which request; set when the record is fetched for a command."""
        return self._mandate

    @mandate.setter
    def mandate(self, mandate: Mandate) -> None:
        self._mandate = mandate

    def handed_over(self) -> Self:
        """The record for whoever acts on it next. This one is spent: it only knows its id and version."""
        other = object.__new__(type(self))
        other.__dict__, self.__dict__ = self.__dict__, {"_id": self.id, "_version": self.version}
        other.__dict__.pop("_mandate", None)
        return other

    def trigger_event(self, event_class: type[CanMutateAggregate[UUID]], **facts: Any) -> None:
        mandate = self._mandate
        stamp = {"timestamp": mandate.at, "by": mandate.actor, "request_id": mandate.request_id}
        super().trigger_event(event_class, **{**stamp, **facts})
