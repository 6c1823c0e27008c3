"""A season: one call from its opening to its naming, and the candidates who go through it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from adapters.demonstration.cast import City, Union, Unit
from adapters.demonstration.clock import TODAY
from adapters.demonstration.dossiers import Applicant
from adapters.demonstration.stage import Stage
from domain.policy.policy import Category, Policy


@dataclass
class Candidate:
    """A studio on its way through a call, and what the script has in store for it.

    fate: named, waiting (nothing after the first review), withdrawn, not_selected, held (chosen
    only when another drops out), over (beyond a hard cap), or the stage that rejects it. `but` changes its dossier, so that
    a clause fails; `over` is the reason given beyond a quota in principle; `waives` names a
    condition in principle that is set aside; `upgrades` is the studio it rises
    from, `beside` one of the same unit; `ends` is the day its ledgers end.
    """

    category: str
    union: Union
    fate: str = "named"
    but: Mapping[str, Any] = field(default_factory=dict)
    returned: bool = False
    over: str | None = None
    waives: tuple[str, str] | None = None
    unit: Unit | None = None
    founded: date | None = None
    named_before: bool = False
    upgrades: Candidate | None = None
    beside: Candidate | None = None
    applicant: Applicant | None = None
    studio: UUID | None = None
    application: UUID | None = None
    number: str = ""
    ends: date = TODAY

    @property
    def ids(self) -> tuple[UUID, UUID]:
        """Its studio and application, once it has applied."""
        if self.studio is None or self.application is None:
            raise AssertionError("it has not applied yet")
        return self.studio, self.application

    @property
    def place(self) -> Unit:
        """Its unit, once it is registered."""
        if self.unit is None:
            raise AssertionError("it has no unit yet")
        return self.unit

    @property
    def about(self) -> Applicant:
        """What its dossier tells, once it is written."""
        if self.applicant is None:
            raise AssertionError("it is not described yet")
        return self.applicant


@dataclass
class Season:
    """A call under a pack, in a city, with its candidates.

    `guests` are reviewers from elsewhere: their user names, with the organisation they come from.
    """

    city: City
    pack: Policy
    opens: date
    closes: date
    candidates: list[Candidate] = field(default_factory=list)
    call: UUID | None = None
    guests: dict[str, UUID] = field(default_factory=dict)

    @property
    def stage(self) -> Stage:
        return self.city.stage

    @property
    def id(self) -> UUID:
        """The call, once it is open."""
        if self.call is None:
            raise AssertionError("the call is not open yet")
        return self.call

    def fated(self, *fates: str, category: str | None = None) -> list[Candidate]:
        """Candidates with one of these fates, of a category or of all."""
        return [
            each
            for each in self.candidates
            if each.fate in fates and category in (None, each.category)
        ]

    def category(self, candidate: Candidate) -> Category:
        return self.pack.category(candidate.category)

    def day(self, share: float) -> date:
        """A day between opening and closing."""
        return self.opens + timedelta(days=int((self.closes - self.opens).days * share))
