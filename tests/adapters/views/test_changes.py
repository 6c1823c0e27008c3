"""What lists and records tell of changes in a studio's life: a leader who goes, a name among others."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from adapters.views.rebuild import check
from domain.desks.assessments import Result
from domain.values import BankLine, Money, local
from tests.adapters.views.story import ACCOUNT_NUMBER, Story


@pytest.fixture
def story(tmp_path: Path, database_url: str) -> Iterator[Story]:
    """The town until its studios are named; what is tested must refold to the same rows."""
    told = Story(tmp_path, database_url)
    for chapter in (told.settle, told.intake, told.publicity, told.naming):
        chapter()
    yield told
    register = told.register
    assert check(told.house.engine, register.recorder, register.mapper) == []
    told.house.close()


def listed(story: Story, name: str, **filters: Any) -> list[str]:
    return [str(row["id"]) for row in story.house.queries.every(name, filters=filters)]


def goes(story: Story, studio: object) -> dict[str, Any]:
    facts = {"why": "title_lost", "on": local(story.now).date(), "reason": "称号被撤销"}
    story.did(story.register.naming.open_leader_change, "unit1", studio, **facts)
    return story.house.queries.studio(studio)


def test_studios_that_wait_for_a_leader_are_listed_until_the_case_ends(story: Story) -> None:
    studio, naming = story.filed[1][0], story.register.naming
    found = goes(story, studio)
    assert (found["leader_case"], found["leader_case_on"]) == (
        "title_lost",
        local(story.now).date().isoformat(),
    )
    assert listed(story, "studios", leader_case="title_lost") == [str(studio)]
    story.did(naming.close_leader_change, "officer", studio, reason="申诉成立")
    assert listed(story, "studios", leader_case="title_lost") == []
    goes(story, studio)
    new = {"leader": {"name": "周六"}, "facts": {}, "reason": "接任"}
    story.did(naming.change_leader, "officer", studio, **new)
    assert listed(story, "studios", leader_case="title_lost") == []
    goes(story, studio)
    day = local(story.now).date()
    story.did(naming.close, "officer", studio, reason="单位撤销", on=day)
    assert story.house.queries.studio(studio)["leader_case"] is None


def test_a_de_naming_alerts_the_other_names_until_it_is_taken_back(story: Story) -> None:
    register, studio = story.register, story.filed[0][0]
    older = {"number": "2018-03", "document": "试工发〔2018〕1号", "on": date(2018, 6, 1)}
    story.did(
        register.naming.record_naming,
        "officer",
        studio,
        policy="story-2024",
        category="model",
        **older,
    )
    checks = []
    for year in (2025, 2026, 2027):
        story.tick(days=(date(year, 11, 4) - local(story.now).date()).days)
        result = Result(studio, "2024-01", "unqualified")
        checks.append(story.did(register.assessments.check, "union0", year=year, result=result))
    day = local(story.now).date().isoformat()

    def names() -> dict[str, tuple[Any, ...]]:
        found = story.house.queries.studio(studio)["all_namings"]
        return {n["number"]: (n["status"], n["alerts"], n["alerted_on"]) for n in found}

    assert names() == {
        "2024-01": ("de_named", {}, None),
        "2018-03": ("active", {"2024-01": day}, day),
    }
    decided = {"number": "2024-01", "reason": "复核", "document": "试工复〔2027〕1号"}
    correct = register.assessments.correct
    story.did(correct, "officer", studio, check=checks[2], grade="qualified", **decided)
    story.did(register.assessments.reinstate, "officer", studio, **decided)
    assert names() == {"2024-01": ("active", {}, None), "2018-03": ("active", {}, None)}


def statuses(story: Story, studio: object) -> dict[int, str]:
    found = story.house.queries.studio(studio)["rectifications"]
    return {each["year"]: each["status"] for each in found}


def fails(story: Story, studio: UUID, *years: int) -> list[UUID]:
    checks = []
    for year in years:
        story.tick(days=(date(year, 11, 4) - local(story.now).date()).days)
        result = Result(studio, "2024-01", "unqualified")
        check = story.register.assessments.check
        checks.append(story.did(check, "union0", year=year, result=result))
    return checks


def test_what_was_to_be_rectified_lapses_with_the_name_and_comes_back_with_it(
    story: Story,
) -> None:
    register, studio = story.register, story.filed[0][0]
    checks = fails(story, studio, 2025, 2026)
    assert statuses(story, studio) == {2025: "ordered", 2026: "ordered"}
    checks += fails(story, studio, 2027)
    assert statuses(story, studio) == {2025: "lapsed", 2026: "lapsed"}
    assert story.house.queries.studio(studio)["due_on"] is None
    decided = {"number": "2024-01", "reason": "复核", "document": "试工复〔2027〕1号"}
    correct = register.assessments.correct
    story.did(correct, "officer", studio, check=checks[2], grade="qualified", **decided)
    story.did(register.assessments.reinstate, "officer", studio, **decided)
    assert statuses(story, studio) == {2025: "ordered", 2026: "ordered"}
    assert story.house.queries.studio(studio)["due"] == "rectify:2024-01:2025"


def test_what_was_to_be_rectified_lapses_with_the_studio(story: Story) -> None:
    studio = story.filed[0][0]
    fails(story, studio, 2025)
    day = local(story.now).date()
    story.did(story.register.naming.close, "officer", studio, reason="单位撤销", on=day)
    assert statuses(story, studio) == {2025: "lapsed"}


def test_money_tells_why_it_is_not_as_the_rule_or_the_payee_would_have_it(story: Story) -> None:
    desk, studio = story.register.subsidies, story.filed[0][0]
    fund = story.did(
        desk.establish, "officer", name="市级补助", payer=story.city, year=2024, source="city"
    )
    story.did(desk.appropriate, "officer", fund, amount=Money(5_000_000), document="预算 1 号")
    payee = {"account_name": "第0厂", "bank": "工行", "account_number": ACCOUNT_NUMBER}
    grant = story.did(
        desk.grant,
        "second",
        studio,
        number="2024-01",
        fund=fund,
        amount=Money(1_500_000),
        payee={"organisation": story.units[0], **payee},
        document="补助决定",
        reason="承担省级课题",
    )
    amount = Money(1_500_000)
    payment = story.did(desk.pay, "cashier", studio, grant, amount=amount, voucher="记-7")
    line = BankLine("B1", local(story.now).date(), amount, "第0厂财务科")
    story.did(desk.reconcile, "cashier", studio, grant, payment, line, reason="财务科代收")
    chain = story.house.queries.trace(grant)
    told = {step["step"]: [each["topic"] for each in step["events"]] for step in chain["steps"]}
    assert told["grant"][:2] == ["studio.subsidy_granted", "studio.amount_explained"]
    assert told["bank"][:2] == ["studio.payment_reconciled", "studio.counterparty_explained"]
    found = story.house.queries.grant(grant)
    assert found["amount_reason"] == "承担省级课题"
    assert [each["counterparty_reason"] for each in found["payments"]] == ["财务科代收"]


def test_a_call_tells_the_notices_deadline_where_its_own_is_another(story: Story) -> None:
    later = story.now + timedelta(days=30)
    facts = {"policy": "story-2024", "title": "补报", "federation": story.city}
    call = story.did(
        story.register.calls.open, "officer", **facts, deadline=later, reason="另行补报"
    )
    found = story.house.queries.call(call)
    stated = story.house.policies["story-2024"].deadline()
    assert stated is not None
    assert (found["deadline"], found["notice_deadline"], found["deadline_reason"]) == (
        later.isoformat(),
        stated.instant().isoformat(),
        "另行补报",
    )
    first = story.house.queries.call(story.call)
    assert (first["notice_deadline"], first["deadline_reason"]) == (None, None)


def test_surveys_are_listed_and_the_last_ones_class_stands_with_the_studio(story: Story) -> None:
    studio, survey = story.filed[0][0], story.register.ledgers.survey
    for year, grade, who in (
        (2024, "乙类", "unit0"),
        (2023, "丙类", "union0"),
        (2024, "甲类", "officer"),
    ):
        story.did(survey, who, studio, year=year, grade=grade, findings="见报告")
    rows = story.house.queries.every("surveys", sort="year")
    assert {(row["year"], row["grade"], row["assessor"]) for row in rows} == {
        (2023, "丙类", "recommending_union"),
        (2024, "乙类", "unit_union"),
        (2024, "甲类", "city"),
    }
    assert listed(story, "studios", survey_grade="甲类", survey_year=2024) == [str(studio)]
    assert listed(story, "studios", survey_grade="丙类") == []


def test_a_corrected_founding_day_is_shown(story: Story) -> None:
    studio = story.filed[0][0]
    facts = {"founded_on": date(2019, 4, 1), "reason": "成立文件"}
    story.did(story.register.naming.date_founding, "officer", studio, **facts)
    assert story.house.queries.studio(studio)["founded_on"] == "2019-04-01"
