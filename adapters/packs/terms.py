"""What of a policy is no condition, as rows an officer reads: procedure, terms, money, assessment."""

from __future__ import annotations

from collections.abc import Iterator

from domain.policy.policy import Policy
from domain.policy.terms import Assessment, Publicity, Quota

Row = tuple[str, str, str]
"""What, the clause, the notice's words."""

PER = {"recommending_union": "每个推荐单位", "unit": "每个单位", "call": "本批次"}


def terms(policy: Policy) -> list[Row]:
    """The rows in the order that an officer needs them."""
    return [*_procedure(policy), *_money(policy), *_afterwards(policy)]


def _procedure(policy: Policy) -> Iterator[Row]:
    for stage in policy.stages:
        yield "环节：" + stage.name, stage.clause, stage.text
    for phase in policy.timetable:
        yield f"安排：{phase.name} {phase.begins} 至 {phase.ends}", phase.clause, phase.text
    for deadline in policy.deadlines:
        yield f"期限：{deadline.words}", deadline.clause, deadline.text
    for quota in policy.quotas:
        yield f"名额：{_quota(policy, quota)}", quota.clause, quota.text
    if policy.publicity:
        yield (
            f"公示：{_publicity(policy.publicity)}",
            policy.publicity.clause,
            policy.publicity.text,
        )


def _quota(policy: Policy, quota: Quota) -> str:
    names = "、".join(policy.category(each).name for each in quota.categories)
    caps = [f"{row.union} {row.cap}" for row in quota.rows]
    if quota.cap is not None:
        caps.append(f"{'其他' if caps else ''}{PER[quota.per]} {quota.cap}")
    soft = "原则上" if quota.force == "in_principle" else "不得超过"
    return f"{names} {soft} {'、'.join(caps)}"


def _publicity(public: Publicity) -> str:
    if public.working_days is not None:
        return f"{public.working_days} 个工作日"
    return f"{public.calendar_days} 天"


def _money(policy: Policy) -> Iterator[Row]:
    for category in policy.categories:
        if category.valid_years is not None:
            told = f"有效期：{category.name} {category.valid_years} 年"
            yield told, category.clause, category.text
        paid = category.subsidy
        if paid:
            yield f"补助：{category.name} {paid.words}", paid.clause, paid.text
            if paid.matching:
                yield f"配套：{category.name}", paid.clause, paid.matching_text
    for use in policy.permitted_uses:
        yield "用途：" + use.name, use.clause, use.text


def _afterwards(policy: Policy) -> Iterator[Row]:
    check = policy.assessment
    if check:
        yield f"考核：{_assessment(check)}", check.clause, check.text
        for grade in check.grades:
            score = f" {grade.least_score} 分以上" if grade.least_score else ""
            yield (
                f"等次：{grade.name}{score}{'（不合格）' if grade.failing else ''}",
                check.clause,
                "",
            )
    for duty in policy.duties:
        yield "职责：" + duty.name, duty.clause, duty.text
    for goal in policy.targets.goals if policy.targets else ():
        yield f"目标：{goal.by} 前 {goal.count} 个", goal.clause, goal.text
    for warning in policy.warnings:
        yield "提示", warning.clause, warning.message


def _assessment(check: Assessment) -> str:
    often = "每年" if check.every_years == 1 else f"每 {check.every_years} 年"
    told = f"{often} {check.due_month_day} 前报送"
    if check.failures_to_revoke:
        told += f"，{check.counted} {check.failures_to_revoke} 次不合格取消命名"
    return told
