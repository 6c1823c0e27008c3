"""The generated part of docs/packs.md: every key of a pack and every kind, from their declarations.

Run `python -m adapters.packs.reference docs/packs.md` after the model has changed.
"""

from __future__ import annotations

import sys
import types
from collections.abc import Iterator
from dataclasses import MISSING, Field, fields, is_dataclass
from datetime import date, time
from decimal import Decimal
from pathlib import Path as FilePath
from typing import Any, Union, cast, get_args, get_origin, get_type_hints

from domain.policy.conditions import KINDS
from domain.policy.facts import FACTS
from domain.policy.kinds.base import Rule
from domain.policy.policy import Condition, Policy
from domain.policy.shapes import Choice, Day, Flag, Keys, Listing, Number, Shape, Text
from domain.values import Money

BEGIN = "<!-- reference: begin -->"
END = "<!-- reference: end -->"
SINGLE = {
    str: "text",
    int: "whole number",
    bool: "true or false",
    date: "date",
    time: "HH:MM",
    Decimal: "decimal",
    Money: "fen",
}


def reference() -> str:
    """The keys of a pack, the kinds of condition and the facts, as Markdown."""
    lines = ["## Keys of a pack", ""]
    seen = _parts(Policy, [])
    for part in seen:
        lines += _part(part)
    lines += ["## Kinds of condition", ""]
    for kind, rule in KINDS.items():
        lines += [f"### `{kind}`", "", _words(rule), ""]
        if fields(cast(Any, rule)):
            lines += [*_table(rule), ""]
        reads = _reads(rule)
        if reads:
            lines += [f"Reads: {reads}.", ""]
    lines += ["## Keys inside kinds", ""]
    known = len(seen)
    for rule in KINDS.values():
        _parts(rule, seen)
    inner = [part for part in seen[known:] if part not in KINDS.values()]
    for part in inner:
        lines += _part(part)
    lines += ["## Facts", "", "| fact | shape | Chinese |", "|---|---|---|"]
    lines += [f"| `{path}` | {_shape(each)} | {each.title} |" for path, each in FACTS.items()]
    return "\n".join(lines) + "\n"


def _parts(part: type, seen: list[type]) -> list[type]:
    seen.append(part)
    for hint in get_type_hints(part).values():
        for each in _leaves(hint):
            if is_dataclass(each) and each is not Money and each not in seen:
                _parts(cast(type, each), seen)
    return seen


def _leaves(hint: Any) -> Iterator[Any]:
    inner = get_args(hint)
    if not inner:
        yield hint
    for each in inner:
        yield from _leaves(each)


def _part(part: type) -> list[str]:
    return [f"### {part.__name__}", "", _words(part), "", *_table(part), ""]


def _table(part: type) -> list[str]:
    hints = get_type_hints(part)
    rows = ["| key | value | what it says |", "|---|---|---|"]
    if part is Condition:
        rows.append(
            "| `kind` | text, required | one of the kinds below, with its own keys beside |"
        )
    for each in fields(part):
        if not each.metadata.get("derived"):
            value = f"{_type(hints[each.name])}{_limits(each)}"
            rows.append(f"| `{each.name}` | {value} | {each.metadata['doc']} |")
    return rows


def _type(hint: Any) -> str:
    if get_origin(hint) in {Union, types.UnionType}:
        hint = next(each for each in get_args(hint) if each is not type(None))
    if get_origin(hint) is tuple:
        return f"list of {_type(get_args(hint)[0])}"
    return SINGLE.get(hint) or str(hint.__name__)


def _limits(each: Field[Any]) -> str:
    told = ", required" if each.default is MISSING else ""
    if choices := [f"`{word}`" for word in each.metadata["choices"] if word]:
        told += ": " + " ".join(choices)
    low, high = each.metadata["least"], each.metadata["most"]
    if low is not None or high is not None:
        told += f", {'' if low is None else low}–{'' if high is None else high}"
    if each.default is not MISSING and isinstance(each.default, bool | int | str):
        shown = str(each.default).lower() if isinstance(each.default, bool) else each.default
        told += f", default `{shown}`" if shown != "" else ""
    return told


def _words(part: type) -> str:
    return " ".join((part.__doc__ or "").split())


def _reads(rule: type[Rule]) -> str:
    if rule.NEEDS_FORM:
        return "the category's form"
    own = {
        "declared": "`declared.<id>`",
        "number": "`numbers.<id>`",
        "team_members": "`numbers.<id>`, `team.size`",
        "choice": "`choices.<id>`",
        "judged": "`statements.<id>`",
        "material": "`materials.<material>`",
        "any_of": "what its parts read",
        "all_of": "what its parts read",
    }
    if rule.KIND in own:
        return own[rule.KIND]
    paths = rule.reads(rule.__new__(rule), "")
    return ", ".join(f"`{path}`" for path in paths)


def _shape(each: Shape) -> str:
    match each:
        case Keys():
            inner = [
                f"{name}{'?' if name in each.optional else ''}: {_shape(of)}"
                for name, of in each.of.items()
            ]
            return "{" + ", ".join(inner) + "}"
        case Listing():
            return f"list of {_shape(each.of)}"
        case Choice():
            return " / ".join(each.options)
        case Flag():
            return "true or false"
        case Day():
            return "YYYY-MM-DD" + (" or YYYY-MM" if each.month_will_do else "")
        case Number():
            return "number"
        case Text():
            return "text"
    return "whole number"


def renewed(page: str) -> str:
    """The page with its generated part made anew."""
    before, rest = page.split(BEGIN)
    _, after = rest.split(END)
    return f"{before}{BEGIN}\n\n{reference()}\n{END}{after}"


if __name__ == "__main__":
    target = FilePath(sys.argv[1])
    target.write_text(renewed(target.read_text(encoding="utf-8")), encoding="utf-8")
