"""One random life of the register: its city, and how commands are given in it."""

from __future__ import annotations

import atexit
import copy
import shutil
import tempfile
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule

from adapters.log.engine import create_engine
from adapters.views.projector import Projector
from adapters.views.rebuild import check
from domain.errors import DomainError
from domain.model.call import Call
from domain.model.studio import Studio
from domain.values import Evidence, Money
from tests.domain.rules import STANDARD, policy, rolling
from tests.domain.world import Filed, World, alive, close, register_on

MEMORY = "/dev/shm" if Path("/dev/shm").is_dir() else None
UNITS = ("厂一", "厂二", "厂三", "厂四", "直属")
CATEGORIES = ("model_worker", "model_worker", "demonstration", "worker")
PEOPLE = ("officer", "granter", "payer", "tied", "甲区", "乙区", "厂一", "厂二", "auditor")
OFFICERS = st.sampled_from(("officer", "officer", "officer", "granter", "payer", "tied", "甲区"))
ANYONE = st.sampled_from(PEOPLE)
AMOUNTS = st.sampled_from((STANDARD, STANDARD, Money(1_000_000), Money(5), Money(0)))
PICK = st.integers(0, 255)
RECEIPT = Evidence("b" * 64, "发票.pdf", 10, "application/pdf")
POLICIES = (policy(), rolling())
PLAN = (
    *((0, unit, "model_worker") for unit in UNITS),
    *((1, unit, category) for unit, category in zip(UNITS, CATEGORIES, strict=False)),
)
"""The applications that every life begins with."""


def facts_for(category: str) -> dict[str, Any]:
    """What a dossier of a category holds besides the common facts."""
    earlier = [{"level": "city", "name": "劳模创新工作室", "on": "2015-01-01"}]
    return {"namings": earlier} if category == "demonstration" else {}


class Life(RuleBasedStateMachine):
    """One city on a database of its own, and how commands are given in it."""

    template: Path | None = None
    places: dict[str, UUID]
    people: dict[str, Any]

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp(dir=MEMORY))
        self.world = self._world()
        self.day = date(2022, 9, 1)
        self.filed: list[Filed] = []
        self.calls: list[UUID] = []
        self.notices: list[UUID] = []
        self.objections: list[tuple[UUID, UUID]] = []
        self.funds: list[UUID] = []
        self.campaigns: list[UUID] = []
        self.numbers = 0
        self.saved: dict[UUID, Any] = {}
        self.read = self.world.length()

    def _world(self) -> World:
        """A copy of a world that was peopled once."""
        cls = Life
        if cls.template is None:
            cls.template = Path(tempfile.mkdtemp(dir=MEMORY)) / "template.db"
            atexit.register(shutil.rmtree, cls.template.parent)
            made = self._on(cls.template)
            cls.places, cls.people = made.places, made.people
            close(made)
        shutil.copy(cls.template, self.folder / "log.db")
        world = self._on(self.folder / "log.db", dict(self.places), dict(self.people))
        keep = world.register.save

        def save(*records: Any, **kwargs: Any) -> Any:
            lived = {each.id: {**alive(each), "_pending_events": []} for each in records}
            lived = copy.deepcopy(lived)
            recorded = keep(*records, **kwargs)
            self.saved.update(lived)
            return recorded

        world.register.save = save  # type: ignore[method-assign] # to see what was saved
        return world

    def _on(self, path: Path, places: Any = None, people: Any = None) -> World:
        """A world on a file; with places and people, the ones that it already holds."""
        engine = create_engine(f"sqlite:///{path}")
        register = register_on(engine, *POLICIES, followers=(Projector(engine),))
        if places is None:
            return World(register, engine)
        register.new_id.given = 1_000  # type: ignore[attr-defined] # the template took the first
        return World(register, engine, requests=1_000, places=places, people=people)

    def teardown(self) -> None:
        world = self.world
        differences = check(world.engine, world.register.recorder, world.register.mapper)  # type: ignore[arg-type] # the log's own recorder
        close(world)
        shutil.rmtree(self.folder)
        assert differences == []

    def attempt(self, command: Callable[[], Any]) -> Any:
        """Give a command, which may be refused, and then leaves nothing but a recusal."""
        before = self.world.length()
        try:
            return command()
        except DomainError as refusal:
            code = refusal.code
        left = self.world.topics(before + 1)
        assert left == (["studio.reviewer_recused"] if code == "recused" else [])
        return None

    def one(self, of: list[Any], pick: int) -> Any:
        return of[pick % len(of)]

    def some(self, call: UUID, pick: int) -> list[Filed]:
        """Some applications of a call."""
        entries = list(self.world.get(Call, call).entries.values())
        mine = [Filed(entry.studio, entry.application) for entry in entries]
        return [each for at, each in enumerate(mine) if pick >> at & 1]

    def studio(self, filed: Filed) -> Studio:
        found: Studio = self.world.get(Studio, filed.studio)
        return found

    def named(self) -> list[Filed]:
        """Those whose studio holds or held a name."""
        return [each for each in self.filed if self.studio(each).namings]

    def number(self, filed: Filed, pick: int) -> str:
        """One of a studio's numbers, if it has any."""
        return str(self.one([*self.studio(filed).namings, "none"][:2], pick))

    def grant(self, filed: Filed, pick: int) -> UUID:
        return UUID(str(self.one([*self.studio(filed).grants, filed.studio][:2], pick)))

    @rule(days=st.sampled_from((0, 1, 7, 30, 200, 400)))
    def pass_time(self, days: int) -> None:
        self.day += timedelta(days=days)
        if self.day.year > 2026:
            self.day = date(2026, 12, 31)
        self.world.on(self.day.isoformat())
