"""People say how they are reached, federations whom they tell; nobody sees or changes what is not theirs."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from flask import Response

from adapters.log.engine import writing
from adapters.messages.carrying import Carried, carry
from adapters.messages.following import follow_log
from adapters.messages.outbox import post
from adapters.messages.spreading import spread
from domain.matters import Message
from domain.values import Role
from tests.adapters.messages.scene import hook
from tests.journeys.town import Person, Reply
from tests.web.conftest import Village


def put(who: Person, path: str, **body: Any) -> Reply:
    return who.send("PUT", path, json=body)


def endpoint(village: Village, url: str, **more: Any) -> Reply:
    given = {"federation": village.town.city, "form": "webhook", "name": "接收方", "url": url}
    return village.officer.post("/endpoints", **{**given, "kinds": ["*"], **more})


def say(village: Village) -> None:
    """Put a message to the city's officers into the outbox."""
    town = village.town
    message = Message(
        key=str(uuid4()),
        kind="assessment.city_due",
        federation=UUID(town.city),
        organisation=UUID(town.city),
        role=Role.CITY_OFFICER,
        thread="t",
        facts={"year": 2022, "count": 3},
        link="/assessments",
        moment=town.clock(),
        due_on=date(2022, 12, 31),
    )
    with writing(town.house.engine) as connection:
        post(connection, [message], town.clock())


def test_one_says_how_to_be_reached(any_town: Village) -> None:
    person = any_town.officer
    before = person.get("/contacts/me").body
    assert (before["email"], before["mail"], before["muted"]) == (None, "off", [])
    assert {"kind": "grant.paid", "zh": "补助已拨付", "en": "A grant was paid"} in before["kinds"]
    wanted = {"email": "a@city.example", "mail": "daily", "language": "en", "muted": ["grant.paid"]}
    assert put(person, "/contacts/me", **wanted).status == 200
    after = person.get("/contacts/me").body
    assert {name: after[name] for name in wanted} == wanted
    assert any_town.unit.get("/contacts/me").body["email"] is None


@pytest.mark.parametrize(
    ("body", "code", "field"),
    [
        ({"email": "nobody", "mail": "each"}, "email_malformed", "email"),
        ({"mail": "each"}, "email_missing", "email"),
        ({"muted": ["grant.paid", "x"]}, "kind_unknown", "muted[1]"),
    ],
)
def test_a_bad_contact_is_refused_by_name(
    still_town: Village, body: dict[str, Any], code: str, field: str
) -> None:
    reply = put(still_town.officer, "/contacts/me", **body)
    assert reply.refusal == (422, code)
    assert reply.body["field"] == field


def test_nobody_has_no_contact(still_town: Village) -> None:
    assert still_town.town.public.get("/contacts/me").status == 401
    assert put(still_town.town.public, "/contacts/me").status == 401


def test_a_program_is_told_of_messages_and_events(any_town: Village) -> None:
    town = any_town.town
    with hook() as taken:
        made = endpoint(any_town, taken.url, topics=["organisation.*"])
        assert made.status == 201
        id = made.body["id"]
        assert made.body["secret"].startswith("whsec_")
        shown = any_town.officer.get(f"/endpoints/{id}").body
        assert (shown["secret"], shown["signed"]) == (None, True)
        say(any_town)
        town.place("recommending_union", "西区总工会", town.city)
        spread(town.house, town.clock())
        follow_log(town.house, town.clock())
        assert carry(town.house, town.clock()) == Carried(sent=2)
        found = any_town.officer.get(f"/endpoints/{id}/deliveries", limit=1).body
        more = any_town.officer.get(
            f"/endpoints/{id}/deliveries", limit=1, cursor=found["next"]
        ).body
        both = [found["items"][0], more["items"][0]]
        assert {each["kind"] or each["topic"] for each in both} == {
            "assessment.city_due",
            "organisation.registered",
        }
        assert more["next"] is None
        assert any_town.officer.get(f"/endpoints/{id}/deliveries", state="dead").body["items"] == []


