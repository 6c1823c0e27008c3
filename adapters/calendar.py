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
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from importlib.metadata import version as installed
from pathlib import Path as FilePath
from typing import Any

import chinese_calendar

from adapters.packs.json_lines import read_json
from adapters.packs.reading import PackError, Problem
from domain.errors import Refused
from domain.policy.shapes import Day, Fault, Flag, Keys, Listing, Path, Text, Whole
from domain.policy.workdays import NotGazetted

FILES = "[0-9][0-9][0-9][0-9].json"
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


@lru_cache(maxsize=1)
def _library() -> str:
    """The library's name and version. Reading what is installed takes a millisecond, and days are asked by thousands."""
    return f"chinesecalendar {installed('chinesecalendar')}"


class LibraryCalendar:
    """The years that chinesecalendar knows."""

    def is_working_day(self, day: date) -> bool:
        """Whether the day is worked. Raises NotGazetted."""
        self.version(day.year)
        return bool(chinese_calendar.is_workday(day))

    def version(self, year: int) -> str:
        """The library's name and version. Raises NotGazetted."""
        try:
            chinese_calendar.is_workday(date(year, 1, 1))
        except NotImplementedError as error:
            raise NotGazetted(year) from error
        return _library()


class GazettedCalendar:
    """Own years first, then the library's.

    directory: where own years are kept, a file a year, read again when a file changes; years: own
    years given directly. A damaged file refuses every answer (`calendar_damaged`): no day is guessed.
    """

    def __init__(self, directory: FilePath | None = None, years: Iterable[OwnYear] = ()) -> None:
        self.directory = directory
        self._given = tuple(years)
        self._library = LibraryCalendar()
        self._seen: tuple[tuple[str, int, int], ...] = ()
        self._kept: tuple[OwnYear, ...] = ()

    def is_working_day(self, day: date) -> bool:
        """Whether the day is worked. Raises NotGazetted, or Refused `calendar_damaged`."""
        years = self.years()
        owned = any(each.year == day.year for each in years)
        if not owned:
            self._library.version(day.year)
        for named, _, off in (entry for each in years for entry in each.days):
            if named == day:
                return not off
        return day.weekday() < 5 if owned else self._library.is_working_day(day)

    def version(self, year: int) -> str:
        """Who answers for the year. Raises NotGazetted, or Refused `calendar_damaged`."""
        years = self.years()
        own = next((each.version for each in years if each.year == year), None)
        others = [
            each.version
            for each in years
            if each.year != year and any(day.year == year for day, _, _ in each.days)
        ]
        return "; ".join([own or self._library.version(year), *others])

    def years(self) -> tuple[OwnYear, ...]:
        """The own years, those given directly before those kept. Raises `calendar_damaged`."""
        given = {each.year for each in self._given}
        return (*self._given, *(each for each in self._stored() if each.year not in given))

    def _stored(self) -> tuple[OwnYear, ...]:
        paths = sorted(self.directory.glob(FILES)) if self.directory else []
        seen = tuple((each.name, each.stat().st_mtime_ns, each.stat().st_size) for each in paths)
        if seen != self._seen:
            try:
                self._kept = tuple(_kept_year(path) for path in paths)
            except PackError as error:
                raise Refused("calendar_damaged", f"日历文件已损坏：{error}") from error
            self._seen = seen
        return self._kept


def _kept_year(path: FilePath) -> OwnYear:
    years = read_years(path)
    if len(years) != 1 or str(years[0].year) != path.stem:
        raise PackError([Problem(str(path), 1, "year", f"应只含 {path.stem} 年")])
    return years[0]


def keep_years(path: FilePath, directory: FilePath) -> tuple[OwnYear, ...]:
    """Check a calendar file and keep its years, a file each. Raises PackError and keeps nothing."""
    years = read_years(path)
    directory.mkdir(parents=True, exist_ok=True)
    for each in years:
        _write(directory / f"{each.year}.json", each.as_dict())
    return years


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
