"""Reading: lists with filters, order and pages that miss nothing and repeat nothing, now and as of a moment."""

from __future__ import annotations

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterator
from typing import Any

import pytest

from tests.journeys.town import Person
from tests.web.conftest import CATEGORY, POLICY, Town, Village, village

NAMES = ("甲", "乙", "丙", "丁", "戊", "己", "庚")


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Village]:
    """A town with seven studios more, one each day; nothing may change in it."""
    home = tmp_path_factory.mktemp("library")
    town = Town(home, f"sqlite:///{home / 'library.sqlite'}", "2022-10-20 09:00:00")
    made = village(town)
    unit = made.branch.units[1]
    for day, name in enumerate(NAMES, 1):
        town.clock.set(f"2022-11-0{day} 09:00:00")
        unit.union.do(
            "/studios",
            unit=unit.id,
            name=f"{name}创新工作室",
            leader={"name": f"{name}某"},
            founded_on=f"2020-01-0{day}",
        )
    yield made
    town.close()


def every(person: Person, path: str, **query: Any) -> list[dict[str, Any]]:
    """All pages of a list."""
    found, cursor = [], {}
    while True:
        page = person.get(path, **query, **cursor).body
        found += page["items"]
        if page["next"] is None:
            return found
        cursor = {"cursor": page["next"]}


def test_pages_hold_each_row_once_in_order(library: Village) -> None:
    whole = library.officer.get("/studios", sort="founded_on", limit=500).body
    assert whole["total"] == 8
    paged = every(library.officer, "/studios", sort="founded_on", limit=3)
    assert [each["id"] for each in paged] == [each["id"] for each in whole["items"]]
    backwards = every(library.officer, "/studios", sort="-founded_on", limit=3)
    assert [each["id"] for each in backwards] == [each["id"] for each in reversed(whole["items"])]


