"""Conditions on the leader."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, ClassVar

from domain.errors import Invalid
from domain.policy.facts import (
    DEGREES,
    LEVEL_NAMES,
    PROFESSIONAL_RANKS,
    RANK,
    SKILL_LEVELS,
    facts,
)
from domain.policy.kinds.base import Case, Rule, proofs, require_limits
from domain.policy.model import key, model
from domain.policy.shapes import Shape, normal
from domain.policy.verdicts import Finding, failed, passed, undecided
from domain.policy.windows import Window, add_months, full_months

LEVELS = ("nation", "province", "city", "county", "unit")


@model
class Award:
    """Names of an honour or title that count, from a level upwards."""

    names: tuple[str, ...] = key("what the name of the award ends with, such as 劳动模范")
    level: str | None = key("lowest level that counts; none: any", default=None, choices=LEVELS)

    def covers(self, held: Mapping[str, Any]) -> bool:
        """Whether something held counts."""
        high = self.level is None or RANK[held["level"]] >= RANK[self.level]
        return high and normal(held["name"]).endswith(tuple(map(normal, self.names)))

    def words(self) -> str:
        """The award in Chinese."""
        floor = "各级" if self.level is None else f"{LEVEL_NAMES[self.level]}以上"
        told: list[str] = []
        for name in self.names:
            if not any(_shortens(name, other) for other in told):
                told.append(name)
        return floor + "、".join(told)


def _shortens(name: str, other: str) -> bool:
    """Whether a name is another's abbreviation, as 劳模 is of 劳动模范: told once it is enough."""
    rest = iter(other)
    return len(name) < len(other) and all(mark in rest for mark in name)


def _awarded(
    case: Case, path: str, word: str, wanted: tuple[Award, ...], window: Window | None
) -> Finding:
    held = case.fact(path)
    needed = "或".join(award.words() for award in wanted)
    first, last = window.span(case.on) if window else (date.min, case.on)
    if window:
        needed = f"{window.words(case.on)}内获得的{needed}"
    if held is None:
        return failed(f"未填写领衔人{word}，须有{needed}", needed=needed)
    counted = [each for each in held if any(award.covers(each) for award in wanted)]
    until = min(last, case.on).year
    in_time = [each for each in counted if first.year <= each["year"] <= until]
    said = [_plain(each) for each in held]
    if not in_time:
        named = "、".join(_said(each) for each in held) or "无"
        return failed(f"领衔人{word}：{named}；须有{needed}", held=said, needed=needed)
    best = max(in_time, key=lambda each: RANK[each["level"]])
    return passed(
        f"领衔人获{_said(best)}，符合{needed}的要求",
        evidence=proofs(in_time),
        held=said,
        needed=needed,
    )


def _said(each: Mapping[str, Any]) -> str:
    return f"{LEVEL_NAMES[each['level']]}{each['name']}（{each['year']} 年）"


def _plain(each: Mapping[str, Any]) -> dict[str, Any]:
    return {"name": each["name"], "level": each["level"], "year": each["year"]}


@model
class LeaderHonour(Rule):
    """The leader holds one of the honours (劳模、五一劳动奖章 …) at a level or above."""

    KIND: ClassVar[str] = "leader_honour"
    ABOUT: ClassVar[str] = "leader"
    honours: tuple[Award, ...] = key("honours, any one of which is enough")
    window: Window | None = key("when it was given, by years; none: at any time", default=None)

    def reads(self, condition: str) -> Mapping[str, Shape]:
        return facts("leader.honours")

    def check(self, case: Case) -> Finding:
        return _awarded(case, "leader.honours", "荣誉称号", self.honours, self.window)


@model
class LeaderTitle(Rule):
    """The leader holds one of the skill titles (技能带头人、创新能手、工匠、技能大师 …)."""

    KIND: ClassVar[str] = "leader_title"
    ABOUT: ClassVar[str] = "leader"
    titles: tuple[Award, ...] = key("titles, any one of which is enough")
    window: Window | None = key("when it was given, by years; none: at any time", default=None)

    def reads(self, condition: str) -> Mapping[str, Shape]:
        return facts("leader.titles")

    def check(self, case: Case) -> Finding:
        return _awarded(case, "leader.titles", "技能称号", self.titles, self.window)


