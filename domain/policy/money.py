"""The money of a notice: amounts, tiers, limits, parts, and what it may be used for."""

from __future__ import annotations

from decimal import Decimal

from domain.policy.model import key, model
from domain.values import Money


@model
class Tier:
    """The amount for one grade or level where a notice pays by tiers."""

    id: str = key("name of the tier")
    name: str = key("the notice's word for it")
    amount: Money = key("fen per studio")


@model
class Instalment:
    """One part of a subsidy that is paid in parts (命名后拨付50%，考核合格后拨付50%).

    It says either its share of the whole or its amount.
    """

    id: str = key("name of the part")
    name: str = key("the notice's words: when it is paid")
    share: Decimal | None = key("share of the whole, such as 0.5", default=None)
    amount: Money | None = key("fen", default=None)

    @property
    def words(self) -> str:
        """When it is paid and how much, in Chinese."""
        share = (
            f"{(self.share * 100).normalize():f}%"
            if self.share is not None
            else f"{self.amount} 元"
        )
        return f"{self.name} {share}"


@model
class Subsidy:
    """What a named studio receives. Without an amount the call sets it, within the limits if any."""

    amount: Money | None = key("fen per studio; none: set by the call", default=None)
    least: Money | None = key("lowest amount in fen that the call may set", default=None)
    most: Money | None = key(
        "highest amount in fen that the call may set (最高10万元)", default=None
    )
    tiers: tuple[Tier, ...] = key("amounts by grade or level", default=())
    instalments: tuple[Instalment, ...] = key("in which parts it is paid", default=())
    matching: bool = key("county or district should match it (配套)", default=False)
    matching_text: str = key("the words about matching", default="")
    clause: str = key("clause number")
    text: str = key("the words it encodes")

    @property
    def amounts(self) -> tuple[Money, ...]:
        """What the notice itself states: the amount, or one for each tier; nothing if neither."""
        fixed = () if self.amount is None else (self.amount,)
        return (*fixed, *(tier.amount for tier in self.tiers))

    def broken_by(self, amount: Money) -> tuple[Money, ...]:
        """The limit that an amount is beyond, if the notice states limits."""
        if self.least is not None and amount < self.least:
            return (self.least,)
        return (self.most,) if self.most is not None and amount > self.most else ()

    @property
    def words(self) -> str:
        """The amount, the tiers or the limits in Chinese, and the parts it is paid in."""
        tiers = [f"{tier.name} {tier.amount} 元" for tier in self.tiers]
        told = [f"{self.amount} 元"] if self.amount is not None else []
        low = f"不低于 {self.least} 元" if self.least is not None else ""
        high = f"不高于 {self.most} 元" if self.most is not None else ""
        limits = [each for each in (low, high) if each]
        words = "、".join([*told, *tiers, *limits]) or "由申报批次确定"
        parts = "、".join(part.words for part in self.instalments)
        return f"{words}；分次拨付：{parts}" if parts else words


@model
class Use:
    """A permitted use of the subsidy."""

    id: str = key("name of the use")
    name: str = key("the notice's words")
    clause: str = key("clause number")
    text: str = key("the words it encodes, where they say more", default="")
