"""Jiujiang 九江 2023: what the city puts forward and the province names and pays for."""

from __future__ import annotations

from datetime import date

from adapters.demonstration.candidacy import apply, introduce, opening
from adapters.demonstration.cast import City, found
from adapters.demonstration.clock import shanghai
from adapters.demonstration.course import afterwards, concluded, looked_at, named, selected
from adapters.demonstration.money import purse
from adapters.demonstration.season import Candidate, Season
from adapters.demonstration.stage import Stage, Story
from adapters.demonstration.trades import BUILDING, CHEMICALS, FOOD, TEXTILES, TRANSPORT
from adapters.demonstration.words import HEALTH, MACHINES, POWER, SCHOOLS

PACK = "jiujiang-2023"
UNIONS = (
    "浔阳区总工会",
    "濂溪区总工会",
    "柴桑区总工会",
    "八里湖新区总工会",
    "共青城市总工会",
    "瑞昌市总工会",
    "庐山市总工会",
    "武宁县总工会",
    "修水县总工会",
    "永修县总工会",
    "德安县总工会",
    "都昌县总工会",
    "湖口县总工会",
    "彭泽县总工会",
    "经开区总工会",
    "市直机关工会工委",
)
TRADES = (CHEMICALS, MACHINES, TEXTILES, POWER, FOOD, BUILDING, HEALTH, TRANSPORT, SCHOOLS)
AMOUNTS = {"studio": 40_000, "station": 100_000}
USES = {
    "equipment": "设备与器材",
    "research": "技术攻关",
    "service": "职工双创服务",
    "training": "培训",
}
OVER = "园区职工服务站与企业工作室功能不同，经县总工会研究，特申请一并推荐"
WAIVER = "领衔人为市级劳模，主持的项目获省科技进步奖，原则性条件申请破例"
CITY_ONLY = ({"name": "市劳动模范", "level": "city", "year": 2018},)


def jiujiang(stage: Stage, province: City) -> Story:
    """One call, named and paid by the province."""
    yield shanghai(date(2023, 6, 12), 9)
    city = found(
        stage,
        slug="jiujiang",
        short="九",
        name="九江市总工会",
        unions=UNIONS,
        trades=TRADES,
        parent=province.id,
    )
    season = Season(city, stage.house.policies[PACK], date(2023, 7, 13), date(2023, 8, 10))
    season.candidates = _candidates(city)
    late = Candidate("studio", city.unions[13], fate="waiting", named_before=True)
    yield shanghai(season.opens, 9)
    opening(season, title="2023年省级劳模（工匠）创新工作室和职工创新创业服务站推荐申报", uses=USES)
    yield shanghai(date(2023, 8, 11), 8, 50)
    introduce(season, late)
    with stage.refusal("deadline_passed"):
        apply(season, late)
    if late.studio is not None:
        stage.note("逾期申报被拒", late.studio)
    yield shanghai(date(2023, 8, 15), 9)
    yield from looked_at(season, "materials", city.reviewer)
    yield shanghai(date(2023, 8, 24), 9)
    for category, places in (("studio", 12), ("station", 6)):
        selected(season, category, places)
    yield from _named(season, province)


def _candidates(city: City) -> list[Candidate]:
    unions = city.unions
    studios = [Candidate("studio", unions[number], named_before=True) for number in range(10)]
    stations = [Candidate("station", unions[number]) for number in range(10, 14)]
    return [
        *studios,
        *stations,
        Candidate("station", studios[4].union, beside=studios[4], over=OVER),
        Candidate(
            "studio",
            unions[14],
            named_before=True,
            but={"leader.honours": CITY_ONLY},
            waives=("leader", WAIVER),
        ),
        Candidate("studio", unions[14], fate="not_selected", named_before=True),
        Candidate("studio", unions[15], fate="not_selected", named_before=True),
        Candidate("studio", unions[10], fate="first", but={"namings": []}),
        Candidate("studio", unions[11], fate="first", named_before=True, founded=date(2021, 3, 2)),
        Candidate("studio", unions[12], fate="materials", named_before=True),
        Candidate("station", unions[15], fate="first", founded=date(2023, 1, 9)),
        Candidate("station", unions[1], fate="not_selected"),
        Candidate("studio", unions[2], fate="withdrawn", named_before=True),
    ]


def _named(season: Season, province: City) -> Story:
    stage, good = season.stage, season.fated("named")
    yield shanghai(date(2023, 10, 18), 10)
    named(season, good, "赣工发〔2023〕19号", word="省创")
    money = purse(
        stage,
        name="2023年度省级创新工作室和服务站补助资金",
        source="province",
        amount=sum(AMOUNTS[each.category] for each in good) + 100_000,
        document="赣工财〔2023〕27号",
        players=(province.namer, province.payer),
        uses=tuple(USES),
    )
    afterwards(season, good, money, AMOUNTS)
    for candidate in good:
        if candidate.category == "station":
            stage.note("职工创新创业服务站", candidate.ids[0])
    yield shanghai(date(2023, 10, 25), 10)
    concluded(season)
