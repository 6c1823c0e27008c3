"""Dossiers that pass, for any category of any pack: the answers as data, put where the pack asks for them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from domain.policy.dossier import blank
from domain.policy.filling import row_total
from domain.policy.forms import Column, Field
from domain.policy.kinds.base import Rule
from domain.policy.kinds.compose import AllOf, AnyOf
from domain.policy.kinds.paper import Material
from domain.policy.kinds.tables import Listed
from domain.policy.kinds.unit import Chosen, Declared, Judged, Measured
from domain.policy.policy import Category

PROOF = {"name": "证明.pdf", "original": True, "finance_seal": True}
RATE = "6.6174"
CELLS: Mapping[str, Any] = {
    "text": "如实填写",
    "long_text": "实" * 1_200,
    "whole": 2,
    "money": 1_000_000,
    "foreign_money": 1_000,
    "year": 1990,
    "yes_no": True,
}


def passing(category: Category, on: date, *, name: str, leader: str, **but: Any) -> dict[str, Any]:
    """A dossier filed on a day that meets every clause; `but` puts other values at paths.

    A path is written with two underscores for a dot: `team__size=4`.
    """
    made = blank(category)
    for path, value in facts(on, name, leader).items():
        put(made, path, value)
    for condition in category.conditions:
        for id, rule in parts(condition.id, condition.rule):
            answer(made, id, rule)
    fill(made, category, on)
    for path, value in but.items():
        put(made, path.replace("__", "."), value, must=True)
    return made


def facts(on: date, name: str, leader: str) -> dict[str, Any]:
    """What a studio of three years with a famous leader says of itself."""
    years = range(on.year - 3, on.year + 1)
    honours = [
        ("全国五一劳动奖章", "nation"),
        ("省劳动模范", "province"),
        ("市劳动模范", "city"),
        ("市工匠", "city"),
    ]
    titles = [("市职业技能带头人", "city"), ("市职工技术创新能手", "city")]
    return {
        "studio.name": name,
        "studio.founded_on": f"{on.year - 4}-01-10",
        "studio.area": 80,
        "studio.existing_body": False,
        "unit.name": "某某制造有限公司",
        "unit.legal_person": True,
        "unit.sound_union": True,
        "unit.consent": True,
        "leader.name": leader,
        "leader.birth_date": "1978-05",
        "leader.honours": [
            {"name": each, "level": level, "year": on.year - 5} for each, level in honours
        ],
        "leader.titles": [
            {"name": each, "level": level, "year": on.year - 5} for each, level in titles
        ],
        "team.size": 8,
        "team.frontline": 4,
        "team.resident": 2,
        "results": [
            {"name": f"成果{n}", "recognised_on": f"{year}-01-0{n}", "applied": True}
            for year in years
            for n in (1, 2)
        ],
        "topics": [
            {
                "name": f"课题{n}",
                "year": year,
                "approved_by_unit": True,
                "recognised": True,
                "completed": True,
            }
            for year in years
            for n in (1, 2)
        ],
        "namings": [],
        "budgets": [{"year": year, "amount": 5_000_000} for year in years],
        "apprenticeships": [{"signed_on": f"{on.year}-01-08", "duties": True, "plan": True}] * 2,
    }


def parts(id: str, rule: Rule) -> Iterator[tuple[str, Rule]]:
    """A condition and those it is made of."""
    yield id, rule
    if isinstance(rule, AllOf | AnyOf):
        for part in rule.of:
            yield from parts(part.id, part.rule)


def answer(made: dict[str, Any], id: str, rule: Rule) -> None:
    """What the condition itself asks, in its own bag."""
    match rule:
        case Declared():
            put(made, f"declared.{id}", rule.answer)
        case Measured():
            put(made, f"numbers.{id}", rule.least if rule.least is not None else rule.most)
        case Chosen():
            put(made, f"choices.{id}", list(rule.accepted or rule.options))
        case Judged():
            put(made, f"statements.{id}", "本单位如实说明有关情况")
        case Material():
            put(made, f"materials.{rule.material}", material(rule))


def material(rule: Material) -> dict[str, Any]:
    """As many files and copies as are asked for."""
    each: dict[str, Any] = {"name": f"{rule.material}.pdf"}
    if rule.timed:
        each["minutes"] = rule.least_minutes or rule.most_minutes
    made: dict[str, Any] = {"files": [dict(each) for _ in range(max(rule.least, 1))]}
    if rule.copies is not None:
        made["copies"] = rule.copies
    if rule.paper:
        made["paper"] = rule.paper
    made.update({f: True for f in ("double_sided", "bound", "sealed") if getattr(rule, f)})
    return made


def fill(made: dict[str, Any], category: Category, on: date) -> None:
    """The form, its proofs and its opinion boxes."""
    form = category.form
    if form is None:
        return
    if "rates" in made:
        made["rates"] = dict.fromkeys(made["rates"], RATE)
    for path, field in form.fields():
        if not field.fact:
            put(made, f"form.{path}", value(field, on))
    for condition in category.conditions:
        rule = condition.rule
        if isinstance(rule, Listed) and (field := form.field(rule.rows)):
            put(made, f"form.{rule.rows}", rows(field), must=True)
            put(made, f"form.{rule.number}", len(rows(field)), must=True)
    for path, _, _, _ in form.starred():
        made["proofs"][path] = [PROOF]
    for box in form.opinions:
        if box.at_filing:
            made["opinions"][box.id] = {"text": "同意", "signed": True, "sealed": True}


def value(field: Field, on: date) -> Any:
    """A value of the field's type."""
    if field.type == "table":
        return rows(field)
    if field.type == "choice":
        return [field.options[0]] if field.many else field.options[0]
    if field.type in {"date", "month"}:
        return on.isoformat()[: 10 if field.type == "date" else 7]
    return CELLS[field.type]


def rows(field: Field) -> list[dict[str, Any]]:
    """One row a year, or two where the table has no years."""
    heads: list[dict[str, Any]] = [{"year": year} for year in field.years] or [{}, {}]
    return [{**head, **row(field)} for head in heads]


def row(field: Field) -> dict[str, Any]:
    """A row whose totals are right."""
    made = {each.id: cell(each) for each in field.columns if each.type != "total"}
    for total in field.totals:
        made[total.id] = row_total(made, total, field.columns, {"USD": RATE})
    return made


def cell(column: Column) -> Any:
    """A value of the column's type."""
    if column.type == "sources":
        return [{"funder": "某某制造有限公司", "amount": 1_000_000}]
    if column.type in {"date", "month"}:
        return "2018-06-01"[: 10 if column.type == "date" else 7]
    return CELLS[column.type]


def put(tree: dict[str, Any], path: str, what: Any, *, must: bool = False) -> None:
    """Set what stands at a path, where the category asks for it; `must` sets it anyway."""
    *steps, last = path.split(".")
    for step in steps:
        if not isinstance(tree.get(step), dict):
            if not must:
                return
            tree[step] = {}
        tree = tree[step]
    if must or last in tree:
        tree[last] = what
