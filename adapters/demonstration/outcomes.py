"""Three years running: one name ends, one comes back by a correction, one waits for the decision."""

from __future__ import annotations

from datetime import date

from adapters.demonstration import phrases
from adapters.demonstration.assessed import Roster
from adapters.demonstration.clock import shanghai
from adapters.demonstration.money import yuan
from adapters.demonstration.season import Candidate, Season
from adapters.demonstration.stage import Story
from domain.desks.assessments import Result


def outcomes(roster: Roster, first: Season) -> Story:
    """October and November 2026, in the order of days."""
    stage = roster.city.stage
    yield shanghai(date(2026, 3, 10), 10)
    ended, back, open_, last = roster.studios[:4]
    _named_before(roster, open_)
    yield shanghai(date(2026, 10, 20), 10)
    stage.note("还剩一次", last.ids[0])
    _fail(roster, back)
    yield shanghai(date(2026, 10, 28), 10)
    _fail(roster, open_)
    stage.note("取消命名不连带", open_.ids[0])
    yield shanghai(date(2026, 11, 4), 15)
    _correct(roster, back, "经复核，2025年度活动记录因单位档案搬迁漏交，补充核实后应为合格", 12)
    yield shanghai(date(2026, 11, 13), 10)
    stage.register.assessments.reinstate(
        stage.by(roster.city.namer),
        back.ids[0],
        number=back.number,
        document="长会发〔2026〕33号",
        reason="更正后不再构成连续三年不合格，经主席办公会研究恢复命名",
    )
    stage.note("更正后恢复命名", back.ids[0])
    yield shanghai(date(2026, 11, 16), 9, 30)
    _fail(roster, ended)
    stage.note("连续三年不合格取消命名", ended.ids[0])
    yield shanghai(date(2026, 11, 17), 14)
    _correct(roster, open_, "申诉核查认定2025年度有在研课题两项，原结果依据不足，更正为合格", 15)
    stage.note("恢复命名待决定", open_.ids[0])
    yield from _recovered(roster, first, ended)


def _named_before(roster: Roster, candidate: Candidate) -> None:
    """It holds another name, which stays whatever becomes of this one."""
    stage = roster.city.stage
    stage.register.naming.record_naming(
        stage.by(roster.city.namer),
        candidate.ids[0],
        policy=roster.policy,
        category="model_artisan",
        number="长劳匠2024-006",
        document="长会发〔2024〕3号",
        on=date(2024, 1, 18),
    )


def _fail(roster: Roster, candidate: Candidate) -> None:
    """The third failing; the rule ends the name in the same commit."""
    stage = roster.city.stage
    found = roster.city.chance.choice(phrases.CHECK_POOR)
    stage.register.assessments.check(
        stage.by(candidate.union.officer),
        year=2026,
        result=Result(candidate.ids[0], candidate.number, "unqualified", found),
    )
    roster.gone.add(candidate.ids[0])


def _correct(roster: Roster, candidate: Candidate, reason: str, number: int) -> None:
    stage = roster.city.stage
    stage.register.assessments.correct(
        stage.by(roster.city.namer),
        candidate.ids[0],
        number=candidate.number,
        check=roster.checks[candidate.ids[0], 2025],
        grade="qualified",
        reason=reason,
        document=f"长会考核〔2026〕{number}号",
    )


def _recovered(roster: Roster, first: Season, candidate: Candidate) -> Story:
    """What the studio had not spent comes back; what was not paid was cancelled with the name."""
    stage, city, money = roster.city.stage, roster.city, roster.purses[first.id]
    id, amount = money.granted[candidate.ids[0]], yuan(2_400)
    yield shanghai(date(2026, 11, 18), 10)
    stage.register.subsidies.order_recovery(
        stage.by(city.namer),
        candidate.ids[0],
        id,
        amount=amount,
        decision="长会财〔2026〕21号：收回未使用的补助资金",
    )
    yield shanghai(date(2026, 11, 20), 9, 40)
    stage.register.subsidies.take_back(
        stage.by(city.payer), candidate.ids[0], id, amount=amount, voucher="收-202611-018"
    )
    stage.note("补助收回", candidate.ids[0])
