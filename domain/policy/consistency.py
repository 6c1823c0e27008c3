"""What a pack's parts say of each other: names unique, references kept, forms where they are used."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterable, Iterator
from typing import Any

from domain.policy.facts import FACTS
from domain.policy.forms import Field, Form
from domain.policy.kinds.base import Rule
from domain.policy.kinds.compose import AllOf, AnyOf
from domain.policy.kinds.paper import Material
from domain.policy.kinds.tables import Listed, TableRows
from domain.policy.policy import Condition, Policy
from domain.policy.shapes import Fault, Path
from domain.policy.targets import Targets
from domain.policy.terms import Assessment

NAME = re.compile(r"[a-z][a-z0-9_]{0,49}\Z")
PACK_NAME = re.compile(r"[a-z][a-z0-9-]{0,79}\Z")
DUE = re.compile(r"(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])\Z")


def faults_of(policy: Policy) -> Iterator[Fault]:
    """Everything that does not hold together, by its place in the pack."""
    if not PACK_NAME.match(policy.id):
        yield Fault(("id",), "应以小写字母开头，只含小写字母、数字与连字符")
    first, last = policy.effective_from, policy.effective_to
    if first and last and last < first:
        yield Fault(("effective_to",), "早于 effective_from")
    for key in ("categories", "conditions", "forms", "stages", "deadlines", "quotas"):
        yield from _unique(getattr(policy, key), (key,))
    yield from _unique(policy.permitted_uses, ("permitted_uses",))
    yield from _categories_exist(policy)
    yield from _terms(policy)
    for position, form in enumerate(policy.forms):
        yield from _form(form, ("forms", position))
    yield from _one_form_each(policy)
    yield from _conditions(policy)
    if policy.targets:
        yield from _targets(policy.targets)


def _unique(parts: Iterable[Any], path: Path) -> Iterator[Fault]:
    seen: set[str] = set()
    for position, part in enumerate(parts):
        at = (*path, position, "id")
        if not NAME.match(part.id):
            yield Fault(at, f"“{part.id}”应以小写字母开头，只含小写字母、数字与下划线")
        if part.id in seen:
            yield Fault(at, f"“{part.id}”重复")
        seen.add(part.id)


def _categories_exist(policy: Policy) -> Iterator[Fault]:
    known = {each.id for each in policy.categories}
    for key in ("conditions", "forms", "stages", "quotas"):
        for position, part in enumerate(getattr(policy, key)):
            yield from _known(part.categories, known, (key, position, "categories"))
    for position, category in enumerate(policy.categories):
        yield from _known(category.upgrades_from, known, ("categories", position, "upgrades_from"))
    for at, quota in enumerate(policy.quotas):
        for row, each in enumerate(quota.rows):
            path = ("quotas", at, "rows", row, "categories")
            yield from _known(each.categories, set(quota.categories), path)


def _known(names: tuple[str, ...], known: set[str], path: Path) -> Iterator[Fault]:
    for position, name in enumerate(names):
        if name not in known:
            yield Fault((*path, position), f"没有类别“{name}”")
        if name in names[:position]:
            yield Fault((*path, position), f"“{name}”重复")


def _terms(policy: Policy) -> Iterator[Fault]:
    public, check = policy.publicity, policy.assessment
    if public and (public.working_days is None) == (public.calendar_days is None):
        yield Fault(("publicity",), "working_days 与 calendar_days 应恰好给出一个")
    for position, quota in enumerate(policy.quotas):
        if quota.cap is None and not quota.rows:
            yield Fault(("quotas", position), "cap 与 rows 至少给出一个")
        yield from _once([row.union for row in quota.rows if not row.categories], position)
    for position, deadline in enumerate(policy.deadlines):
        if deadline.office and deadline.closes_at:
            yield Fault(("deadlines", position, "closes_at"), "office 与 closes_at 只能用一个")
    for position, phase in enumerate(policy.timetable):
        if phase.ends < phase.begins:
            yield Fault(("timetable", position, "ends"), "早于 begins")
    if check:
        yield from _assessment(check)


def _assessment(check: Assessment) -> Iterator[Fault]:
    yield from _unique(check.grades, ("assessment", "grades"))
    days = {"due_month_day": check.due_month_day, "opens_month_day": check.opens_month_day}
    for name, day in days.items():
        if day is not None and not _in_every_year(day):
            yield Fault(("assessment", name), "应为 MM-DD，且每年都有这一天")
    if (check.opens_month_day or "") > check.due_month_day:
        yield Fault(("assessment", "opens_month_day"), "晚于 due_month_day")
    before = check.remind_days_before or ()
    if len(set(before)) != len(before):
        yield Fault(("assessment", "remind_days_before"), "同一天数重复")
    if not any(grade.failing for grade in check.grades):
        yield Fault(("assessment", "grades"), "没有不合格等次（failing: true）")


def _in_every_year(month_day: str) -> bool:
    if not DUE.match(month_day):
        return False
    month, day = map(int, month_day.split("-"))
    return day <= monthrange(2023, month)[1]


def _once(unions: list[str], quota: int) -> Iterator[Fault]:
    for position, union in enumerate(unions):
        if union in unions[:position]:
            yield Fault(("quotas", quota, "rows"), f"“{union}”重复分配")


def _form(form: Form, path: Path) -> Iterator[Fault]:
    yield from _unique(form.sections, (*path, "sections"))
    yield from _unique(form.opinions, (*path, "opinions"))
    for at, section in enumerate(form.sections):
        here = (*path, "sections", at, "fields")
        yield from _unique(section.fields, here)
        for position, field in enumerate(section.fields):
            yield from _field(field, (*here, position))


def _field(field: Field, path: Path) -> Iterator[Fault]:
    if field.fact and field.fact not in FACTS:
        yield Fault((*path, "fact"), f"没有事实“{field.fact}”；可选：{'、'.join(FACTS)}")
    if (field.type == "table") != bool(field.columns):
        yield Fault((*path, "columns"), "表格须有列，其他类型不能有列")
    if field.years and field.type != "table":
        yield Fault((*path, "years"), "只有表格可以按年填写")
    if (field.type == "choice") != bool(field.options):
        yield Fault((*path, "options"), "选择题须有选项，其他类型不能有选项")
    if field.original_with_finance_seal and not field.star:
        yield Fault((*path, "original_with_finance_seal"), "只用于标“*”的栏")
    yield from _unique(field.columns, (*path, "columns"))
    summable = {each.id for each in field.columns if each.type in {"money", "foreign_money"}}
    for position, column in enumerate(field.columns):
        here = (*path, "columns", position)
        if (column.type == "total") != bool(column.of) or not set(column.of) <= summable:
            yield Fault((*here, "of"), "合计须列出本表中的金额列，其他列不能有 of")
        if (column.type == "foreign_money") != bool(re.fullmatch("[A-Z]{3}", column.currency)):
            yield Fault((*here, "currency"), "外币列须有三个字母的币种代码，其他列不能有")
        if column.id == "year":
            yield Fault((*here, "id"), "year 由 years 给出，不能另设")


def _one_form_each(policy: Policy) -> Iterator[Fault]:
    taken: set[str] = set()
    for position, form in enumerate(policy.forms):
        names = set(form.categories) or {each.id for each in policy.categories}
        if names & taken:
            told = "、".join(sorted(names & taken))
            yield Fault(("forms", position, "categories"), f"类别 {told} 已有申报表")
        taken |= names


def _conditions(policy: Policy) -> Iterator[Fault]:
    everyone = {each.id for each in policy.categories}
    names = {each.id for each in policy.conditions}
    materials: set[tuple[str, str]] = set()
    for position, condition in enumerate(policy.conditions):
        path: Path = ("conditions", position)
        for at, name in _names(condition.rule, path):
            if name in names or not NAME.match(name):
                yield Fault(at, f"“{name}”重复或不合规")
            names.add(name)
        if condition.waiver and condition.force != "in_principle":
            yield Fault((*path, "waiver"), "只有原则性条件（in_principle）可以破例")
        mine = set(condition.categories) or everyone
        for rule in _rules(condition.rule):
            if isinstance(rule, Material):
                pairs = {(category, rule.material) for category in mine}
                if pairs & materials or not NAME.match(rule.material):
                    yield Fault((*path, "material"), f"“{rule.material}”重复或不合规")
                materials |= pairs
            if rule.NEEDS_FORM:
                yield from _uses_form(policy, condition, rule, mine & everyone, path)


def _rules(rule: Rule) -> Iterator[Rule]:
    yield rule
    if isinstance(rule, AnyOf | AllOf):
        for part in rule.of:
            yield from _rules(part.rule)


def _names(rule: Rule, path: Path) -> Iterator[tuple[Path, str]]:
    if isinstance(rule, AnyOf | AllOf):
        for position, part in enumerate(rule.of):
            here = (*path, "of", position)
            yield (*here, "id"), part.id
            yield from _names(part.rule, here)


def _uses_form(
    policy: Policy, condition: Condition, rule: Rule, categories: set[str], path: Path
) -> Iterator[Fault]:
    for category in sorted(categories):
        forms = [f for f in policy.forms if not f.categories or category in f.categories]
        if not forms:
            yield Fault((*path, "kind"), f"类别 {category} 没有申报表，不能用 {condition.kind}")
            continue
        for at in rule.form_paths():
            field = forms[0].field(at)
            if field is None:
                yield Fault(path, f"{forms[0].id} 没有 {at} 一栏")
            elif isinstance(rule, Listed | TableRows) and (field.type == "table") != (
                at == rule.rows
            ):
                yield Fault(path, f"{at} 应为{'表格' if at == rule.rows else '数字'}")


def _targets(targets: Targets) -> Iterator[Fault]:
    yield from _unique(targets.columns, ("targets", "columns"))
    unions = [row.union for row in targets.rows]
    for position, row in enumerate(targets.rows):
        if row.union in unions[:position]:
            yield Fault(("targets", "rows", position, "union"), f"“{row.union}”重复")
    known = {each.id for each in targets.columns}
    for path, name in _columns_named(targets):
        if name not in known:
            yield Fault(("targets", *path), f"没有“{name}”一列")


def _columns_named(targets: Targets) -> Iterator[tuple[Path, str]]:
    for position, row in enumerate(targets.rows):
        for at, number in enumerate(row.numbers):
            yield ("rows", position, "numbers", at, "column"), number.column
    for position, column in enumerate(targets.columns):
        for at, name in enumerate(column.parts):
            yield ("columns", position, "parts", at), name
        if column.within:
            yield ("columns", position, "within"), column.within
    for position, total in enumerate(targets.totals):
        yield ("totals", position, "column"), total.column
    for position, pool in enumerate(targets.pools):
        yield ("pools", position, "column"), pool.column
