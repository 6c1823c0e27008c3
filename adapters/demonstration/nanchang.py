"""Nanchang 南昌: three calls, a hard cap for every union, districts that match the city's subsidy."""

from __future__ import annotations

from datetime import date, timedelta

from adapters.demonstration.candidacy import opening
from adapters.demonstration.cast import City, found
from adapters.demonstration.changes import closed, leaving, succeeded
from adapters.demonstration.clock import shanghai
from adapters.demonstration.course import afterwards, concluded, looked_at, named, selected
from adapters.demonstration.money import Purse, purse, subsidised, yuan
from adapters.demonstration.office import audited, clerk, dissolved, forgotten
from adapters.demonstration.season import Candidate, Season
from adapters.demonstration.stage import Stage, Story
from adapters.demonstration.trades import BUILDING, FOOD, TEXTILES, TRANSPORT, WATER
from adapters.demonstration.words import HEALTH, MACHINES, POWER, SCHOOLS, VEHICLES

PACK = "nanchang-2021"
CATEGORY = "model_worker"
UNIONS = (
    "东湖区总工会",
    "西湖区总工会",
    "青云谱区总工会",
    "青山湖区总工会",
    "新建区总工会",
    "红谷滩区总工会",
    "南昌县总工会",
    "进贤县总工会",
    "安义县总工会",
    "经济技术开发区总工会",
    "高新技术产业开发区总工会",
    "市直机关工会工委",
    "湾里管理局工会联合会",
    "市教科文卫体工会",
)
TRADES = (VEHICLES, HEALTH, MACHINES, TRANSPORT, POWER, SCHOOLS, FOOD, BUILDING, TEXTILES, WATER)
AMOUNT, MATCHED = 20_000, 10_000
MATCHING = (0, 2, 3, 6, 9)
CLOSED_ON = date(2024, 5, 22)


def nanchang(stage: Stage, province: City) -> Story:
    """Set the city up, and begin its calls."""
    yield shanghai(date(2021, 4, 12), 9)
    city = found(
        stage,
        slug="nanchang",
        short="洪",
        name="南昌市总工会",
        unions=UNIONS,
        trades=TRADES,
        parent=province.id,
    )
    stage.begin(_in_2021(city))
    stage.begin(clerk(city, date(2022, 3, 1), date(2023, 2, 28)))
    stage.begin(_in_2023(city))
    stage.begin(_in_2025(city))


def _season(city: City, opens: date, closes: date) -> Season:
    return Season(city, city.stage.house.policies[PACK], opens, closes)


def _opened(season: Season) -> None:
    year = season.opens.year
    opening(
        season,
        title=f"{year}年南昌市劳模创新工作室创建活动",
        deadline=shanghai(season.closes + timedelta(days=1), 0) - timedelta(microseconds=1),
        amounts={CATEGORY: yuan(AMOUNT)},
    )


def _made(city: City, pairs: int, singles: int) -> list[Candidate]:
    """Two candidates of each of the first unions, one of each of the next."""
    numbers = [number for number in range(pairs) for _ in range(2)]
    numbers += range(pairs, pairs + singles)
    return [Candidate(CATEGORY, city.unions[number]) for number in numbers]


def _in_2021(city: City) -> Story:
    season = _season(city, date(2021, 5, 19), date(2021, 7, 30))
    season.candidates = [
        *_made(city, 6, 6),
        Candidate(CATEGORY, city.unions[12], fate="not_selected"),
        Candidate(CATEGORY, city.unions[12], fate="first", but={"leader.honours": []}),
        Candidate(CATEGORY, city.unions[13], fate="site_visit"),
        Candidate(CATEGORY, city.unions[13], fate="not_selected"),
        Candidate(CATEGORY, city.unions[1], fate="over"),
        Candidate(CATEGORY, city.unions[7], fate="withdrawn"),
    ]
    season.candidates[3].returned = season.candidates[8].returned = True
    yield shanghai(season.opens, 9)
    _opened(season)
    yield shanghai(date(2021, 8, 17), 9)
    yield from _finished(season, date(2021, 9, 6), date(2021, 9, 24), "洪工发〔2021〕40号")
    good = season.fated("named")
    city.stage.begin(forgotten(season, date(2022, 9, 6)))
    city.stage.begin(audited(season, date(2022, 11, 8)))
    yield shanghai(date(2023, 2, 20), 10)
    leaving(season, good[4], "left", "原领衔人调入集团总部任职")
    yield shanghai(date(2023, 3, 15), 10)
    succeeded(season, good[4], "原领衔人调入集团总部，由团队骨干接任", fitting=False)
    yield shanghai(date(2025, 10, 14), 15)
    leaving(season, good[12], "retired", "原领衔人达到法定退休年龄")
    yield shanghai(date(2025, 11, 11), 15)
    succeeded(season, good[12], "原领衔人退休")
    yield shanghai(date(2026, 11, 4), 9)
    leaving(season, good[6], "retired", "领衔人退休，单位正在推选继任人选", days=4)
    season.stage.note("领衔人变更待定", good[6].ids[0])


