"""A category's dossier: what it may hold, its JSON Schema, its blank, and what is wrong with one.

What it holds follows from the pack: the facts that the category's conditions read, the fields of
its form, its materials and opinion boxes. A key whose value is null is 未填写; a key that is missing
is a malformed dossier, except in drafts (`complete=False`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from domain.policy.facts import FACTS
from domain.policy.forms import Column, Field, Form
from domain.policy.policy import Category, Condition
from domain.policy.shapes import (
    Choice,
    Day,
    Fault,
    Flag,
    Keys,
    Listing,
    Shape,
    Text,
    Whole,
    dotted,
)

MAX_FAULTS = 100
"""No more than so many are told at once; who sent more did not send a dossier."""

_NAME = Text(title="文件名", most=200, filled=True)
_OVERRIDE = Keys(
    of={
        "clause": Text(title="条款号", most=50, filled=True),
        "reason": Text(title="理由", most=2_000, filled=True),
        "approver": Text(title="批准人", most=100, filled=True),
    },
    filled=True,
)
_PROOF = Keys(
    of={
        "name": _NAME,
        "sha256": Text(title="SHA-256", pattern="[0-9a-f]{64}", most=64),
        "original": Flag(title="是否原件"),
        "finance_seal": Flag(title="是否加盖单位财务章"),
    },
    optional=frozenset({"sha256", "original", "finance_seal"}),
    filled=True,
)
_RATE = Text(title="汇率（1 单位外币合人民币元）", pattern=r"[0-9]{1,6}(\.[0-9]{1,8})?", most=20)


def shape(category: Category, *, complete: bool = True) -> Keys:
    """What a dossier of the category looks like. Drafts may leave out any group or fact."""
    tree: dict[str, Any] = {}
    optional: set[str] = set()
    for condition in category.conditions:
        for path, each in condition.rule.reads(condition.id).items():
            _put(tree, path.split("."), each)
    if category.form is not None:
        _put_form(tree, category.form, optional)
    tree["overrides"] = Listing(title="破例（原则性条件）", of=_OVERRIDE, filled=True, most=50)
    ids = [each.id for each in category.conditions]
    files = Listing(of=Text(most=200, filled=True), filled=True, most=50)
    tree["evidence"] = Keys(
        title="条件对应的证明材料",
        of=dict.fromkeys(ids, files),
        optional=frozenset(ids),
        filled=True,
    )
    return _keys(tree, optional | {"overrides", "evidence"}, complete, ())


def _put(tree: dict[str, Any], steps: list[str], each: Shape) -> None:
    for step in steps[:-1]:
        tree = tree.setdefault(step, {})
    tree[steps[-1]] = each


def _put_form(tree: dict[str, Any], form: Form, optional: set[str]) -> None:
    stars: dict[str, Shape] = {
        path: Listing(title=f"{label}的证明材料", of=_PROOF, most=50)
        for path, label, _, _ in form.starred()
    }
    for path, field in form.fields():
        if field.fact:
            _put(tree, field.fact.split("."), FACTS[field.fact])
        else:
            _put(tree, ["form", *path.split(".")], _field(field))
        if not field.required and not field.fact:
            optional.add(f"form.{path}")
        for currency in field.currencies:
            _put(tree, ["rates", currency], _RATE)
    if stars:
        tree["proofs"] = Keys(title="标“*”各栏的证明材料", of=stars, filled=True)
    for box in form.opinions:
        opinion = Keys(
            title=box.label,
            of={
                "text": Text(title="意见", most=5_000),
                "signed": Flag(title="负责人已签名"),
                "sealed": Flag(title="已盖章"),
            },
        )
        _put(tree, ["opinions", box.id], opinion)
        if not box.at_filing:
            optional.add(f"opinions.{box.id}")


def _keys(
    tree: Mapping[str, Any], optional: set[str], complete: bool, path: tuple[str, ...]
) -> Keys:
    of: dict[str, Shape] = {}
    for name, each in tree.items():
        here = (*path, name)
        of[name] = each if isinstance(each, Shape) else _keys(each, optional, complete, here)
    left_out = frozenset(name for name in of if dotted((*path, name)) in optional)
    return Keys(of=of, optional=left_out if complete else frozenset(of), filled=True)


def _field(field: Field) -> Shape:
    if field.type == "table":
        return _table(field)
    if field.type == "choice":
        option = Choice(options=field.options, filled=True)
        if field.many:
            return Listing(title=field.label, of=option, most=len(field.options))
        return Choice(title=field.label, options=field.options)
    if field.type == "yes_no":
        return Flag(title=field.label)
    return _cell(field.type, field.label)


def _cell(kind: str, label: str) -> Shape:
    if kind in {"text", "long_text"}:
        return Text(title=label, most=500 if kind == "text" else 20_000)
    if kind in {"date", "month"}:
        return Day(title=label, month_will_do=kind == "month")
    if kind == "year":
        return Whole(title=label, least=1949, most=2999)
    if kind == "foreign_money":
        return Whole(title=f"{label}（百分之一货币单位）")
    if kind in {"money", "total"}:
        return Whole(title=f"{label}（分）")
    if kind == "sources":
        funder = {
            "funder": Text(title="投入单位", most=100, filled=True),
            "amount": Whole(title="投入额（分）"),
        }
        return Listing(title=label, of=Keys(of=funder, filled=True), most=50)
    return Whole(title=label, most=10**9)


def _table(field: Field) -> Shape:
    of: dict[str, Shape] = {}
    if field.years:
        of["year"] = Whole(title="年度", least=min(field.years), most=max(field.years), filled=True)
    of.update({column.id: _cell(column.type, column.label) for column in field.columns})
    optional = frozenset(each.id for each in field.columns if _may_be_left_out(each))
    return Listing(title=field.label, of=Keys(of=of, optional=optional, filled=True), most=500)


def _may_be_left_out(column: Column) -> bool:
    return column.type == "total" or not column.required


def schema(category: Category) -> dict[str, Any]:
    """The JSON Schema (2020-12) of the category's dossier."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": f"{category.honour}申报材料",
        "description": "值为 null 表示未填写；金额以分为单位；日期为 YYYY-MM-DD。",
        **shape(category).schema(),
    }


