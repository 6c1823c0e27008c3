"""The subsidy: granted once, paid by somebody else after the naming, proved, spent and recovered."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from domain.values import Money
from tests.domain.given import given
from tests.domain.model.histories import (
    FUND,
    GRANT,
    GRANTED,
    NAMED,
    NUMBER,
    PAID,
    PAYMENT,
    RULE,
    YUAN,
    applies,
    checks,
    completes_publicity,
    corrects,
    gives_back,
    grants,
    names,
    on,
    pays,
    publicizes,
    records_naming,
    recovers,
    reviews,
    spends,
)
from tests.domain.persons import CITY, POLICY, UNION, UNIT, line, payee, studio, uid

MATCH = uid("matching grant")


def reconciles(
    reference: str = "B1",
    fen: int = YUAN.fen,
    booked: str = "2022-11-11",
    *,
    named: str = "第一机床厂",
    reason: str | None = None,
) -> Any:
    found = replace(line(reference, fen, date.fromisoformat(booked)), counterparty=named)
    return on("2022-11-20", lambda s: s.reconcile(GRANT, PAYMENT, found, reason=reason))


def cancels(day: str = "2022-12-01") -> Any:
    return on(day, lambda s: s.cancel_grant(GRANT, "预算调整"))


def test_a_subsidy_is_granted_with_payee_and_uses_as_they_were_decided() -> None:
    record = (
        given(studio(), *NAMED)
        .when(grants())
        .then(
            (
                "studio.subsidy_granted",
                {
                    "grant": GRANT,
                    "number": NUMBER,
                    "fund": FUND,
                    "payer": CITY,
                    "amount": YUAN,
                    "payee": payee(),
                    "on": date(2022, 11, 1),
                },
            )
        )
    )
    assert record.grant_of(GRANT).granted_by == uid("granter")


@pytest.mark.parametrize("organisation", [UNIT, UNION, CITY])
def test_the_money_goes_to_the_unit_or_a_union_above_it(organisation: Any) -> None:
    given(studio(), *NAMED).when(grants(organisation=organisation, payer=uid("province"))).then(
        ("studio.subsidy_granted", {})
    )


def test_matching_money_is_tied_to_the_grant_it_matches() -> None:
    given(studio(), *GRANTED).when(grants(id=MATCH, payer=UNION, matches=GRANT)).then(
        ("studio.subsidy_granted", {"grant": MATCH, "matches": GRANT})
    )


def test_a_cancelled_grant_that_paid_nothing_may_be_decided_again() -> None:
    given(studio(), *GRANTED, cancels()).when(grants(id=uid("second"))).then(
        ("studio.subsidy_granted", {})
    )


def test_a_subsidy_that_came_back_whole_may_be_decided_again() -> None:
    bounced = [*PAID, recovers(YUAN.fen), gives_back(YUAN.fen)]
    given(studio(), *bounced).when(grants("2023-01-11", id=uid("second"))).then(
        ("studio.subsidy_granted", {"amount": YUAN})
    )
    partly = [*PAID, recovers(YUAN.fen), gives_back(YUAN.fen - 1)]
    given(studio(), *partly).when(grants("2023-01-11", id=uid("second"))).refused("duplicate_grant")


@pytest.mark.parametrize(
    ("history", "command", "code"),
    [
        ([], grants(), "naming_unknown"),
        (NAMED, grants(amount=Money(0)), "amount_not_positive"),
        (NAMED, grants(organisation=uid("stranger")), "payee_foreign"),
        (NAMED, grants(organisation=CITY), "payee_is_payer"),
        (GRANTED, grants(id=uid("second")), "duplicate_grant"),
        ([*GRANTED, pays(fen=1), cancels()], grants(id=uid("second")), "duplicate_grant"),
        (NAMED, grants(matches=uid("nothing")), "grant_unknown"),
        ([*GRANTED, cancels()], grants(id=MATCH, payer=UNION, matches=GRANT), "grant_cancelled"),
        (NAMED, grants(who="applicant"), "same_person"),
    ],
)
def test_a_grant_is_refused(history: list[Any], command: Any, code: str) -> None:
    given(studio(), *history).when(command).refused(code)


def test_matching_money_does_not_cross_names() -> None:
    other = on(
        "2022-12-01",
        lambda s: s.record_naming(
            number="P-1",
            level="province",
            category="model_worker",
            federation=CITY,
            document="赣〔2022〕1号",
            on=date(2022, 12, 1),
            policy=POLICY,
        ),
    )
    given(studio(), *GRANTED, other).when(
        grants("2022-12-02", id=MATCH, number="P-1", payer=UNION, matches=GRANT)
    ).refused("matches_other_naming")


def test_a_grant_is_paid_in_parts_up_to_its_amount() -> None:
    record = given(studio(), *GRANTED, pays(fen=3_000_000, id=uid("p1"))).when(pays(fen=1_000_000))
    paid = record.then(
        ("studio.subsidy_paid", {"payment": PAYMENT, "amount": Money(1_000_000), "voucher": "记-1"})
    )
    assert paid.grant_of(GRANT).paid == YUAN
    assert paid.unpaid_grants(NUMBER) == []


def test_what_was_granted_for_a_name_that_rose_is_still_paid() -> None:
    risen = [
        *GRANTED,
        applies(
            "2024-12-01",
            id=uid("up"),
            call=uid("c2"),
            category="demonstration",
            stages=("first",),
            publicity=False,
        ),
        reviews("first", "2024-12-02", id=uid("up")),
        names("2024-12-03", id=uid("up"), number="2024-1", upgrades=NUMBER),
    ]
    given(studio(), *risen).when(pays("2024-12-04")).then(("studio.subsidy_paid", {}))


DE_NAMED = [*GRANTED, *(checks(year, rule=RULE) for year in (2023, 2024, 2025))]


def test_who_approved_entered_or_gave_back_the_naming_does_not_pay_for_it() -> None:
    approved = [
        applies(),
        reviews("first", "2022-09-05"),
        reviews("office_meeting", "2022-09-20", who="approver"),
        publicizes(),
        completes_publicity(),
        names(),
        grants(),
    ]
    given(studio(), *approved).when(pays(who="approver")).refused("same_person")
    given(studio(), *approved).when(pays()).then(("studio.subsidy_paid", {}))
    back = on(
        "2026-02-01",
        lambda s: s.reinstate(NUMBER, document="复〔2026〕1号", reason="经研究"),
        who="reinstater",
    )
    failed = [*NAMED, *(checks(year, rule=RULE) for year in (2023, 2024, 2025))]
    reinstated = [*failed, corrects(2025, "qualified"), back, grants("2026-03-01")]
    late = {"day": "2026-03-02", "paid_on": "2026-03-02"}
    given(studio(), *reinstated).when(pays(who="reinstater", **late)).refused("same_person")
    given(studio(), *reinstated).when(pays(**late)).then(("studio.subsidy_paid", {}))
    entered = [records_naming(), grants()]
    given(studio(), *entered).when(pays(who="officer")).refused("same_person")
    given(studio(), *entered).when(pays()).then(("studio.subsidy_paid", {}))


@pytest.mark.parametrize(
    ("history", "command", "code"),
    [
        (NAMED, pays(), "grant_unknown"),
        (GRANTED, pays(paid_on="2022-10-10"), "payment_before_naming"),
        (GRANTED, pays(paid_on="2022-10-31"), "payment_before_grant"),
        (GRANTED, pays(paid_on="2022-11-11"), "date_in_future"),
        (GRANTED, pays(fen=0), "over_grant"),
        (GRANTED, pays(fen=YUAN.fen + 1), "over_grant"),
        (PAID, pays(fen=1, id=uid("p2")), "over_grant"),
        (GRANTED, pays(who="granter"), "same_person"),
        (GRANTED, pays(who="officer"), "same_person"),
        (GRANTED, pays(who="applicant"), "same_person"),
        ([*GRANTED, cancels()], pays("2022-12-02"), "grant_cancelled"),
        (DE_NAMED, pays("2026-01-05"), "naming_ended"),
    ],
)
def test_a_payment_is_refused(history: list[Any], command: Any, code: str) -> None:
    given(studio(), *history).when(command).refused(code)


@pytest.mark.parametrize("named", ["第一机床厂", " 第一 机床厂", "第一机床厂\u3000"])
def test_spaces_make_no_other_payee(named: str) -> None:
    given(studio(), *PAID).when(reconciles(named=named)).then(("studio.payment_reconciled", {}))


def test_another_name_on_the_banks_line_is_explained() -> None:
    explained = {
        "grant": GRANT,
        "payment": PAYMENT,
        "counterparty": "第一机床厂有限公司",
        "payee": "第一机床厂",
        "reason": "单位改制更名",
    }
    given(studio(), *PAID).when(reconciles(named="第一机床厂有限公司", reason="单位改制更名")).then(
        ("studio.payment_reconciled", {"payment": PAYMENT}),
        ("studio.counterparty_explained", explained),
    )


STANDARDS = (Money(1_000_000), Money(2_000_000))


def decides(amount: Money, reason: str | None = None) -> Any:
    return on(
        "2022-11-01",
        lambda s: s.grant_subsidy(
            GRANT,
            number=NUMBER,
            fund=FUND,
            payer=CITY,
            amount=amount,
            uses={"equipment": "设备"},
            payee=payee(UNIT),
            matches=None,
            document="补〔2022〕1号",
            standards=STANDARDS,
            reason=reason,
        ),
        "granter",
    )


@pytest.mark.parametrize("amount", STANDARDS)
def test_an_amount_of_the_rule_needs_no_reason(amount: Money) -> None:
    given(studio(), *NAMED).when(decides(amount)).then(
        ("studio.subsidy_granted", {"amount": amount})
    )


def test_another_amount_is_explained() -> None:
    explained = {
        "grant": GRANT,
        "amount": YUAN,
        "standards": list(STANDARDS),
        "reason": "承担省级课题",
    }
    given(studio(), *NAMED).when(decides(YUAN, "承担省级课题")).then(
        ("studio.subsidy_granted", {"amount": YUAN}), ("studio.amount_explained", explained)
    )


@pytest.mark.parametrize("reason", [None, " "])
def test_another_amount_without_a_reason_is_refused(reason: str | None) -> None:
    refusal = given(studio(), *NAMED).when(decides(YUAN, reason)).refused("amount_differs")
    assert refusal.details == {"standards": [1_000_000, 2_000_000]}


def test_a_payment_is_proved_by_its_bank_line() -> None:
    given(studio(), *PAID).when(reconciles()).then(
        (
            "studio.payment_reconciled",
            {"payment": PAYMENT, "line": line("B1", YUAN.fen, date(2022, 11, 11))},
        )
    )


@pytest.mark.parametrize(
    ("history", "command", "code"),
    [
        (GRANTED, reconciles(), "payment_unknown"),
        ([*PAID, reconciles()], reconciles("B2"), "already_reconciled"),
        (PAID, reconciles(fen=YUAN.fen - 1), "amount_differs"),
        (PAID, reconciles(booked="2022-11-09"), "booked_before_payment"),
        (PAID, reconciles(booked="2022-11-21"), "date_in_future"),
        (PAID, reconciles(named="第二机床厂"), "counterparty_differs"),
        (PAID, reconciles(named="第二机床厂", reason=" "), "counterparty_differs"),
    ],
)
def test_a_bank_line_is_refused(history: list[Any], command: Any, code: str) -> None:
    given(studio(), *history).when(command).refused(code)


def test_an_expense_is_accounted_for_under_a_permitted_use() -> None:
    record = (
        given(studio(), *PAID)
        .when(spends())
        .then(("studio.subsidy_spent", {"use": "equipment", "amount": Money(1_000_000)}))
    )
    assert record.grant_of(GRANT).unspent == Money(3_000_000)


def test_an_expense_between_two_payments_is_covered_by_the_first() -> None:
    parts = [
        *GRANTED,
        pays("2022-11-10", fen=1_000_000, id=uid("p1")),
        pays("2022-12-20", fen=3_000_000, id=uid("p2")),
    ]
    given(studio(), *parts).when(spends("2022-12-22", spent_on="2022-12-01")).then(
        ("studio.subsidy_spent", {"amount": Money(1_000_000)})
    )
    given(studio(), *parts).when(
        spends("2022-12-22", fen=1_000_001, spent_on="2022-12-01")
    ).refused("spent_before_payment")
    spent = [*parts, spends("2022-12-21", fen=600_000, spent_on="2022-12-10")]
    given(studio(), *spent).when(spends("2022-12-22", fen=400_001, spent_on="2022-12-01")).refused(
        "spent_before_payment"
    )
    given(studio(), *spent).when(spends("2022-12-22", fen=3_400_000)).then(
        ("studio.subsidy_spent", {})
    )


@pytest.mark.parametrize(
    ("history", "command", "code"),
    [
        (PAID, spends(use="banquet"), "use_not_permitted"),
        (GRANTED, spends(), "over_balance"),
        (PAID, spends(fen=0), "over_balance"),
        (PAID, spends(fen=YUAN.fen + 1), "over_balance"),
        (PAID, spends(spent_on="2022-11-09"), "spent_before_payment"),
        (PAID, spends(spent_on="2022-12-02"), "date_in_future"),
        ([*PAID, recovers(3_500_000)], spends("2023-01-06"), "over_balance"),
    ],
)
def test_an_expense_is_refused(history: list[Any], command: Any, code: str) -> None:
    given(studio(), *history).when(command).refused(code)


def test_what_is_unspent_comes_back_on_a_decision() -> None:
    given(studio(), *PAID, spends()).when(recovers(3_000_000)).then(
        ("studio.recovery_ordered", {"amount": Money(3_000_000), "decision": "收〔2023〕1号"})
    )
    record = (
        given(studio(), *PAID, spends(), recovers(3_000_000))
        .when(gives_back(2_000_000))
        .then(("studio.subsidy_returned", {"amount": Money(2_000_000), "voucher": "收-1"}))
    )
    found = record.grant_of(GRANT)
    assert (found.unspent, found.spendable) == (Money(1_000_000), Money(0))


@pytest.mark.parametrize(
    ("history", "command", "code"),
    [
        (GRANTED, recovers(1), "over_balance"),
        (PAID, recovers(0), "over_balance"),
        ([*PAID, spends()], recovers(3_000_001), "over_balance"),
        ([*PAID, recovers(YUAN.fen)], recovers(1), "over_balance"),
        (PAID, gives_back(1), "not_ordered"),
        ([*PAID, recovers(5)], gives_back(6), "not_ordered"),
        ([*PAID, recovers(5)], gives_back(0), "not_ordered"),
        ([*PAID, recovers(5)], gives_back(5, returned_on="2023-01-11"), "date_in_future"),
        (
            [*PAID, recovers(5)],
            gives_back(5, returned_on="2022-11-09"),
            "returned_before_payment",
        ),
        ([*PAID, recovers(5), gives_back(5)], gives_back(1), "not_ordered"),
    ],
)
def test_a_recovery_is_refused(history: list[Any], command: Any, code: str) -> None:
    given(studio(), *history).when(command).refused(code)


def test_what_may_still_be_ordered_back_is_told() -> None:
    refusal = given(studio(), *PAID, recovers(3_000_000)).when(recovers(1_000_001))
    assert "可收回余额 10,000.00 元" in refusal.refused("over_balance").message


def test_cancelling_ends_what_is_not_paid() -> None:
    given(studio(), *GRANTED, pays(fen=1_000_000)).when(cancels()).then(
        ("studio.grant_cancelled", {"grant": GRANT, "unpaid": Money(3_000_000)})
    )


@pytest.mark.parametrize(
    ("history", "code"),
    [(PAID, "grant_paid"), ([*GRANTED, cancels()], "grant_cancelled"), ([], "grant_unknown")],
)
def test_a_cancellation_is_refused(history: list[Any], code: str) -> None:
    given(studio(), *history).when(cancels("2022-12-02")).refused(code)
