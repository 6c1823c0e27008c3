"""Which days are worked: gazetted years from chinesecalendar, others from the federation's own file.

An own file has the form of public holiday data sets: `{year, papers, days: [{name, date, isOffDay}]}`,
or a list of such. It answers for the years it holds; a day it names outside its year (a New Year's
holiday that begins in December) is taken as it says. No year is ever guessed.
"""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from importlib.metadata import version as installed
from pathlib import Path as FilePath
from typing import Any

import chinese_calendar

from adapters.packs.json_lines import read_json
from adapters.packs.reading import PackError, Problem
from domain.policy.shapes import Day, Fault, Flag, Keys, Listing, Path, Text, Whole
from domain.policy.workdays import Calendar, NotGazetted

_DAY = Keys(
    of={
        "name": Text(title="节日", most=50, filled=True),
        "date": Day(title="日期", filled=True),
        "isOffDay": Flag(title="是否休息", filled=True),
    },
    filled=True,
)
_SHAPE = Keys(
    of={
        "$schema": Text(most=500),
        "$id": Text(most=500),
        "year": Whole(title="年份", least=1949, most=2999, filled=True),
        "papers": Listing(title="依据文件", of=Text(most=500, filled=True), filled=True, most=20),
        "days": Listing(title="放假与调休", of=_DAY, filled=True, most=200),
    },
    optional=frozenset({"$schema", "$id"}),
    filled=True,
)


@dataclass(frozen=True)
class OwnYear:
    """One year's arrangement as published: days off and days worked that differ from the week."""

    year: int
    papers: tuple[str, ...]
    days: tuple[tuple[date, str, bool], ...]

    @property
    def digest(self) -> str:
        """SHA-256 in hex of the arrangement, whatever the file's layout."""
        days = sorted([str(day), name, off] for day, name, off in self.days)
        text = json.dumps([self.year, list(self.papers), days], ensure_ascii=False)
        return hashlib.sha256(text.encode()).hexdigest()

    @property
    def version(self) -> str:
        """The arrangement's digest and the papers that it was published in."""
        papers = f" ({', '.join(self.papers)})" if self.papers else ""
        return f"own {self.year} sha256:{self.digest}{papers}"

    def as_dict(self) -> dict[str, Any]:
        """The year in the form of its file."""
        return {
            "year": self.year,
            "papers": list(self.papers),
            "days": [
                {"name": name, "date": str(day), "isOffDay": off} for day, name, off in self.days
            ],
        }


class GazettedCalendar:
    """The years that chinesecalendar knows."""

    def is_working_day(self, day: date) -> bool:
        """Whether the day is worked. Raises NotGazetted."""
        self._known(day.year)
        return bool(chinese_calendar.is_workday(day))

    def version(self, year: int) -> str:
        """The library's name and version. Raises NotGazetted."""
        self._known(year)
        return f"chinesecalendar {installed('chinesecalendar')}"

    def _known(self, year: int) -> None:
        try:
            chinese_calendar.is_workday(date(year, 1, 1))
        except NotImplementedError as error:
            raise NotGazetted(year) from error


@dataclass(frozen=True)
class FederationCalendar:
    """Own years first, then the library's."""

    years: tuple[OwnYear, ...] = ()
    gazetted: Calendar = field(default_factory=GazettedCalendar)

    @cached_property
    def _named(self) -> dict[date, bool]:
        return {day: not off for year in self.years for day, _, off in year.days}

    def _own(self, year: int) -> OwnYear | None:
        return next((each for each in self.years if each.year == year), None)

    def is_working_day(self, day: date) -> bool:
        """Whether the day is worked. Raises NotGazetted."""
        if day in self._named and self._answers(day.year):
            return self._named[day]
        if self._own(day.year):
            return day.weekday() < 5
        return self.gazetted.is_working_day(day)

    def _answers(self, year: int) -> bool:
        return self._own(year) is not None or bool(self.gazetted.version(year))

    def version(self, year: int) -> str:
        """Who answers for the year; raises NotGazetted if nobody does."""
        own = self._own(year)
        if own:
            return own.version
        reaching = [
            each.version for each in self.years if any(day.year == year for day, _, _ in each.days)
        ]
        return "; ".join([self.gazetted.version(year), *reaching])