@pytest.mark.parametrize("sort", ["name", "failing_run"])
@pytest.mark.parametrize(
    ("part", "value"),
    [
        (1, True),
        (1, -1),
        (1, "1"),
        (2, None),
        (2, True),
        (2, 1.5),
        (2, []),
        (2, {"a": 1}),
        (2, "a\0b"),
        (2, 2**63),
        (3, 1),
        (3, "a\0b"),
    ],
)
def test_a_cursor_that_was_changed_by_hand_is_refused(
    library: Village, sort: str, part: int, value: Any
) -> None:
    cursor = library.officer.get("/studios", sort=sort, limit=2).body["next"]
    said = json.loads(urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    said[part] = value
    forged = urlsafe_b64encode(json.dumps(said).encode()).decode()
    reply = library.officer.get("/studios", sort=sort, limit=2, cursor=forged)
    assert reply.status == 422
    assert reply.body["code"] in ("cursor_invalid", "as_of_out_of_range")


def test_a_moment_that_is_still_to_come_is_the_last_one(library: Village) -> None:
    page = library.officer.get("/studios", as_of="position:999999").body
    assert page["as_of"] == library.town.length
    assert page["total"] == 8


def test_every_list_that_can_be_searched_says_so_truly(library: Village) -> None:
    spec = library.officer.get("/openapi.json").body["paths"]
    asked = 0
    for path, methods in spec.items():
        query = {each["name"] for each in methods.get("get", {}).get("parameters", ())}
        if "q" not in query or "{" in path:
            continue
        years = {"first": 2020, "last": 2022} if "first" in query else {}
        reply = library.officer.get(path.removeprefix("/api/v1"), q="没有的字", **years)
        assert (path, reply.status, reply.body["items"]) == (path, 200, [])
        asked += 1
    assert asked > 10


def test_lists_are_filtered_and_searched(library: Village) -> None:
    named = library.officer.get("/studios", q="丙").body["items"]
    assert [each["name"] for each in named] == ["丙创新工作室"]
    between = {"founded_on_from": "2020-01-02", "founded_on_to": "2020-01-03"}
    found = library.officer.get("/studios", sort="founded_on", **between).body
    assert [each["name"] for each in found["items"]] == ["乙创新工作室", "丙创新工作室"]
    applying = library.officer.get("/studios", status="applying").body["items"]
    assert [each["id"] for each in applying] == [library.applied["studio"]]
    unit = library.branch.units[1].id
    assert library.officer.get("/studios", unit=unit).body["total"] == 7


@pytest.mark.parametrize(
    "as_of", ["2022-11-03", "2022-11-03T09:00:00+08:00", "2022-11-03T01:00:00Z"]
)
def test_a_list_is_told_as_it_stood(library: Village, as_of: str) -> None:
    assert library.officer.get("/studios", as_of=as_of).body["total"] == 4
    before = library.officer.get("/studios", as_of="2022-11-03T08:59:59+08:00").body
    assert before["total"] == 3


def test_before_there_was_anything_there_is_an_empty_page(library: Village) -> None:
    for path in ("/studios", "/timeline", "/checks/grid", "/changes"):
        years = {"first": 2020, "last": 2022} if path.endswith("grid") else {}
        since = {"since": "2000-01-01"} if path == "/changes" else {}
        found = library.officer.get(path, as_of="2001-01-01", **years, **since)
        assert (found.status, found.body["items"]) == (200, [])


def test_what_changed_between_two_days_is_told_with_who(library: Village) -> None:
    changed = library.officer.get("/changes", since="2022-11-05", as_of="2022-11-06").body["items"]
    assert [(each["view"], each["topic"]) for each in changed] == [("studios", "studio.registered")]
    assert changed[0]["fields"]["name"] == [None, "己创新工作室"]
    assert changed[0]["by"]["organisation_name"] == "滨湖区总工会第2公司"


def test_the_public_reads_packs_and_notices_and_nothing_else(library: Village) -> None:
    public = library.town.public
    assert public.get("/policies").status == 200
    assert public.get("/notices").body["items"] == []
    for path in ("/studios", "/calls", "/funds", "/timeline", "/organisations", "/accounts"):
        assert public.get(path).refusal == (401, "not_signed_in")


def test_a_call_shows_its_quotas_and_how_they_are_used(library: Village) -> None:
    call = library.officer.get(f"/calls/{library.call}").body
    assert [(each["id"], each["cap"], each["force"]) for each in call["quotas"]] == [
        ("model_worker", 3, "in_principle"),
        ("worker", 1, "in_principle"),
    ]
    assert call["progress"][0]["entered"] == 1
    union = library.branch.officer.get("/calls").body["items"]
    assert [each["id"] for each in union] == [library.call]


def test_what_held_on_a_business_date_is_told_by_what_was_known(small_town: Village) -> None:
    town, officer = small_town.town, small_town.officer
    town.clock.set("2023-02-01 09:00:00")
    paper = {"policy": POLICY, "category": CATEGORY, "document": "锡工发〔2023〕1号"}
    unit = small_town.branch.units[1]
    named = unit.union.do("/studios", unit=unit.id, name="乙创新工作室", leader={"name": "李某"})
    path = f"/studios/{named['studio']}/namings"
    officer.do(path, **paper, number="2023-1", on="2023-01-06")

    def namings(**asked: str) -> list[str]:
        return [each["number"] for each in officer.get("/namings", **asked).body["items"]]

    assert namings(effective_on="2023-01-10") == ["2023-1"]
    assert namings(effective_on="2023-01-10", as_of="2023-01-20") == []
    assert namings(effective_on="2023-01-05") == []
    assert officer.get("/checks", effective_on="2023-01-10").body["items"] == []

    fund = f"/funds/{small_town.fund}"
    officer.do(f"{fund}/appropriate", amount=100, document="预算 1 号")
    assert officer.get(fund, effective_on="2023-02-01").body["appropriated"] == 100
    assert officer.get(fund, effective_on="2023-01-31").body["appropriated"] == 0
    for path in ("/namings", "/checks", fund):
        for day in ("2023-02-30", "20230201", "2023-02-01T00:00:00Z", ""):
            refused = officer.get(path, effective_on=day)
            assert (refused.status, refused.body["field"]) == (422, "effective_on"), day
    assert officer.get("/studios", effective_on="2023-01-10").status == 422
