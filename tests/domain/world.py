"""A register on a real database, with a city, its unions and units, and people in every role."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid5

from sqlalchemy import Engine, text

from adapters.calendar import GazettedCalendar
from adapters.log.engine import create_engine
from adapters.log.factory import LogFactory
from adapters.log.recorder import Follower
from adapters.transcodings import transcodings
from domain.model.organisation import Kind
from domain.model.record import Record
from domain.policy.policy import Policy
from domain.register import Register
from domain.sealed import Sealed
from domain.values import Actor, Mandate, Money, Role
from tests.domain.persons import at, uid
from tests.domain.rules import STANDARD, dossier, policy, rolling

JUDGED = {"venue": "pass"}


class Seals:
    """Sealing without keys: what was sealed stays here, and nothing in the token tells it."""

    def __init__(self) -> None:
        self.kept: dict[str, str] = {}
        self.destroyed: set[UUID] = set()

    def seal(self, subject: UUID, field: str, plaintext: str) -> Sealed:
        token = f"sealed-{len(self.kept)}"
        self.kept[token] = plaintext
        return Sealed(subject, field, token)

    def reveal(self, sealed: Sealed) -> str | None:
        return None if sealed.subject in self.destroyed else self.kept[sealed.token]

    def destroy(self, subject: UUID) -> None:
        self.destroyed.add(subject)


class Ids:
    """New ids, the same in every run."""

    def __init__(self) -> None:
        self.given = 0

    def __call__(self) -> UUID:
        self.given += 1
        return uuid5(uid("ids"), str(self.given))


@dataclass(frozen=True)
class Who:
    """An account in one of its roles."""

    account: UUID
    role: Role
    organisation: UUID


@dataclass(frozen=True)
class Filed:
    """An application of a studio."""

    studio: UUID
    application: UUID


@dataclass
class World:
    """The register with people; `day` is today, and each command is a request of its own."""

    register: Register
    engine: Engine
    day: str = "2022-09-01"
    clock: str = "10:00"
    requests: int = 0
    places: dict[str, UUID] = field(default_factory=dict)
    people: dict[str, Who] = field(default_factory=dict)
    leaders: int = 0

    def __post_init__(self) -> None:
        if not self.places:
            self._people()

    def _people(self) -> None:
        directory = self.register.directory
        self.places["city"] = directory.found(self.setup, name="某市总工会", code="3600")
        for name, kind, parent in PLACES:
            self.places[name] = directory.register_organisation(
                self.setup, name=name, kind=kind, parent=self.places[parent], code=name
            )
        for name, role, place, home in PEOPLE:
            account = directory.open_account(
                self.setup, username=name, name=name, home=self.places[home or place]
            )
            directory.grant_role(self.setup, account, role, self.places[place])
            self.people[name] = Who(account, role, self.places[place])

    @property
    def now(self) -> datetime:
        return at(self.day, self.clock)

    @property
    def setup(self) -> Mandate:
        self.requests += 1
        return Mandate(Actor(None, None, "setup"), Role.RULE, self.now, f"request {self.requests}")

    def by(self, name: str, **more: Any) -> Mandate:
        """A person's mandate now, for a request of its own."""
        who = self.people[name]
        self.requests += 1
        return self.register.directory.mandate(
            who.account,
            role=who.role,
            organisation=who.organisation,
            at=self.now,
            request_id=f"request {self.requests}",
            **more,
        )

    def on(self, day: str, clock: str = "10:00") -> World:
        """Go to a day."""
        self.day, self.clock = day, clock
        return self

    def get(self, kind: type[Any], id: UUID) -> Any:
        """A record as the log has it."""
        return self.register.get(kind, id, self.setup)

    def length(self) -> int:
        """How many events the log holds."""
        return self.register.recorder.max_notification_id() or 0

    def events(self, start: int = 1) -> list[Any]:
        """The log from a position on."""
        found = self.register.recorder.select_notifications(start, 10_000)
        return [self.register.mapper.to_domain_event(each) for each in found]

    def topics(self, start: int = 1) -> list[str]:
        return [event.TOPIC for event in self.events(start)]

    # What people do, each as a single command.

    def opens(self, id: str = "full", **given: Any) -> UUID:
        if given.get("deadline"):
            given.setdefault("reason", "按实际安排另定")
        return self.register.calls.open(
            self.by("officer"), policy=id, title="推荐", federation=self.places["city"], **given
        )

    def applies(
        self,
        call: UUID,
        unit: str = "厂一",
        *,
        category: str = "model_worker",
        studio: UUID | None = None,
        reason: str | None = None,
        leader: str = "",
        **changes: Any,
    ) -> Filed:
        self.leaders += 1
        data = dossier(leader or f"领衔人{self.leaders}", **changes)
        return Filed(
            *self.register.intake.apply(
                self.by(unit),
                call=call,
                category=category,
                dossier=data,
                studio=studio,
                unit=None if studio else self.places[unit],
                reason=reason,
            )
        )

    def reviews(
        self, filed: Filed, stage: str, who: str = "officer", outcome: str = "passed", **more: Any
    ) -> None:
        self.register.review.review(
            self.by(who),
            filed.studio,
            filed.application,
            stage=stage,
            outcome=outcome,
            opinion="同意",
            **more,
        )

    def recommends(self, filed: Filed, union: str = "甲区", reason: str | None = None) -> None:
        unit = self.unit_of(filed)
        self.reviews(filed, "unit", unit)
        self.reviews(filed, "first", union, judgements=JUDGED, reason=reason)

    def unit_of(self, filed: Filed) -> str:
        from domain.model.studio import Studio

        unit = self.get(Studio, filed.studio).unit
        return next(name for name, place in self.places.items() if place == unit)

    def ranks(
        self, call: UUID, *order: Filed, union: str = "甲区", category: str = "model_worker"
    ) -> None:
        self.register.calls.rank(
            self.by(union),
            call,
            union=self.places[union],
            category=category,
            order=[filed.application for filed in order],
        )

    def selects(self, call: UUID, places: int, *chosen: Filed, who: str = "officer") -> None:
        self.register.calls.select(
            self.by(who),
            call,
            category="model_worker",
            places=places,
            chosen=[filed.application for filed in chosen],
            opinion="综合评定",
        )

    def approves(self, call: UUID, *filed: Filed, outcome: str = "passed") -> None:
        self.register.review.decide(
            self.by("officer"),
            call,
            stage="office_meeting",
            applications=[each.application for each in filed],
            outcome=outcome,
            opinion="会议审定",
            document="主席办公会纪要〔2022〕3号",
        )

    def posts(self, call: UUID, *filed: Filed, **more: Any) -> UUID:
        return self.register.publicity.post(
            self.by("officer"),
            call=call,
            applications=[each.application for each in filed],
            media="官网",
            **more,
        )

    def names(self, filed: Filed, number: str, **more: Any) -> None:
        self.register.naming.name(
            self.by("officer"),
            filed.studio,
            filed.application,
            number=number,
            document="测〔2022〕9号",
            **more,
        )

    # Longer stories.

    def candidates(self, call: UUID, *units: str) -> list[Filed]:
        """Recommended and ranked applications that wait for the selection."""
        filed = [self.applies(call, unit) for unit in units]
        for each in filed:
            self.recommends(each)
        self.ranks(call, *filed)
        for each in filed:
            self.reviews(each, "materials")
        return filed

    def on_notice(self, call: UUID) -> tuple[UUID, list[Filed]]:
        """Of three candidates two are on a notice posted on 2022-09-28; it runs to 2022-10-10."""
        filed = self.candidates(call, "厂一", "厂二", "厂三")
        self.selects(call, 2, filed[0], filed[1])
        self.on("2022-09-20").approves(call, filed[0], filed[1])
        return self.on("2022-09-28").posts(call, filed[0], filed[1]), filed

    def named(
        self, unit: str = "厂一", number: str = "2022-1", union: str = "甲区", **apply: Any
    ) -> Filed:
        """A studio named under the rolling policy today."""
        call = self.opens("rolling", amounts={"demonstration": Money(5)})
        filed = self.applies(call, unit, **apply)
        self.recommends(filed, union)
        self.approves(call, filed)
        self.names(filed, number)
        return filed

    def fund(
        self,
        fen: int = 100_000_000,
        *,
        who: str = "granter",
        payer: str = "city",
        source: str = "city",
    ) -> UUID:
        fund = self.register.subsidies.establish(
            self.by(who), name="资金", payer=self.places[payer], year=2022, source=source
        )
        if fen:
            self.register.subsidies.appropriate(
                self.by(who), fund, amount=Money(fen), document="财〔2022〕1号"
            )
        return fund

    def grants(
        self,
        filed: Filed,
        fund: UUID,
        *,
        number: str = "2022-1",
        amount: Money = STANDARD,
        who: str = "granter",
        payee: str = "厂一",
        **more: Any,
    ) -> UUID:
        return self.register.subsidies.grant(
            self.by(who),
            filed.studio,
            number=number,
            fund=fund,
            amount=amount,
            payee={
                "organisation": self.places[payee],
                "account_name": payee,
                "bank": "工商银行",
                "account_number": "6222",
            },
            document="补〔2022〕1号",
            **more,
        )

    def pays(
        self, filed: Filed, grant: UUID, amount: Money = STANDARD, who: str = "payer", **more: Any
    ) -> UUID:
        return self.register.subsidies.pay(
            self.by(who), filed.studio, grant, amount=amount, voucher="记-1", **more
        )

    def checks(
        self,
        filed: Filed,
        year: int,
        grade: str = "unqualified",
        *,
        who: str = "甲区",
        number: str = "2022-1",
        received_on: date | None = None,
    ) -> UUID:
        from domain.desks.assessments import Result

        return self.register.assessments.check(
            self.by(who),
            year=year,
            result=Result(filed.studio, number, grade, received_on=received_on),
        )

    def fails(self, filed: Filed, *years: int, **more: Any) -> list[UUID]:
        """A failing result for each year, filed on its last days."""
        return [self.on(f"{year}-12-20").checks(filed, year, **more) for year in years]

    def commits(self) -> list[str]:
        """The request of every event, by position."""
        return [event.request_id for event in self.events()]

    def positions(self) -> list[int]:
        with self.engine.connect() as connection:
            rows = connection.execute(text("select position from events order by position"))
            return [row[0] for row in rows]


