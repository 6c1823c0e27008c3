"""Programs are told of events: each of those they asked for, once, and nothing personal of it."""

from __future__ import annotations

import json
from pathlib import Path
from uuid import UUID

from adapters.messages.carrying import Carried, carry
from adapters.messages.deliveries import listed
from adapters.messages.endpoints import Wish, change_endpoint
from adapters.messages.following import follow_log
from domain.model.organisation import Kind
from domain.values import Role
from tests.adapters.messages.scene import NINE, hook, scene


def test_an_event_is_told_by_its_topic_its_place_and_its_record(
    tmp_path: Path, database_url: str
) -> None:
    with hook() as taken:
        here = scene(tmp_path, database_url)
        here.program(taken.url, kinds=(), topics=("organisation.*",))
        west = here.place("西区总工会", here.city)
        here.account(west)
        assert follow_log(here.house, NINE) == 1
        assert follow_log(here.house, NINE) == 0
        assert carry(here.house, NINE) == Carried(sent=1)
        (row,) = here.rows()
        here.house.close()
    told = json.loads(taken.got[0][2])
    assert told == {
        "type": "organisation.registered",
        "timestamp": NINE.isoformat(),
        "data": {
            "id": str(row.id),
            "position": row.position,
            "topic": "organisation.registered",
            "record": {"kind": "organisation", "id": str(west)},
            "by": {"organisation": None},
            "link": f"https://register.example/log/{row.position}",
        },
    }


def test_topics_choose(tmp_path: Path, sqlite_url: str) -> None:
    here = scene(tmp_path, sqlite_url)
    all_of_it = here.program("http://127.0.0.1/a", kinds=(), topics=("*",))
    one = here.program("http://127.0.0.1/b", kinds=(), topics=("account.role_granted",))
    none = here.program("http://127.0.0.1/c", kinds=())
    here.account(here.east, role=Role.AUDITOR)
    follow_log(here.house, NINE)
    assert [row.topic for row in here.rows(target=one.id)] == ["account.role_granted"]
    assert len(here.rows(target=all_of_it.id)) == 2
    assert here.rows(target=none.id) == []
    here.house.close()


def test_a_federation_hears_of_its_own_and_what_is_below_it(
    tmp_path: Path, database_url: str
) -> None:
    here = scene(tmp_path, database_url)
    here.program("http://127.0.0.1/a", kinds=(), topics=("*",))
    directory = here.house.register.directory
    other = directory.found(here.mandate(), name="他市总工会", code="o")
    here.place("他区总工会", other)
    below = directory.register_organisation(
        here.mandate(), name="县总工会", kind=Kind.FEDERATION, parent=here.city, code="c"
    )
    inner = here.place("县属工会", below)
    follow_log(here.house, NINE)
    positions = [row.position for row in here.rows()]
    found = [each.originator_id for each in here.house.recorder.stream() if each.id in positions]
    assert found == [below, inner]
    here.house.close()


def test_one_that_is_switched_on_again_begins_with_what_happens_then(
    tmp_path: Path, sqlite_url: str
) -> None:
    here = scene(tmp_path, sqlite_url)
    to = here.program("http://127.0.0.1/a", kinds=(), topics=("*",))

    def switch(*, on: bool) -> None:
        wish = Wish("webhook", "a", None, topics=("*",), enabled=on)
        change_endpoint(here.house, to.id, wish)

    switch(on=False)
    here.place("西区总工会", here.city)
    assert follow_log(here.house, NINE) == 0
    switch(on=True)
    here.place("南区总工会", here.city)
    assert follow_log(here.house, NINE) == 1
    here.house.close()


def test_a_long_log_is_followed_to_its_end(tmp_path: Path, database_url: str) -> None:
    here = scene(tmp_path, database_url)
    to = here.program("http://127.0.0.1/a", kinds=(), topics=("organisation.renamed",))
    for _ in range(3):
        here.place("某区总工会", here.city)
    assert follow_log(here.house, NINE) == 0
    (found,) = here.house.recorder.select_notifications(
        here.house.recorder.max_notification_id(), 1
    )
    assert isinstance(found.originator_id, UUID)
    assert here.program("http://127.0.0.1/b").cursor == found.id
    assert change_endpoint(here.house, to.id, Wish("webhook", "a", None)).cursor == found.id
    here.house.close()


def test_deliveries_are_listed_the_newest_first_in_pages(tmp_path: Path, database_url: str) -> None:
    here = scene(tmp_path, database_url)
    to = here.program("http://127.0.0.1/a", kinds=(), topics=("*",))
    for _ in range(7):
        here.place("某区总工会", here.city)
    follow_log(here.house, NINE)
    seen, cursor = [], None
    while True:
        items, cursor = listed(here.house.engine, [to.id], cursor=cursor, limit=3)
        seen += [item["id"] for item in items]
        if cursor is None:
            break
    assert len(seen) == len(set(seen)) == 7
    assert listed(here.house.engine, [to.id], state="dead") == ([], None)
    here.house.close()
