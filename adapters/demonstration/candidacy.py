"""A candidate's way from its unit to its recommending union's decision."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from adapters.demonstration import phrases
from adapters.demonstration.dossiers import Applicant, dossier
from adapters.demonstration.reviews import review, turned_away
from adapters.demonstration.season import Candidate, Season
from adapters.demonstration.stage import Story

SCANNED = 0.4
"""The share of units that hand the sealed form in as a scan too."""


def opening(
    season: Season,
    *,
    title: str,
    deadline: datetime | None = None,
    amounts: Mapping[str, Any] | None = None,
    uses: Mapping[str, str] | None = None,
) -> None:
    """Open the call and let its candidates begin."""
    stage, city = season.stage, season.city
    season.call = stage.register.calls.open(
        stage.by(city.namer),
        policy=season.pack.id,
        title=title,
        federation=city.id,
        deadline=deadline,
        reason=f"沿用{season.pack.document.name}的办法，时间按{season.opens.year}年安排",
        amounts=amounts,
        uses=uses,
    )
    for candidate in season.candidates:
        stage.begin(candidacy(season, candidate))


def candidacy(season: Season, candidate: Candidate) -> Story:
    """One candidate's way from its unit to its recommending union's decision."""
    stage, city = season.stage, season.city
    chance = city.chance
    after = candidate.beside is not None
    yield stage.office(season.day(0.4 if after else chance.uniform(0.05, 0.3)), chance)
    introduce(season, candidate)
    yield stage.office(season.day(0.72 if after else chance.uniform(0.32, 0.6)), chance)
    apply(season, candidate)
    yield stage.later(chance.randint(1, 3), chance)
    if candidate.fate == "withdrawn":
        register, why = stage.register, chance.choice(phrases.WITHDRAWN)
        register.intake.withdraw(stage.by(candidate.place.player), *candidate.ids, why)
        stage.note("撤回", candidate.ids[0])
        return
    if candidate.returned:
        yield from _return(season, candidate)
    share = 0.96 if candidate.over or candidate.fate == "over" else chance.uniform(0.82, 0.93)
    yield stage.office(season.day(share), chance)
    _first(season, candidate)


def introduce(season: Season, candidate: Candidate) -> None:
    """Register the unit, unless it is known, and its studio, unless it is."""
    stage, city = season.stage, season.city
    if candidate.upgrades is not None:
        earlier = candidate.upgrades
        candidate.unit, candidate.studio = earlier.unit, earlier.studio
        candidate.applicant = earlier.applicant
        return
    if candidate.beside is not None:
        candidate.unit = candidate.beside.unit
    candidate.unit = candidate.unit or city.enrol_unit(candidate.union)
    founded = candidate.founded or date(
        season.opens.year - city.chance.randint(4, 7),
        city.chance.randint(1, 12),
        city.chance.randint(1, 28),
    )
    if candidate.applicant is None:
        applicant = city.applicant(candidate.unit, season.category(candidate), founded)
        candidate.applicant = _with_past(season, candidate, applicant)
    candidate.studio = stage.register.intake.register_studio(
        stage.by(candidate.unit.player),
        unit=candidate.unit.id,
        name=candidate.about.name,
        leader=candidate.about.leader.as_leader(candidate.about.job),
        founded_on=founded,
    )


def _with_past(season: Season, candidate: Candidate, applicant: Applicant) -> Applicant:
    if not candidate.named_before:
        return applicant
    year = season.opens.year - 3
    earlier = {
        "level": "city",
        "name": "创新工作室",
        "on": f"{year}-04-28",
        "studio_name": applicant.name,
        "document": f"{season.city.short}工发〔{year}〕18号",
    }
    return Applicant(**{**vars(applicant), "named_before": (earlier,)})


def apply(season: Season, candidate: Candidate) -> None:
    """File the dossier with its form as a file, and pass it in the unit's own union."""
    stage, chance = season.stage, season.city.chance
    player, about = candidate.place.player, candidate.about
    mandate = stage.by(player)
    lines = (season.pack.document.title[:24], f"工作室：{about.name}", f"单位：{about.unit.name}")
    forms = []
    if chance.random() < SCANNED:
        forms = [stage.files.hand_in(mandate, f"{about.leader.name}申报表", lines)]
    made = dossier(season.category(candidate), about, mandate.on, chance, candidate.but)
    if candidate.beside is not None:
        with stage.refusal("reason_required"):
            stage.register.intake.apply(
                stage.by(player),
                call=season.id,
                category=candidate.category,
                dossier=made,
                studio=candidate.studio,
            )
    candidate.studio, candidate.application = stage.register.intake.apply(
        stage.by(player),
        call=season.id,
        category=candidate.category,
        dossier=made,
        evidence=forms,
        studio=candidate.studio,
        reason=candidate.over,
    )
    stage.register.review.review(
        stage.by(player),
        *candidate.ids,
        stage="unit",
        outcome="passed",
        opinion=chance.choice(phrases.UNIT_AGREES),
    )


def _return(season: Season, candidate: Candidate) -> Story:
    stage, chance = season.stage, season.city.chance
    officer = candidate.union.officer
    stage.register.review.give_back(
        stage.by(officer),
        *candidate.ids,
        reason=chance.choice(phrases.RETURNED),
        amend_by=stage.office(season.day(0.95), chance),
    )
    stage.note("退回补正", candidate.ids[0])
    yield stage.later(chance.randint(2, 4), chance)
    mandate = stage.by(candidate.place.player)
    proof = stage.files.hand_in(mandate, "补充证明", (candidate.about.name, "补正说明及佐证"))
    made = dossier(season.category(candidate), candidate.about, mandate.on, chance, candidate.but)
    stage.register.intake.amend(
        stage.by(candidate.place.player), *candidate.ids, dossier=made, evidence=[proof]
    )


def _first(season: Season, candidate: Candidate) -> None:
    """The recommending union's review, with what is waived and what is over the quota."""
    stage, officer = season.stage, candidate.union.officer
    if candidate.waives is not None:
        condition, reason = candidate.waives
        with stage.refusal("override_required"):
            review(season, candidate, "first", officer)
        stage.register.review.override(
            stage.by(season.city.namer), *candidate.ids, condition=condition, reason=reason
        )
        stage.note("原则性条件破例", candidate.ids[0])
    if candidate.fate == "over":
        with stage.refusal("quota_exceeded"):
            review(season, candidate, "first", officer)
        turned_away(season, candidate, officer, "本单位推荐名额已满，择优后不予推荐。")
        stage.note("硬性名额已满", candidate.ids[0])
        return
    if candidate.over and any(q.per == "recommending_union" for q in season.pack.quotas):
        with stage.refusal("reason_required"):
            review(season, candidate, "first", officer)
    if candidate.over:
        stage.note("超额推荐有理由", candidate.ids[0])
    review(season, candidate, "first", officer, reason=candidate.over)
