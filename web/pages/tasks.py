"""What is to be done, in all of the visitor's offices: overdue first, to be narrowed, whole as CSV."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, Response, render_template, request, url_for

from adapters.messages.texts import Text
from adapters.messages.wording import WORDINGS
from domain.errors import Invalid
from web import auth
from web.context import base_url
from web.duties import Duty, duties, narrowed, ordered, text_of
from web.pages import csv
from web.pages.filters import moment
from web.pages.names import Names

blueprint = Blueprint("tasks", __name__, url_prefix="/tasks")

PAGE = 50
STATES = {
    "overdue": "已逾期",
    "soon": "七日内到期",
    "later": "七日后到期",
    "undated": "无截止日",
}
SORTS = {"due": "截止日", "kind": "种类", "new": "新出现的在前"}
HEADINGS = ("事项", "对象", "说明", "承办组织", "状态", "截止日", "出现时间", "网页")


@dataclass(frozen=True)
class Task:
    """A duty with its words, and the organisations that it falls to."""

    duty: Duty
    text: Text
    places: list[str]


class TaskList:
    """One page of the tasks that the address asks for."""

    def __init__(self) -> None:
        self.names = Names()
        self.states, self.sorts = STATES, SORTS
        self._all = duties()
        self._found = _asked(self._all)
        self.page = _page_number()
        self.total = len(self._found)

    @property
    def rows(self) -> list[Task]:
        return _tasks(self._found[(self.page - 1) * PAGE : self.page * PAGE], self.names)

    @property
    def overdue(self) -> int:
        """How many of all are overdue, whatever is narrowed to."""
        return sum(each.state == "overdue" for each in self._all)

    @property
    def kinds(self) -> list[tuple[str, str]]:
        """The kinds that there are any of, with their names."""
        present = {each.matter.kind for each in self._all}
        return [(kind, found.zh) for kind, found in WORDINGS.items() if kind in present]

    @property
    def organisations(self) -> list[tuple[str, str]]:
        """The organisations on which there is something to do."""
        present = {str(to.organisation) for each in self._all for to in each.to}
        self.names.fetch(present)
        return sorted(((id, self.names[id]) for id in present), key=lambda pair: pair[1])

    @property
    def next_url(self) -> str | None:
        return _url(page=self.page + 1) if self.page * PAGE < self.total else None

    @property
    def first_url(self) -> str | None:
        return _url(page=None) if self.page > 1 else None

    @property
    def csv_url(self) -> str:
        args: dict[str, Any] = {**request.args.to_dict(), "page": None}
        return url_for("pages.tasks.export", **args)


def first(count: int) -> tuple[list[Task], int]:
    """The most urgent tasks of the visitor, and how many there are in all."""
    found = duties()
    return _tasks(found[:count], Names()), len(found)


@blueprint.get("")
def index() -> str:
    """The tasks, filtered and sorted by what the address says."""
    auth.current()
    return render_template("tasks/list.html", page=TaskList())


@blueprint.get("/all.csv")
def export() -> Response:
    """All of them under the same filters."""
    auth.current()
    return csv.export("tasks", "tasks.csv", HEADINGS, _lines(_asked(duties())))


def _tasks(found: Sequence[Duty], names: Names) -> list[Task]:
    places = [to.organisation for each in found for to in each.to]
    names.fetch([*places, *(each.matter.federation for each in found)])
    return [
        Task(each, text_of(each, names.known), sorted({names[to.organisation] for to in each.to}))
        for each in found
    ]


def _lines(found: list[Duty]) -> Iterator[list[object]]:
    for task in _tasks(found, Names()):
        duty, matter = task.duty, task.duty.matter
        yield [
            WORDINGS[matter.kind].zh,
            duty.about,
            task.text.subject,
            "、".join(task.places),
            STATES[duty.state],
            matter.due_on,
            moment(matter.since),
            f"{base_url()}{matter.link}",
        ]


def _asked(found: list[Duty]) -> list[Duty]:
    wanted = {name: request.args.get(name) or None for name in ("kind", "organisation", "state")}
    return ordered(narrowed(found, **wanted), request.args.get("sort") or "due")


def _page_number() -> int:
    text = request.args.get("page") or "1"
    if not text.isdecimal() or not 0 < int(text) < 10**6:
        raise Invalid("page_malformed", "页码须为正整数", field="page")
    return int(text)


def _url(**changes: Any) -> str:
    args: dict[str, Any] = {**request.args.to_dict(), **changes}
    return url_for("pages.tasks.index", **args)