PLACES: Sequence[tuple[str, Kind, str]] = (
    ("甲区", Kind.RECOMMENDING_UNION, "city"),
    ("乙区", Kind.RECOMMENDING_UNION, "city"),
    ("厂一", Kind.UNIT, "甲区"),
    ("厂二", Kind.UNIT, "甲区"),
    ("厂三", Kind.UNIT, "甲区"),
    ("厂四", Kind.UNIT, "乙区"),
    ("直属", Kind.UNIT, "city"),
)
PEOPLE: Sequence[tuple[str, Role, str, str]] = (
    ("officer", Role.CITY_OFFICER, "city", ""),
    ("granter", Role.CITY_OFFICER, "city", ""),
    ("payer", Role.CITY_OFFICER, "city", ""),
    ("tied", Role.CITY_OFFICER, "city", "厂一"),
    ("from union", Role.CITY_OFFICER, "city", "甲区"),
    ("admin", Role.ADMINISTRATOR, "city", ""),
    ("auditor", Role.AUDITOR, "city", ""),
    ("甲区", Role.RECOMMENDING_UNION, "甲区", ""),
    ("乙区", Role.RECOMMENDING_UNION, "乙区", ""),
    ("甲区亲属", Role.RECOMMENDING_UNION, "甲区", "厂一"),
    ("厂一", Role.UNIT_UNION, "厂一", ""),
    ("厂一同事", Role.UNIT_UNION, "厂一", ""),
    ("厂二", Role.UNIT_UNION, "厂二", ""),
    ("厂三", Role.UNIT_UNION, "厂三", ""),
    ("厂四", Role.UNIT_UNION, "厂四", ""),
    ("直属", Role.UNIT_UNION, "直属", ""),
    ("unit admin", Role.ADMINISTRATOR, "厂一", ""),
)


def compose(url: str, *policies: Policy) -> World:
    """A world on an empty database."""
    engine = create_engine(url)
    return World(register_on(engine, *policies), engine)


def register_on(
    engine: Engine, *policies: Policy, followers: Sequence[Follower] = (), **ports: Any
) -> Register:
    """A register on a database, with the tests' own ports unless others are given."""
    given: dict[str, Any] = {
        "policies": {each.id: each for each in policies or (policy(), rolling())},
        "calendar": GazettedCalendar(),
        "sealing": Seals(),
        "new_id": Ids(),
    }
    return Register(
        factory=LogFactory(engine=engine, followers=followers),
        transcodings=transcodings(),
        **{**given, **ports},
    )


def close(world: World) -> None:
    """Give the connections back."""
    world.register.close()
    world.engine.dispose()


def alive(record: Record) -> dict[str, Any]:
    """What a record is, whoever looks at it; nothing of it is still put off."""
    for late in record.MADE_LATE:
        getattr(record, late)
    return {name: value for name, value in vars(record).items() if name != "_mandate"}
