"""A small town for the pages: one studio lost its name after three years, one is on notice now."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

from flask import Flask

from adapters.bootstrap import House
from domain.desks.assessments import Result
from tests.adapters.views.story import Story
from web.app import create_app
from web.context import EXTENSION, Services

PASSWORD = "a long pass phrase for the town"


class Town(Story):
    """The story up to its money, then three failing years, then a new call with a running notice."""

    def fail(self) -> None:
        """The first studio fails three years in a row, whatever it rectified after the first."""
        desk, studio = self.register.assessments, self.filed[0][0]
        for year in (2025, 2026, 2027):
            self.tick(days=(date(year, 11, 4) - self.now.date()).days)
            result = Result(studio, "2024-01", "unqualified", "台账缺失，课题没有完成")
            self.did(desk.check_many, "union0", year=year, results=[result])
            if year == 2025:
                judged = {"accepted": True, "findings": "台账已补齐"}
                self.did(desk.rectify, "union0", studio, number="2024-01", year=year, **judged)

    def call_again(self) -> None:
        """Three applications in a new call: one on notice, one before selection, one just filed."""
        r = self.register
        self.first_call = self.call
        deadline = self.now + timedelta(days=30)
        self.call = self.did(
            r.calls.open, "officer", policy="story-2024", title="2027 年申报",
            federation=self.city, deadline=deadline, reason="沿用上一年通知",
        )  # fmt: skip
        b, c, _ = self.again = [self.apply(1), self.apply(2), self.apply(0)]
        for n, studio in ((1, b), (2, c)):
            self.review("unit", f"unit{n}", studio)
            self.review("first", f"union{n % 2}", studio)
            self.did(
                r.calls.rank, f"union{n % 2}", self.call, union=self.unions[n % 2],
                category="worker", order=[studio[1]],
            )  # fmt: skip
            self.review("materials", "officer", studio, judgements={"outstanding": "pass"})
            self.review("site_visit", "second", studio)
        self.did(
            r.calls.select, "officer", self.call, category="worker", places=1,
            chosen=[b[1]], opinion="择优",
        )  # fmt: skip
        self.did(
            r.review.decide, "officer", self.call, stage="office_meeting", applications=[b[1]],
            outcome="passed", opinion="同意", document="办公会〔2027〕3号",
        )  # fmt: skip
        self.running = self.did(
            r.publicity.post, "officer", call=self.call, applications=[b[1]], media="官网"
        )

    def leave_one_to_review(self) -> None:
        """A service of the third factory waits for the city's materials review."""
        self.waiting = self.apply(2)
        self.review("unit", "unit2", self.waiting)
        self.review("first", "union0", self.waiting, reason="本区另有特别优秀者")
        order = [self.again[1][1], self.waiting[1]]
        self.did(
            self.register.calls.rank, "union0", self.call, union=self.unions[0],
            category="worker", order=order,
        )  # fmt: skip

    def live(self) -> Town:
        """All of it, in order."""
        for chapter in (
            self.settle,
            self.intake,
            self.publicity,
            self.naming,
            self.money,
            self.fail,
            self.call_again,
            self.leave_one_to_review,
        ):
            chapter()
        return self

    def open_doors(self) -> Flask:
        """The web application on the town, an hour after its last event; everyone can sign in."""
        later = self.now + timedelta(hours=1)
        house: House = replace(self.house, clock=lambda: later)
        app = create_app(house, RATELIMIT_ENABLED=False)
        services: Services = app.extensions[EXTENSION]
        for account, _, _ in self.accounts.values():
            services.credentials.set_password(account, PASSWORD, later)
        return app


def town(home: Path) -> Town:
    """A town on a SQLite file in a folder."""
    return Town(home, f"sqlite:///{home / 'town.sqlite'}").live()
