"""Random people give random commands as time goes by; whatever they try, the promises hold.

`MINGPAI_HYPOTHESIS=thorough` tries many more, and other ones each time.
"""

from __future__ import annotations

import copy
import os
import shutil
import tempfile
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from adapters.log.engine import create_engine
from adapters.views.projector import Projector
from adapters.views.rebuild import check
from domain.desks.assessments import Result
from domain.errors import DomainError
from domain.model.call import Call
from domain.model.fund import Fund
from domain.model.notice import Notice
from domain.model.studio import Studio
from domain.values import BankLine, Evidence, Money
from tests.domain.rules import STANDARD, dossier, policy, rolling
from tests.domain.world import JUDGED, Filed, World, alive, close, register_on
from tests.lifecycle import promises

THOROUGH = os.environ.get("MINGPAI_HYPOTHESIS") == "thorough"
PROFILE = settings(
    max_examples=400 if THOROUGH else 20,
    stateful_step_count=120 if THOROUGH else 50,
    derandomize=not THOROUGH,
    database=None,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
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


class Lifecycle(RuleBasedStateMachine):
    """Several studios, calls, notices, funds and campaigns of one city."""

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
        cls = type(self)
        if cls.template is None:
            cls.template = Path(tempfile.mkdtemp(dir=MEMORY)) / "template.db"
            made = self._on(cls.template)
            cls.places, cls.people = made.places, made.people
            close(made)
        shutil.copy(cls.template, self.folder / "log.db")
        world = self._on(self.folder / "log.db", dict(self.places), dict(self.people))
        keep = world.register.save

        def save(*records: Any, **kwargs: Any) -> Any:
            recorded = keep(*records, **kwargs)
            self.saved.update({record.id: copy.deepcopy(alive(record)) for record in records})
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

    # Giving commands

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

    # Time

    @initialize(
        steps=st.lists(st.integers(0, 8), min_size=9, max_size=9),
        days=st.sampled_from((0, 20, 20, 400)),
    )
    def begin(self, steps: list[int], days: int) -> None:
        """Nine applications in two calls, each some steps on its way."""
        self.pass_time(0)
        self.establish(100_000_000)
        for id in ("full", "rolling"):
            self.open_call(id, 40)
        for at, unit, category in PLAN:
            self.filed.append(
                self.world.applies(
                    self.calls[at], unit, category=category, reason="x", **facts_for(category)
                )
            )
        for _ in range(2):
            for at, many in enumerate(steps):
                self.advance(at, many)
        self.pass_time(days)
        for at, many in enumerate(steps):
            if many > 6:
                self.advance(at, 2)

    @rule(days=st.sampled_from((0, 1, 7, 30, 200, 400)))
    def pass_time(self, days: int) -> None:
        self.day += timedelta(days=days)
        if self.day.year > 2026:
            self.day = date(2026, 12, 31)
        self.world.on(self.day.isoformat())

    # Calls

    @rule(id=st.sampled_from(("full", "rolling")), days=st.integers(1, 60))
    @precondition(lambda self: len(self.calls) < 5)
    def open_call(self, id: str, days: int) -> None:
        deadline = self.world.now + timedelta(days=days) if id == "full" else None
        call = self.attempt(
            lambda: self.world.opens(id, deadline=deadline, amounts={"demonstration": Money(5)})
        )
        self.calls += [call] if call else []

    @rule(unit=st.sampled_from(UNITS), category=st.sampled_from(CATEGORIES), pick=PICK)
    def apply(self, unit: str, category: str, pick: int) -> None:
        known = [each for each in self.filed if self.world.unit_of(each) == unit]
        studio = self.one(known, pick).studio if known and pick % 3 else None
        changes: dict[str, Any] = {"team": 4} if pick % 11 == 0 else {}
        changes |= facts_for(category)
        filed = self.attempt(
            lambda: self.world.applies(
                self.one(self.calls, pick // 7),
                unit,
                category=category,
                studio=studio,
                reason="确有需要" if pick % 5 else None,
                **changes,
            )
        )
        self.filed += [filed] if filed else []

    @rule(
        pick=PICK, who=ANYONE, outcome=st.sampled_from(("passed", "passed", "passed", "rejected"))
    )
    @precondition(lambda self: self.filed)
    def review(self, pick: int, who: str, outcome: str) -> None:
        filed = self.one(self.filed, pick)
        stage = self.studio(filed).application(filed.application).next_stage or "materials"
        self.attempt(
            lambda: self.world.reviews(filed, stage, who, outcome, judgements=JUDGED, reason="好")
        )

    @rule(pick=PICK, steps=st.integers(1, 8))
    @precondition(lambda self: self.filed)
    def advance(self, pick: int, steps: int) -> None:
        """The right people take the next steps, so that the way to a name is walked often."""
        filed = self.one(self.filed, pick)
        for _ in range(steps):
            self.attempt(lambda: self._next_step(filed))

    def _next_step(self, filed: Filed) -> None:
        world, studio = self.world, self.studio(filed)
        found = studio.application(filed.application)
        call = world.get(Call, found.call)
        entry = call.entry(filed.application)
        union = next(name for name, id in world.places.items() if id == entry.recommender)
        stage = found.next_stage
        if stage == "unit":
            world.reviews(filed, "unit", world.unit_of(filed))
        elif stage == "first":
            who = "officer" if union == "city" else union
            world.reviews(filed, "first", who, judgements=JUDGED, reason="确有需要")
        elif stage == "materials":
            self._rank(call, entry)
            world.reviews(filed, "materials")
        elif stage == "selection":
            self._choose(call, filed)
        elif stage == "office_meeting":
            world.approves(found.call, filed)
        elif found.publicity and found.notice is None:
            self.notices.append(world.posts(found.call, filed))
        else:
            self.numbers += 1
            world.names(filed, f"{self.numbers}")

    def _rank(self, call: Call, entry: Any) -> None:
        union = next(name for name, id in self.world.places.items() if id == entry.recommender)
        mine = [
            each.application
            for each in call.entries.values()
            if (each.recommender, each.category, each.state)
            == (entry.recommender, entry.category, "recommended")
        ]
        if call.stage("selection") and union in self.people:
            self.world.register.calls.rank(
                self.world.by(union),
                call.id,
                union=entry.recommender,
                category=entry.category,
                order=mine,
            )

    def _choose(self, call: Call, filed: Filed) -> None:
        entry = call.entry(filed.application)
        self.world.register.calls.select(
            self.world.by("officer"),
            call.id,
            category=entry.category,
            places=3,
            chosen=[filed.application],
            opinion="",
        )

    @rule(pick=PICK, places=st.integers(0, 3), who=OFFICERS)
    def select(self, pick: int, places: int, who: str) -> None:
        call = self.one(self.calls, pick)
        chosen = self.some(call, pick // 3)
        self.attempt(lambda: self.world.selects(call, places, *chosen, who=who))

    @rule(pick=PICK, outcome=st.sampled_from(("passed", "passed", "rejected")))
    def decide(self, pick: int, outcome: str) -> None:
        call = self.one(self.calls, pick)
        self.attempt(
            lambda: self.world.approves(call, *self.some(call, pick // 3), outcome=outcome)
        )

    @rule(pick=PICK, verb=st.sampled_from(("withdraw", "give_back", "amend", "score", "override")))
    @precondition(lambda self: self.filed)
    def handle(self, pick: int, verb: str) -> None:
        filed, register = self.one(self.filed, pick), self.world.register
        ids = (filed.studio, filed.application)
        unit = self.world.unit_of(filed)
        commands: dict[str, Callable[[], Any]] = {
            "withdraw": lambda: register.intake.withdraw(self.world.by(unit), *ids, "自愿"),
            "give_back": lambda: register.review.give_back(
                self.world.by("officer"), *ids, reason="缺章"
            ),
            "amend": lambda: register.intake.amend(
                self.world.by(unit), *ids, dossier=dossier("某人")
            ),
            "score": lambda: register.review.score(
                self.world.by("granter"), *ids, stage="materials", points=pick % 120, opinion=""
            ),
            "override": lambda: register.review.override(
                self.world.by("officer"), *ids, condition="named", reason="特别优秀"
            ),
        }
        self.attempt(commands[verb])

    @rule(pick=PICK, verb=st.sampled_from(("extend", "close", "conclude", "conclude")))
    def end_call(self, pick: int, verb: str) -> None:
        call, calls = self.one(self.calls, pick), self.world.register.calls
        officer = self.world.by("officer")
        if verb == "extend":
            later = self.world.now + timedelta(days=pick % 30)
            self.attempt(lambda: calls.extend(officer, call, deadline=later, reason="x"))
        elif verb == "close":
            self.attempt(lambda: calls.close(officer, call))
        elif pick % 4 == 0:
            self.attempt(lambda: calls.conclude(officer, call, "办结"))

    # Notices

    @rule(pick=PICK, shift=st.integers(-3, 5))
    def post(self, pick: int, shift: int) -> None:
        call = self.one(self.calls, pick)
        notice = self.attempt(
            lambda: self.world.posts(
                call, *self.some(call, pick // 3), starts_on=self.day + timedelta(days=shift)
            )
        )
        self.notices += [notice] if notice else []

    @rule(pick=PICK, anonymous=st.booleans(), whole=st.booleans())
    @precondition(lambda self: self.notices)
    def object(self, pick: int, anonymous: bool, whole: bool) -> None:
        notice = self.one(self.notices, pick)
        studios = self.world.get(Notice, notice).entries
        made = self.attempt(
            lambda: self.world.register.publicity.object(
                self.world.by("厂二"),
                notice,
                text="材料不实",
                studio=None if whole else self.one(studios, pick // 3)["studio"],
                objector=None if anonymous else {"name": "李某"},
            )
        )
        self.objections += [(notice, made[0])] if made else []

    @rule(pick=PICK, upheld=st.booleans(), adopt=st.booleans())
    @precondition(lambda self: self.objections)
    def answer(self, pick: int, upheld: bool, adopt: bool) -> None:
        notice, objection = self.one(self.objections, pick)
        desk, officer = self.world.register.publicity, self.world.by("officer")
        if adopt:
            self.attempt(lambda: desk.adopt(officer, notice, objection, "有事实"))
        self.attempt(
            lambda: desk.close_objection(
                officer, notice, objection, finding="经核查", upheld=upheld
            )
        )

    @rule(pick=PICK, verb=st.sampled_from(("extend", "restart", "drop", "complete", "complete")))
    @precondition(lambda self: self.notices)
    def change_notice(self, pick: int, verb: str) -> None:
        notice = self.one(self.notices, pick)
        desk, officer = self.world.register.publicity, self.world.by("officer")
        studio = self.one(self.world.get(Notice, notice).entries, pick // 3)["studio"]
        commands: dict[str, Callable[[], Any]] = {
            "extend": lambda: desk.extend(officer, notice, days=pick % 4, reason="x"),
            "restart": lambda: desk.restart(
                officer, notice, reason="x", without=[studio] if pick % 2 else []
            ),
            "drop": lambda: desk.drop(officer, notice, studio=studio, reason="x"),
            "complete": lambda: desk.complete(officer, notice),
        }
        self.attempt(commands[verb])

    # Names

    @rule(pick=PICK, verb=st.sampled_from(("name", "name", "name", "record", "plaque", "leader")))
    @precondition(lambda self: self.filed)
    def name(self, pick: int, verb: str) -> None:
        filed, desk = self.one(self.filed, pick), self.world.register.naming
        officer = self.world.by("officer")
        self.numbers += 1
        number = str(self.numbers - pick % 2)
        commands: dict[str, Callable[[], Any]] = {
            "name": lambda: self.world.names(filed, number, on=self.day - timedelta(days=pick % 3)),
            "record": lambda: desk.record_naming(
                officer,
                filed.studio,
                policy="rolling",
                category="model_worker",
                number=number,
                document="旧",
                on=self.day - timedelta(days=pick % 900),
            ),
            "plaque": lambda: desk.issue_plaque(
                officer, filed.studio, self.number(filed, pick), plaque="1"
            ),
            "leader": lambda: desk.change_leader(
                officer,
                filed.studio,
                leader={"name": "李工"},
                reason="退休",
                facts=dossier("李工")["leader"],
                name="李工创新工作室",
            ),
        }
        self.attempt(commands[verb])

    @rule(pick=PICK, merge=st.booleans())
    @precondition(lambda self: len(self.filed) > 3)
    def end_studio(self, pick: int, merge: bool) -> None:
        filed, desk = self.one(self.filed, pick), self.world.register.naming
        into = self.one(self.filed, pick // 3).studio
        officer = self.world.by("officer")
        if pick % 4:
            return
        if merge:
            self.attempt(
                lambda: desk.merge(
                    officer, filed.studio, successor=into, decision="并", on=self.day
                )
            )
        else:
            self.attempt(lambda: desk.close(officer, filed.studio, reason="注销", on=self.day))

    # Money

    @rule(fen=st.sampled_from((0, 4_000_000, 100_000_000)))
    @precondition(lambda self: len(self.funds) < 3)
    def establish(self, fen: int) -> None:
        fund = self.attempt(lambda: self.world.fund(fen))
        self.funds += [fund] if fund else []

    @rule(pick=PICK, amount=AMOUNTS, who=OFFICERS)
    @precondition(lambda self: self.filed and self.funds)
    def decide_subsidy(self, pick: int, amount: Money, who: str) -> None:
        filed, fund = self.one(self.filed, pick), self.one(self.funds, pick // 3)
        unit = self.world.unit_of(filed)
        self.attempt(
            lambda: self.world.register.subsidies.appropriate(
                self.world.by("granter"), fund, amount=amount, document="财"
            )
        )
        self.attempt(
            lambda: self.world.grants(
                filed,
                fund,
                number=self.number(filed, pick // 5),
                amount=amount,
                who=who,
                payee=unit,
            )
        )

    @rule(pick=PICK, steps=st.integers(1, 6))
    @precondition(lambda self: self.named())
    def follow_the_money(self, pick: int, steps: int) -> None:
        """The right people grant, pay, reconcile, spend and recover."""
        filed = self.one(self.named(), pick)
        verbs = ("pay", "match", "spend", "recover", "return")[:steps]
        number = next(iter(self.studio(filed).namings))
        category = self.studio(filed).naming(number).category
        amount = Money(5) if category == "demonstration" else STANDARD
        self.attempt(
            lambda: self.world.grants(
                filed,
                self.funds[0],
                number=number,
                amount=amount,
                payee=self.world.unit_of(filed),
            )
        )
        for verb in verbs:
            part = amount if verb == "pay" else Money(amount.fen // 2)
            self.attempt(self._moves(filed, verb, part, "payer", pick))

    @rule(
        pick=PICK,
        amount=AMOUNTS,
        who=OFFICERS,
        verb=st.sampled_from(
            ("pay", "pay", "spend", "spend", "recover", "return", "cancel", "match")
        ),
    )
    @precondition(lambda self: self.filed)
    def move_money(self, pick: int, amount: Money, who: str, verb: str) -> None:
        holders = [each for each in self.filed if self.studio(each).grants] or self.filed
        self.attempt(self._moves(self.one(holders, pick), verb, amount, who, pick))

    def _moves(
        self, filed: Filed, verb: str, amount: Money, who: str, pick: int
    ) -> Callable[[], Any]:
        desk = self.world.register.subsidies
        ids = (filed.studio, self.grant(filed, pick // 3))
        mandate, unit = self.world.by(who), self.world.unit_of(filed)
        grants = self.studio(filed).grants
        payments = list(grants[ids[1]].payments.values()) if ids[1] in grants else []
        line = BankLine(f"B{pick % 5}", self.day, payments[0].amount if payments else amount, unit)
        commands: dict[str, Callable[[], Any]] = {
            "pay": lambda: desk.pay(
                mandate, *ids, amount=amount, voucher="记", on=self.day - timedelta(days=pick % 3)
            ),
            "spend": lambda: desk.spend(
                self.world.by(unit),
                *ids,
                use=("equipment", "banquet")[pick % 5 == 0],
                amount=amount,
                on=self.day,
                description="x",
                receipt=RECEIPT,
            ),
            "recover": lambda: desk.order_recovery(mandate, *ids, amount=amount, decision="收"),
            "return": lambda: desk.take_back(mandate, *ids, amount=amount, voucher="收"),
            "cancel": lambda: desk.cancel(mandate, *ids, "x"),
            "match": lambda: desk.reconcile(
                mandate, *ids, payments[0].id if payments else ids[0], line
            ),
        }
        return commands[verb]

    # Assessment

    @rule(
        pick=PICK,
        year=st.integers(2022, 2026),
        who=ANYONE,
        grade=st.sampled_from(("unqualified", "unqualified", "unqualified", "qualified")),
    )
    @precondition(lambda self: self.filed)
    def assess(self, pick: int, year: int, who: str, grade: str) -> None:
        named = self.named() or self.filed
        filed = self.one(named, pick)
        result = Result(filed.studio, self.number(filed, pick // 3), grade)
        self.attempt(
            lambda: self.world.register.assessments.check_many(
                self.world.by(who), year=year, results=[result]
            )
        )

    @rule(pick=PICK, years=st.integers(1, 3), who=st.sampled_from(("甲区", "officer")))
    @precondition(lambda self: self.named())
    def fail_for_years(self, pick: int, years: int, who: str) -> None:
        """Years go by, and at the end of each a studio fails."""
        filed = self.one(self.named(), pick)
        number = list(self.studio(filed).namings)[-1]
        for _ in range(years):
            self.pass_time((date(self.day.year + 1, 12, 20) - self.day).days)
            result = Result(filed.studio, number, "unqualified")
            self.attempt(
                lambda result=result: self.world.register.assessments.check(
                    self.world.by(who), year=self.day.year, result=result
                )
            )

    @rule(pick=PICK, verb=st.sampled_from(("correct", "reinstate", "decline", "rectify", "self")))
    @precondition(lambda self: self.filed)
    def follow_up(self, pick: int, verb: str) -> None:
        named = self.named() or self.filed
        filed, desk = self.one(named, pick), self.world.register.assessments
        number, officer = self.number(filed, 0), self.world.by("officer")
        naming = self.studio(filed).namings.get(number)
        checks = [c for year in naming.checks.values() for c in year.values()] if naming else []
        found = self.one(checks, pick).id if checks else filed.studio
        decided = {"number": number, "document": "复", "reason": "x"}
        commands: dict[str, Callable[[], Any]] = {
            "correct": lambda: desk.correct(
                officer,
                filed.studio,
                check=found,
                grade=("qualified", "unqualified")[pick % 3 == 0],
                **decided,
            ),
            "reinstate": lambda: desk.reinstate(officer, filed.studio, **decided),
            "decline": lambda: desk.reinstate(officer, filed.studio, accepted=False, **decided),
            "rectify": lambda: desk.rectify(
                officer,
                filed.studio,
                number=number,
                year=2022 + pick % 5,
                accepted=bool(pick % 2),
                findings="已改",
            ),
            "self": lambda: desk.self_check(
                self.world.by(self.world.unit_of(filed)),
                filed.studio,
                number=number,
                year=2022 + pick % 5,
                period="全年",
                summary="好",
            ),
        }
        self.attempt(commands[verb])

    @rule(pick=PICK, year=st.integers(2022, 2026), close_=st.booleans())
    def campaign(self, pick: int, year: int, close_: bool) -> None:
        desk, officer = self.world.register.assessments, self.world.by("officer")
        if close_ and self.campaigns:
            namings = {
                each.studio: number
                for each in self.filed
                for number, naming in self.studio(each).namings.items()
                if naming.status == "active"
            }
            campaign = self.one(self.campaigns, pick)
            self.attempt(lambda: desk.close(officer, campaign, namings=namings))
            return
        opened = self.attempt(
            lambda: desk.open(
                officer, federation=self.world.places["city"], policy="rolling", year=year
            )
        )
        self.campaigns += [opened] if opened else []

    # What always holds

    @invariant()
    def every_saved_record_is_the_one_that_the_log_gives_back(self) -> None:
        for id, lived in self.saved.items():
            assert alive(self.world.register.repository.get(id)) == lived
        self.saved.clear()

    @invariant()
    def every_promise_holds(self) -> None:
        end = self.world.length()
        if end == self.read:
            return
        self.read, mandate = end, self.world.setup
        register = self.world.register
        studios = register.get_many(Studio, [each.studio for each in self.filed], mandate)
        for studio in studios.values():
            promises.names_come_in_order(studio)
            promises.names_are_single(studio)
            promises.people_are_different(studio)
            promises.grants_hold_together(studio)
            promises.ended_names_hold_no_money(studio)
        for fund in register.get_many(Fund, self.funds, mandate).values():
            promises.money_is_conserved(fund, studios.values())
        for call in register.get_many(Call, self.calls, mandate).values():
            promises.hard_caps_hold(call)
            promises.call_and_studios_agree(call, studios)


Lifecycle.TestCase.settings = PROFILE
TestLifecycle = Lifecycle.TestCase