def read_years(path: FilePath) -> tuple[OwnYear, ...]:
    """The years of a calendar file. Raises PackError with file and line."""
    read = read_json(path)
    many = isinstance(read.value, list)
    entries: list[tuple[Path, Any]] = (
        [((at,), each) for at, each in enumerate(read.value)] if many else [((), read.value)]
    )
    read.refuse(fault for at, each in entries for fault in _SHAPE.faults(each, at))
    read.refuse(fault for at, each in entries for fault in _sense(each, at))
    years = tuple(_year(each) for _, each in entries)
    read.refuse(_twice(years))
    return years


def _sense(entry: dict[str, Any], at: Path) -> Iterator[Fault]:
    year, days = entry["year"], entry["days"]
    if not any(day["date"].startswith(str(year)) for day in days):
        yield Fault((*at, "days"), f"没有 {year} 年的放假安排，视为尚未公布，不能使用")
    seen: set[str] = set()
    for position, day in enumerate(days):
        here = (*at, "days", position, "date")
        if day["date"] in seen:
            yield Fault(here, f"{day['date']} 重复")
        seen.add(day["date"])
        if abs(int(day["date"][:4]) - year) > 1:
            yield Fault(here, f"{day['date']} 不属于 {year} 年")


def _year(entry: dict[str, Any]) -> OwnYear:
    days = [(date.fromisoformat(d["date"]), d["name"], d["isOffDay"]) for d in entry["days"]]
    return OwnYear(entry["year"], tuple(entry["papers"]), tuple(sorted(days)))


def _twice(years: Iterable[OwnYear]) -> Iterator[Fault]:
    seen: set[int] = set()
    for position, each in enumerate(years):
        if each.year in seen:
            yield Fault((position, "year"), f"{each.year} 年重复")
        seen.add(each.year)


class CalendarStore:
    """The federation's own years, one file a year under a directory."""

    def __init__(self, directory: FilePath) -> None:
        self.directory = directory

    def calendar(self) -> FederationCalendar:
        """Own years before the library's. Raises PackError if a stored file is damaged."""
        return FederationCalendar(tuple(self._years()))

    def _years(self) -> Iterator[OwnYear]:
        for path in sorted(self.directory.glob("[0-9][0-9][0-9][0-9].json")):
            years = read_years(path)
            if [str(each.year) for each in years] != [path.stem]:
                raise PackError([Problem(str(path), 1, "year", f"应只含 {path.stem} 年")])
            yield from years

    def add(self, path: FilePath) -> tuple[OwnYear, ...]:
        """Check a calendar file and keep its years. Raises PackError and keeps nothing if bad."""
        years = read_years(path)
        self.directory.mkdir(parents=True, exist_ok=True)
        for each in years:
            _write(self.directory / f"{each.year}.json", each.as_dict())
        return years


def _write(path: FilePath, content: dict[str, Any]) -> None:
    """Write a file so that a reader, or a crash, sees the old one or the new one and nothing else."""
    text = json.dumps(content, ensure_ascii=False, indent=2) + "\n"
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    draft = FilePath(name)
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as out:
            out.write(text)
            out.flush()
            os.fsync(out.fileno())
        draft.chmod(0o644)
        draft.replace(path)
    except BaseException:
        draft.unlink(missing_ok=True)
        raise
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def listed(calendar: Calendar, year: int) -> list[dict[str, Any]]:
    """The days of a year that differ from the plain week. Raises NotGazetted."""
    days = (date.fromordinal(at) for at in range(_first(year), _first(year + 1)))
    return [
        {"date": str(day), "isOffDay": not worked}
        for day in days
        if (worked := calendar.is_working_day(day)) != (day.weekday() < 5)
    ]


def _first(year: int) -> int:
    return date(year, 1, 1).toordinal()
