"""Policies for tests, made in code: a full procedure like Wuxi's, and a rolling one like Changchun's."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time
from typing import Any

from domain.policy.assembly import assembled
from domain.policy.kinds.naming import NamedForYears, NamePattern
from domain.policy.kinds.people import Award, LeaderHonour
from domain.policy.kinds.team import TeamSize
from domain.policy.kinds.unit import Judged
from domain.policy.kinds.work import OperatingYears
from domain.policy.money import Subsidy, Use
from domain.policy.policy import Category, Condition, Document, Policy, Waiver
from domain.policy.terms import (
    Assessment,
    Deadline,
    Grade,
    Publicity,
    Quota,
    QuotaRow,
    Stage,
)
from domain.values import Money

GRADES = (
    Grade(id="excellent", name="优秀", priority=True),
    Grade(id="qualified", name="合格"),
    Grade(id="unqualified", name="不合格", failing=True),
)
RULE = Assessment(
    grades=GRADES,
    due_month_day="12-31",
    failures_to_revoke=3,
    clause="五5",
    text="连续三年不合格的取消命名",
)
STANDARD = Money(4_000_000)


def rule(**changes: Any) -> Assessment:
    """The assessment with some settings changed."""
    return replace(RULE, **changes)


def _stage(id: str, by: str, **settings: Any) -> Stage:
    return Stage(id=id, name=id, by=by, clause="三", text=id, **settings)


CONDITIONS = (
    Condition(
        id="leader",
        clause="一1",
        text="领衔人为劳模",
        rule=LeaderHonour(honours=(Award(names=("劳动模范",), level="city"),)),
    ),
    Condition(id="team", clause="一2", text="团队不少于 5 人", rule=TeamSize(least=5)),
    Condition(
        id="name",
        clause="一3",
        text="以领衔人姓名命名",
        categories=("model_worker", "demonstration"),
        rule=NamePattern(pattern="{leader}创新工作室"),
    ),
    Condition(id="running", clause="一5", text="运行 1 年以上", rule=OperatingYears(years=1)),
    Condition(id="venue", clause="一4", text="有固定场所", rule=Judged(question="场所")),
    Condition(
        id="named",
        clause="二1",
        text="命名满 2 年",
        force="in_principle",
        categories=("demonstration",),
        waiver=Waiver(clause="二", text="特别优秀的可以直接推荐"),
        rule=NamedForYears(level="city", years=2),
    ),
)
PAID = Subsidy(amount=STANDARD, clause="四1", text="补助 4 万元")


def _category(id: str, name: str, **settings: Any) -> Category:
    return Category(id=id, name=name, honour=f"市{name}", clause="一", text=name, **settings)


CATEGORIES = (
    _category("model_worker", "劳模创新工作室", subsidy=PAID),
    _category(
        "demonstration",
        "示范性劳模创新工作室",
        upgrades_from=("model_worker",),
        subsidy=Subsidy(clause="四1", text="补助由通知另定"),
    ),
    _category("worker", "职工创新工作室", plaque=False),
)
USES = (
    Use(id="equipment", name="设备", clause="四2"),
    Use(id="training", name="培训", clause="四2"),
)


def quota(id: str, cap: int | None, per: str, force: str, *categories: str, **more: Any) -> Quota:
    """A quota over some categories."""
    return Quota(
        id=id, cap=cap, per=per, force=force, categories=categories, clause="二", text=id, **more
    )


def rows(**caps: int) -> tuple[QuotaRow, ...]:
    """A table of caps by union."""
    return tuple(QuotaRow(union=union, cap=cap) for union, cap in caps.items())


def policy(**changes: Any) -> Policy:
    """One notice's rules; the full procedure unless changed."""
    given: dict[str, Any] = {
        "id": "full",
        "version": "1",
        "document": Document(number="测〔2022〕1号", issuer="某市总工会", title="推荐通知"),
        "level": "city",
        "categories": CATEGORIES,
        "conditions": CONDITIONS,
        "stages": (
            _stage("unit", "unit_union"),
            _stage("first", "recommending_union", ranking=True),
            _stage("materials", "city"),
            _stage("selection", "city", more_candidates_than_places=True),
            _stage("office_meeting", "city"),
            _stage("publicity", "city"),
            _stage("naming", "city"),
        ),
        "deadlines": (
            Deadline(
                id="filing",
                on=date(2022, 10, 28),
                closes_at=time(17, 30),
                late="refused",
                clause="四",
                text="下班前",
            ),
        ),
        "quotas": (
            quota("three", 3, "recommending_union", "in_principle", "model_worker"),
            quota("one", 1, "recommending_union", "hard", "worker"),
            quota("unit", 1, "unit", "in_principle", "model_worker", "worker"),
        ),
        "publicity": Publicity(working_days=5, clause="三5", text="不少于 5 个工作日"),
        "permitted_uses": USES,
        "assessment": RULE,
    }
    return assembled(Policy(**{**given, **changes}))


def rolling(**changes: Any) -> Policy:
    """No deadline, no quota, no notice: reviewed by the union, named by the city."""
    given: dict[str, Any] = {
        "id": "rolling",
        "stages": (
            _stage("unit", "unit_union"),
            _stage("first", "recommending_union"),
            _stage("office_meeting", "city"),
            _stage("naming", "city"),
        ),
        "deadlines": (),
        "quotas": (),
        "publicity": None,
    }
    return policy(**{**given, **changes})


def dossier(
    leader: str, *, team: int = 6, honour: str = "劳动模范", **changes: Any
) -> dict[str, Any]:
    """A dossier that passes every condition but the judged one and the one about earlier names."""
    return {
        "studio": {"name": f"{leader}创新工作室", "founded_on": "2018-05-01"},
        "leader": {
            "name": leader,
            "honours": [{"name": honour, "level": "city", "year": 2019}],
        },
        "team": {"size": team},
        "statements": {"venue": "二楼，120 平方米"},
        **changes,
    }
