"""Conditions on every one of some years, or on those years together: topics, results, money."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, ClassVar

from domain.policy.facts import facts
from domain.policy.kinds.base import Case, Rule, proofs
from domain.policy.kinds.work import of_kind
from domain.policy.model import key, model
from domain.policy.shapes import Shape
from domain.policy.verdicts import Finding, failed, passed, undecided
from domain.policy.windows import Years

TOGETHER = "the years together (累计), not each of them"


class Yearly(Rule):
    """A rule about some years of the studio; it counts what each kind below collects."""

    ABOUT: ClassVar[str] = "work"
    least: int
    over: Years
    together: bool

    def asked(self) -> str:
        """How many are needed, in Chinese."""
        return f"{'累计' if self.together else '每年'}不少于 {self.least} 项"

    def weigh(self, case: Case, counted: list[tuple[int, Mapping[str, Any]]], word: str) -> Finding:
        """The finding for items of some years."""
        founded = case.fact("studio.founded_on")
        span = self.over.span(case.on, date.fromisoformat(founded) if founded else None)
        if not span:
            told = f"按创建日期与申报日推算尚无完整年度，{word}须人工核定"
            return undecided(told, found={})
        found = {year: sum(at == year for at, _ in counted) for year in span}
        numbers: dict[str, Any] = {
            "found": {str(year): count for year, count in found.items()},
            "needed": self.least,
        }
        items = [each for at, each in counted if at in found]
        if self.together:
            told = f"{word}：{span[0]}—{span[-1]} 年累计 {len(items)} 项"
            if len(items) < self.least:
                return failed(f"{told}，不足 {self.least} 项", **numbers)
            return passed(f"{told}，达到 {self.least} 项", evidence=proofs(items), **numbers)
        short = [f"{year} 年 {count} 项" for year, count in found.items() if count < self.least]
        if short:
            return failed(f"{word}：{'、'.join(short)}，不足每年 {self.least} 项", **numbers)
        told = "、".join(f"{year} 年 {count} 项" for year, count in found.items())
        told = f"{word}：{told}，达到每年 {self.least} 项"
        return passed(told, evidence=proofs(items), **numbers)


@model
class TopicsPerYear(Yearly):
    """Topics taken on in every one of some years, or in those years together."""

    KIND: ClassVar[str] = "topics_per_year"
    least: int = key("fewest topics a year", default=1, least=1, most=1_000)
    over: Years = key("the years")
    together: bool = key(TOGETHER, default=False)
    approved_by_unit: bool = key("only topics that the unit approved (立项)", default=False)
    recognised: bool = key("only topics that were recognised (认定)", default=False)
    completed: bool = key("only completed topics", default=False)

    def reads(self, condition: str) -> Mapping[str, Shape]:
        return facts("topics", "studio.founded_on")

    def check(self, case: Case) -> Finding:
        topics, word = case.fact("topics"), self._word()
        if topics is None:
            return failed(f"未填写{word}，须{self.asked()}", needed=self.least)
        wanted = [
            name for name in ("approved_by_unit", "recognised", "completed") if getattr(self, name)
        ]
        counted = [(each["year"], each) for each in topics if all(map(each.get, wanted))]
        return self.weigh(case, counted, word)

    def _word(self) -> str:
        approved = "单位立项的" if self.approved_by_unit else ""
        recognised = "获认定的" if self.recognised else ""
        completed = "已完成的" if self.completed else ""
        return f"{approved}{recognised}{completed}创新课题或攻关项目"


@model
class ResultsPerYear(Yearly):
    """Recognised results in every one of some years, or in those years together."""

    KIND: ClassVar[str] = "results_per_year"
    least: int = key("fewest results a year", default=1, least=1, most=1_000)
    over: Years = key("the years")
    together: bool = key(TOGETHER, default=False)
    kinds: tuple[str, ...] = key("kinds that count; none: all", default=())
    applied: bool = key("only results that are applied", default=False)

    def reads(self, condition: str) -> Mapping[str, Shape]:
        return facts("results", "studio.founded_on")

    def check(self, case: Case) -> Finding:
        results, word = case.fact("results"), "已推广应用的" if self.applied else "获认可或认定的"
        word += "、".join(self.kinds) or "创新成果"
        if results is None:
            return failed(f"未填写{word}，须{self.asked()}", needed=self.least)
        counted = [
            (date.fromisoformat(each["recognised_on"]).year, each)
            for each in results
            if each["recognised_on"] is not None
            and each["recognised_on"] <= str(case.on)
            and of_kind(each, self.kinds)
            and (not self.applied or each.get("applied"))
        ]
        return self.weigh(case, counted, word)


@model
class AnnualBudget(Rule):
    """Money set aside in every one of some years. `least` is in fen; 1 means any amount.

    With `together` the years' sum has to reach it.
    """

    KIND: ClassVar[str] = "annual_budget"
    ABOUT: ClassVar[str] = "unit"
    least: int = key("lowest amount a year, in fen", default=1, least=1, most=10**15)
    over: Years = key("the years")
    together: bool = key(TOGETHER, default=False)

    def reads(self, condition: str) -> Mapping[str, Shape]:
        return facts("budgets", "studio.founded_on")

    def check(self, case: Case) -> Finding:
        budgets, floor = case.fact("budgets"), "" if self.least == 1 else f" {_yuan(self.least)} 元"
        if budgets is None:
            asked = f"，{self._each}须不少于{floor}" if floor else ""
            return failed(f"未填写每年经费预算{asked}")
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
        total = sum(found.values())
        if self.together:
            told = f"{told}，累计 {_yuan(total)} 元"
        if (total if self.together else min(found.values())) < self.least:
            short = f"不足{self._each}{floor}" if floor else "有年度未列"
            return failed(f"经费预算：{told}，{short}", **numbers)
        return passed(f"经费预算：{told}", evidence=proofs(budgets), **numbers)

    @property
    def _each(self) -> str:
        return "累计" if self.together else "每年"


def _yuan(fen: int) -> str:
    return f"{fen // 100:,}" if fen % 100 == 0 else f"{fen // 100:,}.{fen % 100:02d}"
