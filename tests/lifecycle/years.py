"""Random commands of the yearly assessment."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from domain.desks.assessments import Result
from tests.lifecycle.life import (
    ANYONE,
    PICK,
    Life,
)


class OfYears(Life):
    """Checks, corrections, campaigns."""

    @rule(
        pick=PICK,
        year=st.integers(2022, 2026),
        who=ANYONE,
        grade=st.sampled_from(("unqualified", "unqualified", "unqualified", "qualified")),
    )
    @precondition(lambda self: self.filed)
    def assess(self, pick: int, year: int, who: str, grade: str) -> None:
        named = self.named() or self.filed
        filed = self.one(named, pick)
        result = Result(filed.studio, self.number(filed, pick // 3), grade)
        self.attempt(
            lambda: self.world.register.assessments.check_many(
                self.world.by(who), year=year, results=[result]
            )
        )

    @rule(pick=PICK, years=st.integers(1, 3), who=st.sampled_from(("甲区", "officer")))
    @precondition(lambda self: self.named())
    def fail_for_years(self, pick: int, years: int, who: str) -> None:
        """Years go by, and at the end of each a studio fails."""
        filed = self.one(self.named(), pick)
        number = list(self.studio(filed).namings)[-1]
        for _ in range(years):
            self.pass_time((date(self.day.year + 1, 12, 20) - self.day).days)
            result = Result(filed.studio, number, "unqualified")
            self.attempt(
                lambda result=result: self.world.register.assessments.check(
                    self.world.by(who), year=self.day.year, result=result
                )
            )

    @rule(pick=PICK, verb=st.sampled_from(("correct", "reinstate", "decline", "rectify", "self")))
    @precondition(lambda self: self.filed)
    def follow_up(self, pick: int, verb: str) -> None:
        named = self.named() or self.filed
        filed, desk = self.one(named, pick), self.world.register.assessments
        number, officer = self.number(filed, 0), self.world.by("officer")
        naming = self.studio(filed).namings.get(number)
        checks = [c for year in naming.checks.values() for c in year.values()] if naming else []
        found = self.one(checks, pick).id if checks else filed.studio
        decided = {"number": number, "document": "复", "reason": "x"}
        commands: dict[str, Callable[[], Any]] = {
            "correct": lambda: desk.correct(
                officer,
                filed.studio,
                check=found,
                grade=("qualified", "unqualified")[pick % 3 == 0],
                **decided,
            ),
            "reinstate": lambda: desk.reinstate(officer, filed.studio, **decided),
            "decline": lambda: desk.reinstate(officer, filed.studio, accepted=False, **decided),
            "rectify": lambda: desk.rectify(
                officer,
                filed.studio,
                number=number,
                year=2022 + pick % 5,
                accepted=bool(pick % 2),
                findings="已改",
            ),
            "self": lambda: desk.self_check(
                self.world.by(self.world.unit_of(filed)),
                filed.studio,
                number=number,
                year=2022 + pick % 5,
                period="全年",
                summary="好",
            ),
        }
        self.attempt(commands[verb])

    @rule(pick=PICK, year=st.integers(2022, 2026), close_=st.booleans())
    def campaign(self, pick: int, year: int, close_: bool) -> None:
        desk, officer = self.world.register.assessments, self.world.by("officer")
        if close_ and self.campaigns:
            namings = [
                (each.studio, number)
                for each in self.filed
                for number, naming in self.studio(each).namings.items()
                if naming.status == "active"
            ]
            campaign = self.one(self.campaigns, pick)
            self.attempt(lambda: desk.close(officer, campaign, namings=namings))
            return
        opened = self.attempt(
            lambda: desk.open(
                officer, federation=self.world.places["city"], policy="rolling", year=year
            )
        )
        self.campaigns += [opened] if opened else []
