"""A dossier as a page shows it: groups of labelled answers and tables, with what was changed since filing.

The labels are those of the pack's own shapes, so a new notice needs no page of its own. Personal
values are sealed in the dossier and stay so.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from domain.policy.dossier import shape
from domain.policy.facts import LEVEL_NAMES
from domain.policy.policy import Category
from domain.policy.shapes import Choice, Keys, Listing, Shape
from domain.sealed import Sealed
from domain.values import Money
from web.pages.words import WORDS

GROUPS = {
    "studio": "工作室",
    "unit": "所在单位",
    "leader": "领衔人",
    "team": "团队",
    "results": "创新成果",
    "topics": "课题",
    "form": "申报表",
    "statements": "申报单位说明",
    "choices": "勾选情况",
    "numbers": "数量",
    "declared": "申报单位声明",
    "materials": "申报材料",
    "proofs": "证明材料",
    "opinions": "各级意见",
    "evidence": "条款对应材料",
    "rates": "折算汇率",
}
"""The parts of every dossier, in the order in which they are shown; others come last."""
FEN, YUAN = "（分）", "（元）"
LABELS = {**WORDS["personal"], "name": "姓名或名称", "gender": "性别"}
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
    order = list(GROUPS)
    reader = _Reader(category)
    found: list[Group] = []
    for name in sorted(dossier, key=lambda n: order.index(n) if n in order else len(order)):
        found += reader.parts(name, dossier[name], first.get(name, _MISSING))
    return [group for group in found if group.answers or group.table]


class _Reader:
    """Puts answers under the labels of a category's shapes and of its form's sections."""

    def __init__(self, category: Category | None) -> None:
        self._shapes = shape(category, complete=False).of if category else {}
        form = category.form if category else None
        self._sections = {section.id: section.title for section in form.sections} if form else {}

    def parts(self, name: str, value: Any, before: Any) -> Iterator[Group]:
        """A part of the dossier and what stands below it."""
        each = self._shapes.get(name)
        own = self._sections if name == "form" else {}
        yield from _parts(_title(name, each), value, before, each, own)


def _parts(
    title: str, value: Any, before: Any, each: Shape | None, titles: Mapping[str, str]
) -> Iterator[Group]:
    if isinstance(value, Mapping):
        group = Group(title)
        yield group
        inner = each.of if isinstance(each, Keys) else {}
        past = before if isinstance(before, Mapping) else {}
        for name, item in value.items():
            shaped, old = inner.get(name), past.get(name, _MISSING)
            label = titles.get(name) or _title(name, shaped)
            if _is_table(item) or isinstance(item, Mapping):
                yield from _parts(f"{title} · {label}", item, old, shaped, {})
            else:
                group.answers.append(_answer(label, item, old, shaped))
    elif _is_table(value):
        yield Group(title, table=_table(value, each))
    elif value not in (None, [], ""):
        yield Group(title, [_answer(title, value, before, each)])


def _answer(label: str, value: Any, before: Any, each: Shape | None) -> Answer:
    heading, told = _heading(label), _told(label, value, each)
    if before is _MISSING or before == value or isinstance(value, Sealed):
        return Answer(heading, told)
    return Answer(heading, told, _told(label, before, each), changed=True)


def _heading(label: str) -> str:
    return label.removesuffix(FEN) + YUAN if label.endswith(FEN) else label


def _told(label: str, value: Any, each: Shape | None) -> Any:
    """Money is kept in fen and told in yuan; levels are kept by short names and told in words."""
    if label.endswith(FEN) and type(value) is int and value >= 0:
        return f"{Money(value)}"
    if isinstance(each, Choice) and set(each.options) == set(LEVEL_NAMES):
        return LEVEL_NAMES.get(str(value), value)
    return value


def _is_table(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(v, Mapping) for v in value)


def _table(value: list[Mapping[str, Any]], each: Shape | None) -> Table:
    inner = each.of if isinstance(each, Listing) else None
    shapes = inner.of if isinstance(inner, Keys) else {}
    names = list(dict.fromkeys(name for row in value for name in row))
    labels = {name: _title(name, shapes.get(name)) for name in names}
    rows = [
        tuple(_told(labels[name], row.get(name), shapes.get(name)) for name in names)
        for row in value
    ]
    return Table(tuple(_heading(label) for label in labels.values()), tuple(rows))


def _title(name: str, each: Shape | None) -> str:
    return (each.title if each and each.title else "") or GROUPS.get(name) or LABELS.get(name, name)
