"""What all aggregates share: fixed topics, chapters, and the mandate under which they act."""

from collections.abc import Callable
from copy import copy
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple, Self
from uuid import UUID

from eventsourcing.domain import (
    Aggregate,
    CanInitAggregate,
    CanMutateAggregate,
    CommandMethodDecorator,
)

from domain.values import Actor, Mandate


class PutOff(NamedTuple):
    """Attributes as they were before the events that are still to be applied, and what applies those."""

    values: dict[str, Any]
    apply: Callable[[Any], None]


class Record(Aggregate):
    """An aggregate whose every event says who acted, when, and on which request.

    A large aggregate is written as chapters: plain classes, one a file, that hold the public
    commands and the private `@event` methods of one part of its life. They are bound to the
    aggregate when its class is made, because the library reads events from that class alone.

    A chapter that names attributes in `ASIDE` keeps them to itself: its events change nothing else,
    no other chapter's events look at them, and most commands need none of them. When a record is
    loaded, such events may be put off until somebody asks for one of the attributes.
    """

    TOPIC: ClassVar[str]
    FIRST: ClassVar[str]
    """Name of the event that begins the record."""
    MAY_WAIT: ClassVar[frozenset[Callable[..., None]]]
    """The methods whose events may be put off, and the attributes that those make."""
    MADE_LATE: ClassVar[frozenset[str]]

    class Event(Aggregate.Event):
        by: Actor
        request_id: str

    def __init_subclass__(cls, **kwargs: Any) -> None:
        may_wait, made_late = set[Callable[..., None]](), set[str]()
        for chapter in cls.__mro__[1:]:
            if not issubclass(chapter, Aggregate):
                for name, value in vars(chapter).items():
                    if isinstance(value, CommandMethodDecorator):
                        setattr(cls, name, value)
                        if "ASIDE" in vars(chapter):
                            may_wait.add(value.decorated_func)
                made_late.update(vars(chapter).get("ASIDE", ()))
        cls.MAY_WAIT, cls.MADE_LATE = frozenset(may_wait), frozenset(made_late)
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

    def put_off(self, apply: Callable[[Any], None]) -> None:
        """Apply events that may wait when one of the attributes that they change is asked for."""
        own = vars(self)
        own["_put_off"] = PutOff({name: own.pop(name) for name in self.MADE_LATE}, apply)

    if not TYPE_CHECKING:  # which attributes there are is told by the annotations alone

        def __getattr__(self, name: str) -> Any:
            own = vars(self)
            waiting = own.get("_put_off")
            if waiting is None or name not in waiting.values:
                raise AttributeError(f"{type(self).__name__} has no attribute {name}")
            del own["_put_off"]
            own.update({each: copy(value) for each, value in waiting.values.items()})
            try:
                waiting.apply(self)
            except BaseException:
                for each in waiting.values:
                    del own[each]
                own["_put_off"] = waiting
                raise
            return own[name]

    def trigger_event(self, event_class: type[CanMutateAggregate[UUID]], **facts: Any) -> None:
        mandate = self._mandate
        stamp = {"timestamp": mandate.at, "by": mandate.actor, "request_id": mandate.request_id}
        super().trigger_event(event_class, **{**stamp, **facts})
