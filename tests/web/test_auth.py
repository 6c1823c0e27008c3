"""Who is asking: setting up, signing in, tokens, roles, forged requests, and what the public may."""

from __future__ import annotations

import time
from pathlib import Path
from statistics import median

import pytest
from flask.testing import FlaskClient

from adapters.bootstrap import build
from adapters.credentials import Credentials
from adapters.settings import Settings
from domain.values import Actor, Mandate, Role
from tests.journeys.town import API, CHEAP, PASSWORD, Clock, Person, Town
from tests.web.conftest import Village
from web.app import create_app
from web.setup import ensure_setup_token


@pytest.fixture
def browser(small_town: Village) -> FlaskClient:
    return small_town.town.app.test_client()


def sign_in(
    browser: FlaskClient, password: str = PASSWORD, username: str = "admin"
) -> dict[str, str]:
    reply = browser.post(f"{API}/session", json={"username": username, "password": password})
    body: dict[str, str] = reply.get_json()
    return {**body, "status": str(reply.status_code)}


def organisation(town: Town) -> dict[str, str]:
    return {"name": "新吴区总工会", "kind": "recommending_union", "parent": town.city}


def test_a_setup_link_works_once_and_only_before_there_is_an_administrator(
    tmp_path: Path, sqlite_url: str
) -> None:
    house = build(Settings.at(tmp_path, database_url=sqlite_url), clock=Clock("2022-01-01"))
    app = create_app(house, credentials=Credentials(house.engine, hasher=CHEAP), pages=False)
    first, second = ensure_setup_token(house), ensure_setup_token(house)
    body = {
        "federation": {"name": "某市总工会", "code": "1"},
        "username": "admin",
        "name": "管理员",
        "password": PASSWORD,
    }
    ask = app.test_client()
    assert ask.post(f"{API}/setup", json={**body, "token": first}).status_code == 403
    short = ask.post(f"{API}/setup", json={**body, "token": second, "password": "short"})
    assert (short.status_code, short.get_json()["field"]) == (422, "password")
    assert ask.post(f"{API}/setup", json={**body, "token": second}).status_code == 201
    assert ask.post(f"{API}/setup", json={**body, "token": second}).status_code == 403
    assert ensure_setup_token(house) is None
    house.close()


def test_there_is_no_setup_link_where_an_operator_made_an_administrator(
    tmp_path: Path, sqlite_url: str
) -> None:
    house = build(Settings.at(tmp_path, database_url=sqlite_url), clock=Clock("2022-01-01"))
    link = ensure_setup_token(house)
    directory = house.register.directory

    def rule(request_id: str) -> Mandate:
        return Mandate(Actor(None, None, "operator"), Role.RULE, house.clock(), request_id)

    city = directory.found(rule("1"), name="某市总工会", code="1")
    account = directory.open_account(rule("2"), username="chief", name="管理员", home=city)
    directory.grant_role(rule("3"), account, Role.ADMINISTRATOR, city)
    assert ensure_setup_token(house) is None
    body = {
        "token": link,
        "federation": {"name": "另一个", "code": "2"},
        "username": "admin",
        "name": "某人",
        "password": PASSWORD,
    }
    app = create_app(house, credentials=Credentials(house.engine, hasher=CHEAP), pages=False)
    assert app.test_client().post(f"{API}/setup", json=body).status_code == 403
    house.close()


def test_signing_in_gives_a_session_that_its_cookie_protects(browser: FlaskClient) -> None:
    assert sign_in(browser)["username"] == "admin"
    cookie = browser.post(
        f"{API}/session", json={"username": "admin", "password": PASSWORD}
    ).headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie


def test_over_https_the_cookie_travels_over_nothing_else(browser: FlaskClient) -> None:
    body = {"username": "admin", "password": PASSWORD}
    reply = browser.post(f"{API}/session", json=body, base_url="https://mingpai.example")
    assert "Secure" in reply.headers["Set-Cookie"]
    assert reply.headers["Strict-Transport-Security"] == "max-age=31536000"


