"""Terms that the five shipped notices do not need: yearly deadlines, limits of money, who acts where."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time
from decimal import Decimal

from domain.policy.assembly import assembled
from domain.policy.money import Instalment, Subsidy, Tier
from domain.policy.terms import Deadline
from domain.values import Money
from tests.domain.rules import CATEGORIES, rolling

YEARLY = Deadline(
    id="filing",
    every_year="03-31",
    closes_at=time(17),
    late="refused",
    clause="九",
    text="每年3月底前",
)


def test_a_deadline_of_every_year_is_the_next_one() -> None:
    days = (date(2026, 3, 31), date(2026, 4, 1), date(2026, 1, 1))
    assert [YEARLY.day(each) for each in days] == [
        date(2026, 3, 31),
        date(2027, 3, 31),
        date(2026, 3, 31),
    ]
    assert YEARLY.instant(date(2026, 4, 1)) == datetime(2027, 3, 31, 9, tzinfo=UTC)
    assert YEARLY.words == "每年 03-31 17:00"


def test_a_subsidy_may_have_limits_and_be_paid_in_parts() -> None:
    parts = (
        Instalment(id="one", name="命名后拨付", share=Decimal("0.50")),
        Instalment(id="two", name="考核合格后拨付", amount=Money(2_500_000)),
    )
    paid = Subsidy(
        least=Money(1_000_000),
        most=Money(10_000_000),
        instalments=parts,
        clause="十",
        text="1万至10万元",
    )
    assert [paid.broken_by(Money(fen)) for fen in (999_999, 1_000_000, 10_000_000, 10_000_001)] == [
        (Money(1_000_000),),
        (),
        (),
        (Money(10_000_000),),
    ]
    assert paid.words == (
        "不低于 10,000.00 元、不高于 100,000.00 元；"
        "分次拨付：命名后拨付 50%、考核合格后拨付 25,000.00 元"
    )
    tiers = (Tier(id="a", name="A类", amount=Money(100)),)
    assert Subsidy(tiers=tiers, clause="十", text="分档").words == "A类 1.00 元"
    assert Subsidy(clause="十", text="另定").words == "由申报批次确定"


def test_a_naming_that_runs_out_is_told_to_officers() -> None:
    category = replace(CATEGORIES[0], valid_years=3)
    policy = assembled(rolling(categories=(category, *CATEGORIES[1:])))
    assert [each.code for each in policy.warnings] == ["naming_runs_out"]
