"""The assessment grid and its arithmetic: which years failed, in a row, and what that leads to."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from domain.model import runs
from domain.model.chapters.state import Check, Naming
from domain.model.studio import Studio
from domain.policy.terms import Assessment
from domain.ports import Policies
from web.pages.record import Told
from web.pages.words import word


@dataclass(frozen=True)
class Cell:
    """One year: its result in words, a note, and the classes that colour it."""

    text: str
    note: str
    classes: str


@dataclass(frozen=True)
class Row:
    """One naming and its years."""

    label: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class Grid:
    """The years across, a row for each naming; `sums` says what the years amount to."""

    years: tuple[int, ...]
    rows: tuple[Row, ...]
    sums: tuple[Sum, ...]


@dataclass(frozen=True)
class Sum:
    """The arithmetic of one naming in one sentence, with the log positions of its sources."""

    number: str
    sentence: str
    tone: str
    sources: tuple[tuple[int, int], ...] = ()
    clause: str = ""
    text: str = ""


def grid(studio: Studio, policies: Policies, rows: Sequence[Told]) -> Grid:
    """The grid of all namings; `rows` are the record's timeline, for the positions of the sources."""
    namings = [naming for naming in studio.namings.values() if naming.checks or naming.missed]
    known = [year for naming in namings for year in (*naming.checks, *naming.missed)]
    first = min((naming.on.year for naming in namings), default=0)
    years = tuple(range(first, max([*known, first]) + 1)) if namings else ()
    positions = {row.version: row.position for row in rows}
    return Grid(
        years,
        tuple(_row(naming, years, _rule(policies, naming)) for naming in namings),
        tuple(
            said
            for naming in namings
            for said in _sums(naming, _rule(policies, naming), rows, positions)
        ),
    )


def _rule(policies: Policies, naming: Naming) -> Assessment | None:
    policy = policies.get(naming.policy.id)
    return policy.assessment if policy else None


def _row(naming: Naming, years: tuple[int, ...], rule: Assessment | None) -> Row:
    run = _run(naming, rule)
    return Row(naming.number, tuple(_cell(naming, year, rule, run) for year in years))


def _run(naming: Naming, rule: Assessment | None) -> tuple[int, ...]:
    """The full run if there is one, else the last unbroken one."""
    if rule is None:
        return ()
    results = naming.results()
    found = runs.runs(rule, results, naming.on.year)
    return runs.full_run(rule, results, naming.on.year) or (found[-1] if found else ())


def _cell(naming: Naming, year: int, rule: Assessment | None, run: tuple[int, ...]) -> Cell:
    check = naming.governing(year)
    outside = rule is not None and not runs.counts(rule, year, naming.on.year)
    classes = [_colour(check, rule), "out" if outside else ""]
    if year in run:
        classes += [
            "run",
            "run-first" if year == run[0] else "",
            "run-last" if year == run[-1] else "",
        ]
    text = _grade(check, rule) if check else ("未考核" if year in naming.missed else "—")
    if year == naming.on.year and not check:
        text = "命名"
    counted = rule.counted if rule else ""
    return Cell(text, _note(check, year, run, outside, counted), " ".join(filter(None, classes)))


def _colour(check: Check | None, rule: Assessment | None) -> str:
    if check is None:
        return "gap"
    grade = rule.grade(check.grade) if rule else None
    return "fail" if check.failing else ("fine" if grade and grade.priority else "pass")


def _grade(check: Check, rule: Assessment | None) -> str:
    grade = rule.grade(check.grade) if rule else None
    return grade.name if grade else check.grade


def _note(check: Check | None, year: int, run: tuple[int, ...], outside: bool, counted: str) -> str:
    if outside:
        return "不计入"
    if year in run:
        return f"{counted}第 {run.index(year) + 1} 年"
    return word(check.assessor, "assessor") if check else ""


def _sums(
    naming: Naming, rule: Assessment | None, rows: Sequence[Told], positions: Mapping[int, int]
) -> list[Sum]:
    """What was decided by rule, and what the present run amounts to."""
    ended = [
        row
        for row in rows
        if row.topic == "studio.failed_three_years" and row.facts["number"] == naming.number
    ]
    return [
        *(_ended(naming, row, positions, rule.counted if rule else "共") for row in ended[-1:]),
        *_running(naming, rule, positions),
    ]


def _running(
    naming: Naming, rule: Assessment | None, positions: Mapping[int, int]
) -> Iterator[Sum]:
    """The run that the latest result belongs to, of a name that holds and is not proposed to end."""
    run = _run(naming, rule)
    if rule is None or not run or naming.status != "active" or naming.proposed:
        return
    if run[-1] != max(year for year, failing in naming.results().items() if failing is not None):
        return
    years, left = "、".join(map(str, run)), rule.failures_to_revoke - len(run)
    ends = f"，再有 {left} 年不合格即取消命名" if rule.failures_to_revoke else ""
    yield Sum(
        naming.number,
        f"{years} 年度已{rule.counted} {len(run)} 年不合格{ends}。",
        "mid",
        tuple((y, positions[check.version]) for y in run if (check := naming.governing(y))),
        rule.clause,
        rule.text,
    )


def _ended(naming: Naming, row: Told, positions: Mapping[int, int], counted: str) -> Sum:
    facts = row.facts
    years = " ＋ ".join(f"{year} 年不合格" for year in facts["years"])
    return Sum(
        naming.number,
        f"{years} ＝ {counted} {len(facts['years'])} 年不合格，{_outcome(naming, facts['years'])}。",
        "bad" if naming.status == "de_named" else "mid",
        tuple((source["year"], positions[source["version"]]) for source in facts["sources"]),
        facts["clause"],
        facts["text"],
    )


def _outcome(naming: Naming, years: Sequence[int]) -> str:
    """What became of it, with the years that were corrected since."""
    checks = [naming.governing(year) for year in years]
    corrected = [str(c.year) for c in checks if c is not None and not c.failing]
    since = f"；其中 {'、'.join(corrected)} 年度后经更正" if corrected else ""
    if naming.status == "de_named":
        pending = "，恢复命名待审议" if naming.case else ""
        return f"据此取消命名{since}{pending}"
    if naming.status == "active":
        now = "取消命名的建议待决定" if naming.proposed else "现命名有效"
        return f"当时据此认定{since}，{now}"
    return f"当时据此认定{since}，命名已终止"
