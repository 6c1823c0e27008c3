"""The demonstration: five federations from 2019 to 2026, told through the same desks as anyone's work.

Build a house with `demonstration_clock()` and `demonstration_ids()`, and `fill` it. Every run writes
the same events, apart from ciphertext, which is never the same twice.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from adapters.demonstration.changchun import changchun
from adapters.demonstration.clock import Clockwork, demonstration_clock, demonstration_ids
from adapters.demonstration.jiangxi import jiangxi
from adapters.demonstration.jingzhou import jingzhou
from adapters.demonstration.stage import Progress, Stage
from adapters.demonstration.wuxi import wuxi

if TYPE_CHECKING:
    from adapters.bootstrap import House

__all__ = ["Summary", "demonstration_clock", "demonstration_ids", "fill"]

CITIES = (jingzhou, jiangxi, wuxi, changchun)


@dataclass(frozen=True)
class Summary:
    """What was written: user names worth trying, studios by the story they show, refusals by code."""

    events: int
    accounts: tuple[str, ...]
    stories: dict[str, tuple[UUID, ...]]
    refused: dict[str, int]


def fill(house: House, *, progress: Progress | None = None) -> Summary:
    """Play every story in an empty house. `progress` gets days told, all days, and the month."""
    if not isinstance(house.clock, Clockwork):
        raise TypeError("build the house with demonstration_clock() and demonstration_ids()")
    recorder = house.register.recorder
    if recorder.max_notification_id():
        raise ValueError("the demonstration needs an empty house")
    stage = Stage(house, house.clock, progress)
    for city in CITIES:
        stage.begin(city(stage))
    stage.play()
    return Summary(
        events=recorder.max_notification_id() or 0,
        accounts=tuple(stage.accounts),
        stories={name: tuple(studios) for name, studios in sorted(stage.seen.items())},
        refused=dict(sorted(stage.refused.items())),
    )
