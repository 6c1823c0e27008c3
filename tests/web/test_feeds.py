"""The calendar over HTTP: at its secret address only, the same until something changes, and what is off."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from tests.adapters.feeds.reading import events
from tests.journeys.town import Person, Town
from tests.web.conftest import Village, village
from web.app import create_app
from web.security import limiter


@pytest.fixture
def calendar_town(tmp_path: Path, sqlite_url: str) -> Iterator[Village]:
    """A town with pages, since the calendar is one of them."""
    town = Town(tmp_path, sqlite_url, "2022-10-20 09:00:00")
    town.app = create_app(town.house, credentials=town.credentials, RATELIMIT_ENABLED=False)
    yield village(town)
    town.close()


def subscribe(person: Person) -> str:
    """A new address; returns its path."""
    reply = person.post("/feeds/me")
    assert reply.status == 201, reply.body
    address: str = reply.body["address"]
    assert address.startswith("http://localhost/feeds/")
    return address.removeprefix("http://localhost")


def browser(town: Village) -> FlaskClient:
    """A client that nobody is signed in with."""
    return town.town.app.test_client(use_cookies=False)


def fetched(town: Village, path: str) -> dict[str, dict[str, str]]:
    """The events at an address, by what they are called."""
    answer = browser(town).get(path)
    assert answer.status_code == 200, answer.get_data(as_text=True)
    return {
        each["SUMMARY"][2]: {name: value for name, (_, _, value) in each.items()}
        for each in events(answer.data)
    }


def test_a_calendar_holds_what_the_office_has_to_know(calendar_town: Village) -> None:
    found = fetched(calendar_town, subscribe(calendar_town.branch.officer))
    call = found["申报：2022 年"]
    assert (call["DTSTART"], call["STATUS"]) == ("20221020T090000", "CONFIRMED")
    assert call["URL"] == f"http://localhost/calls/{calendar_town.call}"
    filing = next(each for name, each in found.items() if name.startswith("申报即将截止"))
    assert filing["DTSTART"] == call["DTEND"][:8]


def test_it_stays_the_same_until_something_changes(calendar_town: Village) -> None:
    path, client = subscribe(calendar_town.officer), browser(calendar_town)
    first = client.get(path)
    assert first.headers["Content-Type"] == "text/calendar; charset=utf-8"
    assert first.headers["Cache-Control"] == "private, no-cache"
    calendar_town.town.clock.set("2022-10-20 12:00:00")
    again = client.get(path, headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    calendar_town.officer.do(
        f"/calls/{calendar_town.call}/extend", deadline="2022-11-30T17:30:00+08:00", reason="顺延"
    )
    changed = client.get(path, headers={"If-None-Match": first.headers["ETag"]})
    assert changed.status_code == 200
    call = fetched(calendar_town, path)["申报：2022 年"]
    assert (call["SEQUENCE"], call["DTEND"]) == ("1", "20221130T173000")
    assert call["LAST-MODIFIED"] == "20221020T040000Z"


def test_what_is_closed_early_is_off(calendar_town: Village) -> None:
    path = subscribe(calendar_town.officer)
    before = fetched(calendar_town, path)["申报：2022 年"]
    calendar_town.officer.do(f"/calls/{calendar_town.call}/close")
    after = fetched(calendar_town, path)["申报：2022 年"]
    assert (after["STATUS"], after["UID"], after["SEQUENCE"]) == ("CANCELLED", before["UID"], "1")


@pytest.mark.parametrize("path", ["x", "A" * 43, "me", "A" * 43 + "=", "..%2f" + "A" * 43])
def test_every_other_address_gets_one_and_the_same_answer(
    calendar_town: Village, path: str
) -> None:
    client = browser(calendar_town)
    old = subscribe(calendar_town.officer)
    subscribe(calendar_town.officer)
    wanted = client.get(old)
    assert wanted.status_code == 404
    found = client.get(f"/feeds/{path}.ics")
    if "%2f" not in path:
        assert (found.status_code, found.data) == (404, wanted.data)
    assert found.status_code == 404


def test_an_address_is_taken_back_and_of_no_use_to_a_disabled_account(
    calendar_town: Village,
) -> None:
    town, officer = calendar_town.town, calendar_town.officer
    assert officer.get("/feeds/me").body == {"made_at": None}
    path = subscribe(officer)
    assert officer.get("/feeds/me").body["made_at"] == "2022-10-20T01:00:00+00:00"
    assert officer.send("DELETE", "/feeds/me").status == 204
    assert officer.send("DELETE", "/feeds/me").refusal == (404, "feed_unknown")
    assert browser(calendar_town).get(path).status_code == 404
    path = subscribe(officer)
    me = officer.get("/session").body["account"]
    town.admin.do(f"/accounts/{me}/disable", reason="调离")
    assert browser(calendar_town).get(path).status_code == 404
    assert town.public.post("/feeds/me").refusal == (401, "not_signed_in")


def test_the_secret_itself_is_kept_nowhere(calendar_town: Village) -> None:
    secret = subscribe(calendar_town.officer).split("/")[-1].removesuffix(".ics")
    assert len(secret) == 43
    with calendar_town.town.house.engine.connect() as connection:
        rows = connection.exec_driver_sql("SELECT * FROM contacts").all()
    assert len(rows) == 1
    assert secret not in repr(rows)


def test_too_many_questions_are_refused(
    tmp_path: Path, sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    # There is one limiter for all applications; afterwards it is as it was.
    monkeypatch.setattr(limiter, "enabled", limiter.enabled)
    town = Town(tmp_path, sqlite_url, "2022-10-20 09:00:00")
    client = create_app(town.house, credentials=town.credentials).test_client()
    answers = {client.get(f"/feeds/{'A' * 43}.ics").status_code for _ in range(40)}
    assert answers == {404, 429}
    town.close()


def test_nobody_s_calendar_holds_what_is_others(calendar_town: Village) -> None:
    other = calendar_town.town.place("federation", "外市总工会", calendar_town.town.city)
    stranger = calendar_town.town.person("city_officer", other)
    assert all("2022 年" not in name for name in fetched(calendar_town, subscribe(stranger)))


def test_what_belonged_to_an_office_that_is_lost_is_off(calendar_town: Village) -> None:
    town, union = calendar_town.town, calendar_town.branch
    path, me = subscribe(union.officer), union.officer.get("/session").body["account"]
    before = fetched(calendar_town, path)
    assert {event["STATUS"] for event in before.values()} == {"CONFIRMED"}
    role = {"role": "recommending_union", "organisation": union.id}
    town.admin.do(f"/accounts/{me}/roles/revoke", **role)
    after = fetched(calendar_town, path)
    assert {name: event["STATUS"] for name, event in after.items()} == dict.fromkeys(
        before, "CANCELLED"
    )
