"""Records made straight from rows are those that the library makes of the same events."""

import zlib
from datetime import date
from typing import Any
from uuid import UUID, uuid4

import pytest
from eventsourcing.domain import Aggregate, OriginatorVersionError, event
from eventsourcing.persistence import (
    Compressor,
    DatetimeAsISO,
    Mapper,
    MapperDeserialisationError,
    UUIDAsHex,
)

from adapters.log.loading import Loader
from adapters.log.queries import Stored
from adapters.log.transcoding import LogTranscoder
from domain.model.studio import Studio
from tests.domain.given import MAPPER, state
from tests.domain.persons import by, person, studio, uid
from tests.domain.world import alive, close, compose
from tests.lifecycle.test_replay import lived


class Lamp(Aggregate):
    @event("Hung")
    def __init__(self, place: str, owner: UUID | None = None) -> None:
        self.place = place
        self.owner = owner
        self.lit: list[str] = []

    @event("Lit")
    def light(self, by: str, with_what: str = "a match") -> None:
        self.lit.append(f"{by} {with_what}")


class Clock(Aggregate):
    """Its events were once written otherwise."""

    class Wound(Aggregate.Event):
        turns: int
        class_version = 2

        @staticmethod
        def upcast_v1_v2(state: dict[str, Any]) -> None:
            state["turns"] = state.pop("times")

    def __init__(self) -> None:
        self.turns = 0

    @event(Wound)
    def wind(self, turns: int) -> None:
        self.turns += turns


class Bell(Aggregate):
    """Its events do more than to call the method."""

    class Rung(Aggregate.Event):
        def apply(self, aggregate: "Bell") -> None:
            aggregate.heard = True

    def __init__(self, id: UUID) -> None:
        self.id_at_first = id
        self.heard = False
        self.rung = 0

    @event(Rung)
    def ring(self) -> None:
        self.rung += 1


class Squeezed(Compressor):
    def compress(self, data: bytes) -> bytes:
        return zlib.compress(data)

    def decompress(self, data: bytes) -> bytes:
        return zlib.decompress(data)


def mapper(compressor: Compressor | None = None) -> Mapper[UUID]:
    transcoder = LogTranscoder()
    transcoder.register(UUIDAsHex())
    transcoder.register(DatetimeAsISO())
    return Mapper(transcoder, compressor)


def stored(aggregate: Aggregate, by: Mapper[UUID]) -> list[Stored]:
    kept = map(by.to_stored_event, aggregate.pending_events)
    return [(None, each.originator_version, each.topic, each.state) for each in kept]


def read(aggregate: Aggregate, rows: list[Stored], by: Mapper[UUID]) -> Any:
    return Loader(by).load(aggregate.id, rows)


def lamp() -> Lamp:
    made = Lamp("门前", owner=uuid4())
    made.light("甲", with_what="火柴")
    made.light("乙")
    return made


def bell() -> Bell:
    made = Bell(id=uuid4())
    made.ring()
    return made


def clock() -> Clock:
    made = Clock()
    made.wind(3)
    return made


@pytest.mark.parametrize("compressor", [None, Squeezed()])
@pytest.mark.parametrize("make", [lamp, bell, clock])
def test_an_aggregate_comes_back_as_it_lived(make: Any, compressor: Compressor | None) -> None:
    by = mapper(compressor)
    lived = make()
    rows = stored(lived, by)
    lived.collect_events()
    loader = Loader(by)
    assert loader.load(lived.id, rows) == lived
    assert loader.load(lived.id, rows) == lived


def test_an_older_version_of_an_event_is_lifted() -> None:
    lived = clock()
    rows = stored(lived, mapper())
    old = rows[1][3].replace(b'"turns":3', b'"times":4').replace(b',"class_version":2', b"")
    assert read(lived, [rows[0], (*rows[1][:3], old)], mapper()).turns == 4


def test_facts_that_the_method_does_not_know_are_passed_over_and_missing_ones_take_defaults() -> (
    None
):
    lived = lamp()
    rows = stored(lived, mapper())
    state = rows[1][3].replace(b'"with_what":"\xe7\x81\xab\xe6\x9f\xb4"', b'"wind":[1]')
    found = read(lived, [rows[0], (*rows[1][:3], state), rows[2]], mapper())
    assert found.lit == ["甲 a match", "乙 a match"]


def test_a_stream_without_events_makes_nothing() -> None:
    assert Loader(mapper()).load(uuid4(), []) is None


def test_a_gap_in_a_stream_is_refused() -> None:
    lived = lamp()
    rows = stored(lived, mapper())
    loader = Loader(mapper())
    loader.load(lived.id, rows)
    with pytest.raises(OriginatorVersionError):
        loader.load(lived.id, [rows[0], rows[2]])


