"""Funds, grants, payments and expenses, in fen."""

from __future__ import annotations

from typing import Any

from adapters.views.folds.dispatch import dump, evidence, naming_id, on, text, uid
from adapters.views.folds.organisations import path_of
from adapters.views.tables import expenses, funds, grants, namings, payments
from adapters.views.versions import Fold, Row


@on("fund.established")
def established(fold: Fold, e: Any) -> None:
    fold.add(
        funds,
        uid(e.originator_id),
        name=e.name,
        payer=uid(e.payer),
        path=path_of(fold, e.payer),
        source=e.source,
        year=e.year,
        appropriated=0,
        free=0,
        committed=0,
        paid=0,
        returned=0,
    )


def _move(fold: Fold, e: Any, **steps: int) -> None:
    row = fold.row(funds, uid(e.originator_id))
    amount = e.amount.fen
    moved = {name: row[name] + step * amount for name, step in steps.items()}
    fold.change(funds, row["id"], **moved)


@on("fund.appropriated", reads="funds")
def appropriated(fold: Fold, e: Any) -> None:
    _move(fold, e, appropriated=1, free=1)


@on("fund.committed", reads="funds")
def committed(fold: Fold, e: Any) -> None:
    _move(fold, e, free=-1, committed=1)


@on("fund.released", reads="funds")
def released(fold: Fold, e: Any) -> None:
    _move(fold, e, committed=-1, free=1)


@on("fund.paid", reads="funds")
def fund_paid(fold: Fold, e: Any) -> None:
    _move(fold, e, committed=-1, paid=1)


@on("fund.returned", reads="funds")
def fund_returned(fold: Fold, e: Any) -> None:
    _move(fold, e, returned=1, free=1)


@on("studio.subsidy_granted", reads="namings")
def granted(fold: Fold, e: Any) -> None:
    naming = fold.row(namings, naming_id(e))
    fold.add(
        grants,
        uid(e.grant),
        studio=naming["studio"],
        number=e.number,
        fund=uid(e.fund),
        payer=uid(e.payer),
        unit=naming["unit"],
        recommender=naming["recommender"],
        federation=naming["federation"],
        path=naming["path"],
        status="granted",
        matches=text(e.matches),
        document=e.document,
        payee=uid(e.payee.organisation),
        payee_name=e.payee.account_name,
        bank=e.payee.bank,
        uses=dump(e.uses),
        granted_on=str(e.on),
        granted_by=text(e.by.account),
        amount=e.amount.fen,
        paid=0,
        reconciled=0,
        spent=0,
        returned=0,
        recovery=0,
        unpaid=e.amount.fen,
        balance=0,
        granted_at=fold.position,
    )


@on("studio.amount_explained")
def amount_explained(fold: Fold, e: Any) -> None:
    fold.change(grants, uid(e.grant), amount_reason=e.reason)


def _change(fold: Fold, e: Any, **steps: int) -> None:
    """Move a grant's sums by the event's amount."""
    row = fold.row(grants, uid(e.grant))
    moved: Row = {name: row[name] + step * e.amount.fen for name, step in steps.items()}
    fold.change(grants, row["id"], **moved)


@on("studio.subsidy_paid", reads="grants")
def paid(fold: Fold, e: Any) -> None:
    row = fold.row(grants, uid(e.grant))
    fold.add(
        payments,
        uid(e.payment),
        grant_id=row["id"],
        studio=row["studio"],
        fund=row["fund"],
        path=row["path"],
        amount=e.amount.fen,
        paid_on=str(e.on),
        voucher=e.voucher,
        paid_by=text(e.by.account),
        recorded_at=fold.position,
    )
    status = "paid" if row["paid"] + e.amount.fen == row["amount"] else "paying"
    _change(fold, e, paid=1, unpaid=-1, balance=1)
    fold.change(grants, row["id"], status=status)


@on("studio.payment_reconciled", reads="grants")
def reconciled(fold: Fold, e: Any) -> None:
    line = e.line
    fold.change(
        payments,
        uid(e.payment),
        bank_reference=line.reference,
        bank_on=str(line.on),
        counterparty=line.counterparty,
        reconciled_at=fold.position,
    )
    row = fold.row(grants, uid(e.grant))
    fold.change(grants, row["id"], reconciled=row["reconciled"] + line.amount.fen)


@on("studio.counterparty_explained")
def counterparty_explained(fold: Fold, e: Any) -> None:
    fold.change(payments, uid(e.payment), counterparty_reason=e.reason)


@on("studio.subsidy_spent", reads="grants")
def spent(fold: Fold, e: Any) -> None:
    row = fold.row(grants, uid(e.grant))
    fold.add(
        expenses,
        uid(e.expense),
        grant_id=row["id"],
        studio=row["studio"],
        path=row["path"],
        use=e.use,
        amount=e.amount.fen,
        spent_on=str(e.on),
        description=e.description,
        receipt=dump(evidence(e.receipt)),
        recorded_at=fold.position,
    )
    _change(fold, e, spent=1, balance=-1)


@on("studio.recovery_ordered", reads="grants")
def recovery_ordered(fold: Fold, e: Any) -> None:
    _change(fold, e, recovery=1)


@on("studio.subsidy_returned", reads="grants")
def returned(fold: Fold, e: Any) -> None:
    _change(fold, e, returned=1, balance=-1)


@on("studio.grant_cancelled", reads="grants")
def cancelled(fold: Fold, e: Any) -> None:
    id = uid(e.grant)
    fold.change(grants, id, status="cancelled", cancelled_reason=e.reason, unpaid=0)
