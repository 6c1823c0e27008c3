"""Changchun 长春: rolling calls from the end of 2023, and what three years of assessment bring."""

from __future__ import annotations

from datetime import date, timedelta

from adapters.demonstration.assessed import Roster, assess
from adapters.demonstration.candidacy import candidacy, opening
from adapters.demonstration.cast import EVERYBODY, City, found
from adapters.demonstration.clock import shanghai
from adapters.demonstration.course import afterwards, named
from adapters.demonstration.money import Purse, purse, subsidised, yuan
from adapters.demonstration.office import audited
from adapters.demonstration.outcomes import outcomes
from adapters.demonstration.season import Candidate, Season
from adapters.demonstration.stage import Stage, Story
from adapters.demonstration.trades import BUILDING, CHEMICALS, FOOD, TRANSPORT, WATER
from adapters.demonstration.words import HEALTH, MACHINES, POWER, SCHOOLS, VEHICLES

PACK = "changchun-2023"
UNIONS = (
    "朝阳区总工会",
    "南关区总工会",
    "宽城区总工会",
    "二道区总工会",
    "绿园区总工会",
    "双阳区总工会",
    "九台区总工会",
    "榆树市总工会",
    "德惠市总工会",
    "农安县总工会",
    "经济技术开发区总工会",
    "净月高新技术产业开发区总工会",
    "汽车经济技术开发区总工会",
    "市机械产业工会",
    "市建设产业工会",
    "市教育产业工会",
)
TRADES = (
    VEHICLES,
    MACHINES,
    VEHICLES,
    POWER,
    FOOD,
    HEALTH,
    BUILDING,
    TRANSPORT,
    SCHOOLS,
    CHEMICALS,
    WATER,
)
AMOUNT = 10_000
DOOMED = 3
"""The first three of the first batch fail three years running."""


def changchun(stage: Stage) -> Story:
    """Four batches, and the assessment of every year."""
    yield shanghai(date(2023, 12, 6), 13)
    city = found(
        stage,
        slug="changchun",
        short="长",
        name="长春市总工会",
        unions=UNIONS,
        trades=TRADES,
        shown=EVERYBODY,
    )
    roster = Roster(city, PACK)
    first = _season(city, date(2023, 12, 7), date(2023, 12, 27))
    first.candidates = _candidates(city, 25, start=0)
    for candidate in first.candidates[:DOOMED]:
        candidate.ends = date(2024, 5, 31)
    stage.begin(_batch(first, roster, "首批", date(2023, 12, 29), "长会发〔2023〕41号"))
    for year, naming, number in ((2024, date(2024, 10, 18), 30), (2025, date(2025, 10, 17), 27)):
        season = _season(city, date(year, 3, 4), date(year, 9, 26))
        season.candidates = _candidates(city, 26 if year == 2024 else 22, start=year % 7)
        season.candidates[2].returned = season.candidates[9].returned = True
        stage.begin(_batch(season, roster, f"{year}年", naming, f"长会发〔{year}〕{number}号"))
    stage.begin(_in_2026(city, roster, first))
    for year in (2024, 2025, 2026):
        stage.begin(assess(roster, year))
    stage.begin(outcomes(roster, first))
    stage.begin(audited(first, date(2026, 10, 15)))


def _season(city: City, opens: date, closes: date) -> Season:
    return Season(city, city.stage.house.policies[PACK], opens, closes)


def _candidates(city: City, number: int, *, start: int) -> list[Candidate]:
    unions = city.unions
    made = [Candidate("worker", unions[(start + each) % len(unions)]) for each in range(number)]
    return [
        *made,
        Candidate("worker", unions[start], fate="first", but={"studio.existing_body": True}),
        Candidate("worker", unions[start + 3], fate="first"),
        Candidate("worker", unions[start + 5], fate="withdrawn"),
    ]


def _batch(season: Season, roster: Roster, title: str, naming: date, document: str) -> Story:
    stage, city = season.stage, season.city
    yield shanghai(season.opens, 13, 30)
    fixed = {"worker": yuan(AMOUNT)} if season.opens.year != 2024 else None
    opening(season, title=f"长春市{title}职工创新工作室申报", amounts=fixed)
    yield shanghai(naming, 10)
    good = season.fated("named")
    named(season, good, document, word="职创")
    roster.studios += good
    yield shanghai(naming + timedelta(days=18), 10)
    money = _fund(city, f"{stage.today.year}年度职工创新补助资金（{title}）", document)
    doomed = [each for each in good if each.ends < date(2026, 1, 1)]
    afterwards(season, doomed, money, {})
    for candidate in doomed:
        paid, share = (6_000, 0.6) if candidate is doomed[0] else (AMOUNT, 1.0)
        stage.begin(subsidised(money, candidate, AMOUNT, city.chance, paid=paid, share=share))
    roster.purses[season.id] = money
    for candidate in good:
        if candidate not in doomed:
            amount = AMOUNT if fixed else city.chance.choice((8_000, 10_000, 15_000, 30_000))
            afterwards(season, [candidate], money, {"worker": amount})


def _fund(city: City, name: str, document: str) -> Purse:
    return purse(
        city.stage,
        name=name,
        source="city",
        amount=600_000,
        document=document.replace("号", "号之二"),
        players=(city.namer, city.payer),
        uses=("equipment", "renewal", "invention", "training"),
    )


def _in_2026(city: City, roster: Roster, first: Season) -> Story:
    """The year's rolling call: some are named, two rise, others stand where they stand today."""
    stage, unions = city.stage, city.unions
    season = _season(city, date(2026, 3, 2), date(2026, 8, 28))
    risen = first.fated("named")[14:16]
    season.candidates = [
        *(Candidate("worker", unions[number]) for number in range(4, 12)),
        *(Candidate("model_artisan", each.union, upgrades=each) for each in risen),
    ]
    yield from _batch(season, roster, "2026年", date(2026, 9, 25), "长会发〔2026〕26号")
    for candidate in season.candidates[-2:]:
        roster.studios.remove(candidate)
        stage.note("升级为劳模和工匠人才工作室", candidate.ids[0])
    late = _season(city, date(2026, 10, 9), date(2026, 11, 27))
    late.call = season.id
    late.candidates = [
        Candidate("worker", unions[number], fate="waiting") for number in (0, 3, 6, 8, 9, 12, 14)
    ]
    late.candidates[1].returned = True
    yield shanghai(date(2026, 10, 9), 9)
    for candidate in late.candidates:
        stage.begin(candidacy(late, candidate))
    yield shanghai(date(2026, 11, 19), 17)
    for candidate in late.candidates:
        if candidate.studio is not None:
            stage.note("正在审核", candidate.studio)
