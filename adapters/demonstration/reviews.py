"""Reviews stage by stage: passing, rejecting by a clause, scoring, and staying away."""

from __future__ import annotations

from collections.abc import Sequence
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
    stage, chance = season.stage, season.city.chance
    passes = candidate.fate != at
    opinions = {
        "first": phrases.FIRST_PASS,
        "materials": phrases.MATERIALS_PASS,
        "site_visit": phrases.VISIT_PASS if passes else phrases.VISIT_POOR,
    }
    opinion = chance.choice(opinions.get(at, phrases.MATERIALS_PASS))
    if failing := _failing(season, candidate):
        opinion = opinion if passes else f"不予通过：{failing}"
    elif not passes and at != "site_visit":
        opinion = "佐证材料不足以证明申报内容，不予通过。"
    if not passes and failing:
        with stage.refusal("clause_failed"):
            _record(season, candidate, at, player, outcome="passed", opinion=opinion, reason=reason)
        stage.note("因条款不符不予通过", candidate.ids[0])
    outcome = "passed" if passes else "rejected"
    _record(season, candidate, at, player, outcome=outcome, opinion=opinion, reason=reason)


def _record(
    season: Season,
    candidate: Candidate,
    at: str,
    player: Player,
    *,
    outcome: str,
    opinion: str,
    reason: str | None,
) -> None:
    stage = season.stage
    stage.register.review.review(
        stage.by(player),
        *candidate.ids,
        stage=at,
        outcome=outcome,
        opinion=opinion,
        judgements=_judgements(season, candidate, at) if outcome == "passed" else {},
        reason=reason,
    )


def _verdicts(season: Season, candidate: Candidate) -> tuple[list[dict[str, Any]], set[str]]:
    studio, application = candidate.ids
    found: Studio = season.stage.register.repository.get(studio)
    held = found.application(application)
    return held.verdicts, set(held.judged)


def _failing(season: Season, candidate: Candidate) -> str | None:
    for verdict in _verdicts(season, candidate)[0] if candidate.but else ():
        if verdict["outcome"] == "fail" and verdict["force"] != "preferred":
            return str(verdict["sentence"])
    return None


def _judgements(season: Season, candidate: Candidate, at: str) -> dict[str, str]:
    """What a person has to judge is judged where the papers and the place are looked at."""
    stages = [each.id for each in season.pack.stages_for(candidate.category)]
    judging = [each for each in stages if each in JUDGING] or ["first"]
    if at not in judging:
        return {}
    verdicts, judged = _verdicts(season, candidate)
    open_ = [
        verdict["condition"]
        for verdict in verdicts
        if verdict["outcome"] == "needs_human" and verdict["condition"] not in judged
    ]
    return dict.fromkeys(open_ if at == judging[-1] else open_[::2], "pass")


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
