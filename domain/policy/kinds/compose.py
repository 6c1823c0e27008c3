"""Conditions made of conditions: any one of them, several, or all."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from domain.errors import Invalid
from domain.policy.kinds.base import Case, Rule
from domain.policy.model import key, keys_of, model, plain
from domain.policy.shapes import Shape
from domain.policy.verdicts import FAIL, NEEDS_HUMAN, PASS, Finding


@model
class Part:
    """One condition inside another: its own name, its kind and parameters."""

    id: str = key("name of the part, unique in the pack")
    rule: Rule = key("kind and parameters", derived=True)

    def as_dict(self) -> dict[str, Any]:
        """The part as it stands in a pack."""
        return {"id": self.id, "kind": self.rule.KIND, **plain(keys_of(self.rule))}


Found = list[tuple[str, Finding]]


def _found(case: Case, parts: tuple[Part, ...]) -> Found:
    return [(part.id, part.rule.check(case.under(part.id))) for part in parts]


def _joined(found: Found, outcome: str, before: str = "") -> Finding:
    """The parts as one finding; the sentences of those with its outcome are told."""
    told = [one.sentence for _, one in found if one.outcome == outcome]
    return Finding(
        outcome,
        before + "；".join(told),
        {name: {"outcome": one.outcome, **one.facts} for name, one in found},
        tuple(dict.fromkeys(file for _, one in found for file in one.evidence)),
    )


def _first(found: Found, *order: str) -> str:
    """The first outcome in the order that any part has."""
    return next(each for each in order if any(one.outcome == each for _, one in found))


@model
class AnyOf(Rule):
    """One of the parts is enough, or `least` of them (下列条件中的两项以上).

    Parts that need a human keep the whole from failing as long as they could make up the number.
    """

    KIND: ClassVar[str] = "any_of"
    of: tuple[Part, ...] = key("the parts")
    least: int = key("how many parts are needed", default=1, least=1, most=100)

    def __post_init__(self) -> None:
        if self.least > len(self.of):
            raise Invalid("parts_missing", f"of 只有 {len(self.of)} 项", field="least")

    def reads(self, condition: str) -> Mapping[str, Shape]:
        return {path: shape for part in self.of for path, shape in part.rule.reads(part.id).items()}

    def check(self, case: Case) -> Finding:
        found = _found(case, self.of)
        if self.least == 1:
            return _joined(found, _first(found, PASS, NEEDS_HUMAN, FAIL))
        met = sum(one.outcome == PASS for _, one in found)
        still = sum(one.outcome == NEEDS_HUMAN for _, one in found)
        count = f"{len(found)} 项中符合 {met} 项"
        if met >= self.least:
            return _joined(found, PASS, f"{count}，达到 {self.least} 项：")
        if met + still >= self.least:
            told = f"{count}，须 {self.least} 项，另有 {still} 项须人工核实："
            return _joined(found, NEEDS_HUMAN, told)
        return _joined(found, FAIL, f"{count}，不足 {self.least} 项：")

    def form_paths(self) -> tuple[str, ...]:
        return tuple(path for part in self.of for path in part.rule.form_paths())


@model
class AllOf(Rule):
    """All parts are needed. One that fails decides, before one that needs a human."""

    KIND: ClassVar[str] = "all_of"
    of: tuple[Part, ...] = key("the parts")

    def reads(self, condition: str) -> Mapping[str, Shape]:
        return {path: shape for part in self.of for path, shape in part.rule.reads(part.id).items()}

    def check(self, case: Case) -> Finding:
        found = _found(case, self.of)
        return _joined(found, _first(found, FAIL, NEEDS_HUMAN, PASS))

    def form_paths(self) -> tuple[str, ...]:
        return tuple(path for part in self.of for path in part.rule.form_paths())
