"""Filling an official form, field by field, from what the pack says about it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from random import Random
from typing import TYPE_CHECKING, Any

from adapters.demonstration.texts import essay, title
from domain.policy.filling import row_total
from domain.policy.forms import Column, Field, Form
from domain.policy.kinds.formal import TextLength
from domain.policy.kinds.tables import Listed
from domain.policy.policy import Category

if TYPE_CHECKING:
    from adapters.demonstration.dossiers import Applicant

USD_2018 = "6.6174"
"""Yuan for a dollar, the average of 2018, as a unit would state it."""

Words = Callable[["Applicant", Random], str]

BY_ID: dict[str, Words] = {
    "unit_type": lambda a, _: a.unit.type,
    "industry": lambda a, _: a.unit.trade.industry,
    "recommender": lambda a, _: a.recommender,
    "unit_size": lambda a, _: a.unit.scale or "中型",
    "unit_ownership": lambda a, _: a.unit.ownership or "事业单位",
    "field": lambda a, _: a.field,
    "gender": lambda a, _: a.leader.gender,
    "education": lambda a, _: a.leader.education,
    "ethnicity": lambda a, _: a.leader.ethnicity,
    "political_status": lambda a, _: a.leader.political_status,
    "trade": lambda a, _: a.job,
    "title": lambda a, _: a.leader.title,
    "phone": lambda a, _: a.leader.phone,
    "filler_phone": lambda a, _: a.leader.phone,
    "email": lambda a, _: a.leader.email,
    "head": lambda a, _: a.leader.name,
    "filled_by": lambda a, _: a.leader.name,
    "address": lambda a, _: f"{a.unit.name}职工服务楼一层",
    "highest_honour": lambda a, _: a.honours[0]["name"] if a.honours else "市劳动模范",
    "named_by": lambda a, _: a.federation if a.named_before else "无",
    "what": lambda _, d: d.choice(("晋升技师", "晋升高级工", "晋升高级技师", "获市技术能手")),
    "work": lambda _, d: d.choice(("方案设计", "现场试验", "数据分析", "培训带教", "资料整理")),
    "department": lambda _, d: d.choice(("生产部", "技术部", "设备部", "质量部")),
    "unit": lambda a, _: a.unit.name,
}


def put(tree: dict[str, Any], path: str, value: Any, *, must: bool = False) -> None:
    """Set what stands at a path, if the form has such a place; `must` puts it there anyway."""
    steps = path.split(".")
    for step in steps[:-1]:
        inner = tree.get(step)
        if not isinstance(inner, dict):
            if not must:
                return
            inner = tree[step] = {}
        tree = inner
    if must or steps[-1] in tree:
        tree[steps[-1]] = value


def fill_form(
    made: dict[str, Any], category: Category, applicant: Applicant, on: date, dice: Random
) -> None:
    """Fill every field, proof and opinion box of the category's form."""
    form = category.form
    if form is None:
        return
    lengths = {
        condition.rule.field: condition.rule.least or 0
        for condition in category.conditions
        if isinstance(condition.rule, TextLength)
    }
    if "rates" in made:
        made["rates"] = dict.fromkeys(made["rates"], USD_2018)
    for path, field in form.fields():
        if not field.fact:
            put(made, f"form.{path}", _value(field, path, applicant, on, dice, lengths))
    for condition in category.conditions:
        if isinstance(condition.rule, Listed):
            _list(made, form, condition.rule, applicant, dice)
    _prove(made, form, applicant)
    _sign(made, form, applicant)


def _value(
    field: Field, path: str, applicant: Applicant, on: date, dice: Random, lengths: dict[str, int]
) -> Any:
    if field.type == "table":
        return _table(field, applicant, dice)
    if field.type == "long_text":
        least = max(field.least_characters or 0, lengths.get(path, 0), 120)
        return essay(applicant.subject, dice, least)
    if field.type == "choice":
        told = BY_ID[field.id](applicant, dice) if field.id in BY_ID else ""
        option = told if told in field.options else dice.choice(field.options)
        return [option] if field.many else option
    if field.type in {"date", "month"}:
        named = str(applicant.named_before[0]["on"]) if applicant.named_before else None
        return (
            named
            if field.id == "named_on"
            else on.isoformat()[: 7 if field.type == "month" else 10]
        )
    return _cell(field.id, field.type, applicant, dice)


def _cell(id: str, type: str, applicant: Applicant, dice: Random) -> Any:
    if id in BY_ID and type == "text":
        return BY_ID[id](applicant, dice)
    if id == "named_on":
        return "无"
    if type == "yes_no":
        return True
    if type in {"money", "foreign_money"}:
        return dice.randint(5, 90) * 1_000_000
    if type == "year":
        return dice.randint(1968, 1996)
    if type == "month":
        return f"20{dice.randint(16, 18)}-{dice.randint(1, 12):02d}"
    if type == "text":
        return title(applicant.unit.trade, dice)
    return dice.randint(0, 6)


def _table(field: Field, applicant: Applicant, dice: Random) -> list[dict[str, Any]]:
    if field.years:
        return [{"year": year, **_row(field, applicant, dice)} for year in field.years]
    return [_row(field, applicant, dice) for _ in range(3)]


def _row(field: Field, applicant: Applicant, dice: Random) -> dict[str, Any]:
    row: dict[str, Any] = {}
    for column in field.columns:
        if column.type == "sources":
            row[column.id] = _sources(row.get("amount", 0), applicant)
        elif column.type != "total":
            row[column.id] = _entry(column, applicant, dice)
    for column in field.totals:
        row[column.id] = row_total(row, column, field.columns, {"USD": USD_2018})
    return row


def _entry(column: Column, applicant: Applicant, dice: Random) -> Any:
    if column.id == "name":
        return f"{applicant.leader.name[0]}某{dice.choice('甲乙丙丁戊己')}"
    return _cell(column.id, column.type, applicant, dice)


def _sources(amount: int, applicant: Applicant) -> list[dict[str, Any]]:
    own = amount * 4 // 5
    return [
        {"funder": applicant.unit.name, "amount": own},
        {"funder": applicant.recommender, "amount": amount - own},
    ]


def _list(
    made: dict[str, Any], form: Form, rule: Listed, applicant: Applicant, dice: Random
) -> None:
    field = form.field(rule.rows)
    if field is not None:
        rows = _table(field, applicant, dice)
        put(made, f"form.{rule.rows}", rows, must=True)
        put(made, f"form.{rule.number}", len(rows), must=True)


def _prove(made: dict[str, Any], form: Form, applicant: Applicant) -> None:
    for path, label, _, _ in form.starred():
        proof = {"name": f"{applicant.leader.name}-{label}.pdf"}
        if "proofs" in made:
            made["proofs"][path] = [{**proof, "original": True, "finance_seal": True}]


def _sign(made: dict[str, Any], form: Form, applicant: Applicant) -> None:
    texts = {
        "unit_union": f"经研究，同意{applicant.name}申报。",
        "recommending_union": "经审核，材料属实，同意推荐。",
        "city": "经审核，同意推荐。",
    }
    groups: set[str] = set()
    for box in form.opinions:
        group = box.group or box.id
        if box.at_filing and group not in groups:
            groups.add(group)
            text = texts.get(box.by, "同意。")
            made["opinions"][box.id] = {"text": text, "signed": True, "sealed": True}
