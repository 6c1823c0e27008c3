"""Conditions on the leader and the team."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any, ClassVar

from domain.errors import Invalid
from domain.policy.facts import LEVEL_NAMES, RANK, facts
from domain.policy.kinds.base import Case, Rule, proofs
from domain.policy.model import key, model
from domain.policy.shapes import Shape, normal
from domain.policy.verdicts import Finding, failed, passed, undecided
from domain.policy.windows import add_months, full_months

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
        return floor + self.names[0]


def _awarded(case: Case, path: str, word: str, wanted: tuple[Award, ...]) -> Finding:
    held = case.fact(path)
    needed = "或".join(award.words() for award in wanted)
    if held is None:
        return failed(f"未填写领衔人{word}，须有{needed}", needed=needed)
    counted = [each for each in held if any(award.covers(each) for award in wanted)]
    in_time = [each for each in counted if each["year"] <= case.on.year]
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

    def reads(self, condition: str) -> Mapping[str, Shape]:
        return facts("leader.honours")

    def check(self, case: Case) -> Finding:
        return _awarded(case, "leader.honours", "荣誉称号", self.honours)


@model
class LeaderTitle(Rule):
    """The leader holds one of the skill titles (技能带头人、创新能手、工匠、技能大师 …)."""

    KIND: ClassVar[str] = "leader_title"
    ABOUT: ClassVar[str] = "leader"
    titles: tuple[Award, ...] = key("titles, any one of which is enough")

    def reads(self, condition: str) -> Mapping[str, Shape]:
        return facts("leader.titles")

    def check(self, case: Case) -> Finding:
        return _awarded(case, "leader.titles", "技能称号", self.titles)


@model
class LeaderAge(Rule):
    """The leader's age in full years on the day of filing, or on a fixed day.

    The age itself stays out of sentence and facts: it would tell the birth date.
    """

    KIND: ClassVar[str] = "leader_age"
    ABOUT: ClassVar[str] = "leader"
    least: int | None = key("lowest age", default=None, least=1, most=120)
    most: int | None = key("highest age", default=None, least=1, most=120)
    on: date | None = key("the day that counts; none: the day of filing", default=None)

    def __post_init__(self) -> None:
        if self.least is None and self.most is None:
            raise Invalid("age_without_limit", "须至少给出 least 或 most", field="least")

    def reads(self, condition: str) -> Mapping[str, Shape]:
        return facts("leader.birth_date")

    def check(self, case: Case) -> Finding:
        born, limits = case.fact("leader.birth_date"), self._limits()
        if born is None:
            return failed(f"未填写领衔人出生年月，年龄须{limits}")
        day = self.on or case.on
        fits = {self._fits(full_months(at, day) // 12) for at in _possible_days(born)}
        if len(fits) == 2:
            return undecided(f"领衔人出生日期只填到月，年龄是否{limits}须核对")
        if fits == {True}:
            return passed(f"领衔人年龄符合{limits}的要求")
        return failed(f"领衔人年龄不符合{limits}的要求")

    def _fits(self, age: int) -> bool:
        return (self.least or 0) <= age <= (self.most if self.most is not None else 200)

    def _limits(self) -> str:
        low = f"不小于 {self.least} 周岁" if self.least is not None else ""
        high = f"不超过 {self.most} 周岁" if self.most is not None else ""
        return "、".join(each for each in (low, high) if each)


def _possible_days(born: str) -> list[date]:
    if len(born) == 10:
        return [date.fromisoformat(born)]
    first = date.fromisoformat(f"{born}-01")
    last = add_months(first, 1).toordinal() - 1
    return [date.fromordinal(day) for day in range(first.toordinal(), last + 1)]


def _enough(found: int, least: int | None, most: int | None, word: str) -> Finding:
    needed: dict[str, Any] = {"needed": least} if least is not None else {}
    if least is not None and found < least:
        return failed(f"{word} {found} 人，不足 {least} 人", found=found, needed=least)
    if most is not None and found > most:
        return failed(f"{word} {found} 人，超过 {most} 人", found=found, limit=most)
    floor = f"，达到 {least} 人" if least is not None else f"，不超过 {most} 人"
    return passed(f"{word} {found} 人{floor}", found=found, **needed)


@model
class TeamSize(Rule):
    """How many members the team has. Whether the leader is one of them is as the form is filled."""

    KIND: ClassVar[str] = "team_size"
    ABOUT: ClassVar[str] = "team"
    least: int = key("fewest members", least=1, most=10_000)
    most: int | None = key("most members", default=None, least=1, most=10_000)

    def reads(self, condition: str) -> Mapping[str, Shape]:
        return facts("team.size")

    def check(self, case: Case) -> Finding:
        size = case.fact("team.size")
        if size is None:
            return failed(f"未填写团队成员人数，须不少于 {self.least} 人", needed=self.least)
        return _enough(size, self.least, self.most, "团队成员")


@model
class FrontlineMember(Rule):
    """How many members, and which share of the team, are front-line workers."""

    KIND: ClassVar[str] = "frontline_member"
    ABOUT: ClassVar[str] = "team"
    least: int = key("fewest front-line workers", default=1, least=0, most=10_000)
    share: Decimal | None = key("lowest share of the team, such as 0.5", default=None)

    def __post_init__(self) -> None:
        if self.share is not None and not 0 < self.share <= 1:
            raise Invalid("share_out_of_range", "占比应大于 0、不超过 1", field="share")

    def reads(self, condition: str) -> Mapping[str, Shape]:
        return facts("team.frontline", "team.size")

    def check(self, case: Case) -> Finding:
        front, size = case.fact("team.frontline"), case.fact("team.size")
        if front is None:
            return failed("未填写一线职工人数")
        if size is not None and front > size:
            return failed(f"一线职工 {front} 人，多于团队成员 {size} 人，填写有误", found=front)
        if self.share is None or front < self.least:
            return _enough(front, self.least, None, "一线职工")
        if not size:
            return failed("未填写团队成员人数，无法计算一线职工占比", found=front)
        share = Decimal(front) / Decimal(size)
        told = f"一线职工 {front} 人，占团队成员 {size} 人的 {_percent(share)}"
        numbers: dict[str, Any] = {"found": front, "of": size, "needed_share": str(self.share)}
        if share < self.share:
            return failed(f"{told}，低于 {_percent(self.share)}", **numbers)
        return passed(f"{told}，达到 {_percent(self.share)}", **numbers)


def _percent(share: Decimal) -> str:
    number = (share * 100).quantize(Decimal("0.1")).normalize()
    return f"{number:f}%"


@model
class ResidentStaff(Rule):
    """How many full-time staff are resident at a station."""

    KIND: ClassVar[str] = "resident_staff"
    ABOUT: ClassVar[str] = "team"
    least: int = key("fewest full-time resident staff", default=1, least=1, most=10_000)

    def reads(self, condition: str) -> Mapping[str, Shape]:
        return facts("team.resident")

    def check(self, case: Case) -> Finding:
        staff = case.fact("team.resident")
        if staff is None:
            return failed(
                f"未填写常驻专职工作人员人数，须不少于 {self.least} 人", needed=self.least
            )
        return _enough(staff, self.least, None, "常驻专职工作人员")
