"""Random people give random commands as time goes by; whatever they try, the promises hold.

`MINGPAI_HYPOTHESIS=thorough` tries many more, and other ones each time.
"""

from __future__ import annotations

import os

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant

from domain.model.call import Call
from domain.model.fund import Fund
from domain.model.studio import Studio
from tests.domain.world import alive
from tests.lifecycle import promises
from tests.lifecycle.calls import OfCalls
from tests.lifecycle.life import (
    PLAN,
    facts_for,
)
from tests.lifecycle.money import OfMoney
from tests.lifecycle.notices import OfNotices
from tests.lifecycle.years import OfYears

THOROUGH = os.environ.get("MINGPAI_HYPOTHESIS") == "thorough"
PROFILE = settings(
    max_examples=400 if THOROUGH else 20,
    stateful_step_count=120 if THOROUGH else 50,
    derandomize=not THOROUGH,
    database=None,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)


class Lifecycle(OfCalls, OfNotices, OfMoney, OfYears):
    """Several studios, calls, notices, funds and campaigns of one city."""

    @initialize(
        steps=st.lists(st.integers(0, 8), min_size=9, max_size=9),
        days=st.sampled_from((0, 20, 20, 400)),
    )
    def begin(self, steps: list[int], days: int) -> None:
        """Nine applications in two calls, each some steps on its way."""
        self.pass_time(0)
        self.establish(100_000_000)
        for id in ("full", "rolling"):
            self.open_call(id, 40)
        for at, unit, category in PLAN:
            self.filed.append(
                self.world.applies(
                    self.calls[at], unit, category=category, reason="x", **facts_for(category)
                )
            )
        for _ in range(2):
            for at, many in enumerate(steps):
                self.advance(at, many)
        self.pass_time(days)
        for at, many in enumerate(steps):
            if many > 6:
                self.advance(at, 2)

    @invariant()
    def every_saved_record_is_the_one_that_the_log_gives_back(self) -> None:
        for id, lived in self.saved.items():
            assert alive(self.world.register.repository.get(id)) == lived
        self.saved.clear()

    @invariant()
    def every_promise_holds(self) -> None:
        end = self.world.length()
        if end == self.read:
            return
        self.read, mandate = end, self.world.setup
        register = self.world.register
        studios = register.get_many(Studio, [each.studio for each in self.filed], mandate)
        for studio in studios.values():
            promises.names_come_in_order(studio)
            promises.names_are_single(studio)
            promises.people_are_different(studio)
            promises.grants_hold_together(studio)
            promises.ended_names_hold_no_money(studio)
        for fund in register.get_many(Fund, self.funds, mandate).values():
            promises.money_is_conserved(fund, studios.values())
        for call in register.get_many(Call, self.calls, mandate).values():
            promises.hard_caps_hold(call)
            promises.call_and_studios_agree(call, studios)


Lifecycle.TestCase.settings = PROFILE
TestLifecycle = Lifecycle.TestCase
