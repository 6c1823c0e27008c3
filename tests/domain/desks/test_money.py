"""Funds, grants, payments, bank lines, expenses and recovery: fund and studio always agree."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

import pytest

from domain.model.fund import Fund
from domain.model.studio import Studio
from domain.policy.money import Subsidy, Tier
from domain.values import BankLine, Evidence, Money
from tests.domain.desks.refusals import refused
from tests.domain.persons import uid
from tests.domain.rules import CATEGORIES, STANDARD, rolling
from tests.domain.world import Filed, World, close, compose

RECEIPT = Evidence("b" * 64, "发票.pdf", 10, "application/pdf")


def pots(world: World, fund: UUID) -> tuple[int, ...]:
    found = world.get(Fund, fund)
    amounts = (found.appropriated, found.free, found.committed, found.paid, found.returned)
    return tuple(amount.fen for amount in amounts)


def spends(world: World, filed: Filed, grant: UUID, fen: int, use: str = "equipment") -> UUID:
    return world.register.subsidies.spend(
        world.by("厂一"),
        filed.studio,
        grant,
        use=use,
        amount=Money(fen),
        on=world.now.date(),
        description="量具",
        receipt=RECEIPT,
    )


def test_a_grant_takes_from_the_fund_in_the_same_commit(world: World) -> None:
    filed, fund = world.named(), world.fund(10_000_000)
    before = world.length()
    world.grants(filed, fund)
    assert world.topics(before + 1) == ["studio.subsidy_granted", "fund.committed"]
    assert len(set(world.commits()[before:])) == 1
    assert pots(world, fund) == (10_000_000, 6_000_000, 4_000_000, 0, 0)


def test_the_account_number_is_sealed(world: World) -> None:
    filed, fund = world.named(), world.fund()
    world.grants(filed, fund)
    granted = next(e for e in world.events() if e.TOPIC == "studio.subsidy_granted")
    assert granted.payee.account_number.subject == world.places["厂一"]
    assert world.register.sealing.reveal(granted.payee.account_number) == "6222"


def test_the_whole_way_of_the_money(world: World) -> None:
    filed, fund = world.named(), world.fund(5_000_000)
    grant = world.grants(filed, fund)
    first = world.pays(filed, grant, Money(3_000_000))
    world.pays(filed, grant, Money(1_000_000))
    subsidies = world.register.subsidies
    line = BankLine("B-1", world.now.date(), Money(3_000_000), "厂一")
    subsidies.reconcile(world.by("payer"), filed.studio, grant, first, line)
    spends(world, filed, grant, 2_500_000)
    subsidies.order_recovery(
        world.by("granter"), filed.studio, grant, amount=Money(1_500_000), decision="收〔2022〕1号"
    )
    subsidies.take_back(
        world.by("payer"), filed.studio, grant, amount=Money(1_500_000), voucher="收-1"
    )
    assert pots(world, fund) == (5_000_000, 2_500_000, 0, 4_000_000, 1_500_000)
    found = world.get(Studio, filed.studio).grant_of(grant)
    assert (found.paid, found.spent, found.returned, found.unspent) == (
        Money(4_000_000),
        Money(2_500_000),
        Money(1_500_000),
        Money(0),
    )


def test_a_bank_line_proves_no_second_payment(world: World) -> None:
    filed, fund = world.named(), world.fund()
    grant = world.grants(filed, fund)
    payments = [world.pays(filed, grant, Money(2_000_000)) for _ in range(2)]
    line = BankLine("B-1", world.now.date(), Money(2_000_000), "厂一")
    subsidies = world.register.subsidies
    subsidies.reconcile(world.by("payer"), filed.studio, grant, payments[0], line)
    refused(
        world,
        "bank_line_used",
        lambda: subsidies.reconcile(world.by("payer"), filed.studio, grant, payments[1], line),
    )


def test_a_bank_line_proves_no_second_payment_of_the_payers_other_fund(world: World) -> None:
    subsidies = world.register.subsidies
    for number, unit in (("2022-1", "厂一"), ("2022-2", "厂二")):
        filed = world.named(unit, number)
        grant = world.grants(filed, world.fund(), number=number, payee=unit)
        payment = world.pays(filed, grant)
        line = BankLine("B-1", world.now.date(), STANDARD, unit)

        def reconciles(
            filed: Filed = filed, to: tuple[UUID, UUID] = (grant, payment), line: Any = line
        ) -> None:
            subsidies.reconcile(world.by("payer"), filed.studio, *to, line)

        if unit == "厂一":
            reconciles()
        else:
            refused(world, "bank_line_used", reconciles)


def test_a_line_to_another_name_needs_a_reason(world: World) -> None:
    filed, fund = world.named(), world.fund()
    grant = world.grants(filed, fund)
    payment = world.pays(filed, grant)
    line = BankLine("B-1", world.now.date(), STANDARD, "厂一财务科")

    def reconciles(reason: str | None) -> None:
        world.register.subsidies.reconcile(
            world.by("payer"), filed.studio, grant, payment, line, reason=reason
        )

    refused(world, "counterparty_differs", lambda: reconciles(None))
    before = world.length()
    reconciles("由财务科代收")
    assert world.topics(before + 1) == [
        "studio.payment_reconciled",
        "studio.counterparty_explained",
        "fund.bank_line_matched",
        "claim.made",
    ]


def test_more_than_the_fund_has_is_refused(world: World) -> None:
    filed = world.named()
    fund = world.fund(STANDARD.fen - 1)
    refusal = refused(world, "over_budget", lambda: world.grants(filed, fund))
    assert refusal.details == {"free": STANDARD.fen - 1, "asked": STANDARD.fen}
    empty = world.fund(0)
    refused(world, "over_budget", lambda: world.grants(filed, empty))


def test_the_standard_of_the_notice_binds(world: World) -> None:
    filed, fund = world.named(), world.fund()
    refused(world, "amount_differs", lambda: world.grants(filed, fund, amount=Money(1)))
    before = world.length()
    world.grants(filed, fund, amount=Money(1), reason="本年预算不足")
    assert world.topics(before + 1) == [
        "studio.subsidy_granted",
        "studio.amount_explained",
        "fund.committed",
    ]


def test_any_of_the_tiers_of_the_notice_needs_no_reason(database_url: str) -> None:
    tiers = tuple(
        Tier(id=f"t{fen}", name=f"{fen}", amount=Money(fen)) for fen in (3_000_000, 5_000_000)
    )
    paid = Subsidy(tiers=tiers, clause="四1", text="分档补助")
    categories = (replace(CATEGORIES[0], subsidy=paid), *CATEGORIES[1:])
    world = compose(database_url, rolling(categories=categories))
    filed, fund = world.named(), world.fund()
    refusal = refused(world, "amount_differs", lambda: world.grants(filed, fund))
    assert refusal.details == {"standards": [3_000_000, 5_000_000]}
    world.grants(filed, fund, amount=Money(5_000_000))
    close(world)


def test_a_category_without_subsidy_gets_none(world: World) -> None:
    filed, fund = world.named(category="worker"), world.fund()
    refused(world, "no_subsidy", lambda: world.grants(filed, fund))


def test_the_same_payer_pays_a_name_once(world: World) -> None:
    filed, fund = world.named(), world.fund()
    world.grants(filed, fund)
    refused(world, "duplicate_grant", lambda: world.grants(filed, fund))
    other = world.fund()
    refused(world, "duplicate_grant", lambda: world.grants(filed, other))


def test_matching_money_of_a_district_is_tied_to_the_citys_grant(world: World) -> None:
    filed, fund = world.named(), world.fund()
    matching = world.fund(who="甲区", payer="甲区", source="matching")
    half = {"amount": Money(2_000_000), "who": "甲区"}
    refused(world, "matches_missing", lambda: world.grants(filed, matching, **half))
    grant = world.grants(filed, fund)
    world.grants(filed, matching, matches=grant, **half)
    assert [e.matches for e in world.events() if e.TOPIC == "studio.subsidy_granted"] == [
        None,
        grant,
    ]


def test_only_matching_money_matches(world: World) -> None:
    filed, fund = world.named(), world.fund()
    grant = world.grants(filed, fund)
    refused(world, "not_matching", lambda: world.grants(filed, fund, matches=grant))


def test_a_district_pays_nobody_elses_studio(world: World) -> None:
    filed = world.named()
    foreign = world.fund(who="乙区", payer="乙区", source="matching")
    refused(
        world,
        "outside_scope",
        lambda: world.grants(filed, foreign, who="乙区", matches=uid("x")),
    )
    fund = world.fund()
    refused(world, "outside_scope", lambda: world.grants(filed, fund, who="甲区"))
    refused(world, "role_required", lambda: world.fund(who="厂一"))
    refused(world, "source_not_payers", lambda: world.fund(who="甲区", payer="甲区"))


@pytest.mark.parametrize(
    ("payee", "code"),
    [
        ({"account_name": "张三"}, "payee_not_organisation"),
        ({"account_number": ""}, "account_missing"),
    ],
)
def test_money_never_goes_to_a_person(world: World, payee: dict[str, str], code: str) -> None:
    filed, fund = world.named(), world.fund()
    given = {
        "organisation": world.places["厂一"],
        "account_name": "厂一",
        "bank": "工商银行",
        "account_number": "6222",
    }
    refused(
        world,
        code,
        lambda: world.register.subsidies.grant(
            world.by("granter"),
            filed.studio,
            number="2022-1",
            fund=fund,
            amount=STANDARD,
            payee={**given, **payee},
            document="x",
        ),
    )
    refused(world, "payee_foreign", lambda: world.grants(filed, fund, payee="厂四"))


def test_a_cancelled_grant_frees_what_is_not_paid(world: World) -> None:
    filed, fund = world.named(), world.fund(5_000_000)
    grant = world.grants(filed, fund)
    world.pays(filed, grant, Money(1_000_000))
    world.register.subsidies.cancel(world.by("granter"), filed.studio, grant, "预算调整")
    assert pots(world, fund) == (5_000_000, 4_000_000, 0, 1_000_000, 0)
    refused(world, "grant_cancelled", lambda: world.pays(filed, grant, Money(1)))


def test_an_expense_needs_a_permitted_use_and_the_units_own_hand(world: World) -> None:
    filed, fund = world.named(), world.fund()
    grant = world.grants(filed, fund)
    world.pays(filed, grant)
    refusal = refused(
        world, "use_not_permitted", lambda: spends(world, filed, grant, 1, use="banquet")
    )
    assert refusal.details == {"permitted": ["equipment", "training"]}
    spends(world, filed, grant, 1)


def test_the_amount_that_the_call_set_binds(world: World) -> None:
    filed = world.named(category="demonstration", namings=TWO_YEARS)
    fund = world.fund()
    refused(world, "amount_differs", lambda: world.grants(filed, fund))
    world.grants(filed, fund, amount=Money(5))


TWO_YEARS = [{"level": "city", "name": "劳模创新工作室", "on": "2019-01-01"}]


@pytest.mark.parametrize(
    ("command", "code"),
    [
        (
            lambda w, f: w.register.subsidies.appropriate(
                w.by("甲区"), f, amount=Money(1), document="x"
            ),
            "outside_scope",
        ),
        (
            lambda w, f: w.register.subsidies.appropriate(
                w.by("officer"), f, amount=Money(0), document="x"
            ),
            "amount_not_positive",
        ),
        (
            lambda w, f: w.register.subsidies.establish(
                w.by("officer"), name="x", payer=w.places["city"], year=2022, source="x"
            ),
            "source_unknown",
        ),
    ],
)
def test_a_fund_is_refused(world: World, command: Callable[..., Any], code: str) -> None:
    fund = world.fund(0)
    refused(world, code, lambda: command(world, fund))


def test_nothing_is_paid_before_the_day_of_the_name(world: World) -> None:
    filed, fund = world.named(), world.fund()
    grant = world.grants(filed, fund)
    refused(
        world,
        "payment_before_naming",
        lambda: world.pays(filed, grant, on=date(2022, 8, 31)),
    )
