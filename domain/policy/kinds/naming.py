"""Conditions on the studio's name and on the namings it already has."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, ClassVar

from domain.errors import Invalid
from domain.policy.facts import LEVEL_NAMES, facts
from domain.policy.kinds.base import Case, Rule, proofs
from domain.policy.kinds.people import LEVELS
from domain.policy.model import key, model
from domain.policy.shapes import Shape, normal
from domain.policy.verdicts import Finding, failed, passed
from domain.policy.windows import add_months, full_months, spelled


@model
class NamePattern(Rule):
    """The studio's name is made of the leader's and the notice's words."""

    KIND: ClassVar[str] = "name_pattern"
    ABOUT: ClassVar[str] = "naming"
    pattern: str = key("the name with `{leader}` where the leader's name stands")

    def __post_init__(self) -> None:
        rest = self.pattern.replace("{leader}", "", 1)
        if rest == self.pattern or "{" in rest or "}" in rest:
            raise Invalid("pattern_unclear", "应恰好含一个 {leader}", field="pattern")

    def apply(self, leader: str) -> str:
        """The name of the studio under a leader."""
        return self.pattern.replace("{leader}", leader.strip())

    def matches(self, name: str, leader: str) -> bool:
        """Whether a studio's name is the one that the notice wants."""
        return normal(name) == normal(self.apply(leader))

    def reads(self, condition: str) -> Mapping[str, Shape]:
        return facts("studio.name", "leader.name")

    def check(self, case: Case) -> Finding:
        name, leader = case.fact("studio.name"), case.fact("leader.name")
        if name is None or leader is None:
            blank = "工作室名称" if name is None else "领衔人姓名"
            return failed(f"未填写{blank}", pattern=self.pattern)
        if not self.matches(name, leader):
            wanted = self.apply(leader)
            return failed(f"工作室名称“{name}”不规范，应为“{wanted}”", name=name, wanted=wanted)
        return passed(f"工作室名称“{name}”符合命名要求", name=name)


def _named(case: Case, level: str, names: tuple[str, ...]) -> list[Mapping[str, Any]] | None:
    """The namings that stand on the day, at a level, under one of the titles; None: not filled."""
    namings = case.fact("namings")
    if namings is None:
        return None
    on, known = str(case.on), {normal(name) for name in names}
    return [
        each
        for each in namings
        if each["level"] == level
        and (not names or normal(each["name"]) in known)
        and each["on"] <= on
        and not (each.get("revoked_on") and each["revoked_on"] <= on)
    ]


_BLANK = "未填写曾获命名情况（没有的填空列表）"


@model
class NamedAt(Rule):
    """The studio is already named at a level, under one of some titles or under any."""

    KIND: ClassVar[str] = "named_at"
    ABOUT: ClassVar[str] = "naming"
    level: str = key("the level", choices=LEVELS)
    names: tuple[str, ...] = key("titles that count; none: any", default=())

    def reads(self, condition: str) -> Mapping[str, Shape]:
        return facts("namings")

    def check(self, case: Case) -> Finding:
        held, title = _named(case, self.level, self.names), _title(self.level, self.names)
        if held is None:
            return failed(_BLANK, wanted=title)
        if not held:
            return failed(f"尚未命名为{title}", wanted=title)
        first = min(held, key=lambda each: str(each["on"]))
        return passed(
            f"{first['on']} 已命名为{LEVEL_NAMES[self.level]}{first['name']}",
            evidence=proofs(held),
            named_on=first["on"],
            wanted=title,
        )


@model
class NotNamedAt(Rule):
    """The studio is not named yet at a level, under one of some titles or under any."""

    KIND: ClassVar[str] = "not_named_at"
    ABOUT: ClassVar[str] = "naming"
    level: str = key("the level", choices=LEVELS)
    names: tuple[str, ...] = key("titles that exclude; none: any", default=())

    def reads(self, condition: str) -> Mapping[str, Shape]:
        return facts("namings")

    def check(self, case: Case) -> Finding:
        held, title = _named(case, self.level, self.names), _title(self.level, self.names)
        if held is None:
            return failed(_BLANK, excluded=title)
        if held:
            first = min(held, key=lambda each: str(each["on"]))
            named = f"{LEVEL_NAMES[self.level]}{first['name']}"
            return failed(f"{first['on']} 已命名为{named}，不再申报", named_on=first["on"])
        return passed(f"未曾命名为{title}", excluded=title)


@model
class NamedForYears(Rule):
    """The studio has been named at a level for a number of full years."""

    KIND: ClassVar[str] = "named_for_years"
    ABOUT: ClassVar[str] = "naming"
    level: str = key("the level", choices=LEVELS)
    names: tuple[str, ...] = key("titles that count; none: any", default=())
    years: int = key("full years", least=1, most=50)

    def reads(self, condition: str) -> Mapping[str, Shape]:
        return facts("namings")

    def check(self, case: Case) -> Finding:
        held, title = _named(case, self.level, self.names), _title(self.level, self.names)
        if held is None:
            return failed(_BLANK, wanted=title, needed_years=self.years)
        if not held:
            return failed(f"尚未命名为{title}，须满 {self.years} 年", needed_years=self.years)
        since = date.fromisoformat(min(str(each["on"]) for each in held))
        found = full_months(since, case.on)
        numbers: dict[str, Any] = {
            "named_on": str(since),
            "on": str(case.on),
            "found_months": found,
        }
        told = f"{since} 命名为{title}，至 {case.on} 满 {spelled(found)}"
        if add_months(since, self.years * 12) > case.on:
            return failed(f"{told}，不足 {self.years} 年", **numbers, needed_years=self.years)
        sentence = f"{told}，达到 {self.years} 年"
        return passed(sentence, evidence=proofs(held), **numbers, needed_years=self.years)


def _title(level: str, names: tuple[str, ...]) -> str:
    return LEVEL_NAMES[level] + ("或".join(names) if names else "创新工作室")


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
