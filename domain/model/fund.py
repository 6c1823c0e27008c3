"""Funds: money appropriated for a year by a source. Appropriated = free + committed + paid − returned."""

from typing import Self
from uuid import UUID

from eventsourcing.domain import event

from domain.errors import Invalid, OutOfOrder, Refused
from domain.model.record import Record
from domain.values import ZERO, BankLine, Mandate, Money

SOURCES = {"province": "省级补助", "city": "市级补助", "matching": "配套资金"}


class Fund(Record):
    """One pot of money of one payer and one year. A grant commits from it what is free."""

    TOPIC = "fund"
    FIRST = "Established"

    @event("Established", topic="fund.established")
    def __init__(self, name: str, payer: UUID, year: int, source: str) -> None:
        self.name = name
        self.payer = payer
        self.year = year
        self.source = source
        self.appropriated = self.free = self.committed = self.paid = self.returned = ZERO
        self.commitments: dict[UUID, Money] = {}
        self.bank_lines: set[str] = set()

    @classmethod
    def establish(
        cls, mandate: Mandate, id: UUID, *, name: str, payer: UUID, year: int, source: str
    ) -> Self:
        """An empty fund of a payer (a federation or union) for a year."""
        if source not in SOURCES:
            raise Invalid("source_unknown", f"资金来源须为：{'、'.join(SOURCES)}", field="source")
        return cls.begin(mandate, id, name=name, payer=payer, year=year, source=source)

    def appropriate(self, amount: Money, document: str) -> None:
        """Add money to the fund by a decision with a document number."""
        _positive(amount)
        self._appropriated(amount=amount, document=document)

    def commit(self, grant: UUID, amount: Money) -> None:
        """Set money aside for a grant; refused beyond what is free."""
        _positive(amount)
        if grant in self.commitments:
            raise OutOfOrder("already_committed", "该补助决定已占用资金")
        if amount > self.free:
            raise Refused(
                "over_budget",
                f"超出可用资金：可用 {self.free} 元，申请 {amount} 元",
                field="amount",
                free=self.free.fen,
                asked=amount.fen,
            )
        self._committed(grant=grant, amount=amount)

    def release(self, grant: UUID) -> None:
        """Free what a cancelled grant had set aside and not been paid."""
        amount = self.commitments.get(grant, ZERO)
        if not amount:
            raise OutOfOrder("nothing_committed", "该补助决定没有未拨付的占用资金")
        self._released(grant=grant, amount=amount)

    def pay(self, grant: UUID, payment: UUID, amount: Money) -> None:
        """Turn committed money into paid money."""
        _positive(amount)
        if amount > self.commitments.get(grant, ZERO):
            raise Refused("over_commitment", "拨付金额超过该补助决定未拨付的余额", field="amount")
        self._paid(grant=grant, payment=payment, amount=amount)

    def take_back(self, grant: UUID, amount: Money) -> None:
        """Money of a grant that came back is free again."""
        _positive(amount)
        if amount > self.paid - self.returned:
            raise Refused("over_paid", "退回金额超过已拨付金额", field="amount")
        self._returned(grant=grant, amount=amount)

    def match(self, line: BankLine) -> None:
        """Use a bank line once: the same line cannot prove two payments."""
        if line.reference in self.bank_lines:
            raise Refused(
                "bank_line_used", f"银行流水“{line.reference}”已对应另一笔拨付", field="reference"
            )
        self._bank_line_matched(line=line)

    @event("Appropriated", topic="fund.appropriated")
    def _appropriated(self, amount: Money, document: str) -> None:
        self.appropriated += amount
        self.free += amount

    @event("Committed", topic="fund.committed")
    def _committed(self, grant: UUID, amount: Money) -> None:
        self.free -= amount
        self.committed += amount
        self.commitments[grant] = amount

    @event("Released", topic="fund.released")
    def _released(self, grant: UUID, amount: Money) -> None:
        self.committed -= amount
        self.free += amount
        self.commitments[grant] -= amount

    @event("Paid", topic="fund.paid")
    def _paid(self, grant: UUID, payment: UUID, amount: Money) -> None:
        self.committed -= amount
        self.paid += amount
        self.commitments[grant] -= amount

    @event("Returned", topic="fund.returned")
    def _returned(self, grant: UUID, amount: Money) -> None:
        self.returned += amount
        self.free += amount

    @event("BankLineMatched", topic="fund.bank_line_matched")
    def _bank_line_matched(self, line: BankLine) -> None:
        self.bank_lines.add(line.reference)


def _positive(amount: Money) -> None:
    if not amount:
        raise Invalid("amount_not_positive", "金额必须大于零", field="amount")