@model
class LeaderAge(Rule):
    """The leader's age in full years on the day of filing, or on a fixed day.

    `most_women` is for notices that let women and men serve to different ages. The age itself stays
    out of sentence and facts: it would tell the birth date.
    """

    KIND: ClassVar[str] = "leader_age"
    ABOUT: ClassVar[str] = "leader"
    least: int | None = key("lowest age", default=None, least=1, most=120)
    most: int | None = key("highest age", default=None, least=1, most=120)
    most_women: int | None = key(
        "highest age of a woman, where it is another", default=None, least=1, most=120
    )
    on: date | None = key("the day that counts; none: the day of filing", default=None)

    def __post_init__(self) -> None:
        require_limits(self, "least", "most", either=True)
        require_limits(self, "least", "most_women")
        if self.most_women is not None and self.most is None:
            raise Invalid("limit_missing", "给出 most_women 时须给出 most", field="most")

    def reads(self, condition: str) -> Mapping[str, Shape]:
        gender = () if self.most_women is None else ("leader.gender",)
        return facts("leader.birth_date", *gender)

    def check(self, case: Case) -> Finding:
        born, gender = case.fact("leader.birth_date"), case.fact("leader.gender")
        if self.most_women is not None and gender is None:
            return failed(f"未填写领衔人性别，年龄须{self._limits(None)}")
        limits = self._limits(gender)
        if born is None:
            return failed(f"未填写领衔人出生年月，年龄须{limits}")
        day = self.on or case.on
        fits = {self._fits(full_months(at, day) // 12, gender) for at in _possible_days(born)}
        if len(fits) == 2:
            return undecided(f"领衔人出生日期只填到月，年龄是否{limits}须核对")
        if fits == {True}:
            return passed(f"领衔人年龄符合{limits}的要求")
        return failed(f"领衔人年龄不符合{limits}的要求")

    def _most(self, gender: str | None) -> int | None:
        return self.most_women if self.most_women is not None and gender == "女" else self.most

    def _fits(self, age: int, gender: str | None) -> bool:
        most = self._most(gender)
        return (self.least or 0) <= age <= (most if most is not None else 200)

    def _limits(self, gender: str | None) -> str:
        low = f"不小于 {self.least} 周岁" if self.least is not None else ""
        high = f"不超过 {self._most(gender)} 周岁" if self.most is not None else ""
        if gender is None and self.most_women is not None:
            high = f"男不超过 {self.most} 周岁、女不超过 {self.most_women} 周岁"
        return "、".join(each for each in (low, high) if each)


def _possible_days(born: str) -> list[date]:
    if len(born) == 10:
        return [date.fromisoformat(born)]
    first = date.fromisoformat(f"{born}-01")
    last = add_months(first, 1).toordinal() - 1
    return [date.fromordinal(day) for day in range(first.toordinal(), last + 1)]


SCALES = {
    "skill": ("leader.skill_level", SKILL_LEVELS, "职业技能等级"),
    "rank": ("leader.professional_rank", PROFESSIONAL_RANKS, "专业技术职称"),
    "degree": ("leader.degree", DEGREES, "学历"),
}
"""What a qualification may be asked on: the fact, its steps upwards, its Chinese name."""


@model
class LeaderQualification(Rule):
    """The leader's skill level, professional rank or degree; one of those that are asked is enough."""

    KIND: ClassVar[str] = "leader_qualification"
    ABOUT: ClassVar[str] = "leader"
    skill: str | None = key("lowest skill level", default=None, choices=SKILL_LEVELS)
    rank: str | None = key("lowest professional rank", default=None, choices=PROFESSIONAL_RANKS)
    degree: str | None = key("lowest degree", default=None, choices=DEGREES)

    def __post_init__(self) -> None:
        if not self._asked():
            raise Invalid(
                "qualification_missing", "须至少给出 skill、rank、degree 之一", field="skill"
            )

    def _asked(self) -> dict[str, str]:
        asked = {scale: getattr(self, scale) for scale in SCALES}
        return {scale: least for scale, least in asked.items() if least is not None}

    def reads(self, condition: str) -> Mapping[str, Shape]:
        return facts(*(SCALES[scale][0] for scale in self._asked() or SCALES))

    def check(self, case: Case) -> Finding:
        asked = self._asked()
        needed = "或".join(f"{SCALES[scale][2]}{least}以上" for scale, least in asked.items())
        held = {scale: case.fact(SCALES[scale][0]) for scale in asked}
        numbers: dict[str, Any] = {"held": held, "needed": asked}
        for scale, least in asked.items():
            _, steps, word = SCALES[scale]
            if held[scale] is not None and steps.index(held[scale]) >= steps.index(least):
                return passed(f"领衔人{word}为{held[scale]}，符合{needed}的要求", **numbers)
        told = "、".join(f"{SCALES[scale][2]}{said or '未填写'}" for scale, said in held.items())
        return failed(f"领衔人{told}；须{needed}", **numbers)


@model
class LeaderYears(Rule):
    """How many full years the leader has worked in the trade (从事本专业、本工种)."""

    KIND: ClassVar[str] = "leader_years"
    ABOUT: ClassVar[str] = "leader"
    least: int = key("fewest full years", least=1, most=60)

    def reads(self, condition: str) -> Mapping[str, Shape]:
        return facts("leader.trade_years")

    def check(self, case: Case) -> Finding:
        found = case.fact("leader.trade_years")
        if found is None:
            return failed(f"未填写领衔人从事本专业年数，须满 {self.least} 年", needed=self.least)
        short = found < self.least
        told = f"领衔人从事本专业 {found} 年，{'不足' if short else '达到'} {self.least} 年"
        return (failed if short else passed)(told, found=found, needed=self.least)
