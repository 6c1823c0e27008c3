"""The city's part of a season: reviews, selection, the meeting, the public notice, names, plaques."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from uuid import UUID

from adapters.demonstration import phrases
from adapters.demonstration.ledgers import checked_itself, kept
from adapters.demonstration.money import Purse, subsidised
from adapters.demonstration.reviews import review, score
from adapters.demonstration.season import Candidate, Season
from adapters.demonstration.stage import Player, Story


def reaching(season: Season, at: str) -> list[Candidate]:
    """The candidates that are still there when a stage comes."""
    order = [stage.id for stage in season.pack.stages]
    gone = {"withdrawn", "waiting", "over", *order[: order.index(at)]}
    return [
        each
        for each in season.candidates
        if each.fate not in gone
        and at in {stage.id for stage in season.pack.stages_for(each.category)}
    ]


def ranked(season: Season) -> None:
    """Every recommending union ranks what it recommends, by category."""
    stage = season.stage
    groups: dict[tuple[UUID, str], list[Candidate]] = {}
    for candidate in season.candidates:
        if candidate.fate not in ("withdrawn", "first"):
            groups.setdefault((candidate.union.id, candidate.category), []).append(candidate)
    for (union, category), group in groups.items():
        order = [each.ids[1] for each in group]
        season.city.chance.shuffle(order)
        stage.register.calls.rank(
            stage.by(group[0].union.officer),
            season.id,
            union=union,
            category=category,
            order=order,
        )


def looked_at(season: Season, at: str, player: Player, panel: Sequence[Player] = ()) -> Story:
    """One stage of review for everyone who has come so far, half a day after half a day.

    A panel gives points first.
    """
    stage, chance = season.stage, season.city.chance
    for number, candidate in enumerate(reaching(season, at)):
        if number and number % 9 == 0:
            yield stage.session(chance)
        elif number:
            yield stage.clock.now + timedelta(minutes=chance.randint(6, 14))
        score(season, candidate, at, panel, low=48 if candidate.fate == at else 74)
        review(season, candidate, at, player)


def selected(
    season: Season, category: str, places: int, chosen: Sequence[Candidate] | None = None
) -> list[Candidate]:
    """Select in a category, by default those who are to be named."""
    picked = season.fated("named", category=category) if chosen is None else list(chosen)
    season.stage.register.calls.select(
        season.stage.by(season.city.namer),
        season.id,
        category=category,
        places=places,
        chosen=[each.ids[1] for each in picked],
        opinion="综合材料审核与实地考察情况，按差额择优原则选定。",
    )
    return picked


def decided(season: Season, candidates: Sequence[Candidate], document: str) -> None:
    """The chairman's office meeting decides on all of them."""
    season.stage.register.review.decide(
        season.stage.by(season.city.namer),
        season.id,
        stage="office_meeting",
        applications=[each.ids[1] for each in candidates],
        outcome="passed",
        opinion="会议审定，同意列为拟命名对象并按程序公示。",
        document=document,
    )


def posted(season: Season, candidates: Sequence[Candidate], starts_on: date | None = None) -> UUID:
    """Put them on public notice."""
    return season.stage.register.publicity.post(
        season.stage.by(season.city.namer),
        call=season.id,
        applications=[each.ids[1] for each in candidates],
        media=f"{season.city.name}网站、微信公众号",
        starts_on=starts_on,
    )


def named(season: Season, candidates: Sequence[Candidate], document: str, *, word: str) -> None:
    """Name them in one decision; each gets the next number of the year."""
    city, year = season.city, season.stage.today.year
    numbers = {}
    for candidate in candidates:
        city.numbered += 1
        candidate.number = f"{city.short}{word}{year}-{city.numbered:03d}"
        numbers[candidate.ids[1]] = candidate.number
        if candidate.upgrades is not None:
            candidate.upgrades.number = candidate.number
    season.stage.register.naming.name_all(
        season.stage.by(city.namer), season.id, numbers=numbers, document=document
    )


def plaques(season: Season, candidates: Sequence[Candidate]) -> None:
    """Hand the plaques over."""
    for candidate in candidates:
        if season.category(candidate).plaque:
            season.stage.register.naming.issue_plaque(
                season.stage.by(season.city.namer),
                candidate.ids[0],
                candidate.number,
                plaque=f"第 {candidate.number[-3:]} 号牌匾",
            )


def afterwards(
    season: Season, candidates: Sequence[Candidate], purse: Purse, amounts: Mapping[str, int]
) -> None:
    """What follows a naming: plaques at once, then each one's money and ledgers in their time."""
    stage, chance = season.stage, season.city.chance
    plaques(season, candidates)
    for candidate in candidates:
        if candidate.category in amounts:
            share = chance.choice((1.0, 1.0, 0.9, 0.8, 0.6))
            amount = amounts[candidate.category]
            stage.begin(subsidised(purse, candidate, amount, chance, share=share))
        if candidate.upgrades is None:
            stage.begin(kept(stage, candidate, since=stage.today))
            often = 0.85 if season.pack.assessment else 0.3
            stage.begin(checked_itself(stage, candidate, since=stage.today, often=often))


def concluded(season: Season) -> None:
    """Close the call's business."""
    register, stage = season.stage.register, season.stage
    register.calls.conclude(stage.by(season.city.namer), season.id, phrases.NOT_CHOSEN)
