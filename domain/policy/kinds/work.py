"""Conditions on what the studio does: how long it runs, its results, apprentices and room."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, ClassVar

from domain.errors import Invalid
from domain.policy.facts import LEVEL_NAMES, RANK, facts
from domain.policy.kinds.base import Case, Rule, proofs
from domain.policy.kinds.people import LEVELS
from domain.policy.model import key, model
from domain.policy.shapes import Shape, normal
from domain.policy.verdicts import Finding, failed, passed
from domain.policy.windows import Window, add_months, full_months, spelled


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
    """Recognised results in a span of dates, of any kind or of some (patents …), from a level up.

    A result is of a kind if its 类别 ends with the pack's word: 发明专利 is a 专利.
    """

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
        if not of_kind(each, self.kinds):
            return False
        if self.level and RANK.get(each.get("level") or "", 0) < RANK[self.level]:
            return False
        return bool(each.get("applied")) or not self.applied


def of_kind(result: Mapping[str, Any], kinds: tuple[str, ...]) -> bool:
    """Whether a result is of one of the kinds; of any where none is named."""
    kind = normal(result.get("kind") or "")
    return not kinds or kind.endswith(tuple(map(normal, kinds)))


@model
class Apprenticeship(Rule):
    """Signed agreements between master and apprentice (名师带徒), with duties and a study plan.

    Where the notice asks for neither duties nor plan, say so: a bare agreement then counts.
    """

    KIND: ClassVar[str] = "apprenticeship"
    ABOUT: ClassVar[str] = "work"
    least: int = key("fewest agreements", default=1, least=1, most=1_000)
    duties: bool = key("both sides' duties must be written down", default=True)
    plan: bool = key("a study plan must be there", default=True)
    window: Window | None = key("when it was signed; none: at any time", default=None)

    def reads(self, condition: str) -> Mapping[str, Shape]:
        return facts("apprenticeships")

    def check(self, case: Case) -> Finding:
        pairs = case.fact("apprenticeships")
        if pairs is None:
            return failed("未填写师徒协议", needed=self.least)
        whole = [each for each in pairs if self._counts(each, case.on)]
        numbers: dict[str, Any] = {"found": len(whole), "of": len(pairs), "needed": self.least}
        told = f"{self._word(case.on)}师徒协议 {len(whole)} 份"
        if len(whole) < self.least:
            return failed(f"{told}，不足 {self.least} 份", **numbers)
        return passed(f"{told}，达到 {self.least} 份", evidence=proofs(whole), **numbers)

    def _counts(self, pair: Mapping[str, Any], on: date) -> bool:
        if pair["signed_on"] is None:
            return False
        first, last = self.window.span(on) if self.window else (date.min, on)
        signed = first <= date.fromisoformat(pair["signed_on"]) <= min(last, on)
        return bool(
            signed and (pair["duties"] or not self.duties) and (pair["plan"] or not self.plan)
        )

    def _word(self, on: date) -> str:
        within = f"{self.window.words(on)}内" if self.window else "已"
        asked = [("明确双方职责", self.duties), ("制定学习计划", self.plan)]
        kept = "、".join(word for word, wanted in asked if wanted)
        return f"{within}签订{'且' + kept if kept else ''}的"


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