def test_wrong_passwords_and_unknown_names_are_answered_alike(browser: FlaskClient) -> None:
    wrong, unknown = sign_in(browser, "wrong password"), sign_in(browser, username="nobody")
    assert wrong == unknown
    assert (wrong["status"], wrong["code"]) == ("401", "sign_in_failed")


def test_an_unknown_name_takes_as_long_as_a_wrong_password(small_town: Village) -> None:
    credentials = Credentials(small_town.town.house.engine)
    account = small_town.town.house.new_id()
    credentials.set_password(account, PASSWORD, small_town.town.clock())

    def seconds(who: object) -> float:
        start = time.perf_counter()
        credentials.verify(who, "wrong password")  # type: ignore[arg-type]
        return time.perf_counter() - start

    known = median(seconds(account) for _ in range(5))
    unknown = median(seconds(small_town.town.house.new_id()) for _ in range(5))
    assert 0.3 < unknown / known < 3


def test_a_session_that_writes_needs_the_token_against_forgery(
    browser: FlaskClient, small_town: Village
) -> None:
    who = sign_in(browser)
    role = {"X-Mingpai-Role": f"administrator@{small_town.town.city}"}
    body = organisation(small_town.town)
    forged = browser.post(f"{API}/organisations", json=body, headers=role)
    assert (forged.status_code, forged.get_json()["code"]) == (403, "csrf")
    meant = {**role, "X-CSRFToken": who["csrf_token"]}
    assert browser.post(f"{API}/organisations", json=body, headers=meant).status_code == 201


def test_who_has_several_roles_chooses_one(browser: FlaskClient, small_town: Village) -> None:
    who = sign_in(browser)
    headers = {"X-CSRFToken": who["csrf_token"]}
    assert (who["role"], len(who["roles"])) == (None, 2)
    unchosen = browser.get(f"{API}/studios")
    assert (unchosen.status_code, unchosen.get_json()["code"]) == (403, "role_not_chosen")
    choice = {"role": "city_officer", "organisation": small_town.town.city}
    assert browser.put(f"{API}/session/role", json=choice, headers=headers).status_code == 200
    assert browser.get(f"{API}/studios").status_code == 200
    foreign = {"role": "auditor", "organisation": small_town.town.city}
    assert browser.put(f"{API}/session/role", json=foreign, headers=headers).status_code == 403


def test_a_changed_password_ends_other_sessions(browser: FlaskClient, small_town: Village) -> None:
    other = small_town.town.app.test_client()
    sign_in(other)
    who = sign_in(browser)
    change = {"old": PASSWORD, "new": "another long password"}
    headers = {"X-CSRFToken": who["csrf_token"]}
    assert browser.put(f"{API}/session/password", json=change, headers=headers).status_code == 204
    assert browser.get(f"{API}/session").status_code == 200
    assert other.get(f"{API}/session").status_code == 401


def test_a_disabled_account_is_out_at_once(small_town: Village) -> None:
    town = small_town.town
    account = town.admin.do("/accounts", username="gone", name="某人", home=town.city)["account"]
    town.admin.do(f"/accounts/{account}/roles", role="auditor", organisation=town.city)
    person = Person(town, town.token(account))
    assert person.get("/studios").status == 200
    town.admin.do(f"/accounts/{account}/disable", reason="离职")
    assert person.get("/studios").refusal == (401, "token_invalid")


def test_a_token_is_told_once_and_can_be_revoked(small_town: Village) -> None:
    officer = small_town.officer
    issued = officer.post("/tokens", name="报送程序").body
    program = Person(small_town.town, issued["secret"])
    assert program.get("/studios").status == 200
    assert [set(each) for each in officer.get("/tokens").body if each["id"] == issued["id"]] == [
        {"id", "name", "created_at", "expires_at", "revoked_at"}
    ]
    assert officer.send("DELETE", f"/tokens/{issued['id']}").status == 204
    assert program.get("/studios").refusal == (401, "token_invalid")


