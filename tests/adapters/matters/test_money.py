"""Money: grants to pay, payments to match, spending to account for."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

import pytest

from domain.values import BankLine, Money
from tests.adapters.matters.conftest import Town
from tests.adapters.views.story import ACCOUNT_NUMBER, PAPER


@pytest.fixture
def funded(named: Town) -> Town:
    """A fund, and 10,000 yuan granted to each of two studios on 13 March 2024."""
    r = named.register.subsidies
    named.fund = named.did(
        r.establish, "officer", name="市级补助", payer=named.city, year=2024, source="city"
    )
    named.did(r.appropriate, "officer", named.fund, amount=Money(5_000_000), document="预算 1 号")
    named.grants: list[tuple[UUID, UUID]] = []
    for n in (0, 1):
        payee = {
            "organisation": named.units[n],
            "account_name": f"第{n}厂",
            "bank": "工行",
            "account_number": ACCOUNT_NUMBER,
        }
        studio = named.filed[n][0]
        facts = {"number": f"2024-0{n + 1}", "fund": named.fund, "amount": Money(1_000_000)}
        grant = named.did(r.grant, "second", studio, payee=payee, document="补助决定", **facts)
        named.grants.append((studio, grant))
    return named


def pay(town: Town, n: int, yuan: int) -> UUID:
    paid: UUID = town.did(
        town.register.subsidies.pay,
        "cashier",
        *town.grants[n],
        amount=Money(yuan * 100),
        voucher="记-7",
    )
    return paid


def spend(town: Town, n: int, yuan: int) -> None:
    facts: dict[str, Any] = {"use": "equipment", "description": "铣床", "receipt": PAPER}
    town.did(
        town.register.subsidies.spend,
        f"unit{n}",
        *town.grants[n],
        amount=Money(yuan * 100),
        on=town.now.date(),
        **facts,
    )


def test_grants_of_one_day_are_one_matter_until_all_are_paid(funded: Town) -> None:
    (found,) = funded.due("grant.unpaid")
    assert (funded.told(found), found.due_on) == (["city"], date(2024, 4, 12))
    assert found.facts == {"studio": "王1创新工作室、长虹工作室", "amount": "20,000", "count": 2}
    assert found.link == f"/funds/{funded.fund}"
    funded.tick(days=1)
    pay(funded, 0, 4_000)
    assert funded.owed("grant.unpaid", "amount", "count") == [("city", "16,000", 2)]
    pay(funded, 0, 6_000)
    (found,) = funded.due("grant.unpaid")
    assert found.facts == {"studio": "王1创新工作室", "amount": "10,000"}
    assert (found.due_on, found.link) == (date(2024, 4, 12), f"/grants/{funded.grants[1][1]}")
    funded.did(funded.register.subsidies.cancel, "officer", *funded.grants[1], "单位放弃")
    assert funded.due("grant.unpaid") == []


def test_a_payment_is_matched_with_the_bank(funded: Town) -> None:
    first, second = pay(funded, 0, 4_000), pay(funded, 0, 6_000)
    (found,) = funded.due("payment.unmatched")
    assert (funded.told(found), found.due_on) == (["city"], date(2024, 3, 28))
    assert found.facts == {"studio": "长虹工作室", "amount": "10,000"}
    for reference, payment, yuan in (("B1", first, 4_000), ("B2", second, 6_000)):
        line = BankLine(reference, funded.now.date(), Money(yuan * 100), "第0厂")
        reconcile = funded.register.subsidies.reconcile
        funded.did(reconcile, "cashier", *funded.grants[0], payment, line)
    assert funded.due("payment.unmatched") == []


def test_a_unit_accounts_for_what_it_received(funded: Town) -> None:
    assert funded.due("spending.unaccounted") == []
    pay(funded, 0, 10_000)
    owed = funded.owed("spending.unaccounted", "amount", "unit")
    assert owed == [
        ("city+14", "10,000", "第0厂"),
        ("union0+7", "10,000", "第0厂"),
        ("unit0", "10,000", None),
    ]
    days = {funded.told(each)[0]: each.due_on for each in funded.due("spending.unaccounted")}
    end_of_month = date(2024, 9, 30)
    assert days == {
        "unit0": date(2024, 9, 9),
        "union0+7": end_of_month,
        "city+14": end_of_month,
    }
    spend(funded, 0, 3_000)
    assert {each.facts["amount"] for each in funded.due("spending.unaccounted")} == {"7,000"}
    funded.did(
        funded.register.subsidies.order_recovery,
        "officer",
        *funded.grants[0],
        amount=Money(200_000),
        decision="收回决定",
    )
    back = {"amount": Money(200_000), "voucher": "收-1"}
    funded.did(funded.register.subsidies.take_back, "cashier", *funded.grants[0], **back)
    spend(funded, 0, 5_000)
    assert funded.due("spending.unaccounted") == []


def test_those_above_are_told_of_all_their_units_together(funded: Town) -> None:
    pay(funded, 0, 10_000)
    pay(funded, 1, 10_000)
    owed = funded.owed("spending.unaccounted", "count", "unit")
    assert owed == [
        ("city+14", 2, "第0厂、第1厂"),
        ("union0+7", None, "第0厂"),
        ("union1+7", None, "第1厂"),
        ("unit0", None, None),
        ("unit1", None, None),
    ]


def test_those_above_are_told_once_of_all_that_was_due_within_a_month(funded: Town) -> None:
    pay(funded, 0, 10_000)
    funded.tick(days=3)
    pay(funded, 1, 10_000)
    assert len([who for who, *_ in funded.owed("spending.unaccounted") if who == "city+14"]) == 1


def test_a_grant_that_a_union_pays_concerns_its_federation(funded: Town) -> None:
    r = funded.register.subsidies
    fund = funded.did(
        r.establish,
        "officer",
        name="区级配套",
        payer=funded.unions[0],
        year=2024,
        source="matching",
    )
    funded.did(r.appropriate, "officer", fund, amount=Money(500_000), document="预算 2 号")
    payee = {
        "organisation": funded.units[0],
        "account_name": "第0厂",
        "bank": "工行",
        "account_number": ACCOUNT_NUMBER,
    }
    studio, first = funded.grants[0]
    facts = {"number": "2024-01", "fund": fund, "amount": Money(500_000), "matches": first}
    funded.did(r.grant, "second", studio, payee=payee, document="配套决定", **facts)
    assert funded.owed("grant.unpaid", "amount") == [("city", "20,000"), ("city", "5,000")]
