"""Commands on a studio, by who and when, and the histories that are made of them."""

from __future__ import annotations

from datetime import date
from typing import Any

from domain.policy.terms import Assessment
from domain.values import Money
from tests.domain.persons import CITY, POLICY, PROOF, UNIT, by, clock, payee, uid, verdict
from tests.domain.rules import RULE

APP, CALL, NOTICE = uid("application"), uid("call"), uid("notice")
GRANT, PAYMENT, FUND = uid("grant"), uid("payment"), uid("fund")
NUMBER = "2022-1"
YUAN = Money(4_000_000)
CLOCK = clock(date(2022, 9, 28), date(2022, 10, 10))
PASSING = [verdict("team", "pass")]


def on(day: str, command: Any, who: str = "officer") -> Any:
    """The command, given by somebody on a day."""
    return lambda record: command(record.under(by(who, day)))


def applies(
    day: str = "2022-09-01",
    *,
    id: Any = APP,
    call: Any = CALL,
    category: str = "model_worker",
    verdicts: Any = None,
    stages: tuple[str, ...] = ("first", "office_meeting"),
    publicity: bool = True,
    cooling_off_years: int = 0,
) -> Any:
    return on(
        day,
        lambda s: s.apply(
            id,
            call=call,
            category=category,
            level="city",
            policy=POLICY,
            stages=list(stages),
            publicity=publicity,
            dossier={"team": {"size": 6}},
            verdicts=PASSING if verdicts is None else verdicts,
            evidence=[PROOF],
            reason=None,
            cooling_off_years=cooling_off_years,
        ),
        "applicant",
    )


def amends(day: str = "2022-09-03", who: str = "applicant", id: Any = APP) -> Any:
    return on(
        day,
        lambda s: s.amend(id, dossier={"team": {"size": 7}}, verdicts=PASSING, evidence=[]),
        who,
    )


def reviews(
    stage: str,
    day: str,
    outcome: str = "passed",
    *,
    who: str = "officer",
    id: Any = APP,
    **given: Any,
) -> Any:
    return on(
        day,
        lambda s: s.review(
            id,
            stage=stage,
            outcome=outcome,
            opinion="同意",
            judgements=given.get("judgements", {}),
            rank=None,
            document=None,
        ),
        who,
    )


def returns(day: str = "2022-09-02", amend_by: Any = None) -> Any:
    return on(day, lambda s: s.give_back(APP, reason="缺章", amend_by=amend_by))


def publicizes(day: str = "2022-09-28", *, notice: Any = NOTICE, clock: Any = CLOCK) -> Any:
    return on(day, lambda s: s.publicize(APP, notice=notice, clock=clock))


def names(
    day: str = "2022-10-11",
    *,
    who: str = "officer",
    named_on: str = "",
    number: str = NUMBER,
    id: Any = APP,
    upgrades: str | None = None,
) -> Any:
    return on(
        day,
        lambda s: s.name_it(
            id,
            number=number,
            level="city",
            federation=CITY,
            document="测〔2022〕9号",
            on=date.fromisoformat(named_on or day),
            upgrades=upgrades,
        ),
        who,
    )


def records_naming(
    day: str = "2022-10-11", number: str = NUMBER, category: str = "model_worker"
) -> Any:
    return on(
        day,
        lambda s: s.record_naming(
            number=number,
            level="city",
            category=category,
            federation=CITY,
            document="旧〔2020〕1号",
            on=date.fromisoformat(day),
            policy=POLICY,
        ),
    )


def completes_publicity(day: str = "2022-10-11") -> Any:
    return on(day, lambda s: s.complete_publicity(APP))


APPLIED = [applies()]
APPROVED = [
    *APPLIED,
    reviews("first", "2022-09-05", who="reviewer"),
    reviews("office_meeting", "2022-09-20"),
]
ON_NOTICE = [*APPROVED, publicizes()]
NOTICED = [*ON_NOTICE, completes_publicity()]
NAMED = [*NOTICED, names()]


def checks(
    year: int,
    grade: str = "unqualified",
    *,
    day: str = "",
    assessor: str = "recommending_union",
    rule: Assessment = RULE,
    received: str = "",
    number: str = NUMBER,
) -> Any:
    day = day or f"{year}-12-20"
    return on(
        day,
        lambda s: s.check(
            rule,
            number,
            check=uid(f"check {year} {assessor}"),
            year=year,
            assessor=assessor,
            grade=grade,
            findings="查看台账",
            evidence=[],
            due_on=date(year, 12, 31),
            received_on=date.fromisoformat(received or day),
        ),
        f"{assessor} person",
    )


def corrects(
    year: int,
    grade: str,
    *,
    day: str = "2026-01-10",
    assessor: str = "recommending_union",
    rule: Assessment = RULE,
) -> Any:
    return on(
        day,
        lambda s: s.correct(
            rule,
            NUMBER,
            check=uid(f"check {year} {assessor}"),
            grade=grade,
            reason="计分有误",
            document="更〔2026〕1号",
        ),
    )


def misses(year: int, rule: Assessment = RULE) -> Any:
    return on(f"{year + 1}-01-05", lambda s: s.miss(rule, NUMBER, year))


def grants(
    day: str = "2022-11-01",
    *,
    id: Any = GRANT,
    amount: Money = YUAN,
    payer: Any = CITY,
    matches: Any = None,
    organisation: Any = UNIT,
    number: str = NUMBER,
    who: str = "granter",
) -> Any:
    return on(
        day,
        lambda s: s.grant_subsidy(
            id,
            number=number,
            fund=FUND,
            payer=payer,
            amount=amount,
            uses={"equipment": "设备", "training": "培训"},
            payee=payee(organisation),
            matches=matches,
            document="补〔2022〕1号",
        ),
        who,
    )


def pays(
    day: str = "2022-11-10",
    *,
    fen: int = YUAN.fen,
    paid_on: str = "",
    who: str = "payer",
    id: Any = PAYMENT,
) -> Any:
    return on(
        day,
        lambda s: s.pay_subsidy(
            GRANT,
            payment=id,
            amount=Money(fen),
            on=date.fromisoformat(paid_on or day),
            voucher="记-1",
        ),
        who,
    )


def spends(
    day: str = "2022-12-01", *, fen: int = 1_000_000, use: str = "equipment", spent_on: str = ""
) -> Any:
    return on(
        day,
        lambda s: s.spend(
            GRANT,
            expense=uid(f"expense {day}"),
            use=use,
            amount=Money(fen),
            on=date.fromisoformat(spent_on or day),
            description="量具",
            receipt=PROOF,
        ),
        "applicant",
    )


def recovers(fen: int, day: str = "2023-01-05") -> Any:
    return on(day, lambda s: s.order_recovery(GRANT, amount=Money(fen), decision="收〔2023〕1号"))


def gives_back(fen: int, day: str = "2023-01-10", returned_on: str = "") -> Any:
    return on(
        day,
        lambda s: s.return_subsidy(
            GRANT,
            amount=Money(fen),
            on=date.fromisoformat(returned_on or day),
            voucher="收-1",
        ),
    )


GRANTED = [*NAMED, grants()]
PAID = [*GRANTED, pays()]
