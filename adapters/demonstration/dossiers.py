"""Dossiers that fit any category's form and pass, whatever the pack asks; and ways to fail a clause."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import Any

from adapters.demonstration.forms import fill_form, put
from adapters.demonstration.people import Invented
from adapters.demonstration.texts import Subject, kind_of, statement, title
from adapters.demonstration.units import UnitName
from domain.policy.dossier import blank
from domain.policy.kinds.base import Rule
from domain.policy.kinds.compose import AllOf, AnyOf
from domain.policy.kinds.naming import NamedAt
from domain.policy.kinds.paper import Material
from domain.policy.kinds.people import Award, LeaderHonour, LeaderTitle
from domain.policy.kinds.unit import Chosen, Declared, Judged, Measured
from domain.policy.policy import Category

PREFIX = {"nation": "全国", "province": "省", "city": "市", "county": "县（区）", "unit": ""}
RECOGNISERS = ("市职工技术创新成果评审委员会", "所在单位技术委员会", "市科学技术局", "行业协会")


@dataclass(frozen=True)
class Applicant:
    """A studio that does not exist, as its unit describes it."""

    name: str
    leader: Invented
    unit: UnitName
    job: str
    field: str
    founded_on: date
    recommender: str
    federation: str
    size: int
    area: int
    named_before: tuple[Mapping[str, Any], ...] = ()
    honours: tuple[Mapping[str, Any], ...] = ()
    titles: tuple[Mapping[str, Any], ...] = ()

    @property
    def subject(self) -> Subject:
        """What texts are told about it."""
        return Subject(
            self.name,
            self.leader.name,
            self.unit.name,
            self.field,
            self.size,
            self.area,
            self.unit.trade,
        )


def dossier(
    category: Category,
    applicant: Applicant,
    on: date,
    dice: Random,
    but: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """A dossier as filed on a day; `but` gives paths other values, so that a clause fails."""
    made = blank(category)
    rules = dict(_rules(category))
    for path, value in _facts(applicant, rules, on, dice).items():
        put(made, path, value)
    for name, rule in rules.items():
        _answer(made, name, rule, applicant, dice)
    if category.form is not None:
        fill_form(made, category, applicant, on, dice)
    for path, value in (but or {}).items():
        put(made, path, value, must=True)
    return made


def _rules(category: Category) -> Iterator[tuple[str, Rule]]:
    for condition in category.conditions:
        yield from _parts(condition.id, condition.rule)


def _parts(name: str, rule: Rule) -> Iterator[tuple[str, Rule]]:
    yield name, rule
    if isinstance(rule, AllOf | AnyOf):
        for part in rule.of:
            yield from _parts(part.id, part.rule)


def _facts(
    applicant: Applicant, rules: Mapping[str, Rule], on: date, dice: Random
) -> dict[str, Any]:
    years = range(on.year - 3, on.year + 1)
    return {
        "studio.name": applicant.name,
        "studio.founded_on": applicant.founded_on.isoformat(),
        "studio.area": applicant.area,
        "studio.existing_body": False,
        "unit.name": applicant.unit.name,
        "unit.legal_person": True,
        "unit.sound_union": True,
        "unit.consent": True,
        "leader.name": applicant.leader.name,
        "leader.birth_date": applicant.leader.born.isoformat(),
        "leader.honours": [dict(each) for each in applicant.honours]
        or _honours(applicant, rules, dice),
        "leader.titles": [dict(each) for each in applicant.titles]
        or _titles(applicant, rules, dice),
        "team.size": applicant.size,
        "team.frontline": applicant.size // 2,
        "team.resident": 3,
        "results": [each for year in years for each in _results(applicant, year, on, dice)],
        "topics": [each for year in years for each in _topics(applicant, year, dice)],
        "namings": _namings(applicant, rules),
        "budgets": [
            {"year": year, "amount": dice.randint(3, 20) * 1_000_000, "source": "单位专项经费"}
            for year in years
        ],
        "apprenticeships": [
            {"signed_on": (on - timedelta(days=90)).isoformat(), "duties": True, "plan": True}
            for _ in range(2)
        ],
    }


def _honours(applicant: Applicant, rules: Mapping[str, Rule], dice: Random) -> list[dict[str, Any]]:
    wanted = [
        each for rule in rules.values() if isinstance(rule, LeaderHonour) for each in rule.honours
    ]
    return _awards(wanted, applicant, dice)


def _titles(applicant: Applicant, rules: Mapping[str, Rule], dice: Random) -> list[dict[str, Any]]:
    wanted = [
        each for rule in rules.values() if isinstance(rule, LeaderTitle) for each in rule.titles
    ]
    return _awards(wanted, applicant, dice)


def _awards(wanted: list[Award], applicant: Applicant, dice: Random) -> list[dict[str, Any]]:
    if not wanted:
        return []
    award = dice.choice(wanted)
    level = award.level or "city"
    year = dice.randint(applicant.founded_on.year - 4, applicant.founded_on.year)
    return [{"name": PREFIX[level] + award.names[0], "level": level, "year": year}]


def _results(applicant: Applicant, year: int, on: date, dice: Random) -> Iterator[dict[str, Any]]:
    last = on if year == on.year else date(year, 12, 20)
    days = (last - date(year, 1, 1)).days
    for _ in range(2):
        day = date(year, 1, 1) + timedelta(days=dice.randint(0, days))
        what = title(applicant.unit.trade, dice)
        yield {
            "name": what,
            "recognised_on": day.isoformat(),
            "kind": kind_of(what, dice),
            "recognised_by": dice.choice(RECOGNISERS),
            "level": dice.choice(("unit", "city", "city", "province")),
            "applied": True,
        }


def _topics(applicant: Applicant, year: int, dice: Random) -> Iterator[dict[str, Any]]:
    for _ in range(2):
        yield {
            "name": title(applicant.unit.trade, dice),
            "year": year,
            "approved_by_unit": True,
            "recognised": True,
            "completed": True,
        }


def _namings(applicant: Applicant, rules: Mapping[str, Rule]) -> list[dict[str, Any]]:
    found = [dict(each) for each in applicant.named_before]
    for rule in rules.values():
        if isinstance(rule, NamedAt) and found and rule.names:
            found[0] = {**found[0], "level": rule.level, "name": rule.names[0]}
    return found


def _answer(
    made: dict[str, Any], name: str, rule: Rule, applicant: Applicant, dice: Random
) -> None:
    if isinstance(rule, Declared):
        put(made, f"declared.{name}", rule.answer)
    elif isinstance(rule, Measured):
        put(made, f"numbers.{name}", rule.least if rule.least is not None else rule.most)
    elif isinstance(rule, Chosen):
        options = list(rule.accepted or rule.options)
        many = max(rule.least, len(options) if rule.least > 1 else 1)
        put(made, f"choices.{name}", options if many > 1 else [dice.choice(options)])
    elif isinstance(rule, Judged):
        put(made, f"statements.{name}", statement(rule.question, dice))
    elif isinstance(rule, Material):
        put(made, f"materials.{rule.material}", _material(rule, applicant))


def _material(rule: Material, applicant: Applicant) -> dict[str, Any]:
    suffix = {"photo": "jpg", "video": "mp4", "table": "xlsx"}.get(rule.media, "pdf")
    files: list[dict[str, Any]] = [
        {"name": f"{applicant.leader.name}-{rule.material}-{number}.{suffix}"}
        for number in range(1, max(rule.least, 1) + 1)
    ]
    if rule.timed:
        low = rule.least_minutes if rule.least_minutes is not None else rule.most_minutes or 5
        for each in files:
            each["minutes"] = low
    entry: dict[str, Any] = {"files": files}
    if rule.copies is not None:
        entry["copies"] = rule.copies
    if rule.paper:
        entry["paper"] = rule.paper
    for flag in ("double_sided", "bound", "sealed"):
        if getattr(rule, flag):
            entry[flag] = True
    return entry
