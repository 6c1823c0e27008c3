"""Conditions on what is handed in."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from domain.errors import Invalid
from domain.policy.kinds.base import Case, Rule
from domain.policy.model import key, model
from domain.policy.shapes import Choice, Flag, Keys, Listing, Number, Shape, Text, Whole
from domain.policy.verdicts import Finding, failed, passed, undecided

SUPPLIERS = {"unit_union": "所在单位工会", "recommending_union": "推荐单位", "city": "市总工会"}


@model
class Material(Rule):
    """Something to be handed in: files with their number and length, paper with its copies."""

    KIND: ClassVar[str] = "material"
    ABOUT: ClassVar[str] = "paper"
    material: str = key("name of the material in dossiers")
    name: str = key("the notice's words for it")
    by: str = key(
        "who supplies it",
        default="unit_union",
        choices=("unit_union", "recommending_union", "city"),
    )
    media: str = key(
        "what it is", default="document", choices=("document", "photo", "video", "form", "table")
    )
    least: int = key("fewest files", default=1, least=0, most=1_000)
    most: int | None = key("most files", default=None, least=1, most=1_000)
    least_minutes: int | None = key("shortest film in minutes", default=None, least=0, most=600)
    most_minutes: int | None = key("longest film in minutes", default=None, least=1, most=600)
    copies: int | None = key("paper copies", default=None, least=1, most=99)
    paper: str = key("paper size", default="")
    double_sided: bool = key("printed on both sides", default=False)
    bound: bool = key("bound", default=False)
    sealed: bool = key("with the seal of who supplies it", default=False)
    columns: tuple[str, ...] = key("headings of a table to be handed in", default=())
    outline: tuple[str, ...] = key("headings that the text has to cover", default=())

    def __post_init__(self) -> None:
        if self.most is not None and self.most < self.least:
            raise Invalid("limits_backwards", "most 小于 least", field="most")
        low, high = self.least_minutes, self.most_minutes
        if low is not None and high is not None and high < low:
            raise Invalid(
                "limits_backwards", "most_minutes 小于 least_minutes", field="most_minutes"
            )

    @property
    def timed(self) -> bool:
        """Whether its files are films with a length."""
        return self.least_minutes is not None or self.most_minutes is not None

    def reads(self, condition: str) -> Mapping[str, Shape]:
        entry: dict[str, Shape] = {
            "name": Text(title="文件名", most=200, filled=True),
            "sha256": Text(title="SHA-256", pattern="[0-9a-f]{64}", most=64),
        }
        if self.timed:
            entry["minutes"] = Number(title="时长（分钟）", most=100_000)
        of = Keys(of=entry, optional=frozenset({"sha256"}), filled=True)
        keys: dict[str, Shape] = {
            "files": Listing(title="电子文件", of=of, filled=True, most=1_000)
        }
        if self.copies is not None:
            keys["copies"] = Whole(title="纸质份数", most=999)
        if self.paper:
            keys["paper"] = Choice(title="纸张", options=("A3", "A4", "B5", "其他"))
        for flag, title in (
            ("double_sided", "双面打印"),
            ("bound", "装订成册"),
            ("sealed", "盖章"),
        ):
            if getattr(self, flag):
                keys[flag] = Flag(title=title)
        return {f"materials.{self.material}": Keys(title=self.name, of=keys)}

    def check(self, case: Case) -> Finding:
        handed = case.fact(f"materials.{self.material}")
        if handed is None and self.by != "unit_union":
            return undecided(f"{self.name}由{SUPPLIERS[self.by]}提供，材料未填，须人工核实")
        if handed is None:
            return failed(f"未提交{self.name}", needed=self.least)
        files = handed.get("files") or []
        faults = [*self._count(files), *self._minutes(files), *self._paper(handed)]
        evidence = tuple(each.get("sha256") or each["name"] for each in files)
        numbers: dict[str, Any] = {
            "files": len(files),
            **{k: v for k, v in handed.items() if k != "files"},
        }
        if faults:
            return failed(f"{self.name}：{'；'.join(faults)}", evidence=evidence, **numbers)
        return passed(f"{self.name}已提交{self._said(files)}", evidence=evidence, **numbers)

    def _said(self, files: list[Mapping[str, Any]]) -> str:
        count = f" {len(files)} {self._measure}" if files else ""
        return count + (f"、纸质 {self.copies} 份" if self.copies else "")

    @property
    def _measure(self) -> str:
        return "张" if self.media == "photo" else "个"

    def _count(self, files: list[Mapping[str, Any]]) -> list[str]:
        if len(files) < self.least:
            return [f"现有 {len(files)} {self._measure}，不足 {self.least} {self._measure}"]
        if self.most is not None and len(files) > self.most:
            return [f"现有 {len(files)} {self._measure}，超过 {self.most} {self._measure}"]
        return []

    def _minutes(self, files: list[Mapping[str, Any]]) -> list[str]:
        if not self.timed:
            return []
        faults = []
        for each in files:
            length = each.get("minutes")
            if length is None:
                faults.append("未填写视频时长")
            elif self.least_minutes is not None and length < self.least_minutes:
                faults.append(f"时长 {length} 分钟，不足 {self.least_minutes} 分钟")
            elif self.most_minutes is not None and length > self.most_minutes:
                faults.append(f"时长 {length} 分钟，超过 {self.most_minutes} 分钟")
        return faults

    def _paper(self, handed: Mapping[str, Any]) -> list[str]:
        faults = []
        if self.copies is not None:
            copies = handed.get("copies")
            if copies is None:
                faults.append(f"未填写纸质份数，应为 {self.copies} 份")
            elif copies < self.copies:
                faults.append(f"纸质 {copies} 份，不足 {self.copies} 份")
        if self.paper and handed.get("paper") != self.paper:
            faults.append(f"应使用 {self.paper} 纸")
        if self.double_sided and not handed.get("double_sided"):
            faults.append("应双面打印")
        if self.bound and not handed.get("bound"):
            faults.append("应装订成册")
        if self.sealed and not handed.get("sealed"):
            faults.append("应盖章")
        return faults
