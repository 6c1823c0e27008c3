"""A year's assessment: unions file, the city looks twice at some, a few are late, some are missed."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random
from uuid import UUID

from adapters.demonstration import phrases
from adapters.demonstration.cast import City, Union
from adapters.demonstration.clock import dice, shanghai
from adapters.demonstration.money import Purse
from adapters.demonstration.season import Candidate
from adapters.demonstration.stage import Story
from domain.desks.assessments import Result

OPENS = {2024: date(2024, 11, 1), 2025: date(2025, 11, 3), 2026: date(2026, 9, 15)}
LATE = {2024: (4,), 2025: (7, 11), 2026: ()}
"""Unions, by their place in the list, that file after the year's end."""
UNFILED_2026 = (3, 5, 8, 9, 12, 15)
"""Unions whose results of 2026 are not there yet on the last day."""

FAILS: dict[int, dict[int, str]] = {
    2024: {0: "x", 1: "x", 2: "x", 3: "x", 4: "x", 5: "x"},
    2025: {0: "x", 1: "x", 2: "x", 3: "x", 5: "-", 6: "x", 9: "x", 30: "x"},
    2026: {5: "x", 10: "x", 33: "x"},
}
"""What is in store for studios by their place in the roster: failing (x) or no result at all (-)."""

MISSED = {2024: (11,), 2025: (17, 28), 2026: ()}
DISAGREED = {2024: (7, "unqualified"), 2025: (8, "qualified")}
"""Where the city's own result differs from the union's: place and the city's grade."""


@dataclass
class Roster:
    """The studios under assessment, in the order of their naming, and what was recorded."""

    city: City
    policy: str
    studios: list[Candidate] = field(default_factory=list)
    checks: dict[tuple[UUID, int], UUID] = field(default_factory=dict)
    purses: dict[UUID, Purse] = field(default_factory=dict)
    gone: set[UUID] = field(default_factory=set)

    def grade(self, place: int, year: int, chance: Random) -> str | None:
        """What a union finds of the studio at a place; None where nothing is filed."""
        fate = FAILS[year].get(place, "")
        if fate == "-" or place in MISSED[year]:
            return None
        if fate == "x" or (DISAGREED.get(year) == (place, "qualified")):
            return "unqualified"
        return "excellent" if chance.random() < 0.18 else "qualified"

    def of(self, union: Union, year: int) -> list[tuple[int, Candidate]]:
        """A union's studios that were named before a year's end, with their places."""
        return [
            (place, each)
            for place, each in enumerate(self.studios)
            if each.union is union and each.ids[0] not in self.gone
        ]


def findings(grade: str, chance: Random) -> str:
    """What is written beside a grade."""
    told = {
        "excellent": phrases.CHECK_GOOD,
        "qualified": phrases.CHECK_FAIR,
        "unqualified": phrases.CHECK_POOR,
    }
    return chance.choice(told[grade])


def assess(roster: Roster, year: int) -> Story:
    """One year, from the opening of the campaign to its closing."""
    stage, city = roster.city.stage, roster.city
    yield shanghai(OPENS[year], 9)
    campaign = stage.register.assessments.open(
        stage.by(city.namer), federation=city.id, policy=roster.policy, year=year
    )
    for place, union in enumerate(city.unions):
        if year < 2026 or place not in UNFILED_2026:
            stage.begin(_filed(roster, year, place, union, campaign))
    if year in DISAGREED:
        yield shanghai(date(year, 12, 30), 9)
        _disagree(roster, year)
    if year == 2026:
        return
    yield shanghai(date(year + 1, 1, 20), 10)
    namings = [(each.ids[0], each.number) for each in roster.studios if each.number]
    for missed in stage.register.assessments.close(stage.by(city.namer), campaign, namings=namings):
        stage.note("未考核", missed)


def _filed(roster: Roster, year: int, place: int, union: Union, campaign: UUID) -> Story:
    """A union's results in one filing, and for some the unit union's own view before."""
    stage, chance = roster.city.stage, dice(f"考核 {year} {union.name}")
    day = _filing_day(year, place, chance)
    yield stage.office(day - timedelta(days=9), chance)
    for at, candidate in roster.of(union, year):
        if not _waits(at, year) and chance.random() < 0.2:
            _own_view(roster, candidate, year, chance)
    yield stage.office(day, chance)
    mine = [(at, each) for at, each in roster.of(union, year) if not _waits(at, year)]
    results, filed = [], []
    for at, candidate in mine:
        grade = roster.grade(at, year, chance)
        if grade is None:
            continue
        found = findings(grade, chance)
        results.append(Result(candidate.ids[0], candidate.number, grade, found))
        filed.append((at, candidate, grade))
    if results:
        assessments = stage.register.assessments
        checks = assessments.check_many(stage.by(union.officer), year=year, results=results)
        for (at, candidate, grade), check in zip(filed, checks, strict=True):
            roster.checks[candidate.ids[0], year] = check
            if grade == "unqualified" and DISAGREED.get(year) != (at, "qualified"):
                stage.begin(_rectified(roster, candidate, year))
    stage.register.assessments.file(stage.by(union.officer), campaign, union=union.id)
    if place in LATE[year]:
        for _, candidate in mine:
            stage.note("考核逾期报送", candidate.ids[0])


def _waits(at: int, year: int) -> bool:
    """The three whose third year has a story of its own, and the one that waits for its third."""
    return year == 2026 and at < 4


def _filing_day(year: int, place: int, chance: Random) -> date:
    if place in LATE[year]:
        return date(year + 1, 1, chance.randint(6, 12))
    if year == 2026:
        return date(2026, chance.choice((10, 10, 11)), chance.randint(9, 18))
    return date(year, 12, chance.randint(1, 26))


def _own_view(roster: Roster, candidate: Candidate, year: int, chance: Random) -> None:
    """The unit union's own result, which is kept and decides nothing."""
    roster.city.stage.register.assessments.check(
        roster.city.stage.by(candidate.place.player),
        year=year,
        result=Result(
            candidate.ids[0], candidate.number, "qualified", findings("qualified", chance)
        ),
    )


def _disagree(roster: Roster, year: int) -> None:
    """The city looks itself, and what it files governs."""
    stage, (place, grade) = roster.city.stage, DISAGREED[year]
    candidate, chance = roster.studios[place], dice(f"抽查 {year}")
    found = f"市总工会抽查：{findings(grade, chance)}"
    stage.register.assessments.check(
        stage.by(roster.city.reviewers[3]),
        year=year,
        result=Result(candidate.ids[0], candidate.number, grade, found),
    )
    stage.note("考核结果不一致", candidate.ids[0])
    if grade == "unqualified":
        stage.begin(_rectified(roster, candidate, year))


def _rectified(roster: Roster, candidate: Candidate, year: int) -> Story:
    """How the rectification is judged; those who fail again were not convincing."""
    stage, chance = roster.city.stage, dice(f"整改 {year} {candidate.number}")
    place = roster.studios.index(candidate)
    yield stage.later(chance.randint(55, 80), chance)
    good = place > 2 and place != 6
    for accepted in (True,) if good else (False, True) if place == 6 else (False,):
        stage.register.assessments.rectify(
            stage.by(candidate.union.officer),
            candidate.ids[0],
            number=candidate.number,
            year=year,
            accepted=accepted,
            findings=chance.choice(phrases.RECTIFIED if accepted else phrases.NOT_RECTIFIED),
        )
        stage.note("整改合格" if accepted else "整改不合格", candidate.ids[0])
        yield stage.later(20, chance)
