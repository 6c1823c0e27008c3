"""Nanchang 2021: naming nobody is legal, districts match the city's grant, money has its uses."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from tests.journeys.conftest import Build
from tests.journeys.steps import account_of, apply, approve, fund_of, judged, recommend, where
from tests.journeys.town import Branch, Person, Reply, Town, branch

POLICY, CATEGORY = "nanchang-2021", "model_worker"
NAME, NUMBER = "林一川劳模创新工作室", "洪工劳模〔2021〕1"


@dataclass
class Story:
    """The town in July 2021, with one candidate that was recommended."""

    town: Town
    officer: Person
    branch: Branch
    call: str
    applied: Reply

    def name(self) -> None:
        """The candidate is visited, selected and named."""
        dossier = self.town.dossier(POLICY, CATEGORY, name=NAME)
        answers = judged(self.town, POLICY, CATEGORY, dossier)
        approve(self.town, self.officer, self.applied, ["site_visit"], answers)
        selection = {"places": 3, "chosen": [self.applied["application"]], "opinion": "同意"}
        self.officer.do(f"/calls/{self.call}/select", category=CATEGORY, **selection)
        self.officer.do(f"{where(self.applied)}/name", number=NUMBER, document="洪工办〔2021〕60号")

    def grant(self, payer: Person, fund: str, matches: str | None = None) -> Reply:
        return payer.post(
            f"/studios/{self.applied['studio']}/grants",
            number=NUMBER,
            fund=fund,
            amount=1_000_000,
            payee=account_of(self.branch.units[0]),
            document="洪工发〔2021〕61号",
            matches=matches,
        )


@pytest.fixture
def story(build_town: Build) -> Story:
    town = build_town("2021-07-20 09:00:00")
    officer, places = town.officer(), branch(town, "东湖区总工会")
    call = officer.do(
        "/calls",
        policy=POLICY,
        title="2021 年南昌市劳模创新工作室",
        federation=town.city,
        amounts={CATEGORY: 1_000_000},
    )["call"]
    applied = apply(town, places.units[0], call, POLICY, CATEGORY, name=NAME)
    assert recommend(places.units[0], places, applied).status == 200
    return Story(town, officer, places, call, applied)


def test_a_call_may_end_with_nobody_named(story: Story) -> None:
    story.town.clock.set("2021-09-01 09:00:00")
    done = story.officer.do(f"/calls/{story.call}/conclude", reason="宁缺毋滥，本批次不命名")
    assert "call.concluded" in done.body["events"]
    call = story.officer.get(f"/calls/{story.call}").body
    assert (call["status"], call["named"]) == ("concluded", 0)
    studio = story.officer.get(f"/studios/{story.applied['studio']}").body
    assert [each["status"] for each in studio["applications"]] == ["rejected"]


def test_a_districts_matching_grant_is_linked_to_the_citys(story: Story) -> None:
    story.name()
    city = story.grant(story.officer, fund_of(story.officer, story.town.city, 5_000_000))
    assert city.status == 201
    district = story.branch.officer
    fund = fund_of(district, story.branch.id, 2_000_000, "matching")
    assert story.grant(district, fund).refusal == (422, "matches_missing")
    matching = story.grant(district, fund, matches=city["grant"])
    assert matching.status == 201
    shown = story.officer.get(f"/grants/{matching['grant']}").body
    assert (shown["matches"], shown["payer"]) == (city["grant"], story.branch.id)


def test_an_expense_outside_the_permitted_uses_is_refused(story: Story) -> None:
    story.name()
    grant = story.grant(story.officer, fund_of(story.officer, story.town.city, 5_000_000))
    money = f"/studios/{story.applied['studio']}/grants/{grant['grant']}"
    story.town.officer().do(f"{money}/payments", amount=1_000_000, voucher="凭证 7")
    unit = story.branch.units[0].union
    receipt = unit.upload("发票.pdf", b"%PDF-1.7 receipt")
    expense = {"amount": 80_000, "on": "2021-07-20", "description": "聚餐", "receipt": receipt}
    refused = unit.post(f"{money}/expenses", use="dinner", **expense)
    assert refused.refusal == (422, "use_not_permitted")
    assert refused.body["details"] == {"permitted": ["innovation"]}
    assert unit.post(f"{money}/expenses", use="innovation", **expense).status == 201
