"""What a pack's parts say of each other: names unique, references kept, forms where they are used."""

from __future__ import annotations

import re
from collections.abc import Iterator

from domain.policy.facts import FACTS
from domain.policy.forms import Field, Form
from domain.policy.kinds.base import Rule
from domain.policy.kinds.compose import AllOf, AnyOf
from domain.policy.kinds.paper import Material
from domain.policy.kinds.tables import Listed, TableRows
from domain.policy.policy import Condition, Policy
from domain.policy.shapes import Fault, Path
from domain.policy.targets import Targets
from domain.policy.term_faults import NAME, term_faults, unique

PACK_NAME = re.compile(r"[a-z][a-z0-9-]{0,79}\Z")


def faults_of(policy: Policy) -> Iterator[Fault]:
    """Everything that does not hold together, by its place in the pack."""
    if not PACK_NAME.match(policy.id):
        yield Fault(("id",), "应以小写字母开头，只含小写字母、数字与连字符")
    first, last = policy.effective_from, policy.effective_to
    if first and last and last < first:
        yield Fault(("effective_to",), "早于 effective_from")
    for key in ("categories", "conditions", "forms", "stages", "deadlines", "quotas"):
        yield from unique(getattr(policy, key), (key,))
    yield from unique(policy.permitted_uses, ("permitted_uses",))
    yield from _categories_exist(policy)
    yield from term_faults(policy)
    for position, form in enumerate(policy.forms):
        yield from _form(form, ("forms", position))
    yield from _one_form_each(policy)
    yield from _conditions(policy)
    if policy.targets:
        yield from _targets(policy.targets)


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


def _form(form: Form, path: Path) -> Iterator[Fault]:
    yield from unique(form.sections, (*path, "sections"))
    yield from unique(form.opinions, (*path, "opinions"))
    for at, section in enumerate(form.sections):
        here = (*path, "sections", at, "fields")
        yield from unique(section.fields, here)
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
    yield from unique(field.columns, (*path, "columns"))
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
    yield from unique(targets.columns, ("targets", "columns"))
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
