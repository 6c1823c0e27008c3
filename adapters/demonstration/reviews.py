"""Reviews stage by stage: passing, rejecting by a clause, scoring, and staying away."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from adapters.demonstration import phrases
from adapters.demonstration.season import Candidate, Season
from adapters.demonstration.stage import Player
from domain.model.studio import Studio

JUDGING = ("materials", "site_visit")


def review(
    season: Season, candidate: Candidate, at: str, player: Player, *, reason: str | None = None
) -> None:
    """Pass or reject at a stage, as fated; a rejection quotes the clause that failed."""
    if candidate.fate == at:
        _reject(season, candidate, at, player)
        return
    chance = season.city.chance
    opinions = {"first": phrases.FIRST_PASS, "site_visit": phrases.VISIT_PASS}
    season.stage.register.review.review(
        season.stage.by(player),
        *candidate.ids,
        stage=at,
        outcome="passed",
        opinion=chance.choice(opinions.get(at, phrases.MATERIALS_PASS)),
        judgements=dict.fromkeys(_to_judge(season, candidate, at), "pass"),
        reason=reason,
    )


def _reject(season: Season, candidate: Candidate, at: str, player: Player) -> None:
    """Reject by the clause that the rule found failing, else by one that a person judges so."""
    stage, verdicts = season.stage, _verdicts(season, candidate)
    failing = [each for each in verdicts if each["outcome"] == "fail" and _binds(each)]
    judgements = {}
    if failing:
        opinion = f"不予通过：{failing[0]['sentence']}"
        with stage.refusal("clause_failed"):
            stage.register.review.review(
                stage.by(player),
                *candidate.ids,
                stage=at,
                outcome="passed",
                opinion="同意",
                judgements=dict.fromkeys(_to_judge(season, candidate, at), "pass"),
            )
    else:
        told = [each for each in verdicts if each["outcome"] == "needs_human" and _binds(each)]
        clause = season.city.chance.choice(told)
        judgements = {clause["condition"]: "fail"}
        seen = season.city.chance.choice(phrases.VISIT_POOR)
        opinion = f"{seen}（{clause['clause']} {clause['text'][:60]}）"
    stage.register.review.review(
        stage.by(player),
        *candidate.ids,
        stage=at,
        outcome="rejected",
        opinion=opinion,
        judgements=judgements,
    )
    stage.note("因条款不符不予通过", candidate.ids[0])


def turned_away(season: Season, candidate: Candidate, player: Player, opinion: str) -> None:
    """Reject at the first review without finding fault."""
    season.stage.register.review.review(
        season.stage.by(player),
        *candidate.ids,
        stage="first",
        outcome="rejected",
        opinion=opinion,
    )


def _binds(verdict: Mapping[str, Any]) -> bool:
    return bool(verdict["force"] != "preferred")


def _verdicts(season: Season, candidate: Candidate) -> list[dict[str, Any]]:
    studio, application = candidate.ids
    found: Studio = season.stage.register.repository.get(studio)
    return found.application(application).verdicts


def _to_judge(season: Season, candidate: Candidate, at: str) -> list[str]:
    """What a person has to judge is judged where the papers and the place are looked at."""
    stages = [each.id for each in season.pack.stages_for(candidate.category)]
    judging = [each for each in stages if each in JUDGING] or ["first"]
    if at not in judging:
        return []
    open_ = [
        str(verdict["condition"])
        for verdict in _verdicts(season, candidate)
        if verdict["outcome"] == "needs_human"
    ]
    if judging == [at]:
        return open_
    return open_[1::2] if at == judging[-1] else open_[::2]


def score(
    season: Season, candidate: Candidate, at: str, panel: Sequence[Player], *, low: int = 72
) -> None:
    """Each of a panel gives points; who is tied to the candidate is kept away, on the record."""
    stage, chance = season.stage, season.city.chance
    for player in panel:
        if _tied(candidate, player, season):
            with stage.refusal("recused"):
                _points(season, candidate, at, player, 0)
            stage.note("评审回避", candidate.ids[0])
            continue
        _points(season, candidate, at, player, chance.randint(low, low + 24))


def _tied(candidate: Candidate, player: Player, season: Season) -> bool:
    home = season.guests.get(player.username)
    return home is not None and home in (candidate.union.id, candidate.place.id)


def _points(season: Season, candidate: Candidate, at: str, player: Player, points: int) -> None:
    season.stage.register.review.score(
        season.stage.by(player),
        *candidate.ids,
        stage=at,
        points=points,
        opinion=season.city.chance.choice(phrases.SCORED),
    )
