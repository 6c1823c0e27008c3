"""A year of five federations with some 300 studios, hour by hour; and the same year under all that may go wrong.

Each comes to the same events, messages, mails and posts, none missing and none twice.
"""

from __future__ import annotations

from pathlib import Path
from random import Random

import pytest

from adapters.messages.wording import WORDINGS
from tests.simulation.course import (
    Base,
    Lived,
    alone,
    away,
    drawn_deaths,
    killed,
    sleeping,
    stepping,
    together,
)
from tests.simulation.plan import Course, Year
from tests.simulation.said import kinds_said, said, to_be_said

YEAR = Year()
OUTAGE = {"messages": 1, "deliveries": 2, "mails": 1, "posts": 1}
"""What forty days without the machine add: that a notice ran meanwhile is said, mailed and posted."""


@pytest.fixture(scope="module")
def usual(base: Base, folder: Path) -> Lived:
    """The year in which nothing goes wrong."""
    return alone(base, folder / "usual", Course(YEAR))


def test_a_year_says_what_its_story_demands_and_every_kind_of_message(
    usual: Lived, folder: Path
) -> None:
    assert usual.errors == []
    assert said(folder / "usual") == to_be_said(folder / "usual", YEAR)
    assert set(kinds_said(folder / "usual")) == set(WORDINGS)


def test_a_process_may_be_killed_anywhere(
    usual: Lived, base: Base, folder: Path, chance: Random, seed: int, deaths: int
) -> None:
    points = drawn_deaths(usual.counts, deaths, chance)
    lived = killed(base, folder / "killed", Course(YEAR), points)
    assert lived.effects.against(usual.effects) == {}, f"MINGPAI_SEED={seed}"
    assert (lived.deaths, lived.errors) == (deaths, [])


def test_two_schedulers_that_know_nothing_of_each_other_do_each_thing_once(
    usual: Lived, base: Base, folder: Path
) -> None:
    lived = together(base, folder / "two", Course(YEAR), fenced=False)
    assert lived.effects.against(usual.effects) == {}


def test_a_scheduler_that_slept_with_the_lease_in_its_hand_does_nothing_when_it_wakes(
    usual: Lived, base: Base, folder: Path, chance: Random, seed: int
) -> None:
    lived = together(base, folder / "naps", sleeping(YEAR, chance), fenced=True)
    assert lived.effects.against(usual.effects) == {}, f"MINGPAI_SEED={seed}"
    assert "调度权已由另一进程接管，本次所写已撤回" in {
        error.partition(": ")[2] for error in lived.errors
    }


def test_a_clock_may_be_set_back(
    usual: Lived, base: Base, folder: Path, chance: Random, seed: int
) -> None:
    lived = alone(base, folder / "back", stepping(YEAR, 20, chance))
    assert lived.effects.against(usual.effects) == {}, f"MINGPAI_SEED={seed}"
    assert lived.errors == []


def test_forty_days_without_the_machine_lose_nothing(
    usual: Lived, base: Base, folder: Path
) -> None:
    lived = alone(base, folder / "away", away(YEAR))
    # Who wants one mail a day gets what came in forty days in one; what it tells is the same.
    differing = lived.effects.against(usual.effects, "digests")
    assert [missing for missing, _ in differing.values() if missing] == []
    assert {name: len(more) for name, (_, more) in differing.items()} == OUTAGE
    ((_, kind, *_),) = differing["messages"][1]
    assert (kind, lived.errors) == ("notice.outage", [])
