"""Bad input: each kind its own clear error and status, and the log as long as before."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest

from tests.journeys.steps import where
from tests.journeys.town import Person, Reply
from tests.web.conftest import Village

Ask = Callable[[Village], Reply]
SHAPE = {"code", "message", "field", "clause", "details"}


def raw(person: Person, path: str, data: str | bytes, type: str = "application/json") -> Reply:
    return person.send("POST", path, data=data, headers={"Content-Type": type})


def new_call(village: Village, **but: Any) -> Reply:
    body = {"policy": "wuxi-2022", "title": "二", "federation": village.town.city, **but}
    return village.officer.post("/calls", **body)


def studio(village: Village, **but: Any) -> Reply:
    unit = village.branch.units[0].id
    body = {
        "unit": unit,
        "name": "乙",
        "leader": {"name": "李某"},
        "founded_on": "2020-01-01",
        **but,
    }
    return village.unit.post("/studios", **body)


def apply_again(village: Village, dossier: Any) -> Reply:
    path = f"/calls/{village.call}/applications"
    unit = village.branch.units[0].id
    return village.unit.post(path, category="model_worker", unit=unit, dossier=dossier)


CASES: dict[str, tuple[Ask, int, str, str | None]] = {
    "not json at all": (lambda v: raw(v.officer, "/calls", '{"a"'), 400, "json_malformed", None),
    "not utf-8": (lambda v: raw(v.officer, "/calls", b'{"a":"\xff"}'), 400, "not_utf8", None),
    "another media type": (
        lambda v: raw(v.officer, "/calls", "a=1", "text/plain"),
        415,
        "not_json",
        None,
    ),
    "a key twice": (
        lambda v: raw(v.officer, "/calls", '{"a":1,"a":2}'),
        400,
        "json_malformed",
        None,
    ),
    "not a number": (lambda v: raw(v.officer, "/calls", '{"a":NaN}'), 400, "json_malformed", None),
    "nested for ever": (
        lambda v: raw(v.officer, "/calls", "[" * 99_999),
        400,
        "json_too_deep",
        None,
    ),
    "nested too deep": (
        lambda v: raw(v.officer, "/calls", '{"a":' * 30 + "1" + "}" * 30),
        400,
        "json_too_deep",
        None,
    ),
    "a list for an object": (lambda v: raw(v.officer, "/calls", "[]"), 422, "input_invalid", None),
    "too large": (lambda v: raw(v.officer, "/calls", b" " * 5_000_000), 413, "too_large", None),
    "text for a list": (
        lambda v: v.officer.post("/notices", call=v.call, applications="a", media="报"),
        422,
        "input_invalid",
        "applications",
    ),
    "a number for text": (lambda v: new_call(v, title=7), 422, "input_invalid", "title"),
    "true for a number": (
        lambda v: v.officer.post(f"/funds/{v.fund}/appropriate", amount=True, document="财"),
        422,
        "input_invalid",
        "amount",
    ),
    "1.0 for a whole number": (
        lambda v: v.officer.post(f"/funds/{v.fund}/appropriate", amount=1.0, document="财"),
        422,
        "input_invalid",
        "amount",
    ),
    "a number in quotes": (
        lambda v: v.officer.post(f"/funds/{v.fund}/appropriate", amount="1", document="财"),
        422,
        "input_invalid",
        "amount",
    ),
    "a negative amount": (
        lambda v: v.officer.post(f"/funds/{v.fund}/appropriate", amount=-1, document="财"),
        422,
        "input_invalid",
        "amount",
    ),
    "no amount": (
        lambda v: v.officer.post(f"/funds/{v.fund}/appropriate", amount=0, document="财"),
        422,
        "amount_not_positive",
        "amount",
    ),
    "more than there is": (
        lambda v: v.officer.post(f"/funds/{v.fund}/appropriate", amount=10**16, document="财"),
        422,
        "input_invalid",
        "amount",
    ),
    "a key that is missing": (
        lambda v: v.officer.post("/calls", policy="wuxi-2022", title="二"),
        422,
        "input_invalid",
        "federation",
    ),
    "a key that nobody knows": (lambda v: new_call(v, colour="红"), 422, "input_invalid", "colour"),
    "a text that is too long": (
        lambda v: new_call(v, title="长" * 201),
        422,
        "input_invalid",
        "title",
    ),
    "a blank text": (lambda v: new_call(v, title="  "), 422, "input_invalid", "title"),
    "a control character": (lambda v: new_call(v, title="a\x00b"), 422, "text_broken", "title"),
    "half a character": (
        lambda v: raw(v.officer, "/calls", '{"title":"\\ud800"}'),
        422,
        "text_broken",
        "title",
    ),
    "a day that does not exist": (
        lambda v: studio(v, founded_on="2023-02-30"),
        422,
        "input_invalid",
        "founded_on",
    ),
    "a day in other words": (
        lambda v: studio(v, founded_on="2023/02/01"),
        422,
        "input_invalid",
        "founded_on",
    ),
    "a day to come": (
        lambda v: studio(v, founded_on="2023-02-01"),
        422,
        "date_in_future",
        "founded_on",
    ),
    "a moment without zone": (
        lambda v: new_call(v, deadline="2023-02-01T10:00:00"),
        422,
        "input_invalid",
        "deadline",
    ),
    "no identifier": (lambda v: new_call(v, federation="x"), 422, "input_invalid", "federation"),
    "a type's mark": (
        lambda v: apply_again(v, {"_data_": 1, "name": "x"}),
        422,
        "reserved_key",
        "dossier._data_",
    ),
    "a type's mark deep inside": (
        lambda v: apply_again(v, {"results": [{"_data_": 1}]}),
        422,
        "reserved_key",
        "dossier.results[0]._data_",
    ),
    "a dossier with another's key": (
        lambda v: apply_again_with_studio(v, {"colour": 1}),
        422,
        "dossier_malformed",
        "colour",
    ),
    "a policy that nobody wrote": (
        lambda v: new_call(v, policy="x"),
        422,
        "policy_unknown",
        "policy",
    ),
    "a record that is not there": (
        lambda v: v.officer.post(f"/calls/{uuid4()}/close"),
        404,
        "call_unknown",
        None,
    ),
    "a record of another kind": (
        lambda v: v.officer.post(f"/calls/{v.applied['studio']}/close"),
        404,
        "call_unknown",
        None,
    ),
    "an address that is not there": (lambda v: v.officer.post("/nothing"), 404, "not_found", None),
    "another method": (
        lambda v: v.officer.send("DELETE", "/calls"),
        405,
        "method_not_allowed",
        None,
    ),
    "a step out of order": (
        lambda v: v.officer.post(
            f"{where(v.applied)}/reviews", stage="materials", outcome="passed", opinion="同意"
        ),
        409,
        "stage_out_of_order",
        "stage",
    ),
    "naming before everything": (
        lambda v: v.officer.post(f"{where(v.applied)}/name", number="一", document="一"),
        409,
        "not_approved",
        None,
    ),
    "an actor in the wrong role": (
        lambda v: v.unit.post(f"/calls/{v.call}/close"),
        403,
        "role_required",
        None,
    ),
    "an actor of another branch": (
        lambda v: v.branch.units[1].union.post(f"{where(v.applied)}/withdraw", reason="误"),
        403,
        "outside_scope",
        None,
    ),
    "nobody": (lambda v: v.town.public.post(f"/calls/{v.call}/close"), 401, "not_signed_in", None),
    "a version that is not a number": (
        lambda v: v.officer.post(f"/calls/{v.call}/close", {"If-Match": "x"}),
        422,
        "if_match_malformed",
        "If-Match",
    ),
    "a key with blanks": (
        lambda v: v.officer.post(f"/calls/{v.call}/close", {"Idempotency-Key": "a b"}),
        422,
        "idempotency_key_malformed",
        "Idempotency-Key",
    ),
    "a filter that nobody knows": (
        lambda v: v.officer.get("/studios", colour="红"),
        422,
        "input_invalid",
        "colour",
    ),
    "an order that nobody knows": (
        lambda v: v.officer.get("/studios", sort="colour"),
        422,
        "input_invalid",
        "sort",
    ),
    "a moment that is none": (
        lambda v: v.officer.get("/studios", as_of="yesterday"),
        422,
        "as_of_malformed",
        "as_of",
    ),
    "a cursor that we did not give": (
        lambda v: v.officer.get("/studios", cursor="x"),
        422,
        "cursor_invalid",
        "cursor",
    ),
    "a cursor from the beginning of time": (
        lambda v: v.officer.get("/messages", cursor=f"0001-01-01T00:00:00+14:00~{uuid4()}"),
        422,
        "cursor_invalid",
        "cursor",
    ),
    "a key twice in an address": (
        lambda v: v.officer.send("GET", "/studios?status=named&status=de_named"),
        422,
        "input_invalid",
        "status",
    ),
    "a key in an address that takes none": (
        lambda v: v.officer.get("/policies", as_of="2022-01-01"),
        422,
        "input_invalid",
        "as_of",
    ),
    "a key in the address of a command": (
        lambda v: v.officer.post(f"/calls/{v.call}/close?expected_version=1"),
        422,
        "input_invalid",
        "expected_version",
    ),
    "the applications of a call that is not there": (
        lambda v: v.officer.get(f"/calls/{uuid4()}/applications"),
        404,
        "call_unknown",
        None,
    ),
    "a null byte in an address": (
        lambda v: v.officer.get("/studios", q="a\x00"),
        422,
        "input_invalid",
        "q",
    ),
}


def apply_again_with_studio(village: Village, dossier: Any) -> Reply:
    path = f"/calls/{village.call}/applications"
    body = {"category": "model_worker", "studio": village.applied["studio"], "dossier": dossier}
    return village.unit.post(path, **body)


@pytest.mark.parametrize("case", CASES)
def test_bad_input_is_told_what_is_wrong_and_changes_nothing(
    still_town: Village, case: str
) -> None:
    ask, status, code, field = CASES[case]
    before = still_town.town.length
    reply = ask(still_town)
    assert still_town.town.length == before
    assert (reply.status, reply.body["code"], reply.body["field"]) == (status, code, field)
    assert set(reply.body) == SHAPE
    assert json.dumps(reply.body["message"], ensure_ascii=False).isascii() is False