def _in_2023(city: City) -> Story:
    """The deadline is moved once, for everybody and with the reason."""
    season = _season(city, date(2023, 5, 15), date(2023, 7, 31))
    season.candidates = [
        *_made(city, 3, 8),
        Candidate(CATEGORY, city.unions[11], fate="not_selected"),
        Candidate(CATEGORY, city.unions[12], fate="first", but={"results": []}),
        Candidate(CATEGORY, city.unions[13], fate="site_visit"),
    ]
    season.candidates[7].ends = CLOSED_ON
    yield shanghai(season.opens, 9)
    _opened(season)
    yield shanghai(date(2023, 7, 27), 16)
    city.stage.register.calls.extend(
        city.stage.by(city.namer),
        season.id,
        deadline=shanghai(date(2023, 8, 11), 0) - timedelta(microseconds=1),
        reason="受汛期影响，部分单位无法按时集中报送纸质材料",
    )
    yield shanghai(date(2023, 8, 21), 9)
    yield from _finished(season, date(2023, 9, 5), date(2023, 9, 21), "洪工发〔2023〕36号")
    yield shanghai(CLOSED_ON, 10)
    closed(season, season.candidates[7], "所在单位注销，工作室随之关闭")
    dissolved(season, season.candidates[7])


def _in_2025(city: City) -> Story:
    season = _season(city, date(2025, 5, 12), date(2025, 7, 31))
    season.candidates = [
        *_made(city, 2, 7),
        Candidate(CATEGORY, city.unions[9], fate="not_selected"),
        Candidate(CATEGORY, city.unions[10], fate="first", but={"studio.name": "匠心创新工作室"}),
        Candidate(CATEGORY, city.unions[11], fate="withdrawn"),
    ]
    season.candidates[5].returned = True
    yield shanghai(season.opens, 9)
    _opened(season)
    yield shanghai(date(2025, 8, 19), 9)
    yield from _finished(season, date(2025, 9, 9), date(2025, 9, 25), "洪工发〔2025〕31号")


def _finished(season: Season, choosing: date, naming: date, document: str) -> Story:
    """Visits, selection, naming, and the money of city and districts."""
    stage, city = season.stage, season.city
    yield from looked_at(
        season, "site_visit", city.reviewer, (city.reviewers[0], city.reviewers[3])
    )
    yield shanghai(choosing, 10)
    selected(season, CATEGORY, 20)
    yield shanghai(naming, 10)
    good = season.fated("named")
    named(season, good, document, word="劳创")
    money = purse(
        stage,
        name=f"{naming.year}年度劳模创新工作室市级扶持资金",
        source="city",
        amount=len(good) * AMOUNT,
        document=f"洪工财〔{naming.year}〕17号",
        players=(city.namer, city.payer),
        uses=("innovation",),
    )
    doomed = [each for each in good if each.ends == CLOSED_ON]
    afterwards(season, [each for each in good if each not in doomed], money, {CATEGORY: AMOUNT})
    afterwards(season, doomed, money, {})
    for candidate in doomed:
        stage.begin(subsidised(money, candidate, AMOUNT, city.chance, paid=12_000, share=0.7))
    stage.begin(_matched(season, money, good))
    concluded(season)


def _matched(season: Season, money: Purse, good: list[Candidate]) -> Story:
    """Some districts match the city's subsidy from funds of their own."""
    stage, city = season.stage, season.city
    yield stage.later(40, city.chance)
    for number in MATCHING:
        union = city.unions[number]
        mine = [each for each in good if each.union is union]
        if not mine:
            continue
        district = purse(
            stage,
            name=f"{union.name}{stage.today.year}年配套资金",
            source="matching",
            amount=len(mine) * MATCHED,
            document=f"{union.name[:2]}工发〔{stage.today.year}〕{20 + number}号",
            players=(union.officer, union.payer),
            uses=money.uses,
        )
        for candidate in mine:
            match = money.granted[candidate.ids[0]]
            stage.begin(subsidised(district, candidate, MATCHED, city.chance, matches=match))
            stage.note("区级配套补助", candidate.ids[0])
