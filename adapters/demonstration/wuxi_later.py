"""Wuxi's later calls: 2024, whose notice runs across the National Day, and 2026, which still runs."""

from __future__ import annotations

from datetime import date

from adapters.demonstration.candidacy import opening
from adapters.demonstration.cast import City
from adapters.demonstration.clock import shanghai
from adapters.demonstration.course import afterwards, concluded, named, posted, ranked
from adapters.demonstration.money import purse
from adapters.demonstration.season import Candidate, Season
from adapters.demonstration.stage import Player, Story
from adapters.demonstration.wuxi_course import AMOUNTS, IN_FEN, USES, Agenda, judged

AGENDA_2024 = Agenda(
    materials=date(2024, 9, 3),
    visits=date(2024, 9, 9),
    selection=date(2024, 9, 19),
    meeting=date(2024, 9, 24),
    minutes="锡工主席办公会纪要〔2024〕9号",
    places={"demonstration": 3, "model_worker": 8, "worker": 4},
)
AGENDA_2026 = Agenda(
    materials=date(2026, 10, 20),
    visits=date(2026, 10, 27),
    selection=date(2026, 11, 5),
    meeting=date(2026, 11, 12),
    minutes="锡工主席办公会纪要〔2026〕13号",
    places={"demonstration": 3, "model_worker": 7, "worker": 3},
)


def follow(city: City, first: Season, earlier: list[Candidate], guest: Player) -> None:
    """Begin the later calls."""
    city.stage.begin(_in_2024(city, first, earlier, guest))
    city.stage.begin(_in_2026(city, first, guest))


def _season(city: City, first: Season, opens: date, closes: date) -> Season:
    season = Season(city, first.pack, opens, closes)
    season.guests = first.guests
    return season


def _in_2024(city: City, first: Season, earlier: list[Candidate], guest: Player) -> Story:
    stage, unions = city.stage, city.unions
    season = _season(city, first, date(2024, 7, 1), date(2024, 8, 30))
    season.candidates = [
        *(Candidate("model_worker", unions[number]) for number in range(8)),
        *(Candidate("worker", unions[number]) for number in range(8, 12)),
        *(Candidate("demonstration", each.union, upgrades=each) for each in earlier[5:8]),
        Candidate("model_worker", unions[8], fate="not_selected"),
        Candidate("model_worker", unions[9], fate="not_selected"),
        Candidate("model_worker", unions[10], fate="first", but={"leader.honours": LOW}),
        Candidate("worker", unions[0], fate="not_selected"),
        Candidate("demonstration", earlier[4].union, fate="not_selected", upgrades=earlier[4]),
    ]
    season.candidates[2].returned = True
    yield shanghai(season.opens, 9)
    opening(
        season,
        title="2024年无锡市示范性劳模、劳模、职工创新工作室推荐申报",
        deadline=shanghai(season.closes, 17, 30),
        amounts=IN_FEN,
        uses=USES,
    )
    yield shanghai(date(2024, 8, 29), 15)
    ranked(season)
    yield from judged(season, (city.reviewers[0], city.reviewers[3], guest), AGENDA_2024)
    yield shanghai(date(2024, 9, 25), 9)
    posted(season, season.fated("named"))
    for candidate in season.fated("named"):
        stage.note("跨国庆假期的公示", candidate.ids[0])
    yield shanghai(date(2024, 10, 10), 10)
    _finish(season, "锡工发〔2024〕33号", "2024年度创新工作室市级补助资金")
    yield shanghai(date(2024, 10, 15), 10)
    concluded(season)


def _finish(season: Season, document: str, fund: str) -> None:
    good, city = season.fated("named"), season.city
    named(season, good, document, word="创")
    for candidate in good:
        if candidate.upgrades is not None:
            city.stage.note("升级为示范性", candidate.ids[0])
    money = purse(
        city.stage,
        name=fund,
        source="city",
        amount=sum(AMOUNTS[each.category] for each in good) + 40_000,
        document=document.replace("号", "号附件"),
        players=(city.namer, city.payer),
        uses=tuple(USES),
    )
    afterwards(season, good, money, AMOUNTS)


LOW = ({"name": "县（区）劳动模范", "level": "county", "year": 2019},)


def _candidates_2026(city: City, first: Season) -> Season:
    unions = city.unions
    season = _season(city, first, date(2026, 8, 24), date(2026, 10, 16))
    ready = first.fated("named", category="model_worker")
    season.candidates = [
        *(Candidate("model_worker", unions[number]) for number in range(7)),
        *(Candidate("worker", unions[number]) for number in range(7, 10)),
        *(Candidate("demonstration", each.union, upgrades=each) for each in ready[6:9]),
        Candidate("model_worker", unions[8], fate="not_selected"),
        Candidate("model_worker", unions[9], fate="first", but={"unit.legal_person": False}),
        Candidate("worker", unions[10], fate="not_selected"),
        Candidate("demonstration", ready[9].union, fate="not_selected", upgrades=ready[9]),
    ]
    return season


def _in_2026(city: City, first: Season, guest: Player) -> Story:
    """Still on notice on the last day, with an objection that nobody has closed yet."""
    stage = city.stage
    season = _candidates_2026(city, first)
    yield shanghai(season.opens, 9)
    opening(
        season,
        title="2026年无锡市示范性劳模、劳模、职工创新工作室推荐申报",
        deadline=shanghai(season.closes, 17, 30),
        amounts=IN_FEN,
        uses=USES,
    )
    yield shanghai(date(2026, 10, 15), 15)
    ranked(season)
    yield from judged(season, (city.reviewers[0], city.reviewers[3], guest), AGENDA_2026)
    yield shanghai(date(2026, 11, 16), 9)
    notice = posted(season, season.fated("named"))
    stage.note("正在公示、异议待办", season.fated("named")[1].ids[0])
    yield shanghai(date(2026, 11, 18), 19, 42)
    someone = stage.people.person(city.chance)
    stage.register.publicity.object(
        stage.public(),
        notice,
        studio=season.fated("named")[1].ids[0],
        text="公示的工作室成立时间与我了解的不一致，请核对创建日期。",
        objector={"name": someone.name, "phone": someone.phone},
    )
    yield shanghai(date(2026, 11, 19), 8, 5)
    stage.register.publicity.object(
        stage.public(), notice, text="建议公示时一并列出各工作室的主要成果。"
    )
