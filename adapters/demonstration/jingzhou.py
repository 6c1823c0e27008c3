"""Jingzhou 荆州 2019: the task table of thirteen unions, names made of the leader's, visits to the best."""

from __future__ import annotations

from datetime import date

from adapters.demonstration.candidacy import apply, introduce, opening
from adapters.demonstration.cast import City, found
from adapters.demonstration.changes import leaving, merged, stayed, succeeded
from adapters.demonstration.clock import dice, shanghai
from adapters.demonstration.course import afterwards, concluded, looked_at, named
from adapters.demonstration.money import purse, yuan
from adapters.demonstration.reviews import review
from adapters.demonstration.season import Candidate, Season
from adapters.demonstration.stage import Stage, Story
from adapters.demonstration.trades import BUILDING, CHEMICALS, FOOD, TEXTILES, TRANSPORT, WATER
from adapters.demonstration.words import HEALTH, MACHINES, POWER, SCHOOLS, VEHICLES
from domain.policy.policy import Policy

PACK = "jingzhou-2019"
TRADES = (
    MACHINES,
    CHEMICALS,
    TEXTILES,
    FOOD,
    POWER,
    VEHICLES,
    HEALTH,
    BUILDING,
    SCHOOLS,
    WATER,
    TRANSPORT,
)
AMOUNT = 10_000
USES = {"activity": "创新活动与课题", "equipment": "器材工具购置", "training": "名师带徒与培训"}
SURVEYED = {
    "甲类": "场地、制度、团队、活动、经费、成果齐备，运行正常。",
    "乙类": "有场地和团队，活动不够经常，经费未单列，由区总工会指导完善。",
    "丙类": "新近创建，制度和台账尚不健全，列为重点帮扶。",
}
"""The classes that the unions use, and what is found of a studio in each."""
MERGE_ON = date(2023, 6, 14)
SHORT_OF = {"监利县总工会": 2, "公安县总工会": 1, "开发区总工会": 1}
"""Unions that do not reach their task, with how many ordinary studios are missing."""


def jingzhou(stage: Stage) -> Story:
    """The call of 2019, and what became of its studios."""
    yield shanghai(date(2019, 4, 15), 9)
    pack = stage.house.policies[PACK]
    rows = pack.targets.rows if pack.targets else ()
    city = found(
        stage,
        slug="jingzhou",
        short="荆",
        name="荆州市总工会",
        unions=[row.union for row in rows],
        trades=TRADES,
    )
    season = Season(city, pack, date(2019, 5, 10), date(2019, 9, 30))
    season.candidates = [*_by_task(city, pack), *_failing(city)]
    late = Candidate("ordinary", city.unions[7])
    yield shanghai(season.opens, 9)
    opening(
        season,
        title="2019年荆州市职工（劳模）创新工作室申报",
        amounts={"demonstration": yuan(AMOUNT)},
        uses=USES,
    )
    yield shanghai(date(2019, 10, 8), 9, 30)
    introduce(season, late)
    apply(season, late)
    yield shanghai(date(2019, 10, 9), 15)
    review(season, late, "first", late.union.officer)
    season.candidates.append(late)
    stage.note("逾期申报有标记", late.ids[0])
    yield shanghai(date(2019, 10, 11), 9)
    stage.register.calls.close(stage.by(city.namer), season.id)
    yield from _judged(season)
    _changes(season)


def _by_task(city: City, pack: Policy) -> list[Candidate]:
    """As many candidates of each union as the task table asks for, less those it falls short of."""
    made: list[Candidate] = []
    for row in pack.targets.rows if pack.targets else ():
        union, best = city.union(row.union), row.count("demonstration")
        rest = row.count("city") - best - SHORT_OF.get(row.union, 0)
        made += [Candidate("demonstration", union) for _ in range(best)]
        made += [Candidate("ordinary", union) for _ in range(rest)]
    for number in (4, 11, 19, 33):
        made[number].returned = True
    for number in (9, 10):
        made[number].ends = MERGE_ON
    return made


def _failing(city: City) -> list[Candidate]:
    unions = city.unions
    return [
        Candidate("ordinary", unions[1], fate="first", but={"results": []}),
        Candidate("ordinary", unions[3], fate="first", but={"studio.name": "创新先锋工作室"}),
        Candidate("ordinary", unions[5], fate="first", but={"form.summary.text": "工作总结。"}),
        Candidate("ordinary", unions[7], fate="materials"),
        Candidate("demonstration", unions[8], fate="site_visit"),
        Candidate("ordinary", unions[9], fate="withdrawn"),
    ]


def _judged(season: Season) -> Story:
    stage, city = season.stage, season.city
    yield shanghai(date(2019, 10, 15), 9)
    yield from looked_at(season, "materials", city.reviewer)
    yield shanghai(date(2019, 11, 12), 9)
    yield from looked_at(
        season, "site_visit", city.reviewer, (city.reviewers[0], city.reviewers[3])
    )
    yield shanghai(date(2019, 12, 17), 10)
    good = season.fated("named")
    named(season, good, "荆工发〔2019〕28号", word="职创")
    money = purse(
        stage,
        name="2019年度市级示范性创新工作室补助资金",
        source="city",
        amount=20 * AMOUNT,
        document="荆工发〔2019〕29号",
        players=(city.namer, city.payer),
        uses=tuple(USES),
    )
    afterwards(season, good, money, {"demonstration": AMOUNT})
    concluded(season)


def _changes(season: Season) -> None:
    season.stage.begin(_successions(season))
    season.stage.begin(_merger(season))
    season.stage.begin(_surveyed(season))


def _successions(season: Season) -> Story:
    good = season.fated("named")
    yield shanghai(date(2021, 3, 18), 10)
    succeeded(season, good[2], "原领衔人退休，由团队骨干接任")
    yield shanghai(date(2022, 6, 8), 9)
    leaving(season, good[4], "left", "领衔人拟借调外单位工作", days=2)
    yield shanghai(date(2022, 7, 12), 14)
    stayed(season, good[4], "借调未成行，领衔人继续主持工作室")
    yield shanghai(date(2024, 9, 4), 15)
    succeeded(season, good[21], "原领衔人调往外地工作")


def _surveyed(season: Season) -> Story:
    """The unions look at their studios, and say in which class each is managed."""
    stage, chance = season.stage, dice("调查摸底")
    yield shanghai(date(2019, 12, 26), 14)
    for candidate in season.fated("named")[:24]:
        grade = chance.choice(tuple(SURVEYED))
        stage.register.ledgers.survey(
            stage.by(candidate.union.officer),
            candidate.ids[0],
            year=2019,
            grade=grade,
            findings=SURVEYED[grade],
        )
        stage.note("调查摸底", candidate.ids[0])


def _merger(season: Season) -> Story:
    good = season.fated("named")
    yield shanghai(MERGE_ON, 10)
    pair = (good[9], good[10])
    merged(
        season,
        pair,
        "荆工办〔2023〕15号",
        name=f"{pair[0].about.leader.name}创新工作室（联合）",
    )
