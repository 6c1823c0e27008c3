"""Wuxi 无锡: ranking, more candidates than places, the office meeting, public notices, upgrades."""

from __future__ import annotations

from datetime import date

from adapters.demonstration import wuxi_later, wuxi_notice
from adapters.demonstration.candidacy import opening
from adapters.demonstration.cast import EVERYBODY, City, found
from adapters.demonstration.clock import shanghai
from adapters.demonstration.course import (
    afterwards,
    concluded,
    decided,
    named,
    posted,
    ranked,
    selected,
)
from adapters.demonstration.ledgers import kept
from adapters.demonstration.money import Purse, grant, purse, yuan
from adapters.demonstration.office import renamed
from adapters.demonstration.season import Candidate, Season
from adapters.demonstration.stage import Stage, Story
from adapters.demonstration.trades import CHEMICALS, TEXTILES, TRANSPORT, WATER
from adapters.demonstration.words import HEALTH, MACHINES, POWER, SCHOOLS, VEHICLES
from adapters.demonstration.wuxi_course import AMOUNTS, IN_FEN, USES, Agenda, judged
from domain.values import Role

PACK = "wuxi-2022"
UNIONS = (
    "梁溪区总工会",
    "滨湖区总工会",
    "新吴区总工会",
    "锡山区总工会",
    "惠山区总工会",
    "经开区总工会",
    "江阴市总工会",
    "宜兴市总工会",
    "市交通运输局工会",
    "市教育系统工会",
    "市卫生健康系统工会",
    "市公用事业工会",
)
TRADES = (MACHINES, TEXTILES, POWER, VEHICLES, HEALTH, SCHOOLS, WATER, TRANSPORT, CHEMICALS)
WAIVER = "领衔人获全国技术能手，成果获省科学技术奖并已推广，经研究按“特别优秀”直接推荐"
OVER = "该区装备企业集中，第四家经区总工会主席会议研究确需推荐"
AGENDA = Agenda(
    materials=date(2022, 11, 3),
    visits=date(2022, 11, 10),
    selection=date(2022, 11, 22),
    meeting=date(2022, 11, 25),
    minutes="锡工主席办公会纪要〔2022〕11号",
    places={"demonstration": 5, "model_worker": 16, "worker": 6},
)


def wuxi(stage: Stage) -> Story:
    """The whole of Wuxi: what was named before the register was kept, and three calls."""
    yield shanghai(date(2022, 7, 18), 9)
    city = found(
        stage,
        slug="wuxi",
        short="锡",
        name="无锡市总工会",
        unions=UNIONS,
        trades=TRADES,
        shown=EVERYBODY,
    )
    yield stage.later(7, city.chance)
    earlier = _recorded(city)
    guest = city.account("guest", city.unions[1].id, Role.CITY_OFFICER, city.id)
    stage.accounts.append(guest.username)
    season = Season(city, stage.house.policies[PACK], date(2022, 9, 5), date(2022, 10, 28))
    season.guests[guest.username] = city.unions[1].id
    season.candidates = _candidates(city, earlier)
    yield shanghai(season.opens, 9)
    opening(
        season,
        title="2022年无锡市示范性劳模、劳模、职工创新工作室推荐申报",
        amounts=IN_FEN,
        uses=USES,
    )
    yield shanghai(date(2022, 10, 27), 14)
    ranked(season)
    yield shanghai(date(2022, 10, 31), 9)
    stage.register.calls.close(stage.by(city.namer), season.id)
    yield from judged(season, (city.reviewers[0], city.reviewers[3], guest), AGENDA)
    yield stage.office(date(2022, 11, 28), city.chance)
    yield from _named(season)
    stage.begin(renamed(season, date(2025, 6, 10)))
    wuxi_later.follow(city, season, earlier, guest)


def _recorded(city: City) -> list[Candidate]:
    """Studios that were named in 2019 and 2020, entered from the decisions of those years."""
    stage, found_ = city.stage, []
    category = stage.house.policies[PACK].category("model_worker")
    for number in range(1, 9):
        candidate = Candidate("model_worker", city.unions[number % 8])
        candidate.unit = city.enrol_unit(candidate.union)
        founded = date(2015 + number % 3, 3 + number % 6, 11)
        candidate.applicant = city.applicant(candidate.unit, category, founded)
        candidate.studio = stage.register.intake.register_studio(
            stage.by(candidate.unit.player),
            unit=candidate.unit.id,
            name=candidate.about.name,
            leader=candidate.about.leader.as_leader(candidate.about.job),
            founded_on=founded,
        )
        year = 2019 if number < 6 else 2020
        candidate.number = f"锡劳{year}-{number:03d}"
        stage.register.naming.record_naming(
            stage.by(city.namer),
            candidate.studio,
            policy=PACK,
            category="model_worker",
            number=candidate.number,
            document=f"锡工发〔{year}〕{20 + number % 2}号",
            on=date(year, 12, 18),
        )
        stage.note("历史命名补录", candidate.studio)
        candidate.application = candidate.studio
        stage.begin(kept(stage, candidate, since=stage.today))
        found_.append(candidate)
    return found_


