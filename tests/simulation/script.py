"""What people do in the simulated year: each act is one commit, at an hour when no reminder is due.

Days are Shanghai's. What happened before the year is played when its home is made.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from domain.desks.assessments import Result
from domain.values import BankLine, Money
from tests.domain.persons import at
from tests.domain.rules import STANDARD
from tests.domain.world import JUDGED
from tests.simulation import results
from tests.simulation.cast import Cast
from tests.simulation.results import FIRST, PAID, SECOND, Act, Do
from tests.simulation.rules import PROPOSED


def before(cast: Cast) -> None:
    """What happened before the year begins: units, names with a history, money, a call that is decided."""
    with cast.acting("before: units"):
        cast.found_units()
    for number, unit in ((FIRST, "厂一"), (SECOND, "厂二")):
        with cast.acting(f"before: {number}"):
            _failed_twice(cast, number, unit)
    with cast.acting("before: paid"):
        cast.named("厂五", PAID, "乙区", leader="赵工")
    cast.once("fund", lambda c: c.fund(0))
    with cast.acting("before: fund"):
        fund = cast.record("fund", "fund.established")
        cast.register.subsidies.appropriate(
            cast.by("granter"), fund, amount=Money(100_000_000), document="财〔2026〕1号"
        )
    cast.once("early call", lambda c: c.opens("full", deadline=at("2026-11-30", "17:30")))
    call = cast.record("early call", "call.opened")
    units = ("厂一", "厂二", "厂三")
    for unit in units:
        cast.once(f"early {unit}", _applies(call, unit, f"{unit}甲"))
    filed = [cast.filed(f"early {unit}") for unit in units]
    with cast.acting("before: decided"):
        for each in filed:
            cast.recommends(each)
        cast.ranks(call, *filed)
        for each in filed:
            cast.reviews(each, "materials")
        cast.selects(call, 2, filed[0], filed[1])
        cast.approves(call, filed[0], filed[1])


def _failed_twice(cast: Cast, number: str, unit: str) -> None:
    studio = cast.register.intake.register_studio(
        cast.by(unit),
        unit=cast.places[unit],
        name=f"{unit}创新工作室",
        leader={"name": f"{unit}师傅"},
        founded_on=date(2019, 5, 1),
    )
    cast.register.naming.record_naming(
        cast.by("officer"),
        studio,
        policy=PROPOSED,
        category="worker",
        number=number,
        document="测〔2023〕1号",
        on=date(2023, 5, 4),
    )
    for year in (2024, 2025):
        result = Result(studio, number, "unqualified", "活动停滞")
        cast.register.assessments.check(cast.by("甲区"), year=year, result=result)


def _applies(call: Any, unit: str, leader: str) -> Do:
    return lambda c: c.applies(call, unit, leader=leader)


def acts() -> list[Act]:
    """Everything that people do in the year, in order."""
    found = [
        *_call(),
        *_early_notice(),
        *_late_notice(),
        *_money(),
        *_people(),
        *results.acts(),
        *_later(),
    ]
    assert len({act.name for act in found}) == len(found)
    return sorted(found, key=lambda act: act.when)


def _call() -> Iterator[Act]:
    """A call with a deadline: one union recommends three, one gives its only one back, the others are silent."""
    yield Act(
        at("2026-11-24", "14:20"),
        "call",
        lambda c: c.opens("full", deadline=at("2026-12-18", "17:30")),
    )
    units = ("厂一", "厂二", "厂三", "厂四")
    for hour, unit in zip((13, 14, 15, 16), units, strict=True):
        yield Act(at("2026-11-25", f"{hour}:05"), f"call {unit}", _enters(unit))
        yield Act(
            at("2026-11-26", f"{hour}:05"), f"call {unit} unit", _reviewed(unit, "unit", unit)
        )
    for hour, unit in zip((13, 14, 15), units, strict=False):
        yield Act(
            at("2026-12-07", f"{hour}:05"),
            f"call {unit} first",
            _reviewed(unit, "first", "甲区", judgements=JUDGED),
        )
        yield Act(
            at("2026-12-21", f"{hour}:05"),
            f"call {unit} materials",
            _reviewed(unit, "materials", "officer"),
        )
    yield Act(at("2026-12-08", "13:30"), "call 厂四 returned", _returned)
    yield Act(at("2026-12-09", "13:30"), "call ranked", _ranked)
    yield Act(at("2026-12-22", "14:10"), "call selected", _selected)
    yield Act(
        at("2026-12-23", "14:10"),
        "call approved",
        lambda c: c.approves(_id(c), c.filed("call 厂一")),
    )


def _id(cast: Cast) -> Any:
    return cast.record("call", "call.opened")


def _enters(unit: str) -> Do:
    return lambda c: c.applies(_id(c), unit, leader=f"{unit}乙")


def _reviewed(unit: str, stage: str, who: str, **more: Any) -> Do:
    return lambda c: c.reviews(c.filed(f"call {unit}"), stage, who, **more)


def _returned(cast: Cast) -> None:
    filed = cast.filed("call 厂四")
    cast.register.review.give_back(
        cast.by("乙区"), filed.studio, filed.application, reason="证明材料缺少盖章页"
    )


def _ranked(cast: Cast) -> None:
    cast.ranks(_id(cast), *(cast.filed(f"call {unit}") for unit in ("厂一", "厂二", "厂三")))


def _selected(cast: Cast) -> None:
    cast.selects(_id(cast), 1, cast.filed("call 厂一"))


def _early_notice() -> Iterator[Act]:
    """A notice that is to begin at the year's end, posted before anybody knows the next year's holidays."""
    yield Act(at("2026-11-27", "14:10"), "early notice", _posted_early)
    yield Act(at("2027-03-08", "14:10"), "early named", _named_early)


def _posted_early(cast: Cast) -> None:
    call = cast.record("early call", "call.opened")
    filed = [cast.filed(f"early {unit}") for unit in ("厂一", "厂二")]
    cast.posts(call, *filed, starts_on=date(2026, 12, 28), provisional=True)


def _named_early(cast: Cast) -> None:
    numbers = {
        cast.filed("early 厂一").application: "2027-911",
        cast.filed("early 厂二").application: "2027-912",
    }
    cast.register.naming.name_all(
        cast.by("officer"),
        cast.record("early call", "call.opened"),
        numbers=numbers,
        document="测〔2027〕3号",
    )


def _late_notice() -> Iterator[Act]:
    """A notice that somebody objects to, which is answered long after it should be."""
    yield Act(at("2027-01-13", "14:10"), "notice", lambda c: c.posts(_id(c), c.filed("call 厂一")))
    yield Act(at("2027-01-14", "15:40"), "objection", _objects)
    yield Act(at("2027-03-03", "14:30"), "objection answered", _answers)
    yield Act(
        at("2027-03-15", "14:10"), "named", lambda c: c.names(c.filed("call 厂一"), "2027-921")
    )


def _objects(cast: Cast) -> None:
    cast.register.publicity.object(
        cast.public(),
        cast.record("notice", "notice.posted"),
        text="材料不实",
        objector={"name": "李某", "phone": "0510-0000"},
    )


def _answers(cast: Cast) -> None:
    raised = cast.made("objection", "notice.objection_raised")
    cast.register.publicity.close_objection(
        cast.by("officer"),
        raised.originator_id,
        raised.objection,
        finding="经核查不成立",
        upheld=False,
    )


def _money() -> Iterator[Act]:
    """A grant that is paid late, matched later, and never accounted for."""
    yield Act(at("2026-12-02", "14:10"), "grant", _grants)
    yield Act(at("2027-03-11", "14:10"), "payment", _pays)
    yield Act(at("2027-05-20", "14:10"), "bank line", _matches)


def _grants(cast: Cast) -> None:
    studio, unit = cast.naming(PAID)
    cast.register.subsidies.grant(
        cast.by("granter"),
        studio,
        number=PAID,
        fund=cast.record("fund", "fund.established"),
        amount=STANDARD,
        payee={
            "organisation": unit,
            "account_name": "厂五",
            "bank": "演示银行",
            "account_number": "6222",
        },
        document="补〔2026〕1号",
    )


def _pays(cast: Cast) -> None:
    grant = cast.made("grant", "studio.subsidy_granted")
    cast.register.subsidies.pay(
        cast.by("payer"), grant.originator_id, grant.grant, amount=STANDARD, voucher="记-1"
    )


def _matches(cast: Cast) -> None:
    paid = cast.made("payment", "studio.subsidy_paid")
    line = BankLine("20270311-1", date(2027, 3, 11), STANDARD, "厂五")
    cast.register.subsidies.reconcile(
        cast.by("payer"), paid.originator_id, paid.grant, paid.payment, line
    )


def _people() -> Iterator[Act]:
    """A term that ends, and a leader who leaves."""
    yield Act(at("2026-12-04", "13:10"), "term", _term)
    yield Act(at("2026-12-07", "16:10"), "leader leaves", _leaves)
    yield Act(at("2027-05-10", "14:10"), "leader stays", _stays)


def _term(cast: Cast) -> None:
    studio, _ = cast.naming(PAID)
    cast.register.ledgers.set_term(
        cast.by("厂五"), studio, ends_on=date(2027, 3, 20), basis="聘任文件"
    )


def _leaves(cast: Cast) -> None:
    studio, _ = cast.naming(PAID)
    cast.register.naming.open_leader_change(
        cast.by("厂五"), studio, why="retired", on=date(2026, 12, 1), reason="到龄退休"
    )


def _stays(cast: Cast) -> None:
    studio, _ = cast.naming(PAID)
    cast.register.naming.close_leader_change(cast.by("officer"), studio, reason="返聘留任")


def _later() -> Iterator[Act]:
    """The next year's call, for which nobody applies."""
    yield Act(
        at("2027-05-12", "14:10"),
        "next call",
        lambda c: c.opens("full", deadline=at("2027-06-18", "17:30")),
    )
