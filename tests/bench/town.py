"""A town to measure in: one federation, units with named studios, and the checks of a year to file."""

from __future__ import annotations

import itertools
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path
from uuid import UUID

from adapters.bootstrap import House, build
from adapters.garbage import settle
from adapters.settings import Settings
from domain.desks.assessments import Result
from domain.desks.desk import policy_ref
from domain.model.organisation import Kind
from domain.model.studio import Studio
from domain.values import Actor, Mandate, Person, Role

NAMED = datetime(2023, 12, 8, 2, tzinfo=UTC)
FILED = datetime(2024, 12, 20, 2, tzinfo=UTC)
POLICY = "changchun-2023"


@dataclass
class Town:
    """The house, its named studios, and who files their checks."""

    house: House
    studios: list[UUID]
    officer: Mandate
    _requests: Iterator[int]

    def restart(self) -> None:
        """The register as a process finds it that has just begun to serve: nothing is in memory."""
        self.house.close()
        self.house = build(self.house.settings)
        settle()

    def mandate(self) -> Mandate:
        """The officer's authority for one more request."""
        return replace(self.officer, request_id=f"bench-{next(self._requests)}")

    def result(self, studio: UUID) -> Result:
        """A passing result of one studio's year."""
        return Result(studio, number_of(studio), "qualified", "台账齐全，按计划完成两项攻关课题")

    def check_one(self, studio: UUID, year: int = 2024) -> None:
        """One command: load the studio, decide, record, with every view row, durably."""
        self.house.register.assessments.check(self.mandate(), year=year, result=self.result(studio))

    def check_all(self, studios: list[UUID], year: int = 2024) -> None:
        """One command for many studios, loaded in one query and recorded in one commit."""
        results = [self.result(studio) for studio in studios]
        self.house.register.assessments.check_many(self.mandate(), year=year, results=results)


@contextmanager
def town(home: Path, database_url: str, size: int) -> Iterator[Town]:
    """A town with so many named studios, each with a short history."""
    house = build(Settings.at(home, database_url=database_url))
    try:
        requests = itertools.count()
        setup = Mandate(Actor(None, None, "setup"), Role.RULE, NAMED, "")

        def mandate() -> Mandate:
            return replace(setup, request_id=f"setup-{next(requests)}")

        directory = house.register.directory
        federation = directory.found(mandate(), name="测试市总工会", code="bench")
        account = directory.open_account(
            mandate(), username="bench", name="经办人", home=federation
        )
        directory.grant_role(mandate(), account, Role.CITY_OFFICER, federation)
        officer = Mandate(Actor(account, federation), Role.CITY_OFFICER, FILED, "")
        units = [
            directory.register_organisation(
                mandate(), name=f"第{n}工厂", kind=Kind.UNIT, parent=federation, code=f"u{n}"
            )
            for n in range(20)
        ]
        studios = _studios(house, mandate, federation, units, size)
        place = Town(house, studios, officer, requests)
        try:
            yield place
        finally:
            place.house.close()
    finally:
        house.close()


def number_of(studio: UUID) -> str:
    """A studio's naming number."""
    return f"测创〔2023〕{studio.hex[:8]}"


def _studios(
    house: House, mandate: Callable[[], Mandate], federation: UUID, units: list[UUID], size: int
) -> list[UUID]:
    """Registered, named, with four members and two results each: about eight events."""
    policy = house.policies[POLICY]
    ids = []
    for begin in range(0, size, 500):
        studios = []
        for n in range(begin, min(begin + 500, size)):
            id, unit = uuid.uuid4(), units[n % len(units)]
            leader = Person(uuid.uuid4(), f"领衔人{n}", {"title": "高级技师"})
            studio = Studio.register(
                mandate(),
                id,
                name=f"第{n}创新工作室",
                lineage=[unit, federation],
                leader=leader,
                founded_on=date(2020, 3, 1),
                predecessors=[],
            )
            studio.record_naming(
                number=number_of(id),
                level=policy.level,
                category=policy.categories[0].id,
                federation=federation,
                document="长会办字〔2023〕33号",
                on=date(2023, 12, 8),
                policy=policy_ref(policy),
            )
            for m in range(4):
                member = Person(uuid.uuid4(), f"成员{n}-{m}", {"title": "技师"})
                studio.join(member, duty="技术攻关", frontline=m == 0, on=date(2023, 3, 1))
            for m in range(2):
                studio.record_achievement(
                    uuid.uuid4(),
                    title=f"降低能耗的工艺改进 {m}",
                    kind="实用新型专利",
                    recognised_by="市科技局",
                    on=date(2023, 5, 1 + m),
                    evidence=[],
                )
            studios.append(studio)
            ids.append(id)
        house.register.save(*studios)
    return ids
