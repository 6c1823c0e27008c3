"""Conditions on the studio's name and on the namings it already has."""

from __future__ import annotations

import re
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

PLACES = {"leader": "leader.name", "unit": "unit.name", "any": ""}
"""What may stand in a pattern, and the fact that fills it."""


@model
class NamePattern(Rule):
    """The studio's name is made of the notice's words and the leader's, the unit's or free words."""

    KIND: ClassVar[str] = "name_pattern"
    ABOUT: ClassVar[str] = "naming"
    pattern: str = key(
        "the name, with `{leader}` for the leader's name, `{unit}` for the unit's, `{any}` for any"
    )

    def __post_init__(self) -> None:
        places = re.findall(r"\{(\w+)\}", self.pattern)
        rest = re.sub(r"\{\w+\}", "", self.pattern)
        known = set(places) <= set(PLACES) and len(set(places)) == len(places)
        if not places or not known or "{" in rest or "}" in rest:
            told = "应含 {leader}、{unit}、{any} 中的一个或几个，每个至多一次"
            raise Invalid("pattern_unclear", told, field="pattern")

    def apply(self, leader: str, unit: str = "") -> str:
        """The name of the studio under a leader, with 〔…〕 for what is free or not known."""
        name = self.pattern.replace("{leader}", leader.strip())
        return name.replace("{unit}", unit.strip() or "〔单位〕").replace("{any}", "〔…〕")

    def matches(self, name: str, leader: str, unit: str = "") -> bool:
        """Whether a studio's name is the one that the notice wants; without a unit, any unit's."""
        filled = {"leader": normal(leader), "unit": normal(unit)}
        steps = re.split(r"\{(\w+)\}", self.pattern)
        wanted = "".join(
            re.escape(normal(step)) if not at % 2 else re.escape(filled.get(step, "")) or ".+"
            for at, step in enumerate(steps)
        )
        return re.fullmatch(wanted, normal(name)) is not None

    def reads(self, condition: str) -> Mapping[str, Shape]:
        pattern = getattr(self, "pattern", "{leader}")
        wanted = [path for place, path in PLACES.items() if path and f"{{{place}}}" in pattern]
        return facts("studio.name", *wanted)

    def check(self, case: Case) -> Finding:
        said = {path: case.fact(path) for path in self.reads(case.condition)}
        blank = [facts(path)[path].title for path, value in said.items() if value is None]
        if blank:
            return failed(f"未填写{'、'.join(blank)}", pattern=self.pattern)
        name, leader = said["studio.name"], said.get("leader.name") or ""
        unit = said.get("unit.name") or ""
        if not self.matches(name, leader, unit):
            wanted = self.apply(leader, unit)
            return failed(f"工作室名称“{name}”不规范，应为“{wanted}”", name=name, wanted=wanted)
        return passed(f"工作室名称“{name}”符合命名要求", name=name)


_BLANK = "未填写曾获命名情况（没有的填空列表）"


class Held(Rule):
    """A rule about namings that stand on the day; each kind below says which ones and how long."""

    ABOUT: ClassVar[str] = "naming"
    level: str
    or_above: bool
    names: tuple[str, ...]
    window: Window | None = None

    def reads(self, condition: str) -> Mapping[str, Shape]:
        return facts("namings")

    def held(self, case: Case) -> list[Mapping[str, Any]] | None:
        """The namings that count; None: not filled in."""
        namings = case.fact("namings")
        if namings is None:
            return None
        on, known = str(case.on), {normal(name) for name in self.names}
        first, last = (str(day) for day in self.window.span(case.on)) if self.window else ("", on)
        return [
            each
            for each in namings
            if self._high_enough(each["level"])
            and (not self.names or normal(each["name"]) in known)
            and first <= each["on"] <= min(last, on)
            and not (each.get("revoked_on") and each["revoked_on"] <= on)
        ]

    def _high_enough(self, level: str) -> bool:
        return level == self.level or (self.or_above and RANK[level] > RANK[self.level])

    def title(self, on: date) -> str:
        """What is looked for, in Chinese."""
        within = f"{self.window.words(on)}命名的" if self.window else ""
        above = "以上" if self.or_above else ""
        return within + LEVEL_NAMES[self.level] + above + ("或".join(self.names) or "创新工作室")


