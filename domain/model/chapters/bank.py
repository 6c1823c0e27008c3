"""What the bank says of a payment: the line of its statement, and who is named on the other side."""

from unicodedata import normalize
from uuid import UUID

from eventsourcing.domain import event

from domain.errors import Invalid, OutOfOrder, Refused
from domain.model.chapters.state import Payment, StudioState
from domain.values import BankLine


class Bank(StudioState):
    """A payment is proved by a line of the bank: same amount, not earlier, to the payee."""

    def reconcile(
        self, grant: UUID, payment: UUID, line: BankLine, *, reason: str | None = None
    ) -> None:
        """Match a payment with the line of the bank's statement that proves it.

        `reason` answers a line whose other side is not the payee by name; it is recorded.
        """
        granted = self.grant_of(grant)
        found = granted.payments.get(payment)
        if found is None:
            raise Invalid("payment_unknown", "没有这笔拨付", field="payment")
        self._require_fitting(found, line)
        named = _plain(line.counterparty) == _plain(granted.payee)
        if not named and not (reason and reason.strip()):
            raise Refused(
                "counterparty_differs",
                f"流水对方户名“{line.counterparty}”与收款户名“{granted.payee}”不一致，须说明理由",
                field="counterparty",
                payee=granted.payee,
            )
        self._reconciled(grant=grant, payment=payment, line=line)
        if not named:
            self._counterparty_explained(
                grant=grant,
                payment=payment,
                counterparty=line.counterparty,
                payee=granted.payee,
                reason=reason or "",
            )

    def _require_fitting(self, found: Payment, line: BankLine) -> None:
        if found.bank_reference is not None:
            raise OutOfOrder("already_reconciled", "该笔拨付已对账")
        if line.amount != found.amount:
            raise Refused(
                "amount_differs",
                f"拨付 {found.amount} 元，银行流水 {line.amount} 元",
                field="amount",
            )
        if line.on < found.on:
            raise Refused("booked_before_payment", "银行记账日早于拨付日期", field="on")
        if line.on > self.mandate.on:
            raise Invalid("date_in_future", "银行记账日不能晚于今天", field="on")

    @event("PaymentReconciled", topic="studio.payment_reconciled")
    def _reconciled(self, grant: UUID, payment: UUID, line: BankLine) -> None:
        self.grants[grant].payments[payment].bank_reference = line.reference

    @event("CounterpartyExplained", topic="studio.counterparty_explained")
    def _counterparty_explained(
        self, grant: UUID, payment: UUID, counterparty: str, payee: str, reason: str
    ) -> None:
        """Nothing depends on it; it answers whoever compares the names."""


def _plain(name: str) -> str:
    """A name without spaces, and with one kind of brackets and digits, as banks print them."""
    return "".join(normalize("NFKC", name).split()).casefold()
