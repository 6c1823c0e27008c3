"""A year's assessment over HTTP: results in bulk, closing by the register's own list, progress on page and API."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from argon2 import PasswordHasher
from flask.testing import FlaskClient

from adapters.credentials import Credentials
from domain.desks.assessments import Result
from tests.adapters.imports.scene import POLICY, City
from web.app import create_app

PASSWORD = "a long pass phrase"  # not a secret: the town lives as long as its test
API = "/api/v1"


class Visitor:
    """A browser of somebody who signed in."""

    def __init__(self, city: City, client: FlaskClient, who: str) -> None:
        self.client = client
        answer = client.post(f"{API}/session", json={"username": who, "password": PASSWORD})
        assert answer.status_code in (200, 201), answer.text
        self.token: str = answer.json["csrf_token"]

    def get(self, path: str, **query: Any) -> Any:
        answer = self.client.get(path, query_string=query)
        assert answer.status_code == 200, answer.text
        return answer

    def post(self, path: str, *, key: str | None = None, **body: Any) -> Any:
        headers = {"X-CSRFToken": self.token}
        if key:
            headers["Idempotency-Key"] = key
        return self.client.post(f"{API}{path}", json=body, headers=headers)


@pytest.fixture
def city(tmp_path: Path, database_url: str) -> Iterator[City]:
    made = City(tmp_path, database_url).name(9)
    made.app = create_app(
        made.house,
        credentials=Credentials(
            made.house.engine, hasher=PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
        ),
        RATELIMIT_ENABLED=False,
    )
    yield made
    made.house.close()


def visitor(city: City, who: str) -> Visitor:
    services = city.app.extensions["mingpai"]
    services.credentials.set_password(city.places[f"account of {who}"], PASSWORD, city.now)
    return Visitor(city, city.app.test_client(), who)


def opened(city: City) -> UUID:
    return city.register.assessments.open(
        city.setup, federation=city.places["city"], policy=POLICY, year=2024
    )


def result(city: City, n: int, grade: str = "qualified") -> dict[str, str]:
    return {"studio": str(city.studios[n][0]), "number": city.studios[n][1], "grade": grade}


def test_two_thousand_results_are_one_request_and_are_filed_once(city: City) -> None:
    city.name(1_991)
    officer, before = visitor(city, "officer"), city.length()
    results = [result(city, n) for n in range(2_000)]
    for _ in range(2):
        answer = officer.post("/checks", key="year-2024", year=2024, results=results)
        assert (answer.status_code, len(answer.json["ids"]["checks"])) == (201, 2_000)
    assert city.length() == before + 2_000
    assert officer.post("/checks", year=2024, results=[*results, results[0]]).status_code == 422


def test_a_request_with_one_bad_result_files_none(city: City) -> None:
    officer, before = visitor(city, "officer"), city.length()
    results = [result(city, 0), result(city, 1, "splendid")]
    answer = officer.post("/checks", year=2024, results=results)
    assert (answer.status_code, answer.json["code"]) == (422, "grade_unknown")
    assert city.length() == before


def test_closing_takes_the_registers_own_list_and_nobody_elses(city: City) -> None:
    campaign = opened(city)
    officer = visitor(city.at("2025-01-10 10:00"), "officer")
    chosen = {str(city.studios[0][0]): city.studios[0][1]}
    assert officer.post(f"/campaigns/{campaign}/close", namings=chosen).status_code == 422
    answer = officer.post(f"/campaigns/{campaign}/close")
    assert answer.json["events"].count("studio.assessment_missed") == 9
    found = officer.get(f"{API}/campaigns/{campaign}").json
    assert (found["status"], found["missing"]) == ("closed", 9)


def test_a_large_campaign_is_closed_by_one_request_however_often_it_is_sent(
    city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("domain.desks.closing.BATCH", 2)
    campaign = opened(city)
    officer = visitor(city.at("2025-01-10 10:00"), "officer")
    first = officer.post(f"/campaigns/{campaign}/close", key="close")
    length = city.length()
    again = officer.post(f"/campaigns/{campaign}/close", key="close")
    assert (first.status_code, again.json, city.length()) == (200, first.json, length)
    assert first.json["events"][0] == "campaign.closed"
    assert officer.get(f"{API}/campaigns/{campaign}").json["missing"] == 9


def filed(city: City) -> UUID:
    """The first union has one result and filed late; the second nothing."""
    campaign = opened(city)
    desk, results = city.register.assessments, [Result(*each, "qualified") for each in city.studios]
    desk.check_many(city.by("union"), year=2024, results=results[:1])
    city.at("2025-01-10 10:00")
    desk.file(city.by("union"), campaign, union=city.places["一区"])
    desk.check_many(city.by(), year=2024, results=results[2::3])
    return campaign


@pytest.mark.parametrize(
    ("asked", "unions"),
    [
        ({}, ["一区", "二区", "试市总工会"]),
        ({"sort": "-percent"}, ["试市总工会", "一区", "二区"]),
        ({"sort": "-received_on", "state": "incomplete"}, ["一区", "二区"]),
        ({"state": "late"}, ["一区"]),
        ({"state": "unfiled"}, ["二区", "试市总工会"]),
        ({"state": "complete"}, ["试市总工会"]),
        ({"q": "二"}, ["二区"]),
    ],
)
def test_progress_is_filtered_and_sorted_alike_on_page_api_and_export(
    city: City, asked: dict[str, str], unions: list[str]
) -> None:
    campaign = filed(city)
    officer = visitor(city, "officer")
    told = officer.get(f"{API}/campaigns/{campaign}/progress", **asked).json
    assert [row["organisation_name"] for row in told["items"]] == unions
    page = officer.get(f"/assessments/campaigns/{campaign}", **asked).text
    places = [page.index(f'<th scope="row">{union}</th>') for union in unions]
    assert (places, page.count('<th scope="row">')) == (sorted(places), len(unions))
    text = officer.get(f"/assessments/campaigns/{campaign}/progress.csv", **asked).text
    lines = list(csv.reader(io.StringIO(text.removeprefix("\ufeff"))))
    assert [line[0] for line in lines[1:]] == unions


def test_progress_tells_numbers_a_bar_and_both_dates_of_a_late_filing(city: City) -> None:
    campaign = filed(city)
    officer = visitor(city, "officer")
    told = officer.get(f"{API}/campaigns/{campaign}/progress").json
    assert told["total"] == {
        "namings": 9, "self_checked": 0, "unit_results": 0, "union_results": 1, "city_results": 3,
        "done": 4, "late_results": 3, "missed": 0, "percent": 44, "unions": 3, "filed": 1, "late": 1,
    }  # fmt: skip
    page = officer.get(f"/assessments/campaigns/{campaign}").text
    assert "3 个单位，1 个已报送，其中逾期 1 个；应考核 9，已有结果 4（44%）" in page
    assert '<meter min="0" max="3" value="1" aria-label="一区已有结果">1 / 3</meter> 33%' in page
    assert "2025-01-10" in page
    assert "逾期（应于 2024-12-31 前）" in page
    listed = officer.get("/assessments/campaigns").text
    assert f'href="/assessments/campaigns/{campaign}">2024 年度</a>' in listed


def test_a_union_sees_its_own_progress_only(city: City) -> None:
    campaign = filed(city)
    union = visitor(city, "union")
    told = union.get(f"{API}/campaigns/{campaign}/progress").json
    assert [row["organisation_name"] for row in told["items"]] == ["一区"]
    page = union.get(f"/assessments/campaigns/{campaign}").text
    assert '<th scope="row">二区</th>' not in page


def test_progress_can_be_asked_of_a_past_day(city: City) -> None:
    campaign = filed(city)
    officer = visitor(city, "officer")
    told = officer.get(f"{API}/campaigns/{campaign}/progress", as_of="2024-12-31").json
    assert (told["total"]["done"], told["total"]["filed"]) == (1, 0)
    page = officer.get(f"/assessments/campaigns/{campaign}", as_of="2024-12-31").text
    assert "应考核 9，已有结果 1（11%）" in page
    before = f"{API}/campaigns/{campaign}/progress"
    assert officer.client.get(before, query_string={"as_of": "2024-01-01"}).status_code == 404