@model
class NamedAt(Held):
    """The studio is already named at a level, under one of some titles or under any."""

    KIND: ClassVar[str] = "named_at"
    level: str = key("the level", choices=LEVELS)
    or_above: bool = key("a higher level counts too (以上)", default=False)
    names: tuple[str, ...] = key("titles that count; none: any", default=())
    window: Window | None = key("when it was named; none: at any time", default=None)

    def check(self, case: Case) -> Finding:
        held, title = self.held(case), self.title(case.on)
        if held is None:
            return failed(_BLANK, wanted=title)
        if not held:
            return failed(f"尚未命名为{title}", wanted=title)
        first = min(held, key=lambda each: str(each["on"]))
        return passed(
            f"{first['on']} 已命名为{LEVEL_NAMES[first['level']]}{first['name']}",
            evidence=proofs(held),
            named_on=first["on"],
            wanted=title,
        )


@model
class NotNamedAt(Held):
    """The studio is not named yet at a level, under one of some titles or under any.

    With a window a naming before it no longer excludes (有效期满可重新申报: the window's months).
    """

    KIND: ClassVar[str] = "not_named_at"
    level: str = key("the level", choices=LEVELS)
    or_above: bool = key("a higher level excludes too (以上)", default=False)
    names: tuple[str, ...] = key("titles that exclude; none: any", default=())
    window: Window | None = key("when it was named; none: at any time", default=None)

    def check(self, case: Case) -> Finding:
        held, title = self.held(case), self.title(case.on)
        if held is None:
            return failed(_BLANK, excluded=title)
        if held:
            first = min(held, key=lambda each: str(each["on"]))
            named = f"{LEVEL_NAMES[first['level']]}{first['name']}"
            return failed(f"{first['on']} 已命名为{named}，不再申报", named_on=first["on"])
        return passed(f"未曾命名为{title}", excluded=title)


@model
class NamedForYears(Held):
    """The studio has been named at a level for a number of full years."""

    KIND: ClassVar[str] = "named_for_years"
    level: str = key("the level", choices=LEVELS)
    or_above: bool = key("a higher level counts too (以上)", default=False)
    names: tuple[str, ...] = key("titles that count; none: any", default=())
    years: int = key("full years", default=0, least=0, most=50)
    months: int = key("full months on top", default=0, least=0, most=11)

    def __post_init__(self) -> None:
        if not self.years and not self.months:
            raise Invalid("no_length", "年数与月数不能都为 0", field="years")

    def check(self, case: Case) -> Finding:
        held, title = self.held(case), self.title(case.on)
        needed = self.years * 12 + self.months
        asked: dict[str, Any] = {"needed_years": self.years}
        if self.months:
            asked = {"needed_months": needed}
        if held is None:
            return failed(_BLANK, wanted=title, **asked)
        if not held:
            return failed(f"尚未命名为{title}，须满 {spelled(needed)}", **asked)
        since = date.fromisoformat(min(str(each["on"]) for each in held))
        found = full_months(since, case.on)
        numbers = {"named_on": str(since), "on": str(case.on), "found_months": found, **asked}
        told = f"{since} 命名为{title}，至 {case.on} 满 {spelled(found)}"
        if add_months(since, needed) > case.on:
            return failed(f"{told}，不足 {spelled(needed)}", **numbers)
        return passed(f"{told}，达到 {spelled(needed)}", evidence=proofs(held), **numbers)


@model
class NameAsNamed(Rule):
    """The name is written exactly as in an earlier naming by a level."""

    KIND: ClassVar[str] = "name_as_named"
    ABOUT: ClassVar[str] = "naming"
    levels: tuple[str, ...] = key("levels whose naming counts; none: any", default=())

    def reads(self, condition: str) -> Mapping[str, Shape]:
        return facts("studio.name", "namings")

    def check(self, case: Case) -> Finding:
        name, namings = case.fact("studio.name"), case.fact("namings")
        if name is None:
            return failed("未填写工作室名称")
        if namings is None:
            return failed(_BLANK)
        known = sorted(
            {
                each["studio_name"]
                for each in namings
                if each.get("studio_name") and (not self.levels or each["level"] in self.levels)
            }
        )
        if not known:
            return failed(f"未填写命名文件中的工作室全称，无法核对“{name}”", name=name)
        if normal(name) not in {normal(each) for each in known}:
            told = "”或“".join(known)
            return failed(f"工作室名称“{name}”与命名名称“{told}”不一致", name=name, named=known)
        return passed(f"工作室名称“{name}”与命名名称一致", name=name, named=known)
