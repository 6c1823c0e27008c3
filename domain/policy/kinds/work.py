"""Conditions on what the studio does: years of running, topics, results, apprentices, money, room."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, ClassVar

from domain.errors import Invalid
from domain.policy.facts import LEVEL_NAMES, RANK, facts
from domain.policy.kinds.base import Case, Rule, proofs
from domain.policy.kinds.people import LEVELS
from domain.policy.model import key, model
from domain.policy.shapes import Shape
from domain.policy.verdicts import Finding, failed, passed, undecided
from domain.policy.windows import Window, Years, add_months, full_months, spelled


@model
class OperatingYears(Rule):
    """How long the studio has been running, from its 创建日期 to the day of filing."""

    KIND: ClassVar[str] = "operating_years"
    ABOUT: ClassVar[str] = "work"
    years: int = key("full years", default=0, least=0, most=100)
    months: int = key("full months on top", default=0, least=0, most=11)

    def __post_init__(self) -> None:
        if not self.years and not self.months:
            raise Invalid("no_length", "年数与月数不能都为 0", field="years")

    def reads(self, condition: str) -> Mapping[str, Shape]:
        return facts("studio.founded_on")

    def check(self, case: Case) -> Finding:
        said, needed = case.fact("studio.founded_on"), self.years * 12 + self.months
        if said is None:
            return failed(f"未填写创建日期，须已运行满 {spelled(needed)}", needed_months=needed)
        founded = date.fromisoformat(said)
        if founded > case.on:
            return failed(f"创建日期 {founded} 晚于申报日 {case.on}", founded_on=said)
        found = full_months(founded, case.on)
        numbers: dict[str, Any] = {"founded_on": said, "on": str(case.on), "found_months": found}
        told = f"{founded} 创建，至 {case.on} 运行满 {spelled(found)}"
        if add_months(founded, needed) > case.on:
            return failed(f"{told}，不足 {spelled(needed)}", **numbers, needed_months=needed)
        return passed(f"{told}，达到 {spelled(needed)}", **numbers, needed_months=needed)


@model
class ResultsInWindow(Rule):
    """Recognised results in a span of dates, of any kind or of some (patents …), from a level up."""

    KIND: ClassVar[str] = "results_in_window"
    ABOUT: ClassVar[str] = "work"
    window: Window | None = key("the span; none: at any time", default=None)
    least: int = key("fewest results", default=1, least=1, most=10_000)
    kinds: tuple[str, ...] = key("kinds that count, such as 发明专利; none: all", default=())
    level: str | None = key("lowest level that counts", default=None, choices=LEVELS)
    applied: bool = key("only results that are applied", default=False)

    def reads(self, condition: str) -> Mapping[str, Shape]:
        return facts("results")

    def check(self, case: Case) -> Finding:
        results = case.fact("results")
        within = f"{self.window.words(case.on)}内" if self.window else ""
        what = ("已推广应用的" if self.applied else "获认可或认定的") + self._what
        if results is None:
            return failed(f"未填写创新成果，{within}须有{what}不少于 {self.least} 项")
        first, last = self.window.span(case.on) if self.window else (date.min, case.on)
        counted = [each for each in results if self._counts(each, first, min(last, case.on))]
        told = f"{within}{what} {len(counted)} 项"
        numbers: dict[str, Any] = {
            "window": [str(first), str(last)] if self.window else None,
            "found": len(counted),
            "needed": self.least,
            "results": [each["name"] for each in counted],
        }
        if len(counted) < self.least:
            return failed(f"{told}，不足 {self.least} 项", **numbers)
        return passed(f"{told}，达到 {self.least} 项", evidence=proofs(counted), **numbers)

    @property
    def _what(self) -> str:
        level = f"{LEVEL_NAMES[self.level]}以上" if self.level else ""
        return level + ("、".join(self.kinds) or "创新成果")

    def _counts(self, each: Mapping[str, Any], first: date, last: date) -> bool:
        on = each["recognised_on"]
        if on is None and (self.window or not self.applied):
            return False
        if on is not None and not first <= date.fromisoformat(on) <= last:
            return False
        if self.kinds and each.get("kind") not in self.kinds:
            return False
        if self.level and RANK.get(each.get("level") or "", 0) < RANK[self.level]:
            return False
        return bool(each.get("applied")) or not self.applied


def _every_year(
    case: Case, years: Years, least: int, counted: list[tuple[int, Mapping[str, Any]]], word: str
) -> Finding:
    founded = case.fact("studio.founded_on")
    span = years.span(case.on, date.fromisoformat(founded) if founded else None)
    if not span:
        return undecided(f"按创建日期与申报日推算尚无完整年度，{word}须人工核定", found={})
    found = {year: sum(at == year for at, _ in counted) for year in span}
    numbers: dict[str, Any] = {
        "found": {str(year): count for year, count in found.items()},
        "needed": least,
    }
    short = [f"{year} 年 {count} 项" for year, count in found.items() if count < least]
    if short:
        return failed(f"{word}：{'、'.join(short)}，不足每年 {least} 项", **numbers)
    told = "、".join(f"{year} 年 {count} 项" for year, count in found.items())
    items = [each for at, each in counted if at in found]
    return passed(f"{word}：{told}，达到每年 {least} 项", evidence=proofs(items), **numbers)


@model
class TopicsPerYear(Rule):
    """Topics taken on in every one of some years."""

    KIND: ClassVar[str] = "topics_per_year"
    ABOUT: ClassVar[str] = "work"
    least: int = key("fewest topics a year", default=1, least=1, most=1_000)
    over: Years = key("the years")
    approved_by_unit: bool = key("only topics that the unit approved (立项)", default=False)
    recognised: bool = key("only topics that were recognised (认定)", default=False)
    completed: bool = key("only completed topics", default=False)

    def reads(self, condition: str) -> Mapping[str, Shape]:
        return facts("topics", "studio.founded_on")

    def check(self, case: Case) -> Finding:
        topics, word = case.fact("topics"), self._word()
        if topics is None:
            return failed(f"未填写{word}，须每年不少于 {self.least} 项", needed=self.least)
        wanted = [
            name for name in ("approved_by_unit", "recognised", "completed") if getattr(self, name)
        ]
        counted = [(each["year"], each) for each in topics if all(map(each.get, wanted))]
        return _every_year(case, self.over, self.least, counted, word)

    def _word(self) -> str:
        approved = "单位立项的" if self.approved_by_unit else ""
        recognised = "获认定的" if self.recognised else ""
        completed = "已完成的" if self.completed else ""
        return f"{approved}{recognised}{completed}创新课题或攻关项目"


@model
class ResultsPerYear(Rule):
    """Recognised results in every one of some years."""

    KIND: ClassVar[str] = "results_per_year"
    ABOUT: ClassVar[str] = "work"
    least: int = key("fewest results a year", default=1, least=1, most=1_000)
    over: Years = key("the years")
    kinds: tuple[str, ...] = key("kinds that count; none: all", default=())
    applied: bool = key("only results that are applied", default=False)

    def reads(self, condition: str) -> Mapping[str, Shape]:
        return facts("results", "studio.founded_on")

    def check(self, case: Case) -> Finding:
        results, word = case.fact("results"), "已推广应用的" if self.applied else "获认可或认定的"
        word += "、".join(self.kinds) or "创新成果"
        if results is None:
            return failed(f"未填写{word}，须每年不少于 {self.least} 项", needed=self.least)
        counted = [
            (date.fromisoformat(each["recognised_on"]).year, each)
            for each in results
            if each["recognised_on"] is not None
            and each["recognised_on"] <= str(case.on)
            and (not self.kinds or each.get("kind") in self.kinds)
            and (not self.applied or each.get("applied"))
        ]
        return _every_year(case, self.over, self.least, counted, word)


@model
class Apprenticeship(Rule):
    """Signed agreements between master and apprentice (名师带徒), with duties and a study plan."""

    KIND: ClassVar[str] = "apprenticeship"
    ABOUT: ClassVar[str] = "work"
    least: int = key("fewest agreements", default=1, least=1, most=1_000)

    def reads(self, condition: str) -> Mapping[str, Shape]:
        return facts("apprenticeships")

    def check(self, case: Case) -> Finding:
        pairs = case.fact("apprenticeships")
        if pairs is None:
            return failed("未填写师徒协议", needed=self.least)
        whole = [
            each
            for each in pairs
            if each["signed_on"] is not None
            and each["signed_on"] <= str(case.on)
            and each["duties"]
            and each["plan"]
        ]
        numbers: dict[str, Any] = {"found": len(whole), "of": len(pairs), "needed": self.least}
        told = f"已签订且明确双方职责、制定学习计划的师徒协议 {len(whole)} 份"
        if len(whole) < self.least:
            return failed(f"{told}，不足 {self.least} 份", **numbers)
        return passed(f"{told}，达到 {self.least} 份", evidence=proofs(whole), **numbers)


@model
class AnnualBudget(Rule):
    """Money set aside in every one of some years. `least` is in fen; 1 means any amount."""

    KIND: ClassVar[str] = "annual_budget"
    ABOUT: ClassVar[str] = "unit"
    least: int = key("lowest amount a year, in fen", default=1, least=1, most=10**15)
    over: Years = key("the years")

    def reads(self, condition: str) -> Mapping[str, Shape]:
        return facts("budgets", "studio.founded_on")

    def check(self, case: Case) -> Finding:
        budgets, floor = case.fact("budgets"), "" if self.least == 1 else f" {_yuan(self.least)} 元"
        if budgets is None:
            return failed(f"未填写每年经费预算{floor and '，每年须不少于' + floor}")
        founded = case.fact("studio.founded_on")
        span = self.over.span(case.on, date.fromisoformat(founded) if founded else None)
        if not span:
            return undecided("按创建日期与申报日推算尚无完整年度，经费须人工核定")
        found = {
            year: sum(each["amount"] for each in budgets if each["year"] == year) for year in span
        }
        numbers: dict[str, Any] = {
            "found": {str(year): fen for year, fen in found.items()},
            "needed": self.least,
        }
        told = "、".join(f"{year} 年 {_yuan(fen)} 元" for year, fen in found.items())
        if min(found.values()) < self.least:
            return failed(
                f"经费预算：{told}，{'有年度未列' if not floor else '不足每年' + floor}", **numbers
            )
        return passed(f"经费预算：{told}", evidence=proofs(budgets), **numbers)


def _yuan(fen: int) -> str:
    return f"{fen // 100:,}" if fen % 100 == 0 else f"{fen // 100:,}.{fen % 100:02d}"


@model
class VenueArea(Rule):
    """The floor area of the venue in square metres."""

    KIND: ClassVar[str] = "venue_area"
    ABOUT: ClassVar[str] = "unit"
    least: int = key("fewest square metres", least=1, most=1_000_000)

    def reads(self, condition: str) -> Mapping[str, Shape]:
        return facts("studio.area")

    def check(self, case: Case) -> Finding:
        area = case.fact("studio.area")
        if area is None:
            return failed(f"未填写场所面积，须不少于 {self.least} 平方米", needed=self.least)
        short = area < self.least
        word = "不足" if short else "达到"
        sentence = f"场所面积 {area} 平方米，{word} {self.least} 平方米"
        make = failed if short else passed
        return make(sentence, found=str(area), needed=self.least)