def test_a_units_administrator_gives_no_password_to_the_citys_officer(small_town: Village) -> None:
    town, unit = small_town.town, small_town.branch.units[0].id
    below = town.person("administrator", unit)

    def account(username: str, role: str, organisation: str) -> str:
        made = town.admin.do("/accounts", username=username, name="某人", home=unit)["account"]
        town.admin.do(f"/accounts/{made}/roles", role=role, organisation=organisation)
        return f"/accounts/{made}/password"

    own, officer = account("own", "unit_union", unit), account("chief", "city_officer", town.city)
    password = {"password": "a long new password"}
    assert below.send("PUT", own, json=password).status == 204
    assert below.send("PUT", officer, json=password).refusal == (403, "outside_scope")
    assert town.admin.send("PUT", officer, json=password).status == 204


def test_an_expired_token_is_none(small_town: Village) -> None:
    issued = small_town.officer.post(
        "/tokens", name="短", expires_at="2022-10-20T12:00:00+08:00"
    ).body
    program = Person(small_town.town, issued["secret"])
    assert program.get("/studios").status == 200
    small_town.town.clock.set("2022-10-20 12:00:00")
    assert program.get("/studios").status == 401


def test_guessing_passwords_is_slowed_down(tmp_path: Path, sqlite_url: str) -> None:
    house = build(Settings.at(tmp_path, database_url=sqlite_url))
    app = create_app(house, credentials=Credentials(house.engine, hasher=CHEAP), pages=False)
    guess = app.test_client()
    body = {"username": "admin", "password": "guess"}
    statuses = [guess.post(f"{API}/session", json=body).status_code for _ in range(11)]
    assert statuses == [401] * 10 + [429]
    last = guess.post(f"{API}/session", json=body)
    assert last.get_json()["code"] == "too_many_requests"
    assert int(last.headers["Retry-After"]) <= 60
    notice = f"{API}/notices/{house.new_id()}/objections"
    statuses = [guess.post(notice, json={"text": "异议"}).status_code for _ in range(6)]
    assert statuses == [404] * 5 + [429]
    house.close()


def test_every_answer_carries_the_headers_that_keep_browsers_safe(small_town: Village) -> None:
    headers = small_town.town.public.get("/policies").headers
    assert headers["Content-Security-Policy"].startswith("default-src 'self';")
    assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"


def test_a_reader_sees_the_own_branch_and_the_rest_does_not_exist(small_town: Village) -> None:
    own, other = small_town.branch.units
    studio = f"/studios/{small_town.applied['studio']}"
    assert own.union.get(studio).status == 200
    assert small_town.branch.officer.get(studio).status == 200
    assert small_town.officer.get(studio).status == 200
    assert other.union.get(studio).refusal == (404, "studio_unknown")
    assert other.union.get("/studios").body["items"] == []
    elsewhere = small_town.town.place("recommending_union", "宜兴市总工会", small_town.town.city)
    stranger = small_town.town.person("recommending_union", elsewhere)
    assert stranger.get(f"{studio}/timeline").status == 404
    assert stranger.get("/applications").body["total"] == 0
    assert stranger.get(f"/calls/{small_town.call}").body["progress"] == []


def test_evidence_is_for_those_above_whoever_handed_it_in(small_town: Village) -> None:
    own, other = small_town.branch.units
    sha256 = own.union.upload("证明.pdf", b"%PDF-1.7 proof")
    assert small_town.officer.get(f"/evidence/{sha256}").body["name"] == "证明.pdf"
    assert other.union.get(f"/evidence/{sha256}").status == 404
    assert small_town.town.public.get(f"/evidence/{sha256}").status == 401