def test_what_failed_can_be_sent_once_more(small_town: Village) -> None:
    town, officer = small_town.town, small_town.officer
    with hook() as taken:
        taken.answer = lambda: Response(status=404)
        id = endpoint(small_town, taken.url).body["id"]
        for _ in range(2):
            say(small_town)
        spread(town.house, town.clock())
        carry(town.house, town.clock())
        items = officer.get(f"/endpoints/{id}/deliveries", state="dead").body["items"]
        assert [each["error"] for each in items] == ["对方答复 404，不再重试"] * 2
        delivery = items[0]["id"]
        assert officer.post(f"/deliveries/{delivery}/resend").status == 204
        assert officer.post(f"/deliveries/{delivery}/resend").refusal == (409, "delivery_not_ended")
        assert small_town.unit.post(f"/deliveries/{delivery}/resend").status in (403, 404)
        assert officer.post(f"/endpoints/{id}/resend").body == {"count": 1}
        taken.answer = lambda: Response("ok")
        assert carry(town.house, town.clock()) == Carried(sent=2)


def test_a_trial_tells_what_was_answered(small_town: Village) -> None:
    with hook() as taken:
        taken.answer = lambda: Response(json.dumps({"errcode": 310000, "errmsg": "sign not match"}))
        made = endpoint(small_town, taken.url, form="dingtalk", secret="SECx")
        reply = small_town.officer.post(f"/endpoints/{made.body['id']}/test")
        assert reply.body == {
            "sent": False,
            "answer": "200 310000",
            "error": "机器人拒收：310000 sign not match",
        }
    reply = small_town.officer.post(f"/endpoints/{made.body['id']}/test")
    assert reply.body["sent"] is False
    assert reply.body["error"].endswith("连接被拒绝")


def test_a_robot_s_address_is_told_to_nobody(small_town: Village) -> None:
    url = "https://robot.example/send?key=topsecret-1234"
    made = endpoint(small_town, url, form="wecom").body
    assert made["url"] == "https://robot.example/…1234"
    assert "topsecret" not in json.dumps(small_town.officer.get("/endpoints").body)


def test_a_repeated_request_finds_what_the_first_one_made(small_town: Village) -> None:
    body = {
        "federation": small_town.town.city,
        "form": "webhook",
        "name": "a",
        "url": "https://a.example/",
    }
    keyed = {"Idempotency-Key": "once"}
    first = small_town.officer.post("/endpoints", keyed, **body)
    second = small_town.officer.post("/endpoints", keyed, **body)
    assert (first.status, first.body) == (second.status, second.body)
    other = small_town.officer.post("/endpoints", keyed, **{**body, "url": "https://b.example/"})
    assert other.refusal == (422, "idempotency_mismatch")
    assert len(small_town.officer.get("/endpoints").body) == 1


def test_an_endpoint_is_changed_and_removed(small_town: Village) -> None:
    officer = small_town.officer
    id = endpoint(small_town, "https://a.example/").body["id"]
    changed = put(officer, f"/endpoints/{id}", form="webhook", name="改名", enabled=False)
    assert changed.status == 200
    assert (changed.body["name"], changed.body["enabled"]) == ("改名", False)
    assert changed.body["url"] == "https://a.example/"
    fixed = put(officer, f"/endpoints/{id}", form="feishu", name="a")
    assert fixed.refusal == (422, "form_fixed")
    assert officer.send("DELETE", f"/endpoints/{id}").status == 204
    assert officer.send("DELETE", f"/endpoints/{id}").status == 404
    assert officer.get("/endpoints").body == []


def test_others_neither_see_nor_change_it(small_town: Village) -> None:
    id = endpoint(small_town, "https://a.example/").body["id"]
    for who in (small_town.unit, small_town.branch.officer):
        assert who.get("/endpoints").status == 403
        assert who.get(f"/endpoints/{id}").status == 404
        assert who.get(f"/endpoints/{id}/deliveries").status == 404
        assert who.post(f"/endpoints/{id}/test").status == 404
        assert who.send("DELETE", f"/endpoints/{id}").status == 404
        federation = {"federation": small_town.town.city}
        body = {"form": "webhook", "name": "a", "url": "https://a.example/", **federation}
        assert who.post("/endpoints", **body).status == 403
    auditor = small_town.town.person("auditor", small_town.town.city)
    assert auditor.get(f"/endpoints/{id}").status == 403
    assert small_town.town.admin.get(f"/endpoints/{id}").status == 200


def test_mail_of_an_account_is_listed_for_itself_and_its_administrator(
    small_town: Village, tmp_path: Path
) -> None:
    account = small_town.unit.get("/session").body["account"]
    assert small_town.unit.get(f"/accounts/{account}/deliveries").body == {
        "items": [],
        "next": None,
    }
    assert small_town.town.admin.get(f"/accounts/{account}/deliveries").status == 200
    assert small_town.officer.get(f"/accounts/{account}/deliveries").status == 403
    assert small_town.town.admin.get(f"/accounts/{uuid4()}/deliveries").status == 404
