"""A small town's register, played through its real desks: every command, so every kind of event."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from random import Random
from typing import Any
from uuid import UUID

from adapters.bootstrap import House, build
from adapters.packs.loader import load_pack
from adapters.settings import Settings
from domain.desks.assessments import Result
from domain.model.organisation import Kind
from domain.policy.timing import Timing
from domain.values import Actor, BankLine, Evidence, Mandate, Money, Role

PHONE = "13912345678"
ETHNICITY = "畲族"
ACCOUNT_NUMBER = "6222020200112233445"
PERSONAL = (PHONE, ETHNICITY, ACCOUNT_NUMBER)
PAPER = Evidence("ab" * 32, "证明.pdf", 1234, "application/pdf")


class WeekendCalendar:
    """Saturdays and Sundays are free, and nothing else."""

    def is_working_day(self, day: date) -> bool:
        return day.weekday() < 5

    def version(self, year: int) -> str:
        return f"{year}-1"


class LongerCalendar(WeekendCalendar):
    """On Fridays nobody works either."""

    def is_working_day(self, day: date) -> bool:
        return day.weekday() < 4


class Story:
    """The town: one federation, two unions, three units; who acts in it; what they do."""

    def __init__(self, home: Path, database_url: str, after: Callable[[], None] | None = None):
        chance = Random(7)
        pack = load_pack(Path(__file__).with_name("story-2024.yaml"))
        self.house: House = build(
            Settings.at(home, database_url=database_url),
            new_id=lambda: UUID(int=chance.getrandbits(128), version=4),
            policies={pack.id: pack},
            calendar=WeekendCalendar(),
        )
        self.register = self.house.register
        self.after = after or (lambda: None)
        self.now = datetime(2024, 3, 1, 1, tzinfo=UTC)
        self.request = 0
        self.accounts: dict[str, tuple[UUID, Role, UUID]] = {}

    def tick(self, **step: int) -> None:
        self.now += timedelta(**step)

    def by(self, who: str | None = None) -> Mandate:
        """The mandate of someone for a next request; of set-up for nobody."""
        self.request += 1
        self.tick(minutes=7)
        request_id = f"request-{self.request}"
        if who is None:
            return Mandate(Actor(None, None, "setup"), Role.RULE, self.now, request_id)
        account, role, organisation = self.accounts[who]
        return self.register.directory.mandate(
            account, role=role, organisation=organisation, at=self.now, request_id=request_id
        )

    @contextmanager
    def command(self, who: str | None = None) -> Iterator[Mandate]:
        yield self.by(who)
        self.after()

    def did(self, verb: Callable[..., Any], who: str | None, *args: Any, **facts: Any) -> Any:
        """Give a command; afterwards let the test look."""
        with self.command(who) as mandate:
            return verb(mandate, *args, **facts)

    def settle(self) -> None:
        """Organisations and the people who act for them."""
        directory = self.register.directory
        self.city = self.did(directory.found, None, name="试市总工会", code="T")
        self.unions = [
            self.did(
                directory.register_organisation,
                None,
                name=f"第{n}区总工会",
                kind=Kind.RECOMMENDING_UNION,
                parent=self.city,
                code=f"T{n}",
            )
            for n in (1, 2)
        ]
        self.units = [
            self.did(
                directory.register_organisation,
                None,
                name=f"第{n}厂",
                kind=Kind.UNIT,
                parent=self.unions[n % 2],
                code=f"T{n % 2}{n}",
            )
            for n in (0, 1, 2)
        ]
        self.person("admin", Role.ADMINISTRATOR, self.city)
        for name in ("officer", "second", "cashier"):
            self.person(name, Role.CITY_OFFICER, self.city)
        for n in (0, 1):
            self.person(f"union{n}", Role.RECOMMENDING_UNION, self.unions[n])
        for n in (0, 1, 2):
            self.person(f"unit{n}", Role.UNIT_UNION, self.units[n])

    def person(self, name: str, role: Role, organisation: UUID) -> None:
        directory = self.register.directory
        account = self.did(
            directory.open_account, None, username=name, name=f"经办人{name}", home=organisation
        )
        self.did(directory.grant_role, None, account, role, organisation)
        self.accounts[name] = (account, role, organisation)

    def dossier(self, n: int, members: int = 4) -> dict[str, Any]:
        return {
            "studio": {"name": f"王{n}创新工作室", "founded_on": "2020-05-01"},
            "leader": {"name": f"王{n}"},
            "form": {"leader": {"phone": PHONE, "ethnicity": ETHNICITY}},
            "team": {"size": members},
        }

    def intake(self) -> None:
        """A call, four applications, corrections, reviews, ranking, scores, selection."""
        r = self.register
        self.call = self.did(
            r.calls.open, "officer", policy="story-2024", title="2024 年申报", federation=self.city
        )
        self.did(
            r.calls.extend,
            "officer",
            self.call,
            deadline=datetime(2024, 5, 31, 15, tzinfo=UTC),
            reason="各区要求",
        )
        self.filed = [self.apply(0), self.apply(1), self.apply(2, members=1), self.apply(0)]
        a, b, c, d = self.filed
        give_back, amend = r.review.give_back, r.intake.amend
        until = self.now + timedelta(days=9)
        self.did(give_back, "union0", *a, reason="请补照片", amend_by=until)
        self.did(amend, "unit0", *a, dossier=self.dossier(0, 5))
        self.did(r.intake.withdraw, "unit0", *d, "重复申报")
        waive = {"condition": "members", "reason": "特别优秀"}
        self.did(r.review.override, "union0", *c, **waive)
        for n, studio in enumerate((a, b, c)):
            self.review("unit", f"unit{n}", studio)
            over = "本区另有特别优秀者" if n == 2 else None
            self.review("first", f"union{n % 2}", studio, reason=over)
        self.did(
            r.calls.rank, "union0", self.call, union=self.unions[0], category="worker",
            order=[c[1], a[1]],
        )  # fmt: skip
        self.did(
            r.calls.rank, "union1", self.call, union=self.unions[1], category="worker",
            order=[b[1]],
        )  # fmt: skip
        for studio in (a, b, c):
            judged = {"outstanding": "pass"}
            self.review("materials", "officer", studio, judgements=judged)
            for who, points in (("officer", 80), ("second", 91)):
                self.did(
                    r.review.score, who, *studio, stage="site_visit", points=points, opinion="好"
                )
            self.review("site_visit", "second", studio)
        self.did(
            r.calls.select, "officer", self.call, category="worker", places=2,
            chosen=[a[1], b[1]], opinion="择优",
        )  # fmt: skip
        self.did(
            r.review.decide, "officer", self.call, stage="office_meeting",
            applications=[a[1], b[1]], outcome="passed", opinion="同意", document="办公会〔2024〕3号",
        )  # fmt: skip
        self.did(r.calls.close, "officer", self.call)

    def apply(self, n: int, members: int = 4) -> tuple[UUID, UUID]:
        filed: tuple[UUID, UUID] = self.did(
            self.register.intake.apply,
            f"unit{n}",
            call=self.call,
            category="worker",
            dossier=self.dossier(n, members),
            evidence=[PAPER],
            unit=self.units[n],
        )
        return filed

    def review(self, stage: str, who: str, filed: tuple[UUID, UUID], **more: Any) -> None:
        desk = self.register.review
        self.did(desk.review, who, *filed, stage=stage, outcome="passed", opinion="同意", **more)

    def publicity(self) -> None:
        """A notice with an objection, a lead that is adopted, an outage, a new start, an end."""
        r = self.register.publicity
        a, b, _, _ = self.filed
        notice = self.did(
            r.post, "officer", call=self.call, applications=[a[1], b[1]], media="官网"
        )
        self.notice = notice
        who = {"name": "赵一", "phone": PHONE}
        first, _ = self.did(r.object, "unit2", notice, text="材料有误", studio=a[0], objector=who)
        lead, _ = self.did(r.object, "unit2", notice, text="听说而已", studio=b[0])
        self.did(r.adopt, "officer", notice, lead, "线索具体")
        closing = {"finding": "查无实据", "upheld": False}
        self.did(r.close_objection, "officer", notice, first, **closing)
        self.did(r.extend, "officer", notice, days=1, reason="网站中断")
        self.did(r.restart, "officer", notice, reason="单位名称更正")
        self.register.calendar = LongerCalendar()
        self.did(r.recompute, None, notice)
        self.register.calendar = WeekendCalendar()
        self.did(r.close_objection, "officer", notice, lead, **closing)
        self.tick(days=12)
        self.did(r.complete, "officer", notice)

    def naming(self) -> None:
        """Two names, a plaque, new names and leaders, an older naming entered by its document."""
        r = self.register
        a, b, c, _ = self.filed
        numbers = {a[1]: "2024-01", b[1]: "2024-02"}
        self.did(
            r.naming.name_all, "officer", self.call, numbers=numbers, document="试工发〔2024〕8号"
        )
        self.did(r.calls.conclude, "officer", self.call, "已命名 2 个")
        self.did(r.naming.issue_plaque, "officer", a[0], "2024-01", plaque="牌-1")
        self.did(r.naming.rename, "officer", a[0], name="长虹工作室", reason="更名")
        gone = {"why": "retired", "on": self.now.date(), "reason": "到龄", "number": "2024-01"}
        self.did(r.naming.open_leader_change, "unit0", a[0], **gone)
        self.did(
            r.naming.change_leader, "officer", a[0], leader={"name": "钱二", "phone": PHONE},
            facts={}, reason="退休",
        )  # fmt: skip
        self.did(r.naming.open_leader_change, "union0", c[0], **{**gone, "number": None})
        self.did(r.naming.close_leader_change, "officer", c[0], reason="继续领衔")
        self.did(
            r.naming.record_naming, "officer", c[0], policy="story-2024", category="worker",
            number="2019-07", document="试工发〔2019〕2号", on=date(2019, 6, 1),
        )  # fmt: skip

    def money(self) -> None:
        """Two funds, a grant paid in two parts, matched, spent and taken back; one cancelled."""
        r = self.register.subsidies
        a, b, _, _ = self.filed
        fund = self.did(
            r.establish, "officer", name="市级补助", payer=self.city, year=2024, source="city"
        )
        self.fund = fund
        self.did(r.appropriate, "officer", fund, amount=Money(5_000_000), document="预算 1 号")
        grants = []
        for n, studio in enumerate((a, b)):
            payee = {
                "organisation": self.units[n],
                "account_name": f"第{n}厂",
                "bank": "工行",
                "account_number": ACCOUNT_NUMBER,
            }
            facts = {"number": f"2024-0{n + 1}", "fund": fund, "amount": Money(1_000_000)}
            grants.append(
                self.did(r.grant, "second", studio[0], payee=payee, document="补助决定", **facts)
            )
        self.grant, other = grants
        pay = (a[0], self.grant)
        parts = [
            self.did(r.pay, "cashier", *pay, amount=Money(amount), voucher="记-7")
            for amount in (400_000, 600_000)
        ]
        line = BankLine("B1", self.now.date(), Money(400_000), "第0厂")
        self.did(r.reconcile, "cashier", *pay, parts[0], line)
        self.did(
            r.spend, "unit0", *pay, use="equipment", amount=Money(300_000), on=self.now.date(),
            description="购置铣床", receipt=PAPER,
        )  # fmt: skip
        self.did(r.order_recovery, "officer", *pay, amount=Money(100_000), decision="收回决定")
        self.did(r.take_back, "cashier", *pay, amount=Money(50_000), voucher="收-1")
        self.did(r.cancel, "officer", b[0], other, "单位放弃")

    def years(self) -> None:
        """Checks of four years: failing, rectified, missed, corrected, de-named, reinstated."""
        r = self.register.assessments
        a, b, c, _ = self.filed
        summary = {"period": "上半年", "summary": "正常"}
        self.did(r.self_check, "unit0", a[0], number="2024-01", year=2024, **summary)
        first: list[UUID] = []
        for year in (2025, 2026, 2027):
            self.tick(days=(date(year, 11, 4) - self.now.date()).days)
            campaign = self.did(
                r.open, "officer", federation=self.city, policy="story-2024", year=year
            )
            results = [Result(a[0], "2024-01", "unqualified"), Result(c[0], "2019-07", "qualified")]
            first += self.did(r.check_many, "union0", year=year, results=results)
            if year == 2025:
                result = Result(b[0], "2024-02", "unqualified")
                self.did(r.check, "union1", year=year, result=result)
                self.did(r.check, "officer", year=year, result=Result(b[0], "2024-02", "qualified"))
                judged = {"accepted": True, "findings": "已整改"}
                self.did(r.rectify, "union0", a[0], number="2024-01", year=year, **judged)
            self.did(r.file, "union0", campaign, union=self.unions[0])
            namings = [(b[0], "2024-02"), (c[0], "2019-07")]
            self.tick(days=(date(year + 1, 1, 4) - self.now.date()).days)
            self.did(r.close, "officer", campaign, namings=namings)
        facts = {"reason": "复核", "document": "试工复〔2027〕1号"}
        self.did(
            r.correct, "officer", a[0], number="2024-01", check=first[2], grade="qualified", **facts
        )
        self.did(r.reinstate, "officer", a[0], number="2024-01", **facts)

    def ledgers(self) -> None:
        """What a studio keeps of its people and work; and the end of two studios."""
        r = self.register.ledgers
        a, b, c, _ = self.filed
        on = self.now.date()
        member = {"name": "孙三", "phone": PHONE}
        joined = self.did(r.join, "unit0", a[0], member=member, duty="钳工", frontline=True, on=on)
        term = {"ends_on": on + timedelta(days=700), "basis": "聘任书"}
        self.did(r.set_term, "unit0", a[0], person=joined, **term)
        self.did(r.set_term, "union0", a[0], **term)
        self.did(r.set_term, "unit0", a[0], **{**term, "ends_on": on + timedelta(days=900)})
        self.did(r.part, "unit0", a[0], member=joined, reason="调离", on=on)
        self.did(
            r.record_achievement, "unit0", a[0], title="夹具", kind="专利",
            recognised_by="知识产权局", on=on, evidence=[PAPER],
        )  # fmt: skip
        self.did(
            r.record_activity, "unit0", a[0], title="讲座", kind="培训", participants=30, on=on
        )
        self.did(
            r.sign_apprenticeship, "unit0", a[0], master={"name": "钱二"},
            apprentice={"name": "李四", "phone": PHONE}, starts_on=on,
            ends_on=on + timedelta(days=365), duties="传艺", plan="三级工", agreement=PAPER,
        )  # fmt: skip
        found = {"year": on.year, "grade": "甲类", "findings": "运行正常", "evidence": [PAPER]}
        self.did(r.survey, "union0", a[0], **found)
        naming = self.register.naming
        dated = {"founded_on": date(2019, 5, 1), "reason": "成立文件"}
        self.did(naming.date_founding, "officer", c[0], **dated)
        self.did(naming.merge, "officer", b[0], successor=a[0], decision="并入决定", on=on)
        self.did(naming.close, "officer", c[0], reason="单位撤销", on=on)
        calls = self.register.calls
        second = self.did(
            calls.open, "officer", policy="story-2024", title="补报", federation=self.city,
            deadline=self.now + timedelta(days=3), reason="另行补报",
        )  # fmt: skip
        self.tick(days=4)
        self.did(calls.pass_deadline, None, second)
        directory = self.register.directory
        self.did(directory.rename_organisation, "admin", self.units[2], "第二总厂")
        self.did(directory.set_timing, "admin", self.city, Timing(hour=time(8, 30)))
        self.did(directory.close_organisation, "admin", self.units[2], "撤销")
        account, role, place = self.accounts["unit2"]
        self.did(directory.revoke_role, "admin", account, role, place)
        self.did(directory.disable_account, "admin", account, "离任")
        self.did(directory.enable_account, "admin", account)
        self.did(directory.grant_role, "admin", account, role, place)

    def play(self) -> Story:
        """All of it, in order."""
        for chapter in (
            self.settle,
            self.intake,
            self.publicity,
            self.naming,
            self.money,
            self.years,
            self.ledgers,
        ):
            chapter()
        return self
