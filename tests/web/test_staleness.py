"""Stale writes: what changed is told to whom it concerns, and to nobody else."""

from __future__ import annotations

from typing import Any

import pytest

from tests.journeys.steps import apply, recommend
from tests.journeys.town import Reply, branch
from tests.web.conftest import CATEGORY, POLICY, Village

SEEN = {"If-Match": '"1"'}


def changes(reply: Reply) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = reply.body["details"]["changes"]
    return found


@pytest.fixture
def moved(small_town: Village) -> Village:
    """The studio and the call have moved on, and another union has applied too."""
    places = small_town.branch
    assert recommend(places.units[0], places, small_town.applied).status == 200
    other = branch(small_town.town, "梁溪区总工会")
    filed = apply(small_town.town, other.units[0], small_town.call, POLICY, CATEGORY)
    assert filed.status == 201, filed.body
    return small_town


def test_another_branchs_record_tells_a_stale_writer_nothing(moved: Village) -> None:
    path = f"/studios/{moved.applied['studio']}/rename"
    stranger = branch(moved.town, "锡山区总工会")
    for person in (stranger.officer, stranger.units[0].union):
        reply = person.post(path, SEEN, name="乙创新工作室", reason="更名")
        assert reply.refusal == (403, "outside_scope")
        assert reply.body["details"] == {}


def test_an_account_of_another_unit_tells_a_stale_writer_nothing(moved: Village) -> None:
    accounts = moved.town.admin.get("/accounts", home=moved.branch.units[0].id).body["items"]
    path = f"/accounts/{accounts[0]['id']}/disable"
    reply = moved.branch.units[1].union.post(path, SEEN, reason="离职")
    assert reply.refusal == (403, "outside_scope")


def test_a_stale_call_tells_a_union_what_happened_but_not_who_of_another_union(
    moved: Village,
) -> None:
    body = {"union": moved.branch.id, "category": CATEGORY, "order": [moved.applied["application"]]}
    reply = moved.branch.officer.post(f"/calls/{moved.call}/rank", SEEN, **body)
    assert reply.refusal == (409, "stale")
    told = [(each["topic"], each["organisation"]) for each in changes(reply)]
    entered = [place for topic, place in told if topic == "call.application_entered"]
    assert entered == [moved.branch.units[0].id, None]
    assert all(each["account"] is None for each in changes(reply) if not each["organisation"])


def test_the_city_is_told_everything_that_happened_to_its_call(moved: Village) -> None:
    reply = moved.officer.post(f"/calls/{moved.call}/close", SEEN)
    assert reply.refusal == (409, "stale")
    assert all(each["organisation"] and each["account"] for each in changes(reply))
