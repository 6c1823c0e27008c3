"""What a studio remembers of its own life: plain values that its events put together."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from domain.errors import NotFound, OutOfOrder, Refused
from domain.model.notice import Clock
from domain.values import ZERO, Mandate, Money, Person, PolicyRef


@dataclass
class Application:
    """One application in one call.

    status: under_review, returned, withdrawn, rejected, dropped or named.
    stages: the policy's stages before publicity, in order; `passed` those done, with their dates.
    filed_on: when the dossier that counts was filed: first, or as it was last amended.
    """

    id: UUID
    call: UUID
    category: str
    policy: PolicyRef
    stages: list[str]
    verdicts: list[dict[str, Any]]
    publicity: bool
    filed_on: date
    status: str = "under_review"
    passed: dict[str, date] = field(default_factory=dict)
    judged: dict[str, str] = field(default_factory=dict)
    overridden: set[str] = field(default_factory=set)
    scores: dict[tuple[str, UUID], int] = field(default_factory=dict)
    amend_by: datetime | None = None
    notice: UUID | None = None
    clock: Clock | None = None
    notice_done: bool = False
    objections: set[UUID] = field(default_factory=set)
    submitters: set[UUID] = field(default_factory=set)
    approvers: set[UUID] = field(default_factory=set)

    @property
    def next_stage(self) -> str | None:
        """The stage that comes next, or None once all are passed."""
        return next((stage for stage in self.stages if stage not in self.passed), None)

    def stands_at(self, stage: str) -> bool:
        """Whether this stage is the next one and nothing was returned."""
        return self.status == "under_review" and self.next_stage == stage

    @property
    def open(self) -> bool:
        return self.status in ("under_review", "returned")

    def round_closed(self, stage: str) -> bool:
        """Whether a stage's scores may be read: it is decided, or the application has ended."""
        return stage in self.passed or not self.open

    @property
    def on_notice(self) -> bool:
        """Whether it is on a notice that is not completed."""
        return self.notice is not None and not self.notice_done


@dataclass
class Check:
    """One assessor's result for one year, and the version of the event that last set it."""

    id: UUID
    year: int
    assessor: str
    grade: str
    failing: bool
    version: int


@dataclass
class Naming:
    """One name held at one level: its number, and the checks of its years.

    status: active, de_named, upgraded or closed. `missed` gives each 未考核 year the version of
    its event. `proposed` is set while a de-naming by rule waits for a decision, `case` while a
    correction has opened a reinstatement case. `alerts`: other namings of the studio that ended by
    de-naming while this one held, and when. `submitters` are all who applied or amended,
    `approvers` all who passed it at a review.
    """

    number: str
    level: str
    category: str
    federation: UUID
    document: str
    on: date
    policy: PolicyRef
    submitters: frozenset[UUID]
    named_by: UUID | None
    application: UUID | None
    status: str = "active"
    ended_on: date | None = None
    checks: dict[int, dict[str, Check]] = field(default_factory=dict)
    missed: dict[int, int] = field(default_factory=dict)
    rectifications: dict[int, date] = field(default_factory=dict)
    self_checks: set[tuple[int, str]] = field(default_factory=set)
    proposed: bool = False
    case: bool = False
    alerts: dict[str, date] = field(default_factory=dict)
    approvers: frozenset[UUID] = frozenset()

    def check(self, id: UUID) -> Check:
        """One of its recorded results."""
        for results in self.checks.values():
            for found in results.values():
                if found.id == id:
                    return found
        raise NotFound("check_unknown", "没有这条考核结果", field="check")

    def governing(self, year: int) -> Check | None:
        """The result that counts: the city's, else the recommending union's.

        A unit union's own assessment is kept, but it is not filed with the city and decides
        nothing by itself.
        """
        results = self.checks.get(year, {})
        return results.get("city") or results.get("recommending_union")

    def results(self) -> dict[int, bool | None]:
        """Each year's governing result: failing or not, None where it is 未考核."""
        found: dict[int, bool | None] = dict.fromkeys(self.missed)
        for year in self.checks:
            check = self.governing(year)
            if check is not None:
                found[year] = check.failing
        return found


@dataclass
class LeaderCase:
    """An open change of leader: why (see LEADER_GONE), since when, which naming it touches."""

    why: str
    on: date
    number: str | None


@dataclass
class Payment:
    """Money moved: how much, when, by whom, and the bank's reference once reconciled."""

    id: UUID
    amount: Money
    on: date
    paid_by: UUID | None
    bank_reference: str | None = None


