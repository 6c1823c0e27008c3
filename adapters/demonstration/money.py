"""Money: funds, grants, payments, the bank's lines, receipts, what comes back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from random import Random
from uuid import UUID

from adapters.demonstration import phrases
from adapters.demonstration.season import Candidate
from adapters.demonstration.stage import Player, Stage, Story
from domain.values import BankLine, Money

BANKS = ("演示农村商业银行", "演示城市商业银行", "演示合作银行")


def yuan(amount: int) -> Money:
    """Whole yuan as money."""
    return Money(amount * 100)


@dataclass
class Purse:
    """A fund with who grants from it and who pays."""

    stage: Stage
    id: UUID
    document: str
    granter: Player
    payer: Player
    uses: tuple[str, ...]
    lines: int = 0
    granted: dict[UUID, UUID] = field(default_factory=dict)
    """The grant of each studio."""

    def line(self) -> str:
        """The reference of the next line of the bank's statement."""
        self.lines += 1
        return f"{self.stage.today:%Y%m%d}-{self.id.hex[:4].upper()}-{self.lines:04d}"


def purse(
    stage: Stage,
    *,
    name: str,
    source: str,
    amount: int,
    document: str,
    players: tuple[Player, Player],
    uses: tuple[str, ...],
) -> Purse:
    """Establish a payer's fund of this year and put so many yuan into it."""
    granter, payer = players
    fund = stage.register.subsidies.establish(
        stage.by(granter),
        name=name,
        payer=granter.organisation,
        year=stage.today.year,
        source=source,
    )
    stage.register.subsidies.appropriate(
        stage.by(granter), fund, amount=yuan(amount), document=document
    )
    return Purse(stage, fund, document, granter, payer, uses)


def payee(candidate: Candidate) -> Mapping[str, object]:
    """The account of the unit, never of a person."""
    unit = candidate.place
    return {
        "organisation": unit.id,
        "account_name": unit.words.name,
        "bank": BANKS[unit.id.int % len(BANKS)],
        "account_number": f"0000000000{unit.id.int % 10**9:09d}",
    }


def grant(purse: Purse, candidate: Candidate, amount: int, matches: UUID | None = None) -> UUID:
    """Decide a subsidy of so many yuan."""
    stage = purse.stage
    id = stage.register.subsidies.grant(
        stage.by(purse.granter),
        candidate.ids[0],
        number=candidate.number,
        fund=purse.id,
        amount=yuan(amount),
        payee=payee(candidate),
        document=purse.document,
        matches=matches,
    )
    purse.granted[candidate.ids[0]] = id
    return id


def pay(purse: Purse, candidate: Candidate, id: UUID, amount: int) -> UUID:
    """Pay so many yuan of a grant."""
    stage = purse.stage
    return stage.register.subsidies.pay(
        stage.by(purse.payer),
        candidate.ids[0],
        id,
        amount=yuan(amount),
        voucher=f"记-{stage.today:%Y%m}-{id.int % 900 + 100}",
    )


def reconcile(purse: Purse, candidate: Candidate, id: UUID, payment: UUID, amount: int) -> None:
    """Match a payment of so many yuan with today's line of the bank."""
    stage = purse.stage
    line = BankLine(purse.line(), stage.today, yuan(amount), candidate.place.words.name)
    stage.register.subsidies.reconcile(stage.by(purse.payer), candidate.ids[0], id, payment, line)


def subsidised(
    purse: Purse,
    candidate: Candidate,
    amount: int,
    chance: Random,
    *,
    matches: UUID | None = None,
    paid: int | None = None,
    share: float = 1.0,
) -> Story:
    """A grant's whole way: decided, paid (or part of it), reconciled, spent up to a share."""
    stage = purse.stage
    yield stage.later(chance.randint(3, 9), chance)
    id = grant(purse, candidate, amount, matches)
    yield stage.later(chance.randint(4, 12), chance)
    first = amount if paid is None else paid
    payment = pay(purse, candidate, id, first)
    yield stage.later(chance.randint(1, 3), chance)
    reconcile(purse, candidate, id, payment, first)
    yield from spending(purse, candidate, id, int(first * share), chance)


def spending(purse: Purse, candidate: Candidate, id: UUID, total: int, chance: Random) -> Story:
    """A few expenses with receipts that add up to so many yuan."""
    stage, left = purse.stage, total
    for number in range(parts := chance.choice((1, 2, 2, 3))):
        yield stage.later(chance.randint(25, 110), chance)
        last = number == parts - 1
        amount = Money(left * 100) if last else Money(left * chance.randint(30, 55))
        if not amount:
            return
        left -= 0 if last else amount.fen // 100
        if not last:
            amount = Money(amount.fen // 100 * 100)
        _expense(purse, candidate, id, amount, chance)


def _expense(purse: Purse, candidate: Candidate, id: UUID, amount: Money, chance: Random) -> None:
    stage, what = purse.stage, chance.choice(phrases.EXPENSES)
    on = stage.today - timedelta(days=chance.randint(0, 6))
    mandate = stage.by(candidate.place.player)
    receipt = stage.files.hand_in(
        mandate,
        f"发票-{what}",
        (
            f"发票号码 {id.int % 10**8:08d}{amount.fen % 1000:03d}",
            f"开票日期 {on}",
            f"销售方 {chance.choice(phrases.SELLERS)}",
            f"购买方 {candidate.place.words.name}",
            f"项目 {what}",
            f"价税合计 {amount} 元",
        ),
    )
    stage.register.subsidies.spend(
        stage.by(candidate.place.player),
        candidate.ids[0],
        id,
        use=chance.choice(purse.uses),
        amount=amount,
        on=on,
        description=what,
        receipt=receipt,
    )
