"""Jiujiang 2023: named by the city first, one place for a unit, fixed sums from the fund, a thousand characters."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest

from tests.journeys.conftest import Build
from tests.journeys.steps import account_of, apply, approve, fund_of, judged, recommend, where
from tests.journeys.town import Branch, Person, Reply, Town, branch

POLICY = "jiujiang-2023"
NAMED = [
    {
        "level": "city",
        "name": "全市示范性劳模（工匠）创新工作室",
        "on": "2021-05-01",
        "studio_name": "林一川创新工作室",
        "document": "浔工发〔2021〕8号",
    }
]


@dataclass
class Story:
    """The town in summer 2023, with the call open."""

    town: Town
    officer: Person
    branch: Branch
    call: str

    def apply(self, unit: int, category: str, **but: Any) -> Reply:
        if category == "studio":
            but.setdefault("namings", NAMED)
        return apply(self.town, self.branch.units[unit], self.call, POLICY, category, **but)

    def name(self, unit: int, category: str, number: str) -> Reply:
        """From application to naming; returns the application."""
        applied = self.apply(unit, category)
        assert recommend(self.branch.units[unit], self.branch, applied).status == 200
        more = {"namings": NAMED} if category == "studio" else {}
        answers = judged(self.town, POLICY, category, self.town.dossier(POLICY, category, **more))
        approve(self.town, self.officer, applied, ["materials"], answers)
        self.officer.do(
            f"/calls/{self.call}/select",
            category=category,
            places=5,
            chosen=[applied["application"]],
            opinion="择优上报",
        )
        self.officer.do(f"{where(applied)}/name", number=number, document="赣工发〔2023〕30号")
        return applied

    def grant(self, unit: int, applied: Reply, number: str, fund: str, amount: int) -> Reply:
        return self.officer.post(
            f"/studios/{applied['studio']}/grants",
            number=number,
            fund=fund,
            amount=amount,
            payee=account_of(self.branch.units[unit]),
            document="赣工财〔2023〕7号",
        )

    def verdict(self, applied: Reply, condition: str) -> dict[str, Any]:
        found = self.officer.get(where(applied)).body["verdicts"]
        return next(each for each in found if each["condition"] == condition)


@pytest.fixture
def story(build_town: Build) -> Story:
    town = build_town("2023-08-01 09:00:00")
    officer, places = town.officer(), branch(town, "浔阳区总工会", units=2)
    call = officer.do(
        "/calls",
        policy=POLICY,
        title="2023 年省级劳模（工匠）创新工作室",
        federation=town.city,
        uses={"innovation": "创新活动"},
    )["call"]
    return Story(town, officer, places, call)


def test_a_studio_that_its_city_has_not_named_fails_the_sixth_condition(story: Story) -> None:
    applied = story.apply(0, "studio", namings=[])
    verdict = story.verdict(applied, "city_named")
    assert (verdict["outcome"], verdict["clause"]) == ("fail", "一（一）6")
    refused = recommend(story.branch.units[0], story.branch, applied)
    assert refused.refusal == (422, "clause_failed")


def test_a_studio_and_a_station_of_one_unit_share_one_place(story: Story) -> None:
    assert story.apply(0, "studio").status == 201
    asked = story.apply(0, "station")
    assert asked.refusal == (422, "reason_required")
    assert asked.body["details"] == {"quota": "unit", "cap": 1, "count": 2}
    assert story.apply(0, "station", reason="两个项目分属不同厂区").status == 201
    assert story.apply(1, "station").status == 201


def test_the_sums_are_fixed_and_cannot_exceed_the_fund(story: Story) -> None:
    studio = story.name(0, "studio", "赣工创〔2023〕1")
    station = story.name(1, "station", "赣工站〔2023〕1")
    fund = fund_of(story.officer, story.town.city, 13_000_000, "province")
    wrong = story.grant(0, studio, "赣工创〔2023〕1", fund, 5_000_000)
    assert wrong.refusal == (422, "amount_differs")
    assert story.grant(0, studio, "赣工创〔2023〕1", fund, 4_000_000).status == 201
    over = story.grant(1, station, "赣工站〔2023〕1", fund, 10_000_000)
    assert over.refusal == (422, "over_budget")
    assert over.body["details"] == {"free": 9_000_000, "asked": 10_000_000}
    story.officer.do(f"/funds/{fund}/appropriate", amount=1_000_000, document="赣工财〔2023〕8号")
    assert story.grant(1, station, "赣工站〔2023〕1", fund, 10_000_000).status == 201
    money = story.officer.get(f"/funds/{fund}").body
    assert (money["free"], money["committed"]) == (0, 14_000_000)


@pytest.mark.parametrize(("length", "outcome"), [(999, "fail"), (1_000, "pass")])
def test_the_summary_has_at_least_a_thousand_characters(
    story: Story, length: int, outcome: str
) -> None:
    applied = story.apply(0, "studio", form__summary__text="实" * length)
    assert story.verdict(applied, "summary")["outcome"] == outcome