def blank(category: Category) -> dict[str, Any]:
    """A dossier with every required key and nothing filled in."""
    filled = _blank(shape(category))
    return filled if isinstance(filled, dict) else {}


def _blank(each: Shape) -> Any:
    if isinstance(each, Keys) and each.filled:
        return {name: _blank(of) for name, of in each.of.items() if name not in each.optional}
    return None


def problems(category: Category, dossier: Any, *, complete: bool = True) -> tuple[Fault, ...]:
    """What is wrong with a dossier's form, at most MAX_FAULTS; drafts may lack keys."""
    if not isinstance(dossier, Mapping):
        return (Fault((), "申报材料应为对象（键与值）"),)
    faults: list[Fault] = []
    for fault in shape(category, complete=complete).faults(dossier):
        faults.append(fault)
        if len(faults) == MAX_FAULTS:
            return tuple(faults)
    return tuple(faults or _override_faults(category, dossier))


def _override_faults(category: Category, dossier: Mapping[str, Any]) -> Iterator[Fault]:
    soft = {name for each in category.conditions for name in waivable(each)}
    seen: set[str] = set()
    for position, override in enumerate(dossier.get("overrides") or ()):
        clause = override["clause"]
        if clause not in soft:
            told = f"{clause} 不是本类别的原则性条件，不得破例"
            yield Fault(("overrides", position, "clause"), told)
        if clause in seen:
            yield Fault(("overrides", position, "clause"), f"{clause} 重复申请破例")
        seen.add(clause)
        for name in ("reason", "approver"):
            if not override[name].strip():
                yield Fault(("overrides", position, name), "破例须写明理由与批准人")


def waivable(condition: Condition) -> tuple[str, ...]:
    """The clause numbers under which a condition may be set aside; none if it may not."""
    if condition.force != "in_principle":
        return ()
    return (condition.clause, *([condition.waiver.clause] if condition.waiver else []))
