"""Records kept in memory: only what the log still says, and each for one command at a time."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from typing import Any, NoReturn
from uuid import UUID, uuid4

import pytest
from eventsourcing.persistence import Notification

from adapters.log import tables
from adapters.log.cache import Kept, SavedRecords
from adapters.log.engine import writing
from domain.desks.assessments import Result
from domain.errors import NotFound, Stale
from domain.model.studio import Studio
from domain.values import Mandate
from tests.domain.world import Filed, World, alive, close, compose, register_on

LAST = Notification(uuid4(), 1, "lamp.lit", b"{}", 1)


@pytest.fixture
def world(database_url: str) -> Iterator[World]:
    made = compose(database_url)
    yield made
    close(made)


@pytest.fixture
def filed(world: World) -> Filed:
    return world.named()


def act(world: World, filed: Filed, mandate: Mandate | None = None) -> UUID:
    """A command on the studio that adds one member to it."""
    return world.register.ledgers.join(
        mandate or world.by("厂一"),
        filed.studio,
        member={"name": "成员"},
        duty="技术攻关",
        frontline=True,
        on=date(2022, 8, 1),
    )


def decide(world: World, filed: Filed) -> Studio:
    """The studio with something decided and not saved yet."""
    studio: Studio = world.get(Studio, filed.studio).under(world.by("厂一"))
    studio.record_activity(
        uuid4(), title="技术交流", kind="交流", participants=8, on=date(2022, 8, 1)
    )
    return studio


def unread(monkeypatch: pytest.MonkeyPatch) -> None:
    """From now on no event may be read."""

    def refuse(*_: Any) -> NoReturn:
        raise AssertionError("a stream was read")

    monkeypatch.setattr("adapters.log.loading.Loader.load", refuse)


def in_the_log(world: World, filed: Filed) -> dict[str, Any]:
    return alive(world.register.repository.get(filed.studio))


def test_a_record_that_was_saved_is_not_read_again(
    world: World, filed: Filed, monkeypatch: pytest.MonkeyPatch
) -> None:
    member = act(world, filed)
    lived = in_the_log(world, filed)
    unread(monkeypatch)
    found = world.get(Studio, filed.studio)
    assert alive(found) == lived
    assert member in found.members


def test_a_record_is_taken_by_one_command_at_a_time(world: World, filed: Filed) -> None:
    one, other = (world.get(Studio, filed.studio) for _ in range(2))
    assert alive(one) == alive(other)
    assert one is not other
    assert one.namings is not other.namings


def test_a_command_that_is_refused_half_way_leaves_nothing_behind(
    world: World, filed: Filed
) -> None:
    act(world, filed)
    before, length = in_the_log(world, filed), world.length()
    results = [Result(filed.studio, number, "qualified") for number in ("2022-1", "nobody's")]
    with pytest.raises(NotFound):
        world.register.assessments.check_many(world.by("officer"), year=2022, results=results)
    assert alive(world.get(Studio, filed.studio)) == before
    assert world.length() == length


def test_what_was_not_recorded_is_not_kept(world: World, filed: Filed) -> None:
    before = in_the_log(world, filed)
    studio = decide(world, filed)

    def fail(_: object) -> NoReturn:
        raise RuntimeError("the disk is full")

    with pytest.raises(RuntimeError):
        world.register.save(studio, within=fail)
    assert alive(world.get(Studio, filed.studio)) == before


def test_what_another_process_wrote_is_read(world: World, filed: Filed) -> None:
    act(world, filed)
    elsewhere = replace(world, register=register_on(world.engine), requests=500)
    elsewhere.register.new_id.given = 1_000  # type: ignore[attr-defined] # not those of the first
    member = act(elsewhere, filed)
    assert member in world.get(Studio, filed.studio).members


@pytest.mark.parametrize("change", [{"leaf_hash": bytes(32)}, {"position": 1_000_000}])
def test_a_log_that_was_put_back_and_went_on_otherwise_is_read(
    world: World, filed: Filed, change: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    act(world, filed)
    last = tables.events.c.position == world.length()
    with writing(world.engine) as connection:
        connection.execute(tables.events.update().where(last).values(change))
    unread(monkeypatch)
    with pytest.raises(AssertionError, match="was read"):
        world.get(Studio, filed.studio)


def test_a_log_that_was_put_back_to_an_earlier_state_is_read(world: World, filed: Filed) -> None:
    before = in_the_log(world, filed)
    act(world, filed)
    with writing(world.engine) as connection:
        last = tables.events.c.position == world.length()
        connection.execute(tables.events.delete().where(last))
    assert alive(world.get(Studio, filed.studio)) == before


def test_a_record_that_was_saved_acts_no_more(world: World, filed: Filed) -> None:
    studio = decide(world, filed)
    version = studio.version
    world.register.save(studio)
    assert (studio.id, studio.version) == (filed.studio, version)
    with pytest.raises(AttributeError):
        studio.record_activity(uuid4(), title="x", kind="y", participants=1, on=date(2022, 8, 1))


def test_whoever_acted_last_is_forgotten(world: World, filed: Filed) -> None:
    spent = decide(world, filed)
    other = spent.handed_over()
    assert "_mandate" not in vars(other)
    assert set(vars(spent)) == {"_id", "_version"}


def test_threads_that_want_one_record_lose_nothing(world: World, filed: Filed) -> None:
    mandates = [world.by("厂一") for _ in range(24)]

    def acts(mandate: Mandate) -> bool:
        try:
            act(world, filed, mandate)
        except Stale:
            return False
        return True

    before = world.length()
    with ThreadPoolExecutor(8) as pool:
        done = sum(pool.map(acts, mandates))
    assert world.length() == before + done
    assert alive(world.get(Studio, filed.studio)) == in_the_log(world, filed)


def test_those_saved_first_make_room() -> None:
    saved = SavedRecords(room=3)
    ids = [uuid4() for _ in range(5)]
    saved.keep((id, Kept(LAST, n)) for n, id in enumerate(ids))
    saved.keep([(ids[2], Kept(LAST, "again"))])
    saved.keep([(ids[0], Kept(LAST, "back"))])
    assert len(saved) == 3
    assert {id: kept.record for id, kept in saved.take(ids).items()} == {
        ids[4]: 4,
        ids[2]: "again",
        ids[0]: "back",
    }
    assert (len(saved), saved.take(ids)) == (0, {})


def test_of_many_threads_one_gets_a_record() -> None:
    saved = SavedRecords()
    ids = [uuid4() for _ in range(2_000)]
    saved.keep((id, Kept(LAST, id)) for id in ids)
    with ThreadPoolExecutor(8) as pool:
        taken = list(pool.map(lambda wanted: list(saved.take([wanted])), [*ids, *ids, *ids]))
    assert sorted(id for found in taken for id in found) == sorted(ids)