def test_a_stream_that_does_not_begin_or_begins_twice_is_refused() -> None:
    lived = lamp()
    rows = stored(lived, mapper())
    loader = Loader(mapper())
    loader.load(lived.id, rows)
    for broken in (rows[1:], [rows[0], rows[0]]):
        with pytest.raises(AssertionError):
            loader.load(lived.id, broken)


@pytest.mark.parametrize("broken", [b"{", b'{"timestamp":{"_type_":"nobody","_data_":1}}'])
def test_what_cannot_be_decoded_is_named(broken: bytes) -> None:
    lived = lamp()
    rows = stored(lived, mapper())
    loader = Loader(mapper())
    loader.load(lived.id, rows)
    with pytest.raises(MapperDeserialisationError, match=f"originator_id '{lived.id}'"):
        loader.load(lived.id, [rows[0], (*rows[1][:3], broken)])


def test_the_registers_records_are_those_that_the_library_makes(database_url: str) -> None:
    world = lived(compose(database_url))
    register = world.register
    ids = {event.originator_id for event in world.events()}
    for _ in range(2):
        found = register.events.load_many(ids, Aggregate)  # type: ignore[attr-defined] # the log's
        assert {id: alive(each) for id, each in found.items()} == {
            id: alive(register.repository.get(id)) for id in ids
        }
    close(world)


def whole(found: Studio) -> dict[str, Any]:
    """All that a studio is, with its ledger."""
    assert isinstance(found.members, dict)
    return state(found)


class TestWhatIsPutOff:
    """The ledger of a studio, that is loaded when somebody asks for its members."""

    @pytest.fixture
    def lived(self) -> Studio:
        lived = studio().under(by("officer", "2022-03-01"))
        for name in ("甲", "乙", "丙"):
            lived.join(person(name), duty="攻关", frontline=True, on=date(2022, 3, 1))
        lived.part(uid("乙"), reason="调离", on=date(2022, 3, 1))
        lived.rename("新名工作室", reason="更名")
        lived.join(person("丁"), duty="攻关", frontline=True, on=date(2022, 3, 1))
        return lived

    @pytest.fixture
    def loader(self, lived: Studio) -> Loader:
        """One that has read such a studio before."""
        loader = Loader(MAPPER)
        loader.load(lived.id, stored(lived, MAPPER))
        return loader

    def test_it_is_not_decoded_until_it_is_asked_for(self, loader: Loader, lived: Studio) -> None:
        rows = stored(lived, MAPPER)
        broken: list[Stored] = [
            *rows[:2],
            (*rows[2][:3], rows[2][3].replace(b"uuid_hex", b"no_id")),
            *rows[3:],
        ]
        found = loader.load(lived.id, broken)
        assert (found.name, found.version) == ("新名工作室", lived.version)
        for _ in range(2):
            with pytest.raises(MapperDeserialisationError, match="member_joined"):
                _ = found.members
            assert "members" not in vars(found)

    def test_it_is_whole_when_it_is_asked_for(self, loader: Loader, lived: Studio) -> None:
        rows = stored(lived, MAPPER)
        lived.collect_events()
        found = loader.load(lived.id, rows)
        assert "members" not in vars(found)
        assert list(found.members.values()) == [person(name) for name in ("甲", "丙", "丁")]
        assert whole(found) == whole(lived)

    def test_an_event_that_is_new_to_the_process_finds_it_whole(self, lived: Studio) -> None:
        rows = stored(lived, MAPPER)
        loader = Loader(MAPPER)
        loader.load(lived.id, rows[:4])
        assert whole(loader.load(lived.id, rows)) == whole(lived)

    def test_what_is_decided_after_loading_comes_after_it(
        self, loader: Loader, lived: Studio
    ) -> None:
        found = loader.load(lived.id, stored(lived, MAPPER)).under(lived.mandate)
        for each in (found, lived):
            each.join(person("戊"), duty="攻关", frontline=False, on=date(2022, 3, 1))
        assert whole(found) == whole(lived)

    def test_a_gap_in_it_is_refused_at_once(self, loader: Loader, lived: Studio) -> None:
        rows = stored(lived, MAPPER)
        with pytest.raises(OriginatorVersionError):
            loader.load(lived.id, [*rows[:2], *rows[3:]])

    def test_its_attributes_are_no_others(self, loader: Loader, lived: Studio) -> None:
        found = loader.load(lived.id, stored(lived, MAPPER))
        with pytest.raises(AttributeError, match="Studio has no attribute nobody"):
            _ = found.nobody
