"""The books: one subsidy from the rule to its use, in order, with people and times; and as it stood on any day."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest

from tests.journeys.conftest import Build
from tests.journeys.steps import account_of, apply, approve, fund_of, judged, recommend, where
from tests.journeys.town import Branch, Person, Reply, Town, branch

POLICY, CATEGORY, NUMBER = "wuxi-2022", "model_worker", "锡工劳模〔2023〕1"


@dataclass
class Story:
    """A grant that was decided, paid, proved by the bank, and spent."""

    town: Town
    auditor: Person
    applied: Reply
    grant: str
    payment: str
    branch: Branch

    def trace(self, **query: Any) -> dict[str, Any]:
        found = self.auditor.get(f"/grants/{self.grant}/trace", **query)
        assert found.status == 200, found.body
        return {step["step"]: step for step in found.body["steps"]}


def named(town: Town, officer: Person, places: Branch) -> Reply:
    """The first of two candidates, from application to naming, each step on its own day."""
    uses, amounts = {"equipment": "购置设备"}, {CATEGORY: 3_000_000}
    call = officer.do(
        "/calls", policy=POLICY, title="2022 年", federation=town.city, amounts=amounts, uses=uses
    )["call"]
    both = [apply(town, unit, call, POLICY, CATEGORY) for unit in places.units]
    town.clock.set("2022-10-24 09:00:00")
    for unit, applied in zip(places.units, both, strict=True):
        assert recommend(unit, places, applied).status == 200
    order = [each["application"] for each in both]
    places.officer.do(f"/calls/{call}/rank", union=places.id, category=CATEGORY, order=order)
    town.clock.set("2022-11-10 09:00:00")
    answers = judged(town, POLICY, CATEGORY, town.dossier(POLICY, CATEGORY))
    for applied in both:
        approve(town, officer, applied, ["materials", "site_visit"], answers)
    chosen = {"category": CATEGORY, "places": 1, "chosen": order[:1], "opinion": "择优"}
    officer.do(f"/calls/{call}/select", **chosen)
    town.clock.set("2022-12-20 09:00:00")
    approve(town, officer, both[0], ["office_meeting"], {})
    town.clock.set("2022-12-28 10:00:00")
    officer.do("/notices", call=call, applications=order[:1], media="江苏工人报")
    town.clock.set("2023-01-06 09:00:00")
    officer.do(f"{where(both[0])}/name", number=NUMBER, document="锡工发〔2023〕3号")
    return both[0]


@pytest.fixture
def story(build_town: Build) -> Story:
    town = build_town("2022-10-20 09:00:00")
    officer, places = town.officer(), branch(town, "滨湖区总工会", units=2)
    applied = named(town, officer, places)
    fund = fund_of(officer, town.city, 10_000_000)
    grants = f"/studios/{applied['studio']}/grants"
    grant = officer.do(
        grants,
        number=NUMBER,
        fund=fund,
        amount=3_000_000,
        payee=account_of(places.units[0]),
        document="锡工发〔2023〕5号",
    )["grant"]
    town.clock.set("2023-01-16 09:00:00")
    cashier, money = town.officer(), f"{grants}/{grant}"
    payment = cashier.do(f"{money}/payments", amount=3_000_000, voucher="凭证 12")["payment"]
    line = {"reference": "B20230117-1", "on": "2023-01-17", "counterparty": places.units[0].name}
    town.clock.set("2023-01-18 09:00:00")
    cashier.do(f"{money}/payments/{payment}/reconcile", amount=3_000_000, **line)
    town.clock.set("2023-03-01 09:00:00")
    unit = places.units[0].union
    receipt = unit.upload("发票.pdf", b"%PDF-1.7 receipt")
    spent = {"on": "2023-02-27", "description": "示波器一台", "receipt": receipt}
    unit.do(f"{money}/expenses", use="equipment", amount=1_200_000, **spent)
    auditor = town.person("auditor", town.city)
    return Story(town, auditor, applied, grant, payment, places)


ORDER = {
    "rule": ["call.opened"],
    "application": ["studio.applied", "call.application_entered"],
    "reviews": [
        "studio.reviewed",
        "studio.reviewed",
        "call.application_recommended",
        "call.ranked",
        "studio.reviewed",
        "studio.reviewed",
        "call.selected",
        "studio.reviewed",
    ],
    "meeting": ["studio.reviewed"],
    "notice": ["notice.posted", "notice.completed"],
    "naming": ["studio.named"],
    "fund": ["fund.established", "fund.appropriated"],
    "grant": ["studio.subsidy_granted", "fund.committed"],
    "payment": ["studio.subsidy_paid", "fund.paid"],
    "bank": ["studio.payment_reconciled", "fund.bank_line_matched"],
    "spending": ["studio.subsidy_spent"],
    "balance": [],
}


def test_every_step_comes_out_in_order_with_people_and_times(story: Story) -> None:
    steps = story.trace()
    found = {name: [event["topic"] for event in step["events"]] for name, step in steps.items()}
    assert {name: sorted(topics) for name, topics in found.items()} == {
        name: sorted(topics) for name, topics in ORDER.items()
    }
    events = [event for step in steps.values() for event in step["events"]]
    assert [event for event in events if not event["by"]["account_name"]] == []
    times = [step["events"][-1]["at"] for step in steps.values() if step["events"]]
    assert times == sorted(times)
    verdicts = steps["application"]["details"]["verdicts"]
    assert [each["clause"] for each in verdicts if each["outcome"] == "fail"] == []
    assert steps["bank"]["details"][0]["bank_reference"] == "B20230117-1"
    assert steps["spending"]["details"][0]["amount"] == 1_200_000
    assert steps["balance"]["details"]["balance"] == 1_800_000


def test_the_same_question_as_of_an_earlier_day_gives_the_earlier_answer(story: Story) -> None:
    before = story.trace(as_of="2023-01-16")
    assert [event["topic"] for event in before["bank"]["events"]] == []
    assert before["spending"]["details"] == []
    assert before["balance"]["details"]["balance"] == 3_000_000
    moment = story.trace(as_of="2023-01-18T09:00:00+08:00")
    assert len(moment["bank"]["events"]) == 2
    assert moment["spending"]["details"] == []
    path = f"/grants/{story.grant}"
    assert story.auditor.get(path, as_of="2022-12-31").status == 404
    studio = f"/studios/{story.applied['studio']}"
    assert story.auditor.get(studio, as_of="2022-12-31").body["status"] == "applying"
    assert story.auditor.get(studio).body["status"] == "named"


def test_a_position_names_a_moment_exactly(story: Story) -> None:
    spent = story.trace()["spending"]["events"][0]["position"]
    then = story.trace(as_of=f"position:{spent}")
    assert len(then["spending"]["details"]) == 1
    then = story.trace(as_of=f"position:{spent - 1}")
    assert then["spending"]["details"] == []


def test_a_unit_sees_its_own_books_and_no_other(story: Story) -> None:
    own, other = story.branch.units
    assert own.union.get(f"/grants/{story.grant}/trace").status == 200
    refused = other.union.get(f"/grants/{story.grant}/trace")
    assert refused.refusal == (404, "grant_unknown")
    assert other.union.get("/grants").body["items"] == []
