"""Desk: funds, grants, payments, the bank, use, recovery."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from domain.model.fund import SOURCES
from domain.values import BankLine, Mandate
from web import auth
from web.api.people import FileField, PayeeSchema
from web.api.publicity import READERS, public_part
from web.blueprint import Blueprint
from web.commands import command
from web.context import queries, register
from web.fields import Choice, Command, Day, Fen, Id, Reason, Whole, Words, part
from web.reads import AsOf, Item, business_date, listing, record, require_visible

blueprint = Blueprint("subsidies", __name__, description="补助资金")

GRANT = "/studios/<uuid:studio>/grants/<uuid:grant>"


class NewFund(Command):
    """A payer's fund of a year."""

    name = Words(100)
    payer = Id()
    year = Whole(1949, 2999)
    source = Choice(*SOURCES)


class Appropriation(Command):
    """Money put into a fund by a decision."""

    amount = Fen()
    document = Words(200)


class NewGrant(Command):
    """A subsidy for a naming, from a fund. `matches` is the grant that county money goes with.

    `reason` answers an amount that is not the rule's.
    """

    number = Words(100)
    fund = Id()
    amount = Fen()
    payee = part(PayeeSchema)
    document = Words(200)
    matches = Id(load_default=None, allow_none=True)
    reason = Words(2_000, load_default=None, allow_none=True)


class Transfer(Command):
    """Money that moved, with its voucher."""

    amount = Fen()
    voucher = Words(200)
    on = Day(load_default=None, allow_none=True)


class Line(Command):
    """One line of the bank's statement; `reason` answers one to another name than the payee's."""

    reference = Words(100)
    on = Day()
    amount = Fen()
    counterparty = Words(200)
    reason = Words(2_000, load_default=None, allow_none=True)


class Expense(Command):
    """What the unit spent, on which permitted use, with its receipt."""

    use = Words(100)
    amount = Fen()
    on = Day()
    description = Words(2_000)
    receipt = FileField()


class Recovery(Command):
    """How much must come back, by which decision."""

    amount = Fen()
    decision = Words(200)


@command(blueprint, "/funds", NewFund, ids={"fund": "fund.established"})
def establish(mandate: Mandate, **data: Any) -> None:
    """Set up a fund: province, city or matching money."""
    register().subsidies.establish(mandate, **data)


@command(blueprint, "/funds/<uuid:fund>/appropriate", Appropriation)
def appropriate(mandate: Mandate, fund: UUID, **data: Any) -> None:
    """Put money into a fund by a numbered decision."""
    register().subsidies.appropriate(mandate, fund, **data)


@command(
    blueprint,
    "/studios/<uuid:studio>/grants",
    NewGrant,
    ids={"grant": "studio.subsidy_granted:grant"},
)
def grant(mandate: Mandate, studio: UUID, **data: Any) -> None:
    """Decide a subsidy for a naming; once for each payer and naming."""
    register().subsidies.grant(mandate, studio, **data)


@command(blueprint, f"{GRANT}/payments", Transfer, ids={"payment": "studio.subsidy_paid:payment"})
def pay(mandate: Mandate, studio: UUID, grant: UUID, **data: Any) -> None:
    """Pay a grant or part of it; by someone who neither applied nor decided it."""
    register().subsidies.pay(mandate, studio, grant, **data)


@command(blueprint, f"{GRANT}/payments/<uuid:payment>/reconcile", Line)
def reconcile(
    mandate: Mandate, studio: UUID, grant: UUID, payment: UUID, reason: str | None, **data: Any
) -> None:
    """Match a payment with its bank line, which proves no other of the payer's payments."""
    line = BankLine(**data)
    register().subsidies.reconcile(mandate, studio, grant, payment, line, reason=reason)


@command(blueprint, f"{GRANT}/expenses", Expense, ids={"expense": "studio.subsidy_spent:expense"})
def spend(mandate: Mandate, studio: UUID, grant: UUID, **data: Any) -> None:
    """Account for an expense under a permitted use, with its receipt."""
    register().subsidies.spend(mandate, studio, grant, **data)


@command(blueprint, f"{GRANT}/recover", Recovery)
def order_recovery(mandate: Mandate, studio: UUID, grant: UUID, **data: Any) -> None:
    """Decide that unspent money must come back."""
    register().subsidies.order_recovery(mandate, studio, grant, **data)


@command(blueprint, f"{GRANT}/returns", Transfer)
def take_back(mandate: Mandate, studio: UUID, grant: UUID, **data: Any) -> None:
    """Record that recovered money arrived."""
    register().subsidies.take_back(mandate, studio, grant, **data)


@command(blueprint, f"{GRANT}/cancel", Reason)
def cancel(mandate: Mandate, studio: UUID, grant: UUID, reason: str) -> None:
    """Cancel what a grant has not paid, and free it in its fund."""
    register().subsidies.cancel(mandate, studio, grant, reason)


@listing(
    blueprint, "/funds", "funds", filters="payer source year", sorts="name year free appropriated"
)
def funds() -> None:
    """Funds whose payer is one's own organisation or below it."""


class FundQuery(AsOf):
    """As of when, and up to which business date."""

    effective_on = business_date()


@record(blueprint, "/funds/<uuid:fund>", query=FundQuery)
def show_fund(fund: str, as_of: int | None, effective_on: date | None) -> Item:
    """A fund with its movements."""
    found = queries().fund(fund, as_of=as_of, effective_on=effective_on)
    require_visible(found, "fund_unknown")
    return found


@listing(
    blueprint,
    "/grants",
    "grants",
    filters="studio number fund payer unit recommender status",
    ranges="granted_on amount",
    sorts="granted_on amount status",
)
def grants() -> None:
    """Grants to studios at one's own organisation and below it."""


@record(blueprint, "/grants/<uuid:grant>")
def show_grant(grant: str, as_of: int | None) -> Item:
    """A grant with its payments and expenses."""
    found = queries().grant(grant, as_of=as_of)
    require_visible(found, "grant_unknown")
    return found


@record(blueprint, "/grants/<uuid:grant>/trace")
def trace(grant: str, as_of: int | None) -> Item:
    """One subsidy from rule to use: verdicts, decisions, notice, naming, payment, bank line, spending."""
    require_visible(queries().one("grants", grant, as_of=as_of), "grant_unknown")
    found = queries().trace(grant, as_of=as_of)
    if auth.current().post.role not in READERS:
        for step in (each for each in found["steps"] if each["step"] == "notice"):
            hide_objections(step)
    return found


def hide_objections(step: Item) -> None:
    """Who objected and in which words is not for those who were objected to."""
    step["events"] = [each for each in step["events"] if "objection" not in each["topic"]]
    if step["details"]:
        step["details"] = public_part(step["details"])


@listing(
    blueprint,
    "/payments",
    "payments",
    filters="grant_id studio fund bank_reference",
    ranges="paid_on amount",
    sorts="paid_on amount",
)
def payments() -> None:
    """Payments to studios at one's own organisation and below it."""


@listing(
    blueprint,
    "/expenses",
    "expenses",
    filters="grant_id studio use",
    ranges="spent_on amount",
    sorts="spent_on amount",
)
def expenses() -> None:
    """What studios at one's own organisation and below it spent."""
