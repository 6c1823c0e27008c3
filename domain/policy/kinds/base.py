"""What every kind of condition has in common, and the case it is checked against."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Any, ClassVar

from domain.errors import Invalid
from domain.policy.shapes import Shape
from domain.policy.verdicts import Finding

if TYPE_CHECKING:
    from domain.policy.forms import Form


@dataclass(frozen=True)
class Case:
    """One dossier before one condition: what it says, on which day, and the category's form."""

    dossier: Mapping[str, Any]
    on: date
    condition: str
    form: Form | None = None

    def fact(self, path: str) -> Any:
        """The fact at a path; None where it is missing, null or blank text."""
        value: Any = self.dossier
        for step in path.split("."):
            if not isinstance(value, Mapping):
                return None
            value = value.get(step)
        if isinstance(value, str) and not value.strip():
            return None
        return value

    def own(self, bag: str) -> Any:
        """The fact that the dossier keeps under this condition's name."""
        return self.fact(f"{bag}.{self.condition}")

    def under(self, condition: str) -> Case:
        """The same case before another condition."""
        return replace(self, condition=condition)


class Rule:
    """A kind of condition with its parameters.

    KIND: its name in packs; ABOUT: what it speaks of (leader, team, work, naming, unit, paper, any).
    """

    KIND: ClassVar[str] = ""
    ABOUT: ClassVar[str] = "any"
    NEEDS_FORM: ClassVar[bool] = False

    def reads(self, condition: str) -> Mapping[str, Shape]:
        """The facts it reads, by path, with their shapes."""
        raise TypeError(f"{type(self).__name__} reads nothing for {condition}")

    def check(self, case: Case) -> Finding:
        """What it finds in a case."""
        raise TypeError(f"{type(self).__name__} checks nothing in {case.condition}")

    def form_paths(self) -> tuple[str, ...]:
        """Paths `section.field` of the form that it relies on."""
        return ()


def require_limits(rule: Rule, low: str, high: str, *, either: bool = False) -> None:
    """Raise Invalid where the upper limit is below the lower one, or neither is there."""
    least, most = getattr(rule, low), getattr(rule, high)
    if either and least is None and most is None:
        raise Invalid("limit_missing", f"须至少给出 {low} 或 {high}", field=low)
    if least is not None and most is not None and most < least:
        raise Invalid("limits_backwards", f"{high} 小于 {low}", field=high)


def proofs(items: list[Mapping[str, Any]]) -> tuple[str, ...]:
    """The evidence that the items refer to, each once."""
    return tuple(dict.fromkeys(name for item in items for name in item.get("evidence") or ()))
