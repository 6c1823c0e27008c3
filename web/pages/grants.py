"""One subsidy from the rule to its use, for those who have to account for it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask import Blueprint, render_template

from web.context import queries
from web.pages import lists
from web.pages.asof import as_of, position
from web.pages.names import Names
from web.pages.record import Told, told
from web.pages.sight import require_sight

blueprint = Blueprint("grants", __name__, url_prefix="/grants")


@dataclass(frozen=True)
class Link:
    """One step of the chain, with the events that make it."""

    title: str
    rows: list[Told]


class Chain:
    """The steps from rule to use, and the grant that they lead to."""

    def __init__(self, id: UUID) -> None:
        found = queries().trace(id, as_of=position())
        self.names = Names(as_of())
        self.links = [
            Link(step["title"], [told(item, self.names) for item in step["events"]])
            for step in found["steps"]
        ]
        self.grant: dict[str, Any] = queries().grant(id, as_of=position())


@blueprint.get("")
def index() -> str:
    """The grants that the visitor may see, the latest first."""
    return render_template("grants/list.html", rows=lists.grants())


@blueprint.get("/<uuid:id>")
def show(id: UUID) -> str:
    """One grant and everything that led to it and followed."""
    require_sight(id, "grants")
    return render_template("grants/show.html", chain=Chain(id))
