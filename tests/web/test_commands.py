"""Commands: done once however often they are sent, told again in the same words, refused when stale."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

from tests.journeys.steps import recommend, where
from tests.journeys.town import Reply
from tests.web.conftest import Village

KEY = {"Idempotency-Key": "the-same-key"}


def organisation(village: Village, name: str = "梁溪区总工会", **headers: str) -> Reply:
    body = {"name": name, "kind": "recommending_union", "parent": village.town.city}
    return village.town.admin.post("/organisations", headers, **body)


def test_a_repeated_request_is_told_the_same_and_done_once(any_town: Village) -> None:
    before = any_town.town.length
    first = organisation(any_town, **KEY)
    again = organisation(any_town, **KEY)
    assert (first.status, first.body) == (201, again.body)
    assert again.status == 201
    assert any_town.town.length == before + 1


def test_another_request_under_the_same_key_is_refused(small_town: Village) -> None:
    organisation(small_town, **KEY)
    other = organisation(small_town, name="锡山区总工会", **KEY)
    assert other.refusal == (422, "idempotency_mismatch")


def test_two_accounts_may_choose_the_same_key(small_town: Village) -> None:
    assert organisation(small_town, **KEY).status == 201
    assert small_town.officer.post(f"/calls/{small_town.call}/close", KEY).status == 200


def test_a_refusal_is_told_again_even_when_it_would_now_be_granted(small_town: Village) -> None:
    path = f"/calls/{small_town.call}/extend"
    body = {"deadline": "2022-10-21T17:30:00+08:00", "reason": "延期"}
    refused = small_town.officer.post(path, KEY, **body)
    assert refused.refusal == (422, "deadline_not_later")
    assert small_town.officer.post(path, KEY, **body).body == refused.body


def test_an_answer_lost_between_commit_and_reply_is_read_from_the_record(any_town: Village) -> None:
    answers = any_town.town.app.extensions["mingpai"].answers
    keep, answers.keep = answers.keep, lambda *_: None
    first = organisation(any_town, **KEY)
    answers.keep = keep
    length = any_town.town.length
    again = organisation(any_town, **KEY)
    assert (again.status, again.body) == (201, first.body)
    assert any_town.town.length == length


def test_a_crowd_of_the_same_request_has_one_effect(any_town: Village) -> None:
    before = any_town.town.length
    with ThreadPoolExecutor(8) as crowd:
        replies = list(crowd.map(lambda _: organisation(any_town, **KEY), range(8)))
    assert any_town.town.length == before + 1
    assert {reply.status for reply in replies} == {201}
    assert len({reply["organisation"] for reply in replies}) == 1


def test_a_stale_write_is_told_what_changed_who_and_when(any_town: Village) -> None:
    path = f"/studios/{any_town.applied['studio']}"
    seen = any_town.officer.get(path)
    version = seen.headers["ETag"]
    assert version == '"2"'
    branch = any_town.branch
    assert recommend(branch.units[0], branch, any_town.applied).status == 200
    rename = {"name": "林一川新创新工作室", "reason": "更名"}
    stale = any_town.officer.post(f"{path}/rename", {"If-Match": version}, **rename)
    assert stale.refusal == (409, "stale")
    changes: list[dict[str, Any]] = stale.body["details"]["changes"]
    assert [(each["version"], each["topic"]) for each in changes] == [
        (3, "studio.reviewed"),
        (4, "studio.reviewed"),
    ]
    assert changes[1]["organisation"] == branch.id
    assert changes[1]["at"] == "2022-10-20T01:00:00+00:00"
    assert any_town.officer.post(f"{path}/rename", expected_version=4, **rename).status == 200


def test_two_who_write_at_once_are_not_both_told_yes(any_town: Village) -> None:
    path, branch = f"{where(any_town.applied)}/reviews", any_town.branch
    body = {"stage": "unit", "outcome": "passed", "opinion": "同意"}
    with ThreadPoolExecutor(4) as crowd:
        replies = list(crowd.map(lambda _: branch.units[0].union.post(path, **body), range(4)))
    assert sorted(reply.status for reply in replies) == [200, 409, 409, 409]


def test_a_recusal_is_told_again_as_a_refusal(small_town: Village) -> None:
    branch = small_town.branch
    assert recommend(branch.units[0], branch, small_town.applied).status == 200
    town = small_town.town
    colleague = town.person("city_officer", town.city, home=branch.units[0].id)
    path = f"{where(small_town.applied)}/scores"
    score = {"stage": "materials", "points": 90, "opinion": "好"}
    first = colleague.post(path, KEY, **score)
    length = town.length
    assert first.refusal == (403, "recused")
    assert colleague.post(path, KEY, **score).body == first.body
    assert town.length == length
