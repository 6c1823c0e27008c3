"""What a verification found, for a person to read and for a program."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, Literal

Part = Literal["log", "event", "stream", "checkpoint", "key", "evidence", "database"]

NAMES: dict[Part, str] = {
    "log": "日志",
    "event": "事件",
    "stream": "版本",
    "checkpoint": "检查点",
    "key": "密钥",
    "evidence": "附件",
    "database": "数据库",
}


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong. first, last: between which positions, if it is about positions; reason: Chinese."""

    part: Part
    reason: str
    first: int | None = None
    last: int | None = None

    def __str__(self) -> str:
        where = ""
        if self.first is not None:
            span = (
                f"{self.first}" if self.last in {None, self.first} else f"{self.first}–{self.last}"
            )
            where = f"第 {span} 条"
        return f"{NAMES[self.part]} {where}：{self.reason}".replace(" ：", "：")


@dataclass(frozen=True, slots=True)
class Report:
    """size, root: of the log as verified (as far as it could be); checkpoints, evidence: how many were compared.

    outside: the size of the checkpoint that was brought along, if one was; vkey: the key in force, as far as known.
    """

    size: int
    root: str
    vkey: str | None
    checkpoints: int
    evidence: int
    outside: int | None
    faults: tuple[Fault, ...]

    @property
    def ok(self) -> bool:
        """Whether nothing is wrong."""
        return not self.faults

    @property
    def first(self) -> int | None:
        """The first bad position, if any fault is about positions."""
        return min((fault.first for fault in self.faults if fault.first is not None), default=None)

    def as_dict(self) -> dict[str, Any]:
        """As JSON has it."""
        return {"ok": self.ok, "first": self.first, **asdict(self)}

    def lines(self) -> list[str]:
        """As a person reads it, in Chinese; the first line says yes or no."""
        if self.ok:
            brought = (
                f"，与带来的检查点（{self.outside} 条）一致" if self.outside is not None else ""
            )
            counts = f"{self.checkpoints} 个检查点、{self.evidence} 个附件"
            return [f"核验通过：{self.size} 条记录、{counts}{brought}", f"根哈希 {self.root}"]
        where = f"，第一处在第 {self.first} 条" if self.first is not None else ""
        return [f"核验未通过{where}", *map(str, self.faults)]
