"""What a studio's page shows, put together from the studio's own events."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any
from uuid import UUID

from flask import url_for

from domain.desks.privacy import READERS
from domain.errors import NotFound
from domain.model.chapters.state import Application, Naming
from domain.model.studio import Studio
from domain.policy.policy import Category
from domain.values import Evidence, Person
from web.context import house
from web.pages.answers import Group, groups
from web.pages.asof import as_of, today
from web.pages.ledgers import Ledger, ledgers
from web.pages.names import category_of
from web.pages.next_steps import next_steps
from web.pages.record import Reading, Told
from web.pages.steps import Step, current_naming, steps
from web.pages.visitor import visitor
from web.pages.years import Grid, grid

if TYPE_CHECKING:
    from web.pages.reviewing import ReviewForm

SECTIONS = {
    "overview": "概览",
    "dossier": "申报材料",
    "publicity": "公示",
    "subsidy": "补助",
    "checks": "考核",
    "ledgers": "台账",
    "history": "历史",
}
CHECKS = frozenset(
    {
        "studio.self_checked",
        "studio.annually_checked",
        "studio.check_corrected",
        "studio.assessment_missed",
        "studio.rectification_ordered",
        "studio.rectification_lifted",
        "studio.rectified",
        "studio.failed_three_years",
        "studio.proposal_withdrawn",
        "studio.de_named",
        "studio.other_namings_alerted",
        "studio.reinstatement_case_opened",
        "studio.reinstated",
        "studio.reinstatement_declined",
    }
)
"""Topics of dynamic management."""


@dataclass(frozen=True)
class Filed:
    """One application as it stands, and what of it was changed since it was filed."""

    application: Application
    at: datetime
    groups: list[Group]
    evidence: list[Evidence]
    changed: bool


class StudioPage:
    """A studio now or as of a moment; `rows` is its timeline, newest first."""

    def __init__(self, reading: Reading[Studio]) -> None:
        self.studio = reading.record
        self.told = reading.rows
        self.rows = list(reversed(reading.rows))
        self.names = reading.names
        self.sections = SECTIONS.items()
        self.is_past = as_of() is not None
        self.form: ReviewForm | None = None

    @property
    def naming(self) -> Naming | None:
        return current_naming(self.studio)

    @property
    def ended(self) -> bool:
        """Whether no name of it holds any more, though one did."""
        return self.naming is not None and self.naming.status != "active"

    @property
    def honour(self) -> str:
        return self.names.honour(self.naming.policy.id, self.naming.category) if self.naming else ""

    @property
    def status(self) -> str:
        """The word for the whole: of the studio's end, of its naming, or of its application."""
        if self.studio.ended:
            return self.studio.ended
        if self.naming is not None:
            return self.naming.status
        application = next(reversed(self.studio.applications.values()), None)
        return application.status if application else "registered"

    @property
    def steps(self) -> list[Step]:
        naming = self.naming
        policy = house().policies.get(naming.policy.id) if naming else None
        return steps(self.studio, assessed=policy is None or policy.assessment is not None)

    @cached_property
    def grid(self) -> Grid:
        return grid(self.studio, house().policies, self.told)

    @property
    def next_steps(self) -> list[str]:
        then = as_of()
        return next_steps(self.studio, date.fromisoformat(then.day) if then else today())

    @property
    def ledgers(self) -> list[Ledger]:
        return ledgers(self.studio.id)

    @property
    def publicized(self) -> list[Application]:
        return [a for a in reversed(self.studio.applications.values()) if a.clock is not None]

    @property
    def checks(self) -> list[Told]:
        return [row for row in self.rows if row.topic in CHECKS]

    @cached_property
    def applications(self) -> list[Filed]:
        """The applications, the latest first."""
        return [self._filed(found) for found in reversed(self.studio.applications.values())]

    @property
    def sealed_rounds(self) -> dict[str, int]:
        """The stages whose scores nobody may read yet, with how many there are."""
        return Counter(
            stage
            for application in self.studio.applications.values()
            for stage, _ in application.scores
            if not application.round_closed(stage)
        )

    @property
    def sealed_people(self) -> list[Person]:
        """The leader and the members of whom something is kept sealed."""
        people = [self.studio.leader, *self.studio.members.values()]
        return [person for person in people if person.sealed]

    @property
    def may_reveal(self) -> bool:
        """Whether the visitor's role may read sealed values, now."""
        post = visitor().post
        return post is not None and post.role in READERS and not self.is_past

    def person(self, id: str) -> Person:
        """One of the people of whom something is sealed. Raises NotFound."""
        for person in self.sealed_people:
            if str(person.id) == id:
                return person
        raise NotFound("person_unknown", "没有这个人的加密信息", field="person")

    def expenses(self, grant: UUID) -> list[Told]:
        """What was spent of a grant."""
        spent = [row for row in self.told if row.topic == "studio.subsidy_spent"]
        return [row for row in spent if row.facts["grant"] == grant]

    def url(self, section: str) -> str:
        """The address of a part of the page, at the same moment."""
        then = as_of()
        args: dict[str, Any] = {"as_of": then.query} if then else {}
        if section != "overview":
            args["section"] = section
        return url_for("pages.studios.show", id=self.studio.id, **args)

    def _filed(self, application: Application) -> Filed:
        versions = [
            row
            for row in self.told
            if row.topic in ("studio.applied", "studio.amended")
            and row.facts["application"] == application.id
        ]
        first, last = versions[0], versions[-1]
        category: Category | None = category_of(application.policy.id, application.category)
        dossier: Mapping[str, Any] = last.facts["dossier"]
        return Filed(
            application,
            first.at,
            groups(category, dossier, first.facts["dossier"]),
            last.facts["evidence"],
            changed=len(versions) > 1,
        )
