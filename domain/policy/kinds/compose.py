"""Conditions made of conditions: any one of them, or all."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

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


def _joined(case: Case, parts: tuple[Part, ...], order: tuple[str, str, str]) -> Finding:
    """The first outcome in `order` that any part has decides; its sentences are told first."""
    found = [(part.id, part.rule.check(case.under(part.id))) for part in parts]
    outcome = next(each for each in order if any(one.outcome == each for _, one in found))
    told = [one.sentence for _, one in found if one.outcome == outcome]
    return Finding(
        outcome,
        "；".join(told),
        {name: {"outcome": one.outcome, **one.facts} for name, one in found},
        tuple(dict.fromkeys(file for _, one in found for file in one.evidence)),
    )


@model
class AnyOf(Rule):
    """One of the parts is enough. A part that needs a human keeps the whole from failing."""

    KIND: ClassVar[str] = "any_of"
    of: tuple[Part, ...] = key("the parts")

    def reads(self, condition: str) -> Mapping[str, Shape]:
        return {path: shape for part in self.of for path, shape in part.rule.reads(part.id).items()}

    def check(self, case: Case) -> Finding:
        return _joined(case, self.of, (PASS, NEEDS_HUMAN, FAIL))

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
        return _joined(case, self.of, (FAIL, NEEDS_HUMAN, PASS))

    def form_paths(self) -> tuple[str, ...]:
        return tuple(path for part in self.of for path in part.rule.form_paths())