def _candidates(city: City, earlier: list[Candidate]) -> list[Candidate]:
    """Thirty-odd candidates, among them those with a story."""
    unions = city.unions
    made = [Candidate("model_worker", unions[number % 12]) for number in range(14)]
    made += [Candidate("worker", unions[number]) for number in range(6)]
    made += [Candidate("demonstration", each.union, upgrades=each) for each in earlier[:4]]
    made += [
        Candidate("model_worker", unions[0], over=OVER),
        Candidate("model_worker", unions[2], fate="dropped"),
        Candidate("model_worker", unions[3], fate="held"),
        *(Candidate("model_worker", unions[number], fate="not_selected") for number in (4, 5, 6)),
        Candidate("model_worker", unions[7], fate="first", but={"team.size": 4}),
        Candidate("model_worker", unions[8], fate="materials"),
        Candidate("model_worker", unions[10], fate="first", but={"studio.existing_body": True}),
        Candidate("model_worker", unions[9], fate="site_visit"),
        Candidate("model_worker", unions[10], fate="withdrawn"),
        Candidate("worker", unions[7], fate="first", but={"team.frontline": 0}),
        Candidate("worker", unions[8], fate="not_selected"),
        Candidate("demonstration", unions[11], waives=("named_two_years", WAIVER)),
        Candidate("demonstration", earlier[4].union, fate="not_selected", upgrades=earlier[4]),
    ]
    _third(made, unions[0].id)
    made[1].returned = made[5].returned = made[15].returned = True
    return made


def _third(made: list[Candidate], union: object) -> None:
    """Fill the first union's quota of three, so that its fourth is over it."""
    mine = [each for each in made if each.union.id == union and each.category == "model_worker"]
    others = [each for each in made[3:11] if each.union.id != union]
    for candidate in others[: 4 - len(mine)]:
        candidate.union = mine[0].union


def _named(season: Season) -> Story:
    """The notice with its objections, the naming, and the replacement's own notice."""
    stage, city = season.stage, season.city
    chosen = season.fated("named", "dropped")
    notice = posted(season, chosen)
    yield from wuxi_notice.objections(season, notice)
    yield shanghai(date(2022, 12, 9), 10)
    good = season.fated("named")
    named(season, good, "锡工发〔2022〕41号", word="创")
    money = purse(
        stage,
        name="2022年度创新工作室市级补助资金",
        source="city",
        amount=sum(AMOUNTS[each.category] for each in good) + 5_000,
        document="锡工发〔2022〕43号",
        players=(city.namer, city.payer),
        uses=tuple(USES),
    )
    afterwards(season, good, money, AMOUNTS)
    for candidate in good:
        if candidate.upgrades is not None:
            stage.note("升级为示范性", candidate.ids[0])
    yield from _replaced(season, money)


def _replaced(season: Season, money: Purse) -> Story:
    """The place of the one that was dropped: selected, approved, posted and named on its own."""
    stage, city = season.stage, season.city
    held = season.fated("held")
    yield shanghai(date(2022, 12, 12), 10)
    selected(season, "model_worker", AGENDA.places["model_worker"], held)
    yield shanghai(date(2022, 12, 14), 15)
    decided(season, held, "锡工主席办公会纪要〔2022〕12号")
    yield shanghai(date(2022, 12, 15), 9)
    notice = posted(season, held)
    yield shanghai(date(2022, 12, 20), 9)
    stage.register.publicity.extend(
        stage.by(city.namer), notice, days=1, reason="网站机房检修，公示页面中断一天"
    )
    yield shanghai(date(2022, 12, 26), 10)
    named(season, held, "锡工发〔2022〕45号", word="创")
    stage.note("异议成立后的递补", held[0].ids[0])
    yield shanghai(date(2022, 12, 28), 10)
    with stage.refusal("over_budget"):
        grant(money, held[0], 20_000)
    concluded(season)
    yield shanghai(date(2023, 1, 10), 10)
    stage.register.subsidies.appropriate(
        stage.by(city.namer), money.id, amount=yuan(20_000), document="锡工发〔2023〕2号"
    )
    afterwards(season, held, money, AMOUNTS)
    stage.note("超预算被拒后追加资金", held[0].ids[0])