@dataclass
class Grant:
    """A decision to pay, frozen as it was decided: amount, payee and permitted uses."""

    id: UUID
    number: str
    fund: UUID
    payer: UUID
    amount: Money
    uses: dict[str, str]
    payee: str
    on: date
    granted_by: UUID | None
    payments: dict[UUID, Payment] = field(default_factory=dict)
    expenses: dict[UUID, tuple[date, Money]] = field(default_factory=dict)
    spent: Money = ZERO
    returned: Money = ZERO
    recovery: Money = ZERO
    cancelled: bool = False

    @property
    def paid(self) -> Money:
        return Money(sum(payment.amount.fen for payment in self.payments.values()))

    @property
    def unspent(self) -> Money:
        """Paid, neither spent nor returned."""
        return self.paid - self.spent - self.returned

    @property
    def spendable(self) -> Money:
        """Unspent, and not ordered back."""
        return self.unspent - (self.recovery - self.returned)

    @property
    def holds_money(self) -> bool:
        """Whether it still pays, or has paid something that did not come back."""
        pays = not self.cancelled and self.paid < self.amount
        return pays or self.paid > self.returned


class StudioState:
    """The attributes that the chapters share, and how they are looked up."""

    mandate: Mandate
    name: str
    unit: UUID
    lineage: list[UUID]
    leader: Person
    leader_case: LeaderCase | None
    founded_on: date | None
    ended: str | None
    applications: dict[UUID, Application]
    namings: dict[str, Naming]
    grants: dict[UUID, Grant]
    members: dict[UUID, Person]

    if TYPE_CHECKING:

        @property
        def id(self) -> UUID: ...

        @property
        def version(self) -> int: ...

    def application(self, id: UUID) -> Application:
        """One of its applications; Refused with NotFound otherwise."""
        if id not in self.applications:
            raise NotFound("application_unknown", "没有这份申报")
        return self.applications[id]

    def open_application(self, id: UUID) -> Application:
        """One of its applications that is still being decided."""
        application = self.application(id)
        if not application.open:
            raise OutOfOrder(
                "application_ended", f"该申报已结束（{STATUS_NAMES[application.status]}）"
            )
        return application

    def at_stage(self, application: UUID, stage: str) -> Application:
        """One of its applications, standing at a stage that is the next one."""
        found = self.open_application(application)
        if found.status == "returned":
            raise OutOfOrder("returned", "申报已退回，等待补正")
        if found.next_stage != stage:
            raise OutOfOrder(
                "stage_out_of_order",
                "该环节不是当前环节",
                field="stage",
                expected=found.next_stage,
                asked=stage,
            )
        return found

    def naming(self, number: str) -> Naming:
        """One of its namings, active or ended."""
        if number not in self.namings:
            raise NotFound("naming_unknown", f"没有命名编号“{number}”", field="number")
        return self.namings[number]

    def active_naming(self, number: str) -> Naming:
        """One of its namings that still holds."""
        naming = self.naming(number)
        if naming.status != "active":
            raise OutOfOrder("naming_ended", f"命名“{number}”{STATUS_NAMES[naming.status]}")
        return naming

    def require_unnamed(self, level: str, category: str, *, but: str | None = None) -> None:
        """Refuse where it already holds a name at a level in a category: one for each."""
        for naming in self.namings.values():
            same = (naming.level, naming.category) == (level, category)
            if same and naming.status == "active" and naming.number != but:
                raise Refused(
                    "already_named", "该工作室已在同一级别、同一类别命名", field="category"
                )

    def grant_of(self, id: UUID) -> Grant:
        """One of its grants."""
        if id not in self.grants:
            raise NotFound("grant_unknown", "没有这笔补助决定")
        return self.grants[id]

    def require_alive(self) -> None:
        """Refuse on a studio that was closed or merged into another."""
        if self.ended:
            raise OutOfOrder("studio_ended", f"工作室已{STATUS_NAMES[self.ended]}")


STATUS_NAMES = {
    "under_review": "审核中",
    "returned": "退回补正",
    "withdrawn": "已撤回",
    "rejected": "未通过",
    "dropped": "公示异议成立",
    "named": "已命名",
    "active": "有效",
    "de_named": "已取消命名",
    "upgraded": "已升级",
    "closed": "关闭",
    "merged": "并入其他工作室",
}
