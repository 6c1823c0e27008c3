"""Tasks, messages, jobs and settings over HTTP."""

from __future__ import annotations

import pytest

from adapters.log.engine import writing
from adapters.matters import due_messages
from adapters.messages.outbox import post
from tests.journeys.town import Town
from tests.web.conftest import Village


def tell(town: Town) -> None:
    """Say what is due now."""
    found, _ = due_messages(town.house, town.clock())
    with writing(town.house.engine) as connection:
        post(connection, found, town.clock())


def test_a_task_is_there_until_it_is_done(any_town: Village) -> None:
    place = any_town.town.place("recommending_union", "新吴区总工会", any_town.town.city)
    union = any_town.town.person("recommending_union", place)
    whole = union.get("/tasks").body
    [task] = whole["items"]
    assert (task["kind"], task["state"], whole["total"], whole["overdue"]) == (
        "call.filing",
        "later" if task["days"] > 7 else "soon",
        1,
        0,
    )
    assert task["to"] == [{"role": "recommending_union", "organisation": place}]
    assert task["link"] == f"/calls/{any_town.call}"
    assert union.get("/tasks", kind="grant.unpaid").body["items"] == []
    assert union.get("/tasks", limit=1, offset=1).body == {**whole, "items": []}
    any_town.officer.do(f"/calls/{any_town.call}/close")
    assert union.get("/tasks").body["items"] == []


@pytest.mark.parametrize(
    "query", [{"kind": "x"}, {"state": "x"}, {"sort": "x"}, {"limit": "0"}, {"more": "1"}]
)
def test_a_question_that_means_nothing_is_refused(
    still_town: Village, query: dict[str, str]
) -> None:
    found = still_town.officer.get("/tasks", **query)
    assert (found.status, found.body["field"]) == (422, next(iter(query)))


def test_messages_are_read_by_those_they_were_said_to(any_town: Village) -> None:
    tell(any_town.town)
    tell(any_town.town)
    union, other = any_town.branch.officer, any_town.unit
    found = union.get("/messages").body
    assert found["total"] == found["unread"] == len(found["items"]) > 0
    first = found["items"][0]
    assert any_town.town.house.queries.call(any_town.call)["title"] in first["subject"]
    english = union.get("/messages", lang="en").body["items"][0]
    assert english["subject"] != first["subject"]
    address = f"/messages/{first['id']}/read"
    assert other.post(address).refusal == (404, "message_unknown")
    assert (union.post(address).status, union.post(address).status) == (204, 204)
    assert union.get("/messages").body["unread"] == found["unread"] - 1
    assert union.post("/messages/read-all").body == {"read": found["unread"] - 1}
    assert union.get("/messages", unread="true").body["items"] == []
    assert union.get("/messages", q="2022 年").body["total"] == found["total"]
    assert union.get("/messages", cursor="x").refusal == (422, "cursor_invalid")
    assert any_town.town.public.get("/messages").refusal == (401, "not_signed_in")


def test_jobs_are_told_to_who_looks_after_a_federation(any_town: Village) -> None:
    runs, now = any_town.town.house.runs, any_town.town.clock()
    id = runs.begin("reminders", now, now, "here", None)
    found = any_town.officer.get("/jobs").body
    assert (found["holder"], found["alive"], found["last_beat"]) == (None, False, None)
    reminders = next(each for each in found["jobs"] if each["name"] == "reminders")
    assert (reminders["last"]["id"], reminders["last"]["ended_at"]) == (id, None)
    failed = any_town.officer.get("/jobs/runs", failed="true").body
    assert ([run["id"] for run in failed["items"]], failed["next"]) == ([id], None)
    runs.end(id, now, {}, [])
    assert any_town.officer.get("/jobs/runs", idle="false").body["items"] == []
    assert any_town.officer.get("/jobs/runs", job="x").refusal == (422, "job_unknown")
    assert any_town.unit.get("/jobs").refusal == (403, "role_required")
    assert any_town.town.public.get("/jobs/runs").refusal == (401, "not_signed_in")


def test_runs_are_paged(small_town: Village) -> None:
    runs, now = small_town.town.house.runs, small_town.town.clock()
    ids = [runs.begin("calls", now, now, "here", None) for _ in range(5)]
    first = small_town.officer.get("/jobs/runs", limit=2).body
    second = small_town.officer.get("/jobs/runs", limit=3, before=first["next"]).body
    assert [run["id"] for run in first["items"] + second["items"]] == ids[::-1]
    assert second["next"] is None


def test_settings_of_time_are_read_with_what_holds_where_none_are_set(any_town: Village) -> None:
    town = any_town.town
    county = town.place("federation", "江阴市总工会", town.city)
    path = f"/organisations/{county}/timing"
    before = any_town.officer.get(path).body
    assert (before["own"], before["effective"]) == (None, before["defaults"])
    town.admin.do(f"/organisations/{town.city}/timing", timing={"pay_within_days": 60})
    after = any_town.officer.get(path).body
    assert (after["own"], after["effective"]["pay_within_days"]) == (None, 60)
    own = any_town.officer.get(f"/organisations/{town.city}/timing").body
    assert (own["own"]["pay_within_days"], own["version"]) == (60, 2)
    assert any_town.unit.get(path).refusal == (404, "organisation_unknown")
