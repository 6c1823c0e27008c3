"""Changchun 2023: three failing years in a row end a naming, whatever the order of recording; and the way back."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from tests.journeys.conftest import Build
from tests.journeys.steps import apply, judged, recommend, where
from tests.journeys.town import Branch, Person, Reply, Town, branch

POLICY, CATEGORY = "changchun-2023", "worker"
FAILING, GOOD = "unqualified", "qualified"
DE_NAMING = ["studio.annually_checked", "studio.failed_three_years", "studio.de_named"]


@dataclass
class Story:
    """A studio named in the notice's first days, in December 2023."""

    town: Town
    officer: Person
    branch: Branch
    studio: str
    number: str = "长工职〔2023〕1"

    def check(self, year: int, grade: str = FAILING, on: str | None = None) -> Reply:
        """The city files a year's result, at that year's end."""
        self.town.clock.set(on or f"{year}-12-20 10:00:00")
        result = {"studio": self.studio, "number": self.number, "grade": grade}
        return self.officer.do("/checks", year=year, results=[result])

    @property
    def status(self) -> str:
        found: str = self.officer.get(f"/studios/{self.studio}").body["status"]
        return found

    def facts(self, topic: str) -> dict[str, object]:
        """The facts of the latest event of a kind."""
        path = f"/studios/{self.studio}/timeline"
        found: dict[str, object] = self.officer.get(path, topic=topic).body["items"][0]["facts"]
        return found


def name(
    town: Town, officer: Person, places: Branch, number: str, studio: str | None = None
) -> str:
    """A call, an application, and the naming; returns the studio."""
    call = officer.do("/calls", policy=POLICY, title="长春市职工创新工作室", federation=town.city)
    more = {"studio": studio} if studio else {}
    applied = apply(town, places.units[0], call["call"], POLICY, CATEGORY, **more)
    answers = judged(town, POLICY, CATEGORY, town.dossier(POLICY, CATEGORY))
    passed = recommend(places.units[0], places, applied, judgements=answers)
    assert passed.status == 200, passed.body
    officer.do(f"{where(applied)}/name", number=number, document=f"长工发 {number}")
    return applied["studio"]


@pytest.fixture
def story(build_town: Build) -> Story:
    town = build_town("2023-12-07 09:00:00")
    officer, places = town.officer(), branch(town, "南关区总工会")
    return Story(town, officer, places, name(town, officer, places, Story.number))


def test_the_third_failing_year_de_names_in_the_same_commit(story: Story) -> None:
    ordered = story.check(2024).body["events"]
    assert ordered == ["studio.annually_checked", "studio.rectification_ordered"]
    assert story.facts("studio.rectification_ordered")["remaining"] == 2
    story.check(2025)
    assert story.facts("studio.rectification_ordered")["remaining"] == 1
    third = story.check(2026)
    assert third.body["events"][:3] == DE_NAMING
    cause = story.facts("studio.failed_three_years")
    assert (cause["years"], cause["clause"]) == ([2024, 2025, 2026], "五5")
    history = story.officer.get(
        f"/studios/{story.studio}/timeline", topic="studio.annually_checked"
    ).body["items"]
    sources = [{"year": e["facts"]["year"], "version": e["version"]} for e in reversed(history)]
    named = [{k: s[k] for k in ("year", "version")} for s in cause["sources"]]
    assert named == sources
    assert story.status == "de_named"


def test_years_before_the_rule_never_count(story: Story) -> None:
    old = story.branch.units[0].union.do(
        "/studios",
        unit=story.branch.units[0].id,
        name="旧工作室",
        leader={"name": "赵六"},
        founded_on="2015-03-01",
    )["studio"]
    story.officer.do(
        f"/studios/{old}/namings",
        policy=POLICY,
        category=CATEGORY,
        number="长工职〔2021〕9",
        document="长工发〔2021〕9号",
        on="2021-06-01",
    )
    earlier = Story(story.town, story.officer, story.branch, old, "长工职〔2021〕9")
    earlier.check(2022, on="2023-12-08 09:00:00")
    for year in (2023, 2024, 2025):
        earlier.check(year)
    assert earlier.status == "named"
    assert earlier.check(2026).body["events"][:3] == DE_NAMING


def test_a_year_without_a_result_breaks_the_run(story: Story) -> None:
    for year in (2024, 2026, 2027):
        story.check(year)
    assert story.status == "named"
    assert story.check(2028).body["events"][:3] == DE_NAMING
    assert story.facts("studio.failed_three_years")["years"] == [2026, 2027, 2028]


def test_a_year_that_was_missed_is_marked_and_is_no_failing(story: Story) -> None:
    story.check(2024)
    story.town.clock.set("2025-09-01 09:00:00")
    about = {"federation": story.town.city, "policy": POLICY, "year": 2025}
    campaign = story.officer.do("/campaigns", **about)["campaign"]
    story.town.clock.set("2026-01-10 09:00:00")
    assert (
        "studio.assessment_missed"
        in story.officer.do(f"/campaigns/{campaign}/close").body["events"]
    )
    grid = story.officer.get("/checks/grid", first=2024, last=2025).body["items"]
    assert [(each["number"], each["years"]["2024"]["grade"]) for each in grid] == [
        (story.number, FAILING)
    ]
    counted = story.officer.get("/counts", of="studios", by="status").body["items"]
    assert counted == [{"status": "named", "count": 1}]
    story.check(2026)
    story.check(2027)
    assert story.status == "named"


def test_a_run_is_counted_over_years_and_not_over_recordings(story: Story) -> None:
    story.check(2026)
    story.check(2024, on="2026-12-21 10:00:00")
    last = story.check(2025, on="2026-12-22 10:00:00")
    assert last.body["events"][:3] == DE_NAMING
    assert story.facts("studio.failed_three_years")["years"] == [2024, 2025, 2026]


def correct(story: Story, year: int) -> Reply:
    rows = story.officer.get("/checks", studio=story.studio, year=year).body["items"]
    return story.officer.do(
        f"/studios/{story.studio}/checks/{rows[0]['id']}/correct",
        number=story.number,
        grade=GOOD,
        reason="复核发现计分有误",
        document="长工函〔2027〕2号",
    )


def test_a_correction_that_breaks_the_run_opens_a_case_which_an_officer_decides(
    story: Story,
) -> None:
    for year in (2024, 2025, 2026):
        story.check(year)
    story.town.clock.set("2027-02-01 09:00:00")
    assert correct(story, 2025).body["events"][-1] == "studio.reinstatement_case_opened"
    assert story.status == "de_named"
    story.officer.do(
        f"/studios/{story.studio}/reinstate",
        number=story.number,
        document="长工发〔2027〕3号",
        reason="更正后不足三年连续不合格",
    )
    assert story.status == "named"


def test_a_second_naming_after_de_naming_starts_at_zero(story: Story) -> None:
    for year in (2024, 2025, 2026):
        story.check(year)
    story.town.clock.set("2027-03-01 09:00:00")
    name(story.town, story.officer, story.branch, "长工职〔2027〕1", studio=story.studio)
    again = Story(story.town, story.officer, story.branch, story.studio, "长工职〔2027〕1")
    again.check(2028)
    assert again.facts("studio.rectification_ordered")["failures"] == 1
    assert again.status == "named"
    numbers = story.officer.get("/namings", studio=story.studio, sort="number").body["items"]
    assert [(each["number"], each["status"]) for each in numbers] == [
        ("长工职〔2023〕1", "de_named"),
        ("长工职〔2027〕1", "active"),
    ]
