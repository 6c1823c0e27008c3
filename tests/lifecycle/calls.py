"""Random commands on calls and applications."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from domain.model.call import Call
from domain.values import Money
from tests.domain.rules import dossier
from tests.domain.world import JUDGED, Filed
from tests.lifecycle.life import (
    ANYONE,
    CATEGORIES,
    OFFICERS,
    PICK,
    UNITS,
    Life,
    facts_for,
)


class OfCalls(Life):
    """Opening, applying, reviewing, choosing, concluding."""

    @rule(id=st.sampled_from(("full", "rolling")), days=st.integers(1, 60))
    @precondition(lambda self: len(self.calls) < 5)
    def open_call(self, id: str, days: int) -> None:
        deadline = self.world.now + timedelta(days=days) if id == "full" else None
        call = self.attempt(
            lambda: self.world.opens(id, deadline=deadline, amounts={"demonstration": Money(5)})
        )
        self.calls += [call] if call else []

    @rule(unit=st.sampled_from(UNITS), category=st.sampled_from(CATEGORIES), pick=PICK)
    def apply(self, unit: str, category: str, pick: int) -> None:
        known = [each for each in self.filed if self.world.unit_of(each) == unit]
        studio = self.one(known, pick).studio if known and pick % 3 else None
        changes: dict[str, Any] = {"team": 4} if pick % 11 == 0 else {}
        changes |= facts_for(category)
        filed = self.attempt(
            lambda: self.world.applies(
                self.one(self.calls, pick // 7),
                unit,
                category=category,
                studio=studio,
                reason="确有需要" if pick % 5 else None,
                **changes,
            )
        )
        self.filed += [filed] if filed else []

    @rule(
        pick=PICK, who=ANYONE, outcome=st.sampled_from(("passed", "passed", "passed", "rejected"))
    )
    @precondition(lambda self: self.filed)
    def review(self, pick: int, who: str, outcome: str) -> None:
        filed = self.one(self.filed, pick)
        stage = self.studio(filed).application(filed.application).next_stage or "materials"
        self.attempt(
            lambda: self.world.reviews(filed, stage, who, outcome, judgements=JUDGED, reason="好")
        )

    @rule(pick=PICK, steps=st.integers(1, 8))
    @precondition(lambda self: self.filed)
    def advance(self, pick: int, steps: int) -> None:
        """The right people take the next steps, so that the way to a name is walked often."""
        filed = self.one(self.filed, pick)
        for _ in range(steps):
            self.attempt(lambda: self._next_step(filed))

    def _next_step(self, filed: Filed) -> None:
        world, studio = self.world, self.studio(filed)
        found = studio.application(filed.application)
        call = world.get(Call, found.call)
        entry = call.entry(filed.application)
        union = next(name for name, id in world.places.items() if id == entry.recommender)
        stage = found.next_stage
        if stage == "unit":
            world.reviews(filed, "unit", world.unit_of(filed))
        elif stage == "first":
            who = "officer" if union == "city" else union
            world.reviews(filed, "first", who, judgements=JUDGED, reason="确有需要")
        elif stage == "materials":
            if call.stage("selection") and entry.rank is None:
                self._rank(call, entry)
            else:
                world.reviews(filed, "materials")
        elif stage == "selection":
            self._choose(call, filed)
        elif stage == "office_meeting":
            world.approves(found.call, filed)
        elif found.publicity and found.notice is None:
            self.notices.append(world.posts(found.call, filed))
        else:
            self.numbers += 1
            world.names(filed, f"{self.numbers}")

    def _rank(self, call: Call, entry: Any) -> None:
        union = next(name for name, id in self.world.places.items() if id == entry.recommender)
        mine = [
            each.application
            for each in call.entries.values()
            if (each.recommender, each.category, each.state)
            == (entry.recommender, entry.category, "recommended")
        ]
        if union in self.people:
            self.world.register.calls.rank(
                self.world.by(union),
                call.id,
                union=entry.recommender,
                category=entry.category,
                order=mine,
            )

    def _choose(self, call: Call, filed: Filed) -> None:
        entry = call.entry(filed.application)
        self.world.register.calls.select(
            self.world.by("officer"),
            call.id,
            category=entry.category,
            places=3,
            chosen=[filed.application],
            opinion="",
        )

    @rule(pick=PICK, places=st.integers(0, 3), who=OFFICERS)
    def select(self, pick: int, places: int, who: str) -> None:
        call = self.one(self.calls, pick)
        chosen = self.some(call, pick // 3)
        self.attempt(lambda: self.world.selects(call, places, *chosen, who=who))

    @rule(pick=PICK, outcome=st.sampled_from(("passed", "passed", "rejected")))
    def decide(self, pick: int, outcome: str) -> None:
        call = self.one(self.calls, pick)
        self.attempt(
            lambda: self.world.approves(call, *self.some(call, pick // 3), outcome=outcome)
        )

    @rule(pick=PICK, verb=st.sampled_from(("withdraw", "give_back", "amend", "score", "override")))
    @precondition(lambda self: self.filed)
    def handle(self, pick: int, verb: str) -> None:
        filed, register = self.one(self.filed, pick), self.world.register
        ids = (filed.studio, filed.application)
        unit = self.world.unit_of(filed)
        commands: dict[str, Callable[[], Any]] = {
            "withdraw": lambda: register.intake.withdraw(self.world.by(unit), *ids, "自愿"),
            "give_back": lambda: register.review.give_back(
                self.world.by("officer"), *ids, reason="缺章"
            ),
            "amend": lambda: register.intake.amend(
                self.world.by(unit), *ids, dossier=dossier("某人")
            ),
            "score": lambda: register.review.score(
                self.world.by("granter"), *ids, stage="materials", points=pick % 120, opinion=""
            ),
            "override": lambda: register.review.override(
                self.world.by("officer"), *ids, condition="named", reason="特别优秀"
            ),
        }
        self.attempt(commands[verb])

    @rule(pick=PICK, verb=st.sampled_from(("extend", "close", "conclude", "conclude")))
    def end_call(self, pick: int, verb: str) -> None:
        call, calls = self.one(self.calls, pick), self.world.register.calls
        officer = self.world.by("officer")
        if verb == "extend":
            later = self.world.now + timedelta(days=pick % 30)
            self.attempt(lambda: calls.extend(officer, call, deadline=later, reason="x"))
        elif verb == "close":
            self.attempt(lambda: calls.close(officer, call))
        elif pick % 4 == 0:
            self.attempt(lambda: calls.conclude(officer, call, "办结"))
