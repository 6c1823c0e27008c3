"""Conditions on the team: its size, and how many of it are what the notice asks for."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, ClassVar

from domain.errors import Invalid
from domain.policy.facts import facts
from domain.policy.kinds.base import Case, Rule, require_limits
from domain.policy.model import key, model
from domain.policy.shapes import Shape, Whole
from domain.policy.verdicts import FAIL, Finding, failed, passed


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
    least: int | None = key("fewest members", default=None, least=1, most=10_000)
    most: int | None = key("most members", default=None, least=1, most=10_000)

    def __post_init__(self) -> None:
        require_limits(self, "least", "most", either=True)

    def reads(self, condition: str) -> Mapping[str, Shape]:
        return facts("team.size")

    def check(self, case: Case) -> Finding:
        size = case.fact("team.size")
        if size is None and self.least is None:
            return failed(f"未填写团队成员人数，须不超过 {self.most} 人", limit=self.most)
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
        _require_share(self.share, "share")

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


@model
class TeamMembers(Rule):
    """How many members, and which share of the team, are what the notice names (高级工以上, 青年 …)."""

    KIND: ClassVar[str] = "team_members"
    ABOUT: ClassVar[str] = "team"
    what: str = key("who is counted, in Chinese, such as 高级工以上人员")
    least: int | None = key("fewest of them", default=None, least=1, most=10_000)
    most: int | None = key("most of them", default=None, least=0, most=10_000)
    share: Decimal | None = key("lowest share of the team, such as 0.5", default=None)
    most_share: Decimal | None = key("highest share of the team", default=None)

    def __post_init__(self) -> None:
        limits = ("least", "most", "share", "most_share")
        if all(getattr(self, each) is None for each in limits):
            told = "须至少给出 least、most、share、most_share 之一"
            raise Invalid("limit_missing", told, field="least")
        require_limits(self, "least", "most")
        require_limits(self, "share", "most_share")
        for name in ("share", "most_share"):
            _require_share(getattr(self, name), name)

    def reads(self, condition: str) -> Mapping[str, Shape]:
        count = Whole(title=f"团队中{self.what}人数", most=10_000)
        return {f"numbers.{condition}": count, **facts("team.size")}

    def check(self, case: Case) -> Finding:
        found, size = case.own("numbers"), case.fact("team.size")
        if found is None:
            return failed(f"未填写团队中{self.what}人数")
        if size is not None and found > size:
            told = f"{self.what} {found} 人，多于团队成员 {size} 人，填写有误"
            return failed(told, found=found, of=size)
        counted = None
        if self.least is not None or self.most is not None:
            counted = _enough(found, self.least, self.most, self.what)
        if counted is not None and counted.outcome == FAIL:
            return counted
        shared = self._share(found, size)
        return shared or counted or failed(f"{self.what} {found} 人")

    def _share(self, found: int, size: int | None) -> Finding | None:
        if self.share is None and self.most_share is None:
            return None
        if not size:
            return failed(f"未填写团队成员人数，无法计算{self.what}占比", found=found)
        share = Decimal(found) / Decimal(size)
        told = f"{self.what} {found} 人，占团队成员 {size} 人的 {_percent(share)}"
        numbers: dict[str, Any] = {"found": found, "of": size}
        if self.share is not None:
            numbers["needed_share"] = str(self.share)
            if share < self.share:
                return failed(f"{told}，低于 {_percent(self.share)}", **numbers)
        if self.most_share is not None:
            numbers["limit_share"] = str(self.most_share)
            if share > self.most_share:
                return failed(f"{told}，高于 {_percent(self.most_share)}", **numbers)
        reached = f"达到 {_percent(self.share)}" if self.share is not None else "符合要求"
        return passed(f"{told}，{reached}", **numbers)


def _require_share(share: Decimal | None, name: str) -> None:
    if share is not None and not 0 < share <= 1:
        raise Invalid("share_out_of_range", "占比应大于 0、不超过 1", field=name)
