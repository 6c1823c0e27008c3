"""Some weeks at a year's end, and the same weeks under all that may go wrong. `make simulate` takes the whole year."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from random import Random

from tests.simulation.course import (
    Base,
    alone,
    drawn_deaths,
    killed,
    sleeping,
    stepping,
    together,
)
from tests.simulation.plan import Course, Year
from tests.simulation.said import said, to_be_said

WEEKS = Year(hours=42 * 24, every=12)


def test_some_weeks_come_to_the_same_whatever_happens_to_the_scheduler(
    base: Base, folder: Path, seed: int, deaths: int
) -> None:
    usual = alone(base, folder / "usual", Course(WEEKS))
    assert usual.errors == []
    assert said(folder / "usual") == to_be_said(folder / "usual", WEEKS)
    chance = Random(seed)
    points = drawn_deaths(usual.counts, deaths, chance)
    naps, steps = sleeping(WEEKS, chance), stepping(WEEKS, 4, chance)
    with ThreadPoolExecutor(2) as courses:
        others = {
            "killed": courses.submit(killed, base, folder / "killed", Course(WEEKS), points),
            "two": courses.submit(together, base, folder / "two", Course(WEEKS), fenced=False),
            "naps": courses.submit(together, base, folder / "naps", naps, fenced=True),
            "set back": courses.submit(alone, base, folder / "back", steps),
        }
    lived = {name: course.result() for name, course in others.items()}
    against = {name: each.effects.against(usual.effects) for name, each in lived.items()}
    assert against == {name: {} for name in lived}, f"MINGPAI_SEED={seed}"
    assert lived["killed"].deaths == deaths
    assert lived["killed"].errors == lived["set back"].errors == []
