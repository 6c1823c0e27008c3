"""Jingzhou 2019: the task table with its own mistakes, names made of the leader's, money for demonstration only."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from tests.journeys.conftest import Build
from tests.journeys.steps import account_of, apply, approve, fund_of, judged, recommend, where
from tests.journeys.town import Branch, Person, Reply, Town, branch

POLICY = "jingzhou-2019"
CITY_STAGES = {"demonstration": ["materials", "site_visit"], "ordinary": ["materials"]}


@dataclass
class Story:
    """The town in September 2019, with the call open."""

    town: Town
    officer: Person
    branch: Branch
    call: str

    def name(self, unit: int, category: str, number: str) -> Reply:
        """From application to naming; returns the application."""
        applied = apply(self.town, self.branch.units[unit], self.call, POLICY, category)
        assert recommend(self.branch.units[unit], self.branch, applied).status == 200
        answers = judged(self.town, POLICY, category, self.town.dossier(POLICY, category))
        approve(self.town, self.officer, applied, CITY_STAGES[category], answers)
        self.officer.do(f"{where(applied)}/name", number=number, document="荆工发〔2019〕40号")
        return applied


@pytest.fixture
def story(build_town: Build) -> Story:
    town = build_town("2019-09-10 09:00:00")
    officer = town.officer()
    places = branch(town, "荆州区总工会", units=2)
    call = officer.do(
        "/calls",
        policy=POLICY,
        title="2019 年荆州市职工（劳模）创新工作室",
        federation=town.city,
        amounts={"demonstration": 2_000_000},
        uses={"innovation": "创新活动"},
    )["call"]
    return Story(town, officer, places, call)


def test_the_task_table_loads_with_its_warning_and_its_pool(story: Story) -> None:
    table = story.officer.get(f"/calls/{story.call}/targets").body
    assert table["totals"] == {"total": 100, "city": 60, "demonstration": 20, "county": 40}
    assert table["sums"] == {"total": 100, "city": 60, "demonstration": 18, "county": 40}
    pools = [(each["name"], each["column"], each["count"]) for each in table["pools"]]
    assert pools == [("其他", "demonstration", 2)]
    warning = next(w for w in table["warnings"] if w["code"] == "targets_do_not_add_up")
    assert warning["message"] == (
        "“市级示范数”一栏各单位合计 18，不是表中所列的 20；未分配 2 个列为机动"
    )


def test_progress_is_shown_for_each_union_against_the_table(story: Story) -> None:
    story.name(0, "demonstration", "荆工示范〔2019〕1")
    applied = apply(story.town, story.branch.units[1], story.call, POLICY, "ordinary")
    assert recommend(story.branch.units[1], story.branch, applied).status == 200
    rows = story.officer.get(f"/calls/{story.call}/targets").body["rows"]
    assert len(rows) == 13
    assert next(row for row in rows if row["union"] == "荆州区总工会") == {
        "union": "荆州区总工会",
        "targets": {"total": 9, "city": 5, "demonstration": 1, "county": 4},
        "done": {"city": 1, "demonstration": 1},
        "under_way": {"city": 1, "demonstration": 0},
    }


def test_a_name_that_is_not_the_leaders_is_refused(story: Story) -> None:
    unit = story.branch.units[0]
    applied = apply(story.town, unit, story.call, POLICY, "ordinary", name="电力创新工作室")
    refused = recommend(unit, story.branch, applied)
    assert refused.refusal == (422, "clause_failed")
    assert refused.body["message"].endswith("应为“林一川创新工作室”（三（二））")


def test_only_demonstration_studios_get_a_subsidy(story: Story) -> None:
    model, ordinary = (
        story.name(0, "demonstration", "荆工示范〔2019〕1"),
        story.name(1, "ordinary", "荆工〔2019〕1"),
    )
    fund = fund_of(story.officer, story.town.city, 10_000_000, year=2019)
    decision = {"fund": fund, "amount": 2_000_000, "document": "荆工发〔2019〕45号"}
    granted = story.officer.post(
        f"/studios/{model['studio']}/grants",
        number="荆工示范〔2019〕1",
        payee=account_of(story.branch.units[0]),
        **decision,
    )
    assert granted.status == 201
    refused = story.officer.post(
        f"/studios/{ordinary['studio']}/grants",
        number="荆工〔2019〕1",
        payee=account_of(story.branch.units[1]),
        **decision,
    )
    assert refused.refusal == (422, "no_subsidy")


def test_an_application_may_bring_its_studio_into_the_register(story: Story) -> None:
    unit = story.branch.units[0]
    applied = unit.union.do(
        f"/calls/{story.call}/applications",
        category="ordinary",
        unit=unit.id,
        dossier=story.town.dossier(POLICY, "ordinary"),
    )
    assert applied.body["events"] == [
        "studio.registered",
        "studio.applied",
        "call.application_entered",
    ]
    studio = story.officer.get(f"/studios/{applied['studio']}").body
    assert (studio["name"], studio["leader"]) == ("林一川创新工作室", "林一川")
