"""A town in a test: a federation with its unions, units and people, all reached through the API."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from argon2 import PasswordHasher
from flask import Flask
from flask.testing import FlaskClient

from adapters.bootstrap import House, build
from adapters.credentials import Credentials
from adapters.settings import Settings
from domain.values import SHANGHAI, local
from tests.journeys.dossiers import passing
from web.app import create_app
from web.setup import ensure_setup_token

API = "/api/v1"
PASSWORD = "correct horse battery"  # not a secret: no server outlives its test
CHEAP = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)


class Clock:
    """The only clock of the town: it stands still until it is set."""

    def __init__(self, text: str) -> None:
        self.set(text)

    def set(self, text: str) -> None:
        """To a moment in Asia/Shanghai, such as `2022-10-28 17:30:01`."""
        self.now = datetime.fromisoformat(text).replace(tzinfo=SHANGHAI).astimezone(UTC)

    def __call__(self) -> datetime:
        return self.now

    @property
    def today(self) -> date:
        return local(self.now).date()


@dataclass
class Reply:
    """An answer of the API: its status, its body, and shortcuts into both."""

    status: int
    body: Any
    headers: Mapping[str, str] = field(default_factory=dict)

    def __getitem__(self, id: str) -> str:
        found: str = self.body["ids"][id]
        return found

    @property
    def refusal(self) -> tuple[int, str]:
        """Status and code of an error."""
        return self.status, self.body["code"]


class Person:
    """Someone who acts in one role, or the public, which has none."""

    def __init__(self, town: Town, token: str | None = None, role: str | None = None) -> None:
        self.client: FlaskClient = town.app.test_client(use_cookies=False)
        self.headers = {"Authorization": f"Bearer {token}"} if token else {}
        if role:
            self.headers["X-Mingpai-Role"] = role

    def get(self, path: str, **query: Any) -> Reply:
        """Read."""
        return self.send("GET", path, query_string=query)

    def post(self, path: str, _headers: Mapping[str, str] | None = None, **body: Any) -> Reply:
        """Ask for something that may be refused."""
        return self.send("POST", path, json=body, headers=_headers or {})

    def do(self, path: str, **body: Any) -> Reply:
        """Do something that must succeed."""
        reply = self.post(path, **body)
        assert reply.status in (200, 201), reply.body
        return reply

    def send(self, method: str, path: str, **more: Any) -> Reply:
        """Send anything."""
        headers = {**self.headers, **more.pop("headers", {})}
        response = self.client.open(f"{API}{path}", method=method, headers=headers, **more)
        return Reply(response.status_code, response.get_json(silent=True), response.headers)

    def upload(self, name: str, content: bytes) -> str:
        """Hand a file in; returns its SHA-256."""
        reply = self.send("POST", "/evidence", data=content, query_string={"name": name})
        assert reply.status == 201, reply.body
        sha256: str = reply.body["sha256"]
        return sha256


class Town:
    """A federation `city` with an administrator, and helpers to people it."""

    def __init__(
        self, home: Path, database_url: str, now: str, *, name: str = "某市总工会"
    ) -> None:
        self.clock = Clock(now)
        self.house: House = build(Settings.at(home, database_url=database_url), clock=self.clock)
        self.credentials = Credentials(self.house.engine, hasher=CHEAP)
        self.app: Flask = create_app(
            self.house, credentials=self.credentials, pages=False, RATELIMIT_ENABLED=False
        )
        self.public = Person(self)
        token = ensure_setup_token(self.house, self.credentials)
        federation = {"name": name, "code": "city"}
        founded = self.public.post(
            "/setup",
            token=token,
            federation=federation,
            username="admin",
            name="管理员",
            password=PASSWORD,
        )
        assert founded.status == 201, founded.body
        self.city: str = founded.body["federation"]
        self.admin = Person(self, self.token(founded.body["account"]), f"administrator@{self.city}")
        self._people = 0

    def close(self) -> None:
        """Close the databases."""
        self.house.close()

    def token(self, account: str) -> str:
        """A token for an account."""
        return self.credentials.issue_token(UUID(account), "test", self.clock())[1]

    def place(self, kind: str, name: str, parent: str) -> str:
        """An organisation in the tree."""
        return self.admin.do("/organisations", name=name, kind=kind, parent=parent, code="")[
            "organisation"
        ]

    def person(self, role: str, organisation: str, home: str | None = None) -> Person:
        """A new person with one role."""
        self._people += 1
        account = self.admin.do(
            "/accounts",
            username=f"person{self._people}",
            name=f"甲{self._people}",
            home=home or organisation,
        )["account"]
        self.admin.do(f"/accounts/{account}/roles", role=role, organisation=organisation)
        return Person(self, self.token(account), f"{role}@{organisation}")

    def officer(self) -> Person:
        """A new officer of the city."""
        return self.person("city_officer", self.city)

    def dossier(self, policy: str, category: str, **but: Any) -> dict[str, Any]:
        """A dossier filed today that passes."""
        about = {"name": but.pop("name", "林一川创新工作室"), "leader": but.pop("leader", "林一川")}
        found = self.house.policies[policy].category(category)
        return passing(found, self.clock.today, **about, **but)

    @property
    def length(self) -> int:
        """How many events the log holds."""
        return self.house.register.recorder.max_notification_id() or 0


@dataclass
class Unit:
    """A unit with who speaks for it."""

    id: str
    union: Person
    name: str


@dataclass
class Branch:
    """A recommending union with who speaks for it, and its units."""

    id: str
    officer: Person
    units: list[Unit]


def branch(town: Town, name: str, units: int = 1) -> Branch:
    """A recommending union with units below it, and a person for each."""
    id = town.place("recommending_union", name, town.city)
    officer = town.person("recommending_union", id)
    made = []
    for number in range(1, units + 1):
        unit = town.place("unit", f"{name}第{number}公司", id)
        made.append(Unit(unit, town.person("unit_union", unit), f"{name}第{number}公司"))
    return Branch(id, officer, made)
