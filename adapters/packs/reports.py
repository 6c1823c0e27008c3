"""What the command line prints about packs, dossiers and working days: plain data and text.

Errors come as PackError (its text has a line `FILE:LINE: field：message` for each problem) or as
DomainError (its text is a Chinese sentence).
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import date
from pathlib import Path as FilePath
from typing import Any

from adapters.calendar import GazettedCalendar, keep_years, read_years
from adapters.packs.dossiers import load_dossier
from adapters.packs.loader import PACKS, find_pack, load_pack
from adapters.packs.reading import PackError, Problem
from domain.errors import Invalid
from domain.policy.dossier import blank, schema
from domain.policy.evaluate import outcome
from domain.policy.policy import Policy
from domain.policy.verdicts import Verdict
from domain.policy.workdays import last_day

FORCE_NAMES = {"required": "必备", "in_principle": "原则上", "preferred": "优先"}


def checked(paths: Iterable[FilePath]) -> tuple[list[str], list[Problem]]:
    """One line a good pack, and every problem of the others."""
    good: list[str] = []
    problems: list[Problem] = []
    for path in paths:
        try:
            policy = load_pack(path)
        except PackError as error:
            problems += error.problems
            continue
        counts = f"{len(policy.categories)} 类、{len(policy.conditions)} 条"
        warned = f"、{len(policy.warnings)} 项提示" if policy.warnings else ""
        good.append(f"{path}: OK {policy.id} v{policy.version} {counts}{warned} {policy.digest}")
    return good, problems


def heading(policy: Policy) -> str:
    """The policy in one line."""
    document = policy.document
    number = document.number or "（无文号）"
    return f"{number} {document.issuer}《{document.title}》 {policy.id} v{policy.version}"


COLUMNS = ("类别", "条款", "力度", "类型", "条件", "内容")


def clauses(policy: Policy) -> list[tuple[str, ...]]:
    """The conditions as rows of COLUMNS."""
    names = {each.id: each.name for each in policy.categories}
    return [
        (
            "、".join(names[each] for each in condition.categories) or "全部",
            condition.clause,
            FORCE_NAMES[condition.force],
            condition.kind,
            condition.id,
            condition.text,
        )
        for condition in policy.conditions
    ]


def evaluated(
    name: str, category_id: str, dossier: FilePath, on: date, directory: FilePath = PACKS
) -> dict[str, Any]:
    """The verdicts of a dossier file. Raises PackError; NotFound for an unknown category."""
    policy = find_pack(name, directory)
    category = policy.category(category_id)
    verdicts = policy.evaluate(category_id, load_dossier(dossier, category), on)
    return report(policy, category_id, on, verdicts)


def report(
    policy: Policy, category_id: str, on: date, verdicts: tuple[Verdict, ...]
) -> dict[str, Any]:
    """Verdicts with the policy they rest on, as plain JSON values."""
    return {
        "policy": {"id": policy.id, "version": policy.version, "digest": policy.digest},
        "document": policy.document.number,
        "category": category_id,
        "on": str(on),
        "outcome": outcome(verdicts),
        "verdicts": [each.as_dict() for each in verdicts],
    }


def dossier_schema(name: str, category_id: str, directory: FilePath = PACKS) -> dict[str, Any]:
    """The JSON Schema of a category's dossier. Raises PackError; NotFound."""
    return schema(find_pack(name, directory).category(category_id))


def dossier_blank(name: str, category_id: str, directory: FilePath = PACKS) -> dict[str, Any]:
    """A dossier with every required key and nothing filled in. Raises PackError; NotFound."""
    return blank(find_pack(name, directory).category(category_id))


def period_end(
    start: str,
    days: int,
    *,
    count_first_day: bool = False,
    calendar_file: FilePath | None = None,
    directory: FilePath | None = None,
) -> str:
    """The last day (ISO) of a period of working days. `directory` holds the own calendars.

    Raises Invalid for a bad date or count, NotGazetted, PackError for a bad file.
    """
    years = read_years(calendar_file) if calendar_file else ()
    calendar = GazettedCalendar(directory, years)
    found = last_day(day(start), days, count_first_day=count_first_day, calendar=calendar)
    return found.isoformat()


def day(text: str) -> date:
    """A date as people type it, YYYY-MM-DD. Raises Invalid."""
    try:
        found = date.fromisoformat(text)
    except ValueError as error:
        raise Invalid("bad_date", f"“{text}”不是 YYYY-MM-DD 形式的日期", field="date") from error
    if found.isoformat() != text:
        raise Invalid("bad_date", f"“{text}”不是 YYYY-MM-DD 形式的日期", field="date")
    return found


def calendar_kept(path: FilePath, directory: FilePath) -> list[str]:
    """Keep a calendar file's years; one line a year. Raises PackError."""
    return [f"{each.year} 年已导入：{each.version}" for each in keep_years(path, directory)]


def calendar_year(year: int, directory: FilePath | None = None) -> dict[str, Any]:
    """A year's days that differ from the plain week, and who says so.

    Raises NotGazetted, or Invalid for a year that no calendar can hold.
    """
    if not 1949 <= year <= 2999:
        raise Invalid("bad_year", f"没有 {year} 年的日历", field="year")
    calendar = GazettedCalendar(directory)
    names = {named: name for each in calendar.years() for named, name, _ in each.days}
    days = []
    for at in range(date(year, 1, 1).toordinal(), date(year + 1, 1, 1).toordinal()):
        each = date.fromordinal(at)
        worked = calendar.is_working_day(each)
        if worked != (each.weekday() < 5):
            days.append({"name": names.get(each, ""), "date": str(each), "isOffDay": not worked})
    return {"year": year, "version": calendar.version(year), "days": days}


def as_json(value: Any) -> str:
    """JSON for people and programs: Chinese as it is, two blanks of indentation."""
    return json.dumps(value, ensure_ascii=False, indent=2)
