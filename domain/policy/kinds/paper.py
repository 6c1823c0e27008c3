"""Conditions on what is handed in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, ClassVar

from domain.errors import Invalid
from domain.policy.kinds.base import Case, Rule, require_limits
from domain.policy.model import key, model
from domain.policy.shapes import Choice, Flag, Keys, Listing, Number, Shape, Text, Whole
from domain.policy.verdicts import Finding, failed, passed, undecided

SUPPLIERS = {"unit_union": "所在单位工会", "recommending_union": "推荐单位", "city": "市总工会"}
PAPERS = ("A3", "A4", "B5")

MEASURES = {
    "minutes": ("时长", "分钟", ("least_minutes", "most_minutes")),
    "seconds": ("时长", "秒", ("least_seconds", "most_seconds")),
    "megabytes": ("大小", "MB", ("least_megabytes", "most_megabytes")),
    "characters": ("字数", "字", ("least_characters", "most_characters")),
}
"""What may be measured of each file: its Chinese name and unit, and the keys of its limits."""


@model
class Material(Rule):
    """Something to be handed in: files with their number, length and size, paper with its copies.

    What is measured (minutes or seconds, megabytes, characters) is stated for each file.
    """

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
    least_seconds: int | None = key("shortest film in seconds", default=None, least=1, most=36_000)
    most_seconds: int | None = key("longest film in seconds", default=None, least=1, most=36_000)
    least_megabytes: int | None = key("smallest file in MB", default=None, least=1, most=100_000)
    most_megabytes: int | None = key("largest file in MB", default=None, least=1, most=100_000)
    least_characters: int | None = key("fewest characters", default=None, least=1, most=100_000)
    most_characters: int | None = key("most characters", default=None, least=1, most=100_000)
    formats: tuple[str, ...] = key("endings of file names that are taken, such as mp4", default=())
    copies: int | None = key("paper copies", default=None, least=1, most=99)
    paper: str = key("paper size", default="")
    double_sided: bool = key("printed on both sides", default=False)
    bound: bool = key("bound", default=False)
    sealed: bool = key("with the seal of who supplies it", default=False)
    columns: tuple[str, ...] = key("headings of a table to be handed in", default=())
    outline: tuple[str, ...] = key("headings that the text has to cover", default=())

    def __post_init__(self) -> None:
        require_limits(self, "least", "most")
        for _, _, limits in MEASURES.values():
            require_limits(self, *limits)
        if {"minutes", "seconds"} <= set(self.measured):
            raise Invalid("measured_twice", "时长只能按分钟或按秒之一", field="least_seconds")

    @property
    def measured(self) -> tuple[str, ...]:
        """What has to be stated of each file."""
        return tuple(
            name
            for name, (_, _, limits) in MEASURES.items()
            if any(getattr(self, limit) is not None for limit in limits)
        )

    @property
    def timed(self) -> bool:
        """Whether its files are films with a length in minutes."""
        return "minutes" in self.measured

    def reads(self, condition: str) -> Mapping[str, Shape]:
        entry: dict[str, Shape] = {
            "name": Text(title="文件名", most=200, filled=True),
            "sha256": Text(title="SHA-256", pattern="[0-9a-f]{64}", most=64),
        }
        for name in self.measured:
            what, unit, _ = MEASURES[name]
            entry[name] = Number(title=f"{what}（{unit}）", most=100_000)
        of = Keys(of=entry, optional=frozenset({"sha256"}), filled=True)
        keys: dict[str, Shape] = {
            "files": Listing(title="电子文件", of=of, filled=True, most=1_000)
        }
        if self.copies is not None:
            keys["copies"] = Whole(title="纸质份数", most=999)
        if self.paper:
            own = () if self.paper in PAPERS else (self.paper,)
            keys["paper"] = Choice(title="纸张", options=(*PAPERS, *own, "其他"))
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
        faults = [*self._count(files), *self._files(files), *self._paper(handed)]
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

    def _files(self, files: list[Mapping[str, Any]]) -> Iterator[str]:
        """What is wrong with the files one by one."""
        for each in files:
            ending = each["name"].rpartition(".")[2].lower()
            if self.formats and ending not in {known.lower() for known in self.formats}:
                yield f"“{each['name']}”应为 {'、'.join(self.formats)} 格式"
            for name in self.measured:
                yield from self._measured(name, each.get(name))

    def _measured(self, name: str, found: Any) -> Iterator[str]:
        what, unit, (low, high) = MEASURES[name]
        least, most = getattr(self, low), getattr(self, high)
        if found is None:
            yield f"未填写{'视频' if what == '时长' else ''}{what}"
        elif least is not None and found < least:
            yield f"{what} {found} {unit}，不足 {least} {unit}"
        elif most is not None and found > most:
            yield f"{what} {found} {unit}，超过 {most} {unit}"

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
