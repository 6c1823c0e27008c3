"""What is worked out when a policy is put together: each category's conditions, form, warnings."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from domain.policy.policy import Category, Policy
from domain.policy.terms import Caution, Deadline

WEEKDAYS = "一二三四五六日"


def assembled(policy: Policy) -> Policy:
    """The policy with everything that follows from its own content."""
    deadlines = tuple(_closing(policy, each) for each in policy.deadlines)
    policy = replace(policy, deadlines=deadlines)
    categories = tuple(_category(policy, each) for each in policy.categories)
    return replace(policy, categories=categories, warnings=tuple(_warnings(policy)))


def _closing(policy: Policy, deadline: Deadline) -> Deadline:
    if deadline.office and deadline.closes_at is None:
        return replace(deadline, closes_at=policy.settings.office_closes_at)
    return deadline


def _category(policy: Policy, category: Category) -> Category:
    conditions = tuple(
        each for each in policy.conditions if not each.categories or category.id in each.categories
    )
    forms = [each for each in policy.forms if not each.categories or category.id in each.categories]
    return replace(category, conditions=conditions, form=forms[0] if forms else None)


def _warnings(policy: Policy) -> Iterator[Caution]:
    yield from policy.cautions
    if policy.targets:
        yield from policy.targets.warnings
    yield from _validity(policy)
    for deadline in policy.deadlines:
        if deadline.on is None:
            continue
        if deadline.on.weekday() >= 5:
            day = WEEKDAYS[deadline.on.weekday()]
            yield Caution(
                code="deadline_on_weekend",
                clause=deadline.clause,
                message=f"截止日 {deadline.on} 是星期{day}，请核对是否上班、能否收件",
            )
        for phase in policy.timetable:
            if deadline.id == "filing" and phase.filing and deadline.on < phase.begins:
                yield Caution(
                    code="deadline_before_phase",
                    clause=deadline.clause,
                    message=(
                        f"截止日 {deadline.on} 早于“{phase.name}”阶段"
                        f"（{phase.begins} 至 {phase.ends}，{phase.clause}），通知前后不一，两者并存"
                    ),
                )


def _validity(policy: Policy) -> Iterator[Caution]:
    """A naming that runs out is told of, for nothing ends it by itself."""
    for category in policy.categories:
        if category.valid_years is not None:
            told = f"“{category.name}”命名有效期 {category.valid_years} 年；到期不自动取消，请按通知办理"
            yield Caution(code="naming_runs_out", clause=category.clause, message=told)
