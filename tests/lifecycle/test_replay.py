"""Reading the log asks nobody anything: no clock, no policy, no calendar, no key, no new id."""

from __future__ import annotations

from typing import Any, NoReturn

import pytest

from domain.model.account import Account
from domain.model.call import Call
from domain.model.campaign import Campaign
from domain.model.claim import Claim
from domain.model.fund import Fund
from domain.model.notice import Notice
from domain.model.organisation import Organisation
from domain.model.studio import Studio
from tests.domain.rules import STANDARD
from tests.domain.world import World, alive, close, compose, register_on

KINDS = (Account, Call, Campaign, Claim, Fund, Notice, Organisation, Studio)


class Untouchable:
    """A port that nobody may touch."""

    def __getattr__(self, name: str) -> NoReturn:
        raise AssertionError(f"replay touched {name}")

    def __call__(self, *_: Any) -> NoReturn:
        raise AssertionError("replay called")

    __getitem__ = __contains__ = __iter__ = __call__


def lived(world: World) -> World:
    """A world in which some of everything has happened."""
    call = world.opens()
    notice, filed = world.on_notice(call)
    world.register.publicity.object(
        world.by("officer"), notice, text="x", studio=filed[0].studio, objector={"name": "李某"}
    )
    named = world.named("厂四", "2022-7", union="乙区")
    fund = world.fund()
    grant = world.grants(named, fund, number="2022-7", payee="厂四")
    world.pays(named, grant, STANDARD)
    world.on("2023-11-01").register.assessments.open(
        world.by("officer"), federation=world.places["city"], policy="rolling", year=2023
    )
    world.fails(named, 2023, 2024, 2025, number="2022-7", who="乙区")
    return world


def test_every_record_is_read_without_touching_the_world(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = lived(compose(database_url))
    ids = dict.fromkeys(event.originator_id for event in world.events())
    before = {id: alive(world.register.repository.get(id)) for id in ids}
    nobody: Any = Untouchable()
    reader = register_on(
        world.engine, policies=nobody, calendar=nobody, sealing=nobody, new_id=nobody
    )
    monkeypatch.setattr("eventsourcing.domain.datetime_now_with_tzinfo", nobody)
    monkeypatch.setattr("eventsourcing.domain.uuid4", nobody)
    records = {id: reader.repository.get(id) for id in ids}
    assert {id: alive(record) for id, record in records.items()} == before
    assert {type(record) for record in records.values()} == set(KINDS)
    close(world)


def test_many_records_read_at_once_are_the_same_as_one_by_one(database_url: str) -> None:
    world = lived(compose(database_url))
    for kind in KINDS:
        ids = {
            event.originator_id
            for event in world.events()
            if event.TOPIC.startswith(f"{kind.TOPIC}.")
        }
        many = world.register.get_many(kind, ids, world.setup)
        assert {id: alive(record) for id, record in many.items()} == {
            id: alive(world.get(kind, id)) for id in ids
        }
    close(world)
