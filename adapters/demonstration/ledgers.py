"""What a studio keeps of its own life: members, results, activities, apprentices, self-checks."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from random import Random
from uuid import UUID

from adapters.demonstration import phrases
from adapters.demonstration.clock import TODAY, dice
from adapters.demonstration.season import Candidate
from adapters.demonstration.stage import Stage, Story
from adapters.demonstration.texts import kind_of, title

PACES = {True: (75, 170), False: (120, 260)}
"""Days between entries; studios named long ago are told of in less detail."""
BY = ("市总工会", "市科学技术局", "行业协会", "所在单位技术委员会", "市职工技术协会")


def kept(stage: Stage, candidate: Candidate, *, since: date) -> Story:
    """The ledgers of one studio from a day on, until it ends."""
    chance = dice(f"台账 {candidate.about.name}")
    yield stage.office(since + timedelta(days=chance.randint(10, 30)), chance)
    members = _gather(stage, candidate, since, chance)
    day = since + timedelta(days=chance.randint(35, 70))
    while day < candidate.ends:
        yield stage.office(day, chance)
        for entry in chance.choice(COURSE):
            entry(stage, candidate, chance)
        if members and chance.random() < 0.06:
            _leave(stage, candidate, members.pop(), chance)
        day += timedelta(days=chance.randint(*PACES[since.year >= 2023]))


def _gather(stage: Stage, candidate: Candidate, since: date, chance: Random) -> list[UUID]:
    """Some of the members join, the day the studio was named or before."""
    return [
        stage.register.ledgers.join(
            stage.by(candidate.place.player),
            candidate.ids[0],
            member=stage.people.person(chance).as_member(reachable=number == 0),
            duty=phrases.DUTIES[number],
            frontline=chance.random() < 0.6,
            on=since - timedelta(days=chance.randint(0, 400)),
        )
        for number in range(chance.randint(2, 4))
    ]


def _leave(stage: Stage, candidate: Candidate, member: UUID, chance: Random) -> None:
    stage.register.ledgers.part(
        stage.by(candidate.place.player),
        candidate.ids[0],
        member=member,
        reason=chance.choice(phrases.LEFT),
        on=stage.today,
    )


def result(stage: Stage, candidate: Candidate, chance: Random) -> None:
    """A recognised result, now and then with its certificate."""
    what, by = title(candidate.about.unit.trade, chance), chance.choice(BY)
    on = stage.today - timedelta(days=chance.randint(2, 40))
    mandate = stage.by(candidate.place.player)
    proof = []
    if chance.random() < 0.25:
        lines = (what, f"完成单位 {candidate.place.words.name}", f"认定单位 {by}", f"{on}")
        proof = [stage.files.hand_in(mandate, f"证书-{what[:12]}", lines)]
    stage.register.ledgers.record_achievement(
        mandate,
        candidate.ids[0],
        title=what,
        kind=kind_of(what, chance),
        recognised_by=by,
        on=on,
        evidence=proof,
    )


def activity(stage: Stage, candidate: Candidate, chance: Random) -> None:
    """An activity that was held."""
    what, kind = chance.choice(phrases.ACTIVITIES)
    subject = title(candidate.about.unit.trade, chance)
    about = subject if kind in ("攻关", "交流") else candidate.about.field
    stage.register.ledgers.record_activity(
        stage.by(candidate.place.player),
        candidate.ids[0],
        title=f"{what}：{about}",
        kind=kind,
        participants=chance.randint(5, 14) if kind == "攻关" else chance.randint(12, 60),
        on=stage.today - timedelta(days=chance.randint(0, 12)),
    )


def apprenticeship(stage: Stage, candidate: Candidate, chance: Random) -> None:
    """A master and an apprentice sign."""
    starts, apprentice = stage.today, stage.people.person(chance)
    mandate = stage.by(candidate.place.player)
    leader = candidate.about.leader
    agreement = None
    if chance.random() < 0.4:
        lines = (f"师傅 {leader.name}", f"徒弟 {apprentice.name}", f"签订 {starts}")
        agreement = stage.files.hand_in(mandate, "师徒协议", lines)
    stage.register.ledgers.sign_apprenticeship(
        mandate,
        candidate.ids[0],
        master={"name": leader.name, "title": leader.title},
        apprentice={"name": apprentice.name, "title": "学徒"},
        starts_on=starts,
        ends_on=date(starts.year + 2, starts.month, min(starts.day, 28)),
        duties="师傅每周示范指导不少于一次；徒弟按月提交学习小结，完成规定的独立操作项目。",
        plan=f"第一年掌握{candidate.about.job}基本操作，第二年参与“{title(candidate.about.unit.trade, chance)}”攻关。",
        agreement=agreement,
    )


def checked_itself(stage: Stage, candidate: Candidate, *, since: date, often: float) -> Story:
    """At the end of most half-years the studio looks at its own work."""
    chance = dice(f"自检 {candidate.about.name}")
    for year in range(since.year, TODAY.year + 1):
        for half, day in (("上半年", date(year, 6, 18)), ("下半年", date(year, 12, 3))):
            yield stage.office(max(day, since) + timedelta(days=chance.randint(0, 16)), chance)
            if since < day < candidate.ends and chance.random() < often:
                _self_check(stage, candidate, half, chance)


def _self_check(stage: Stage, candidate: Candidate, half: str, chance: Random) -> None:
    stage.register.assessments.self_check(
        stage.by(candidate.place.player),
        candidate.ids[0],
        number=candidate.number,
        year=stage.today.year,
        period=half,
        summary=chance.choice(phrases.SELF_CHECK).format(
            done=chance.randint(1, 4),
            running=chance.randint(1, 3),
            held=chance.randint(3, 12),
            title=title(candidate.about.unit.trade, chance),
        ),
    )


Entry = Callable[[Stage, Candidate, Random], None]
COURSE: tuple[tuple[Entry, ...], ...] = (
    (result, activity),
    (activity, activity),
    (result,),
    (activity, apprenticeship),
    (activity,),
    (result, activity),
)
