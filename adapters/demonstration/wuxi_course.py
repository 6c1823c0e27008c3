"""How Wuxi judges: materials, visits with a panel, selection by category, the office meeting."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from adapters.demonstration.clock import shanghai
from adapters.demonstration.course import decided, looked_at, selected
from adapters.demonstration.money import yuan
from adapters.demonstration.season import Season
from adapters.demonstration.stage import Player, Story

AMOUNTS = {"demonstration": 50_000, "model_worker": 20_000, "worker": 10_000}
USES = {
    "equipment": "设备设施与工具仪器购置",
    "research": "课题攻关与成果试制",
    "training": "技能培训与师徒带教",
    "exchange": "交流展示与资料图书",
}
IN_FEN = {category: yuan(amount) for category, amount in AMOUNTS.items()}


@dataclass(frozen=True)
class Agenda:
    """The days on which the city acts, and how many places there are."""

    materials: date
    visits: date
    selection: date
    meeting: date
    minutes: str
    places: Mapping[str, int]


def judged(season: Season, panel: Sequence[Player], agenda: Agenda) -> Story:
    """Everything between the deadline and the public notice."""
    yield shanghai(agenda.materials, 9)
    yield from looked_at(season, "materials", season.city.reviewer)
    yield shanghai(agenda.visits, 9)
    yield from looked_at(season, "site_visit", season.city.reviewer, panel)
    yield shanghai(agenda.selection, 9, 30)
    for category, places in agenda.places.items():
        selected(season, category, places, season.fated("named", "dropped", category=category))
    yield shanghai(agenda.meeting, 15)
    decided(season, season.fated("named", "dropped"), agenda.minutes)
