"""Invented units. Their names are coined from characters that no firm we know of joins."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

from adapters.demonstration.words import Trade

ONE = (
    "澄",
    "砺",
    "昱",
    "琢",
    "铎",
    "岫",
    "沅",
    "珞",
    "桁",
    "榉",
    "彧",
    "翊",
    "峤",
    "漪",
    "骐",
    "钰",
)
TWO = (
    "岳",
    "禾",
    "衡",
    "原",
    "远",
    "川",
    "甫",
    "屏",
    "沐",
    "樾",
    "弘",
    "棠",
    "渚",
    "麓",
    "洲",
    "桥",
)
OWNERSHIP = ("国有企业", "民营企业", "民营企业", "中外合资企业", "集体企业")
SCALE = ("大型", "中型", "中型", "小型")


@dataclass(frozen=True)
class UnitName:
    """A unit that does not exist: its name, trade, type, size and ownership."""

    name: str
    trade: Trade
    type: str
    scale: str
    ownership: str

    @property
    def described(self) -> str:
        """Name with size and ownership, as Jingzhou's form asks of enterprises."""
        if self.trade.kind != "企业":
            return self.name
        return f"{self.name}（{self.scale}，{self.ownership}）"


class Units:
    """Makes units of a place; no two share a name."""

    def __init__(self, place: str, trades: Sequence[Trade]) -> None:
        self._place = place
        self._trades = tuple(trades)
        self._names: set[str] = set()
        self._made = 0

    def unit(self, dice: Random) -> UnitName:
        """A new unit; the trades take turns."""
        trade = self._trades[self._made % len(self._trades)]
        name = self._name(dice, trade)
        while name in self._names:
            name = self._name(dice, trade)
        self._names.add(name)
        self._made += 1
        enterprise = trade.kind == "企业"
        return UnitName(
            name=name,
            trade=trade,
            type=trade.kind,
            scale=dice.choice(SCALE) if enterprise else "",
            ownership=dice.choice(OWNERSHIP) if enterprise else "",
        )

    def _name(self, dice: Random, trade: Trade) -> str:
        return f"{self._place}{dice.choice(ONE)}{dice.choice(TWO)}{dice.choice(trade.works)}"
