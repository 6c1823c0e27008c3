"""Calls: one year's invitation under one policy, with its deadline, quotas, ranking and selection."""

from datetime import datetime
from typing import Any, Self
from uuid import UUID

from eventsourcing.domain import event

from domain.errors import Invalid, NotFound, OutOfOrder, Refused
from domain.model.deadlines import Deadlines, require_explained
from domain.model.quotas import Entry, exceeded
from domain.model.record import Record
from domain.values import Mandate, Money, PolicyRef


class Call(Record, Deadlines):
    """What was invited, by when, and how many of what each union or unit may put forward.

    The quotas and stages are copied from the pack when the call opens, so that no later pack
    changes what was promised.
    """

    TOPIC = "call"
    FIRST = "Opened"

    @event("Opened", topic="call.opened")
    def __init__(
        self,
        title: str,
        federation: UUID,
        policy: PolicyRef,
        opens_at: datetime,
        deadline: datetime | None,
        late: str,
        categories: dict[str, str],
        stages: list[dict[str, Any]],
        quotas: list[dict[str, Any]],
        amounts: dict[str, Money],
        uses: dict[str, str],
        warnings: list[str],
    ) -> None:
        self.title = title
        self.federation = federation
        self.policy = policy
        self.opens_at = opens_at
        self.deadline = deadline
        self.notice_deadline = deadline
        self.deadline_reason: str | None = None
        self.late = late
        self.categories = categories
        self.stages = stages
        self.quotas = quotas
        self.amounts = amounts
        self.uses = uses
        self.entries: dict[UUID, Entry] = {}
        self.considered: dict[str, set[UUID]] = {}
        self._numbers: set[str] = set()
        self.closed = False
        self.passed = False
        self.concluded = False

    @classmethod
    def open(
        cls,
        mandate: Mandate,
        id: UUID,
        *,
        stated: datetime | None = None,
        reason: str | None = None,
        **facts: Any,
    ) -> Self:
        """Open a call; `facts` are those of the first event, taken from the policy by the desk.

        `stated` is the notice's own deadline, if it has one; `reason` answers another.
        """
        if facts["deadline"] is not None and facts["deadline"] <= facts["opens_at"]:
            raise Invalid("deadline_before_opening", "截止时间必须晚于开始时间", field="deadline")
        require_explained(stated, facts["deadline"], reason)
        call = cls.begin(mandate, id, **facts)
        if stated is not None and facts["deadline"] != stated:
            call.explain_deadline(stated, reason or "")
        return call

    def entry(self, application: UUID) -> Entry:
        """The entry of an application, which must not have left."""
        entry = self.entries.get(application)
        if entry is None or entry.state == "left":
            raise NotFound("not_in_call", "该申报不在本批次中")
        return entry

    def stage(self, id: str) -> dict[str, Any] | None:
        """The call's own copy of a stage's settings, or None where the policy has no such stage."""
        return next((stage for stage in self.stages if stage["id"] == id), None)

    def enter(
        self,
        *,
        application: UUID,
        studio: UUID,
        category: str,
        unit: UUID,
        recommender: UUID,
        reason: str | None,
    ) -> None:
        """Take an application in; a cap for each unit is checked here."""
        late = self.require_open()
        if category not in self.categories:
            raise Invalid("category_unknown", f"本批次没有类别“{category}”", field="category")
        ended = ("left", "named")
        if any(e.studio == studio and e.state not in ended for e in self.entries.values()):
            raise OutOfOrder("already_in_call", "该工作室已在本批次申报，尚未办结")
        entry = Entry(application, studio, category, unit, recommender)
        over = exceeded(self.quotas, self.entries.values(), entry, "unit", reason)
        self._entered(
            application=application,
            studio=studio,
            category=category,
            unit=unit,
            recommender=recommender,
            exceeded=over,
            reason=reason if over else None,
            late=late,
        )

    def recommend(self, application: UUID, reason: str | None) -> None:
        """A recommending union puts an application forward; its caps are checked here."""
        late = self.require_open()
        entry = self.entry(application)
        if entry.state != "entered":
            raise OutOfOrder("already_recommended", "该申报已推荐")
        over = exceeded(self.quotas, self.entries.values(), entry, "recommending_union", reason)
        over += exceeded(self.quotas, self.entries.values(), entry, "call", reason)
        self._recommended(
            application=application, exceeded=over, reason=reason if over else None, late=late
        )

    def rank(self, union: UUID, category: str, order: list[UUID]) -> None:
        """A union's ranking of all that it recommends in a category, best first."""
        self._require_business()
        mine = {
            entry.application
            for entry in self.entries.values()
            if (entry.recommender, entry.category) == (union, category)
            and entry.state == "recommended"
        }
        if not mine:
            raise OutOfOrder("nothing_to_rank", "本单位在该类别没有已推荐的申报")
        if len(order) != len(mine) or set(order) != mine:
            raise Invalid(
                "ranking_incomplete", "排序须恰好包含本单位在该类别推荐的全部申报", field="order"
            )
        self._ranked(union=union, category=category, order=order)

    def require_ranked(self, application: UUID) -> None:
        """Where the policy asks for a ranking, the city looks at nothing that is not ranked."""
        first = self.stage("first")
        if first and first["ranking"] and self.entry(application).rank is None:
            raise OutOfOrder("ranking_missing", "推荐单位尚未对推荐对象排序")

    def select(
        self, category: str, places: int, candidates: list[UUID], chosen: list[UUID]
    ) -> None:
        """Choose among the candidates, more of them than places where the policy says so.

        Choosing nobody is legal (宁缺毋滥). `places` are all the category's places; a later choice
        fills what an earlier one left, or what an upheld objection freed, and all that were ever
        considered make the competition.
        """
        self._require_business()
        if len(set(chosen)) != len(chosen) or not set(chosen) <= set(candidates):
            raise Invalid("not_a_candidate", "入选对象必须是通过前序环节的候选对象", field="chosen")
        stage = self.stage("selection")
        picked = len(chosen) + sum(
            entry.category == category and entry.state in ("selected", "named")
            for entry in self.entries.values()
        )
        if chosen and picked > places:
            raise Refused("too_many_chosen", f"入选数超过名额 {places} 个", field="chosen")
        pool = len(self.considered.get(category, set()).union(candidates))
        if stage and stage["more_candidates_than_places"] and chosen and pool <= picked:
            raise Refused(
                "no_competition",
                f"须差额遴选：候选 {pool} 个，拟选 {picked} 个",
                field="chosen",
                candidates=pool,
                chosen=picked,
            )
        self._selected(category=category, places=places, candidates=candidates, chosen=chosen)

    def leave(self, application: UUID, why: str) -> None:
        """An application left the call: withdrawn, rejected, not selected, or dropped."""
        self.entry(application)
        self._left(application=application, why=why)

    def name(self, application: UUID, number: str) -> None:
        """A naming number is used once in a call."""
        self.entry(application)
        if number in self.numbers:
            raise Refused("number_used", f"命名编号“{number}”已使用", field="number")
        self._named(application=application, number=number)

    def conclude(self, reason: str) -> None:
        """End the call's business; that nobody was named is a legal end."""
        self._require_business()
        named = sum(entry.state == "named" for entry in self.entries.values())
        self._concluded(named=named, reason=reason)

    def _require_business(self) -> None:
        if self.concluded:
            raise OutOfOrder("call_concluded", "本批次已办结")

    @property
    def numbers(self) -> set[str]:
        """Naming numbers given out in this call."""
        return self._numbers

    @event("ApplicationEntered", topic="call.application_entered")
    def _entered(
        self,
        application: UUID,
        studio: UUID,
        category: str,
        unit: UUID,
        recommender: UUID,
        exceeded: list[str],
        reason: str | None,
        late: bool,
    ) -> None:
        self.entries[application] = Entry(application, studio, category, unit, recommender)

    @event("ApplicationRecommended", topic="call.application_recommended")
    def _recommended(
        self, application: UUID, exceeded: list[str], reason: str | None, late: bool
    ) -> None:
        self.entries[application].state = "recommended"

    @event("Ranked", topic="call.ranked")
    def _ranked(self, union: UUID, category: str, order: list[UUID]) -> None:
        for place, application in enumerate(order, start=1):
            self.entries[application].rank = place

    @event("Selected", topic="call.selected")
    def _selected(
        self, category: str, places: int, candidates: list[UUID], chosen: list[UUID]
    ) -> None:
        self.considered.setdefault(category, set()).update(candidates)
        for application in chosen:
            self.entries[application].state = "selected"

    @event("ApplicationLeft", topic="call.application_left")
    def _left(self, application: UUID, why: str) -> None:
        self.entries[application].state = "left"

    @event("ApplicationNamed", topic="call.application_named")
    def _named(self, application: UUID, number: str) -> None:
        self.entries[application].state = "named"
        self._numbers.add(number)

    @event("Concluded", topic="call.concluded")
    def _concluded(self, named: int, reason: str) -> None:
        self.concluded = True
        self.closed = True
