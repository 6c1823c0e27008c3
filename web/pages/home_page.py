"""What waits for a visitor in the role they act in, most urgent first, and counts."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from flask import url_for

from domain.policy.terms import STAGES
from domain.values import Role
from web.pages import lists
from web.pages.asof import today
from web.pages.names import Names
from web.pages.sight import scope
from web.pages.tasks import Task, first
from web.pages.visitor import visitor
from web.reads import federations

CITY_STAGES = tuple(stage for stage in STAGES if stage not in {"unit", "first"})

MOST_TASKS = 5


@dataclass(frozen=True)
class Tile:
    """A count that leads to its list."""

    label: str
    count: int
    url: str


class HomePage:
    """Counts of studios by state, calls that are open, notices that run, and what is due."""

    def __init__(self) -> None:
        self.names = Names()
        self.role = visitor().role_name
        self.place = self.names[scope()]

    @cached_property
    def tiles(self) -> list[Tile]:
        counts = lists.counts(scope())
        shown = (
            ("有效命名", "named"),
            ("申报中", "applying"),
            ("已取消命名", "de_named"),
            ("仅登记", "registered"),
        )
        return [
            Tile(label, counts.get(status, 0), url_for("pages.studios.index", status=status))
            for label, status in shown
        ]

    @cached_property
    def tasks(self) -> tuple[list[Task], int]:
        """What is most urgent, and how much there is to do in all."""
        return first(MOST_TASKS)

    @cached_property
    def waiting(self) -> list[lists.Row]:
        """Applications at the stage of the visitor's role."""
        stages = {
            Role.UNIT_UNION: ("unit",),
            Role.RECOMMENDING_UNION: ("first",),
            Role.CITY_OFFICER: CITY_STAGES,
        }
        post = visitor().post
        return list(lists.waiting(scope(), stages.get(post.role, ()))) if post else []

    @cached_property
    def rectifying(self) -> list[lists.Row]:
        """Rectifications still to be done by studios that have a name, the earliest due first."""
        ordered = lists.rectifications(scope())
        living = lists.named(row["studio"] for row in ordered)
        return [row for row in ordered if row["studio"] in living]

    @cached_property
    def failing(self) -> list[lists.Row]:
        """Studios with a run of failing years, the longest first."""
        return list(lists.failing(scope()))

    @cached_property
    def calls(self) -> list[lists.Row]:
        return [row for row in lists.calls() if row["status"] == "open"]

    @cached_property
    def notices(self) -> list[lists.Row]:
        mine = federations()
        return [
            row
            for row in lists.notices()
            if row["status"] == "running" and row["federation"] in mine
        ]

    def overdue(self, row: lists.Row) -> bool:
        """Whether a due date is over."""
        return bool(row["due_on"]) and str(row["due_on"]) < today().isoformat()
