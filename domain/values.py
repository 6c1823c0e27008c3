"""Values of the domain: small, frozen, equal by content.

Money is integer fen. Moments are UTC; business dates are those of Asia/Shanghai.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta, timezone
from enum import StrEnum
from functools import lru_cache
from uuid import UUID

from domain.errors import Invalid
from domain.sealed import Sealed

SHANGHAI = timezone(timedelta(hours=8), "Asia/Shanghai")
"""China has kept one zone without summer time since 1991, so a fixed offset is exact."""

PERSONAL_FIELDS = frozenset(
    {
        "phone",
        "birth_date",
        "ethnicity",
        "political_status",
        "email",
        "id_number",
        "account_number",
    }
)
"""Names of values that are sealed with a person's key wherever they stand (domain.md §3)."""

MAX_FEN = 10**15
"""Ten trillion yuan: more than any fund holds, and safe in every database's 64-bit integer."""


@dataclass(frozen=True, slots=True, order=True)
class Money:
    """An amount of renminbi in integer fen, never negative."""

    fen: int

    def __post_init__(self) -> None:
        if type(self.fen) is not int:
            raise Invalid("money_not_integer", "金额须为整数（单位：分）", field="fen")
        if not 0 <= self.fen <= MAX_FEN:
            raise Invalid("money_out_of_range", "金额不能为负，也不能超过十万亿元", field="fen")

    def __add__(self, other: Money) -> Money:
        return Money(self.fen + other.fen)

    def __sub__(self, other: Money) -> Money:
        return Money(self.fen - other.fen)

    def __bool__(self) -> bool:
        return self.fen > 0

    def __str__(self) -> str:
        """Yuan with thousands separators and two decimals, as `40,000.00`."""
        return f"{self.fen // 100:,}.{self.fen % 100:02d}"


ZERO = Money(0)


class Role(StrEnum):
    """What an account may be, always on one organisation and what stands below it."""

    ADMINISTRATOR = "administrator"
    CITY_OFFICER = "city_officer"
    RECOMMENDING_UNION = "recommending_union"
    UNIT_UNION = "unit_union"
    AUDITOR = "auditor"
    PUBLIC = "public"
    RULE = "rule"


ROLE_NAMES = {
    Role.ADMINISTRATOR: "管理员",
    Role.CITY_OFFICER: "市总工会经办人",
    Role.RECOMMENDING_UNION: "推荐单位工会",
    Role.UNIT_UNION: "所在单位工会",
    Role.AUDITOR: "经审人员",
    Role.PUBLIC: "公众",
    Role.RULE: "规则自动执行",
}


@dataclass(frozen=True, slots=True)
class Actor:
    """Who did it: an account on behalf of an organisation, or the rule that acted by itself."""

    account: UUID | None
    organisation: UUID | None
    rule: str | None = None


@lru_cache(maxsize=64)
def _day_of(moment: datetime) -> date:
    """The day in Asia/Shanghai. A command asks again and again for that of one moment."""
    return moment.astimezone(SHANGHAI).date()


@dataclass(frozen=True, slots=True)
class Mandate:
    """The authority under which a command is given: who, in which role, when, on what request.

    `at` is the recorded moment (UTC). `affiliations` are all organisations that the account
    belongs to, for recusal. `seen` maps records to the version that the user looked at; a record
    that has moved on since is refused as stale.
    """

    actor: Actor
    role: Role
    at: datetime
    request_id: str
    affiliations: frozenset[UUID] = frozenset()
    seen: Mapping[UUID, int] = field(default_factory=dict)

    @property
    def on(self) -> date:
        """The business date of the moment, in Asia/Shanghai."""
        return _day_of(self.at)

    @property
    def account(self) -> UUID | None:
        return self.actor.account

    @property
    def organisation(self) -> UUID | None:
        return self.actor.organisation

    def under_rule(self, rule: str) -> Mandate:
        """The same moment and request, with a rule acting instead of a person."""
        return Mandate(Actor(None, None, rule), Role.RULE, self.at, self.request_id)


@dataclass(frozen=True, slots=True)
class Evidence:
    """A file referred to by its content: SHA-256 in hex, name, size in bytes, media type."""

    sha256: str
    name: str
    size: int
    type: str


@dataclass(frozen=True, slots=True)
class Person:
    """Someone named in a record: open facts in `details`, personal ones only as sealed values."""

    id: UUID
    name: str
    details: Mapping[str, str] = field(default_factory=dict)
    sealed: tuple[Sealed, ...] = ()


@dataclass(frozen=True, slots=True)
class Payee:
    """Where a subsidy goes: the account of a unit or union, never of a person (domain.md §3)."""

    organisation: UUID
    account_name: str
    bank: str
    account_number: Sealed


@dataclass(frozen=True, slots=True)
class BankLine:
    """One line of a bank statement: the bank's reference, booking date, amount, other side."""

    reference: str
    on: date
    amount: Money
    counterparty: str


@dataclass(frozen=True, slots=True)
class PolicyRef:
    """Which rules a decision was made under: pack id, version and the digest of its content."""

    id: str
    version: str
    digest: str


def local(moment: datetime) -> datetime:
    """The moment on the clocks of Asia/Shanghai."""
    return moment.astimezone(SHANGHAI)


def end_of(day: date, closes_at: time | None = None) -> datetime:
    """The last moment (UTC) that is still in time on a day.

    With a closing hour that moment belongs to the period; without one the day lasts until 24:00,
    and its last microsecond is the last that counts.
    """
    closing = time(23, 59, 59, 999999) if closes_at is None else closes_at
    return datetime.combine(day, closing, SHANGHAI).astimezone(UTC)


def start_of(day: date) -> datetime:
    """The first moment (UTC) of a day in Asia/Shanghai."""
    return datetime.combine(day, time(0), SHANGHAI).astimezone(UTC)
