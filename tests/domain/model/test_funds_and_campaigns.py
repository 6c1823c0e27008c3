"""Funds and campaigns: every event and every refusal."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from domain.errors import DomainError
from domain.model.campaign import Campaign, campaign_id
from domain.model.fund import Fund
from domain.values import ZERO, Money
from tests.domain.given import given
from tests.domain.persons import CITY, POLICY, UNION, by, line, uid

GRANT, PAYMENT = uid("grant"), uid("payment")
TEN = Money(1_000)


def fund(*, source: str = "city") -> Fund:
    mandate = by("officer", "2022-01-04")
    return Fund.establish(
        mandate, uid("fund"), name="补助资金", payer=CITY, year=2022, source=source
    )


def filled(record: Fund) -> None:
    record.appropriate(TEN, "财〔2022〕1号")


def committed(record: Fund) -> None:
    filled(record)
    record.commit(GRANT, Money(600))


def paid(record: Fund) -> None:
    committed(record)
    record.pay(GRANT, PAYMENT, Money(400))


def pots(record: Fund) -> tuple[int, int, int, int, int]:
    amounts = (record.appropriated, record.free, record.committed, record.paid, record.returned)
    return tuple(amount.fen for amount in amounts)  # type: ignore[return-value] # five of them


def test_a_fund_begins_empty() -> None:
    assert pots(given(fund()).record) == (0, 0, 0, 0, 0)


def test_a_source_must_be_known() -> None:
    with pytest.raises(DomainError) as refusal:
        fund(source="lottery")
    assert refusal.value.code == "source_unknown"


def test_money_is_appropriated_by_a_document() -> None:
    record = (
        given(fund())
        .when(filled)
        .then(("fund.appropriated", {"amount": TEN, "document": "财〔2022〕1号"}))
    )
    assert pots(record) == (1000, 1000, 0, 0, 0)


def test_a_grant_sets_money_aside() -> None:
    record = (
        given(fund(), filled)
        .when(lambda f: f.commit(GRANT, Money(600)))
        .then(("fund.committed", {"grant": GRANT, "amount": Money(600)}))
    )
    assert pots(record) == (1000, 400, 600, 0, 0)


def test_a_payment_takes_from_what_was_set_aside() -> None:
    record = (
        given(fund(), committed)
        .when(lambda f: f.pay(GRANT, PAYMENT, Money(400)))
        .then(("fund.paid", {"grant": GRANT, "payment": PAYMENT, "amount": Money(400)}))
    )
    assert pots(record) == (1000, 400, 200, 400, 0)


def test_a_cancelled_grant_frees_what_it_had_not_paid() -> None:
    record = (
        given(fund(), paid)
        .when(lambda f: f.release(GRANT))
        .then(("fund.released", {"grant": GRANT, "amount": Money(200)}))
    )
    assert pots(record) == (1000, 600, 0, 400, 0)


def test_returned_money_is_free_again() -> None:
    record = (
        given(fund(), paid)
        .when(lambda f: f.take_back(GRANT, Money(100)))
        .then(("fund.returned", {"grant": GRANT, "amount": Money(100)}))
    )
    assert pots(record) == (1000, 500, 200, 400, 100)


def test_a_bank_line_proves_one_payment() -> None:
    first = line("B1", 400, date(2022, 2, 1))
    given(fund()).when(lambda f: f.match(first)).then(("fund.bank_line_matched", {"line": first}))
    given(fund(), lambda f: f.match(first)).when(
        lambda f: f.match(line("B1", 999, date(2022, 3, 1)))
    ).refused("bank_line_used")


@pytest.mark.parametrize(
    ("history", "command", "code"),
    [
        ([], lambda f: f.appropriate(ZERO, "x"), "amount_not_positive"),
        ([filled], lambda f: f.commit(GRANT, ZERO), "amount_not_positive"),
        ([filled], lambda f: f.commit(GRANT, Money(1001)), "over_budget"),
        ([committed], lambda f: f.commit(GRANT, Money(1)), "already_committed"),
        ([committed], lambda f: f.commit(uid("other"), Money(401)), "over_budget"),
        ([filled], lambda f: f.release(GRANT), "nothing_committed"),
        ([committed, lambda f: f.release(GRANT)], lambda f: f.release(GRANT), "nothing_committed"),
        ([committed], lambda f: f.pay(GRANT, PAYMENT, ZERO), "amount_not_positive"),
        ([committed], lambda f: f.pay(GRANT, PAYMENT, Money(601)), "over_commitment"),
        ([committed], lambda f: f.pay(uid("x"), PAYMENT, Money(1)), "over_commitment"),
        ([paid], lambda f: f.take_back(GRANT, ZERO), "amount_not_positive"),
        ([paid], lambda f: f.take_back(GRANT, Money(401)), "over_paid"),
    ],
)
def test_a_fund_refuses(history: list[Any], command: Any, code: str) -> None:
    given(fund(), *history).when(command).refused(code)


def campaign(day: str = "2024-11-01") -> Campaign:
    return Campaign.open(
        by("officer", day), federation=CITY, year=2024, policy=POLICY, due_on=date(2024, 12, 31)
    )


def on(day: str, command: Any) -> Any:
    return lambda record: command(record.under(by("officer", day)))


def test_a_campaign_is_one_for_a_federation_a_policy_and_a_year() -> None:
    record = given(campaign()).record
    assert record.id == campaign_id(CITY, POLICY.id, 2024)
    assert record.opens_on == date(2024, 11, 1)


@pytest.mark.parametrize(("received", "late"), [("2024-12-31", False), ("2025-01-01", True)])
def test_a_filing_is_marked_late_after_the_due_day(received: str, late: bool) -> None:
    day = date.fromisoformat(received)
    given(campaign()).when(on("2025-02-01", lambda c: c.file(UNION, day))).then(
        ("campaign.filed_by_union", {"union": UNION, "received_on": day, "late": late})
    )


def test_a_campaign_ends_with_those_that_were_never_assessed() -> None:
    given(campaign()).when(on("2025-01-01", lambda c: c.close([uid("studio")]))).then(
        ("campaign.closed", {"missing": [uid("studio")]})
    )


def test_a_campaign_may_end_early_only_when_nobody_is_missing() -> None:
    given(campaign()).when(on("2024-12-31", lambda c: c.close([]))).then(("campaign.closed", {}))
    given(campaign()).when(on("2024-12-31", lambda c: c.close([uid("s")]))).refused(
        "campaign_running"
    )


def test_the_missing_of_a_large_campaign_are_recorded_before_its_end() -> None:
    def in_parts(record: Campaign) -> None:
        record.miss([uid("first"), uid("second")])
        record.close([uid("third")])

    found = (
        given(campaign())
        .when(on("2025-01-01", in_parts))
        .then(
            ("campaign.missing_recorded", {"missing": [uid("first"), uid("second")]}),
            ("campaign.closed", {"missing": [uid("third")]}),
        )
    )
    assert found.missing == 3
    given(campaign()).when(on("2024-12-31", lambda c: c.miss([uid("s")]))).refused(
        "campaign_running"
    )


def ended(record: Campaign) -> None:
    record.file(UNION, date(2024, 11, 1))
    record.close([])


@pytest.mark.parametrize(
    ("history", "command", "code"),
    [
        ([ended], lambda c: c.file(CITY, date(2024, 11, 1)), "campaign_closed"),
        ([ended], lambda c: c.close([]), "campaign_closed"),
        ([ended], lambda c: c.miss([uid("studio")]), "campaign_closed"),
        (
            [lambda c: c.file(UNION, date(2024, 11, 1))],
            lambda c: c.file(UNION, date(2024, 11, 1)),
            "already_filed",
        ),
        ([], lambda c: c.file(UNION, date(2024, 11, 2)), "date_in_future"),
    ],
)
def test_a_campaign_refuses(history: list[Any], command: Any, code: str) -> None:
    given(campaign(), *history).when(command).refused(code)
