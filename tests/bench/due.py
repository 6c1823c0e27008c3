"""What is due, asked of a register with many namings: rows straight in the views, as a year leaves them."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from rich.console import Console
from rich.table import Table

from adapters.bootstrap import House, build
from adapters.feeds.offices import Office
from adapters.log.engine import writing
from adapters.matters import due_messages, pending, tasks
from adapters.settings import Settings
from adapters.views.shape import FOREVER
from adapters.views.tables import VIEWS, timeline
from domain.values import Role
from tests.databases import Postgres

SIZES = (300, 100_000)
NOW = datetime(2026, 11, 20, 2, tzinfo=UTC)
POLICY = "changchun-2023"
CHUNK = 5_000


class Rows:
    """A federation in mid-campaign: a third of its studios were paid, half have this year's result."""

    def __init__(self, size: int) -> None:
        self.of: dict[str, list[dict[str, Any]]] = defaultdict(list)
        self.events: list[dict[str, Any]] = []
        self._ids = 0
        self.city = self._place("市总工会", "federation", "/", None)
        self.unions = [self._below(n, "recommending_union") for n in range(max(4, size // 1_000))]
        self.units = [self._below(n, "unit") for n in range(max(10, size // 5))]
        self.add(
            "campaigns",
            self._event("campaign.opened", "2026-10-02T01:00:00+00:00"),
            federation=self.city["id"],
            path=self.city["path"],
            policy=POLICY,
            year=2026,
            opens_on="2026-10-02",
            due_on="2026-12-31",
            status="open",
        )
        for n in range(size):
            self._studio(n, self.units[n % len(self.units)])

    def add(self, view: str, id: str, **values: Any) -> dict[str, Any]:
        """A row that holds now."""
        blank = dict.fromkeys(column.name for column in VIEWS[view].table.columns)
        row = {**blank, **values, "id": id, "since": len(self.events), "until": FOREVER}
        self.of[view].append(row)
        return row

    def _event(self, topic: str, at: str = "2024-01-05T00:00:00+00:00") -> str:
        self._ids += 1
        id = str(UUID(int=self._ids, version=4))
        stamp = {"account": None, "organisation": None, "rule": "bench", "request_id": id}
        position = len(self.events) + 1
        row = {"position": position, "record": id, "version": 1, "topic": topic, "at": at}
        self.events.append({**row, **stamp})
        return id

    def _below(self, n: int, kind: str) -> dict[str, Any]:
        above = self.city if kind != "unit" else self.unions[n % len(self.unions)]
        return self._place(f"{kind} {n}", kind, above["path"], above)

    def _place(self, name: str, kind: str, path: str, above: Any) -> dict[str, Any]:
        id = self._event("organisation.registered")
        union = id if kind == "recommending_union" else above and above["id"]
        places = {"federation": self.city["id"] if above else id, "recommender": union}
        path = f"{path}{len(self.events)}/"
        return self.add(
            "organisations", id, name=name, kind=kind, path=path, closed=False, **places
        )

    def _studio(self, n: int, unit: dict[str, Any]) -> None:
        studio = self._event("studio.named")
        own = {name: unit[name] for name in ("path", "federation", "recommender")}
        own |= {"unit": unit["id"]}
        self.add(
            "studios", studio, name=f"王{n}创新工作室", status="named", leader_id=studio, **own
        )
        own |= {"studio": studio, "number": f"N{n}"}
        named = {"named_on": "2023-12-01", "status": "active", "policy": POLICY}
        flags = {"proposed": False, "reinstatement_case": False, "named_at": len(self.events)}
        self.add("namings", f"{studio}/N{n}", **own, **named, **flags)
        for year in (2024, 2025, 2026)[: 2 + n % 2]:
            result = {"year": year, "assessor": "recommending_union", "governing": True}
            self.add("checks", self._event("studio.annually_checked"), **own, **result)
        halves = [(2024, "H1"), (2024, "H2"), (2025, "H1"), (2025, "H2"), (2026, "H1")]
        for year, half in halves[: 5 if n % 3 else 4]:
            place = {name: own[name] for name in ("studio", "number", "path")}
            key = f"{studio}/N{n}/{year}/{half}"
            self.add("self_checks", key, year=year, period=half, **place)
        if n % 3 == 0:
            self._money(n, own)

    def _money(self, n: int, own: dict[str, Any]) -> None:
        common = {"studio": own["studio"], "path": own["path"], "fund": self.city["id"]}
        grant = self._event("studio.subsidy_granted")
        paid = {"amount": 100, "recorded_at": len(self.events), "paid_on": "2024-03-01"}
        money = {"unpaid": 100 if n % 10 == 0 else 0, "balance": 30 if n % 7 == 0 else 0}
        day = {"granted_on": "2024-02-01", "granted_at": len(self.events)}
        self.add("grants", grant, payer=self.city["id"], **{**own, **common}, **money, **day)
        reference = None if n % 50 == 0 else "B"
        self.add("payments", f"p{n}", grant_id=grant, bank_reference=reference, **common, **paid)

    def fill(self, house: House) -> None:
        """Write it all into the views."""
        with writing(house.engine) as connection:
            tables = [(VIEWS[name].table, rows) for name, rows in self.of.items()]
            for table, rows in [*tables, (timeline, self.events)]:
                for start in range(0, len(rows), CHUNK):
                    connection.execute(sa.insert(table), rows[start : start + CHUNK])
        if house.engine.dialect.name == "postgresql":
            with house.engine.connect() as connection:
                automatic = connection.execution_options(isolation_level="AUTOCOMMIT")
                automatic.execute(sa.text("ANALYZE"))


def show(home: Path, server: Postgres | None) -> None:
    """The best of three looks at each size, in milliseconds."""
    table = Table(
        "命名", "待办事项", "全部待办 ms", "应发消息 ms", "单位 ms", "推荐工会 ms", "市 ms"
    )
    for size in SIZES:
        folder = home / str(size)
        folder.mkdir(parents=True)
        url = f"sqlite:///{folder / 'due.db'}" if server is None else server.create_database()
        house = build(Settings.at(folder, database_url=url))
        rows = Rows(size)
        rows.fill(house)
        offices = (
            Office(Role.UNIT_UNION, UUID(rows.units[3]["id"])),
            Office(Role.RECOMMENDING_UNION, UUID(rows.unions[1]["id"])),
            Office(Role.CITY_OFFICER, UUID(rows.city["id"])),
        )
        looks: list[Callable[[], Any]] = [
            lambda house=house: list(pending(house, NOW)),
            lambda house=house: due_messages(house, NOW),
            *(lambda house=house, one=one: tasks(house, NOW, [one]) for one in offices),
        ]
        count = len(list(pending(house, NOW)))
        table.add_row(f"{size:,}", f"{count:,}", *(f"{_best(look):,.0f}" for look in looks))
        house.close()
    Console(width=110).print(table)


def _best(look: Callable[[], Any]) -> float:
    found = []
    for _ in range(3):
        begin = time.perf_counter()
        look()
        found.append((time.perf_counter() - begin) * 1_000)
    return min(found)
