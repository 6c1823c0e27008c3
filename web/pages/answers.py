"""A dossier as a page shows it: groups of labelled answers and tables, with what was changed since filing.

The labels are those of the pack's own shapes, so a new notice needs no page of its own. Personal
values are sealed in the dossier and stay so.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from domain.policy.dossier import shape
from domain.policy.policy import Category
from domain.policy.shapes import Keys, Listing, Shape
from web.pages.words import WORDS

GROUPS = {
    "studio": "工作室",
    "unit": "所在单位",
    "leader": "领衔人",
    "team": "团队",
    "form": "申报表",
    "materials": "申报材料",
    "opinions": "各级意见",
    "proofs": "证明材料",
    "evidence": "条款对应材料",
    "judged": "评审要点",
    "declared": "申报单位声明",
    "rates": "折算汇率",
}
LABELS = {"name": "姓名或名称", "gender": "性别", **WORDS["personal"]}
_MISSING = object()


@dataclass(frozen=True)
class Answer:
    """One value; `before` is what was filed first, where it was changed."""

    label: str
    value: Any
    before: Any = None
    changed: bool = False


@dataclass(frozen=True)
class Table:
    """A list of objects."""

    columns: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]


@dataclass
class Group:
    """A part of the dossier."""

    name: str
    answers: list[Answer] = field(default_factory=list)
    table: Table | None = None


def groups(
    category: Category | None, dossier: Mapping[str, Any], first: Mapping[str, Any]
) -> list[Group]:
    """The parts of a dossier, compared with what was filed first."""
    known = shape(category, complete=False) if category else None
    found: list[Group] = []
    for name, value in dossier.items():
        each = known.of.get(name) if known else None
        before = first.get(name, _MISSING)
        found += _parts(_title(name, each), value, before, each)
    return [group for group in found if group.answers or group.table]


def _parts(title: str, value: Any, before: Any, each: Shape | None) -> Iterator[Group]:
    if isinstance(value, Mapping):
        group = Group(title)
        yield group
        inner = each.of if isinstance(each, Keys) else {}
        past = before if isinstance(before, Mapping) else {}
        for name, item in value.items():
            shaped, old = inner.get(name), past.get(name, _MISSING)
            if _is_table(item) or isinstance(item, Mapping):
                yield from _parts(f"{title} · {_title(name, shaped)}", item, old, shaped)
            else:
                group.answers.append(_answer(_title(name, shaped), item, old))
    elif _is_table(value):
        yield Group(title, table=_table(value, each))
    elif value not in (None, [], ""):
        yield Group(title, [_answer(title, value, before)])


def _answer(label: str, value: Any, before: Any) -> Answer:
    if before is _MISSING or before == value or "token" in dir(value):
        return Answer(label, value)
    return Answer(label, value, before, changed=True)


def _is_table(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(v, Mapping) for v in value)


def _table(value: list[Mapping[str, Any]], each: Shape | None) -> Table:
    inner = each.of if isinstance(each, Listing) else None
    shapes = inner.of if isinstance(inner, Keys) else {}
    names = list(dict.fromkeys(name for row in value for name in row))
    return Table(
        tuple(_title(name, shapes.get(name)) for name in names),
        tuple(tuple(row.get(name) for name in names) for row in value),
    )


def _title(name: str, each: Shape | None) -> str:
    return (each.title if each and each.title else "") or GROUPS.get(name) or LABELS.get(name, name)
