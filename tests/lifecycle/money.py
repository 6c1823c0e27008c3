"""Random commands on funds and grants."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from domain.values import BankLine, Money
from tests.domain.rules import STANDARD
from tests.domain.world import Filed
from tests.lifecycle.life import (
    AMOUNTS,
    OFFICERS,
    PICK,
    RECEIPT,
    Life,
)


class OfMoney(Life):
    """Granting, paying, spending, recovering."""

    @rule(fen=st.sampled_from((0, 4_000_000, 100_000_000)))
    @precondition(lambda self: len(self.funds) < 3)
    def establish(self, fen: int) -> None:
        fund = self.attempt(lambda: self.world.fund(fen))
        self.funds += [fund] if fund else []

    @rule(pick=PICK, amount=AMOUNTS, who=OFFICERS)
    @precondition(lambda self: self.filed and self.funds)
    def decide_subsidy(self, pick: int, amount: Money, who: str) -> None:
        filed, fund = self.one(self.filed, pick), self.one(self.funds, pick // 3)
        unit = self.world.unit_of(filed)
        self.attempt(
            lambda: self.world.register.subsidies.appropriate(
                self.world.by("granter"), fund, amount=amount, document="财"
            )
        )
        self.attempt(
            lambda: self.world.grants(
                filed,
                fund,
                number=self.number(filed, pick // 5),
                amount=amount,
                who=who,
                payee=unit,
            )
        )

    @rule(pick=PICK, steps=st.integers(1, 6))
    @precondition(lambda self: self.named())
    def follow_the_money(self, pick: int, steps: int) -> None:
        """The right people grant, pay, reconcile, spend and recover."""
        filed = self.one(self.named(), pick)
        verbs = ("pay", "match", "spend", "recover", "return")[:steps]
        number = next(iter(self.studio(filed).namings))
        category = self.studio(filed).naming(number).category
        amount = Money(5) if category == "demonstration" else STANDARD
        self.attempt(
            lambda: self.world.grants(
                filed,
                self.funds[0],
                number=number,
                amount=amount,
                payee=self.world.unit_of(filed),
            )
        )
        for verb in verbs:
            part = amount if verb == "pay" else Money(amount.fen // 2)
            self.attempt(self._moves(filed, verb, part, "payer", pick))

    @rule(
        pick=PICK,
        amount=AMOUNTS,
        who=OFFICERS,
        verb=st.sampled_from(
            ("pay", "pay", "spend", "spend", "recover", "return", "cancel", "match")
        ),
    )
    @precondition(lambda self: self.filed)
    def move_money(self, pick: int, amount: Money, who: str, verb: str) -> None:
        holders = [each for each in self.filed if self.studio(each).grants] or self.filed
        self.attempt(self._moves(self.one(holders, pick), verb, amount, who, pick))

    def _moves(
        self, filed: Filed, verb: str, amount: Money, who: str, pick: int
    ) -> Callable[[], Any]:
        desk = self.world.register.subsidies
        ids = (filed.studio, self.grant(filed, pick // 3))
        mandate, unit = self.world.by(who), self.world.unit_of(filed)
        grants = self.studio(filed).grants
        payments = list(grants[ids[1]].payments.values()) if ids[1] in grants else []
        line = BankLine(f"B{pick % 5}", self.day, payments[0].amount if payments else amount, unit)
        commands: dict[str, Callable[[], Any]] = {
            "pay": lambda: desk.pay(
                mandate, *ids, amount=amount, voucher="记", on=self.day - timedelta(days=pick % 3)
            ),
            "spend": lambda: desk.spend(
                self.world.by(unit),
                *ids,
                use=("equipment", "banquet")[pick % 5 == 0],
                amount=amount,
                on=self.day,
                description="x",
                receipt=RECEIPT,
            ),
            "recover": lambda: desk.order_recovery(mandate, *ids, amount=amount, decision="收"),
            "return": lambda: desk.take_back(mandate, *ids, amount=amount, voucher="收"),
            "cancel": lambda: desk.cancel(mandate, *ids, "x"),
            "match": lambda: desk.reconcile(
                mandate, *ids, payments[0].id if payments else ids[0], line
            ),
        }
        return commands[verb]
