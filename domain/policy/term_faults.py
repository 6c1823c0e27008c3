"""What a pack's terms say of each other: stages, deadlines, quotas, publicity, money, assessment."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterable, Iterator
from decimal import Decimal
from itertools import pairwise
from typing import Any

from domain.policy.money import Subsidy
from domain.policy.policy import Policy
from domain.policy.shapes import Fault, Path
from domain.policy.terms import Assessment, Deadline, Quota

NAME = re.compile(r"[a-z][a-z0-9_]{0,49}\Z")
DUE = re.compile(r"(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])\Z")
ROUNDING = Decimal("0.01")
NO_DAY = "应为 MM-DD，且每年都有这一天"


def term_faults(policy: Policy) -> Iterator[Fault]:
    """Everything in the terms that does not hold together, by its place in the pack."""
    public = policy.publicity
    if public and (public.working_days is None) == (public.calendar_days is None):
        yield Fault(("publicity",), "working_days 与 calendar_days 应恰好给出一个")
    for position, quota in enumerate(policy.quotas):
        yield from _quota(quota, ("quotas", position))
    for position, deadline in enumerate(policy.deadlines):
        yield from _deadline(deadline, ("deadlines", position))
    for position, phase in enumerate(policy.timetable):
        if phase.ends < phase.begins:
            yield Fault(("timetable", position, "ends"), "早于 begins")
    if policy.assessment:
        yield from _assessment(policy.assessment)
    yield from _who_acts(policy)
    for position, category in enumerate(policy.categories):
        if category.subsidy:
            yield from _subsidy(category.subsidy, ("categories", position, "subsidy"))


def unique(parts: Iterable[Any], path: Path) -> Iterator[Fault]:
    """Names of parts that are malformed or stand twice."""
    seen: set[str] = set()
    for position, part in enumerate(parts):
        at = (*path, position, "id")
        if not NAME.match(part.id):
            yield Fault(at, f"“{part.id}”应以小写字母开头，只含小写字母、数字与下划线")
        if part.id in seen:
            yield Fault(at, f"“{part.id}”重复")
        seen.add(part.id)


def _quota(quota: Quota, path: Path) -> Iterator[Fault]:
    if quota.cap is None and not quota.rows:
        yield Fault(path, "cap 与 rows 至少给出一个")
    seen: set[str] = set()
    for row in quota.rows:
        if not row.categories and row.union in seen:
            yield Fault((*path, "rows"), f"“{row.union}”重复分配")
        if not row.categories:
            seen.add(row.union)


def _deadline(deadline: Deadline, path: Path) -> Iterator[Fault]:
    if (deadline.on is None) == (deadline.every_year is None):
        yield Fault((*path, "on"), "on 与 every_year 应恰好给出一个")
    if deadline.every_year is not None and not _in_every_year(deadline.every_year):
        yield Fault((*path, "every_year"), NO_DAY)
    if deadline.office and deadline.closes_at:
        yield Fault((*path, "closes_at"), "office 与 closes_at 只能用一个")


def _who_acts(policy: Policy) -> Iterator[Fault]:
    """A county or the nation acts only where it names; else its unions are recommending unions."""
    parts: list[tuple[Path, Any]] = [
        ((key, position), part)
        for key in ("stages", "duties")
        for position, part in enumerate(getattr(policy, key))
    ]
    for at, form in enumerate(policy.forms):
        parts += [(("forms", at, "opinions", each), box) for each, box in enumerate(form.opinions)]
    for path, part in parts:
        if part.by in {"county", "nation"} and part.by != policy.level:
            told = f"只用于 level: {part.by}；推荐的一方写 recommending_union"
            yield Fault((*path, "by"), told)


def _subsidy(subsidy: Subsidy, path: Path) -> Iterator[Fault]:
    yield from unique(subsidy.tiers, (*path, "tiers"))
    yield from unique(subsidy.instalments, (*path, "instalments"))
    low, high = subsidy.least, subsidy.most
    if low is not None and high is not None and high < low:
        yield Fault((*path, "most"), "most 小于 least")
    if subsidy.amounts and (low is not None or high is not None):
        yield Fault((*path, "amount"), "已写明金额的，不能再写 least 或 most")
    shares = [part.share for part in subsidy.instalments if part.share is not None]
    for position, part in enumerate(subsidy.instalments):
        if (part.share is None) == (part.amount is None):
            yield Fault((*path, "instalments", position), "share 与 amount 应恰好给出一个")
    if (
        shares
        and len(shares) == len(subsidy.instalments)
        and abs(sum(shares, Decimal(-1))) > ROUNDING
    ):
        yield Fault((*path, "instalments"), "各次所占份额（share）合计应为 1")


def _assessment(check: Assessment) -> Iterator[Fault]:
    yield from unique(check.grades, ("assessment", "grades"))
    days = {"due_month_day": check.due_month_day, "opens_month_day": check.opens_month_day}
    for name, day in days.items():
        if day is not None and not _in_every_year(day):
            yield Fault(("assessment", name), NO_DAY)
    if (check.opens_month_day or "") > check.due_month_day:
        yield Fault(("assessment", "opens_month_day"), "晚于 due_month_day")
    before = check.remind_days_before or ()
    if len(set(before)) != len(before):
        yield Fault(("assessment", "remind_days_before"), "同一天数重复")
    if not any(grade.failing for grade in check.grades):
        yield Fault(("assessment", "grades"), "没有不合格等次（failing: true）")
    scores = [(at, g.least_score) for at, g in enumerate(check.grades) if g.least_score is not None]
    for (_, better), (at, score) in pairwise(scores):
        if score >= better:
            yield Fault(("assessment", "grades", at, "least_score"), "应低于前一等次的分数线")
    if check.revocation == "proposed" and not check.failures_to_revoke:
        yield Fault(("assessment", "failures_to_revoke"), "写了 revocation，须写明不合格次数")


def _in_every_year(month_day: str) -> bool:
    if not DUE.match(month_day):
        return False
    month, day = map(int, month_day.split("-"))
    return day <= monthrange(2023, month)[1]
