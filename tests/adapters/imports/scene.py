"""A city to assess: unions, units and named studios on a real database, with a clock that is set by hand."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from uuid import UUID, uuid5

from adapters.bootstrap import House, build
from adapters.settings import Settings
from domain.desks.desk import policy_ref
from domain.model.organisation import Kind
from domain.model.studio import Studio
from domain.values import SHANGHAI, Actor, Mandate, Person, Role

POLICY = "changchun-2023"
NAMESPACE = UUID("9a4a1f4e-5b1f-4c0e-8f0a-6b8a3f0f5d11")


def moment(text: str) -> datetime:
    """`2026-12-20 10:00` on the clocks of Asia/Shanghai."""
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI).astimezone(UTC)


@dataclass
class City:
    """`studios` are (id, number) in order; they stand in units of the unions by turns."""

    home: Path
    url: str
    now: datetime = field(default_factory=lambda: moment("2024-12-20 10:00"))
    requests: int = 0
    places: dict[str, UUID] = field(default_factory=dict)
    studios: list[tuple[UUID, str]] = field(default_factory=list)
    app: Any = None

    def __post_init__(self) -> None:
        self.house: House = build(
            Settings.at(self.home, database_url=self.url), clock=lambda: self.now
        )
        self.register = self.house.register
        directory, now = self.register.directory, self.now
        self.now = moment("2023-12-08 10:00")
        self.places["city"] = directory.found(self.setup, name="试市总工会", code="T")
        for name, kind, parent in (
            ("一区", Kind.RECOMMENDING_UNION, "city"),
            ("二区", Kind.RECOMMENDING_UNION, "city"),
            ("一厂", Kind.UNIT, "一区"),
            ("二厂", Kind.UNIT, "二区"),
            ("直属厂", Kind.UNIT, "city"),
        ):
            self.places[name] = directory.register_organisation(
                self.setup, name=name, kind=kind, parent=self.places[parent], code=name
            )
        for name, role, place in (
            ("officer", Role.CITY_OFFICER, "city"),
            ("union", Role.RECOMMENDING_UNION, "一区"),
            ("unit", Role.UNIT_UNION, "一厂"),
        ):
            account = directory.open_account(
                self.setup, username=name, name=name, home=self.places[place]
            )
            directory.grant_role(self.setup, account, role, self.places[place])
            self.places[f"account of {name}"] = account
        self.now = now

    @property
    def setup(self) -> Mandate:
        self.requests += 1
        return Mandate(Actor(None, None, "setup"), Role.RULE, self.now, f"setup {self.requests}")

    def by(self, name: str = "officer") -> Mandate:
        """The mandate of the officer, the union or the unit union, for one request."""
        role, place = {
            "officer": (Role.CITY_OFFICER, "city"),
            "union": (Role.RECOMMENDING_UNION, "一区"),
            "unit": (Role.UNIT_UNION, "一厂"),
        }[name]
        self.requests += 1
        return self.register.directory.mandate(
            self.places[f"account of {name}"],
            role=role,
            organisation=self.places[place],
            at=self.now,
            request_id=f"request {self.requests}",
        )

    def name(self, count: int, units: str = "一厂 二厂 直属厂") -> City:
        """Studios named on 8 December 2023 under the policy."""
        found, policy = self.house.queries, self.house.policies[POLICY]
        mandate = replace(self.setup, at=moment("2023-12-08 11:00"))
        made = []
        for n in range(len(self.studios), len(self.studios) + count):
            id, unit = uuid5(NAMESPACE, str(n)), self.places[units.split()[n % len(units.split())]]
            above = found.organisation(unit)["above"]
            studio = Studio.register(
                mandate,
                id,
                name=f"第{n}创新工作室",
                lineage=[unit, *(UUID(each["id"]) for each in reversed(above))],
                leader=Person(uuid5(NAMESPACE, f"leader {n}"), f"领衔人{n}", {}),
                founded_on=date(2020, 3, 1),
                predecessors=[],
            )
            studio.record_naming(
                number=f"试〔2023〕{n}",
                level=policy.level,
                category=policy.categories[0].id,
                federation=self.places["city"],
                document="试发〔2023〕1号",
                on=date(2023, 12, 8),
                policy=policy_ref(policy),
            )
            made.append(studio)
            self.studios.append((id, f"试〔2023〕{n}"))
        self.register.save(*made)
        return self

    def at(self, text: str) -> City:
        """Go to a moment."""
        self.now = moment(text)
        return self

    def length(self) -> int:
        """How many events the log holds."""
        return self.house.recorder.max_notification_id() or 0

    def results(self) -> list[dict[str, Any]]:
        """Every yearly result there is, by number, year and assessor."""
        found = list(self.house.queries.every("checks"))
        return sorted(found, key=lambda each: (each["number"], each["year"], each["assessor"]))
