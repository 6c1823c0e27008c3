"""What happens to named studios: another leader, another name, a merger, an end."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

from adapters.demonstration.cast import City
from adapters.demonstration.dossiers import Applicant, dossier
from adapters.demonstration.season import Candidate, Season
from domain.policy.policy import Category


def leaving(season: Season, candidate: Candidate, why: str, reason: str, *, days: int = 1) -> None:
    """The unit reports that the leader went some days ago; the studio waits for a successor."""
    stage = season.stage
    stage.register.naming.open_leader_change(
        stage.by(candidate.place.player),
        candidate.ids[0],
        why=why,
        on=stage.today - timedelta(days=days),
        reason=reason,
    )


def stayed(season: Season, candidate: Candidate, reason: str) -> None:
    """The case of a change is closed: the leader stays."""
    stage = season.stage
    stage.register.naming.close_leader_change(
        stage.by(season.city.namer), candidate.ids[0], reason=reason
    )
    stage.note("领衔人留任", candidate.ids[0])


def succeeded(season: Season, candidate: Candidate, reason: str, *, fitting: bool = True) -> None:
    """A successor takes over, and the studio takes the new name where the rule makes it so.

    One who does not fit is refused first: no honour, no succession.
    """
    stage, city, category = season.stage, season.city, season.category(candidate)
    about = _under_another(city, candidate, category)
    on = stage.today
    facts = dossier(category, about, on, city.chance)["leader"]
    held = {key: facts[key] for key in ("honours", "titles") if key in facts}
    if not fitting:
        with stage.refusal("clause_failed"):
            _change(
                city, candidate, _under_another(city, candidate, category), {"honours": []}, reason
            )
    _change(city, candidate, about, held, reason)
    candidate.applicant = about
    stage.note("领衔人变更并更名", candidate.ids[0])


def _under_another(city: City, candidate: Candidate, category: Category) -> Applicant:
    leader = city.stage.people.person(city.chance)
    name = candidate.about.name
    if category.naming is not None:
        name = category.naming.apply(leader.name)
    return replace(candidate.about, leader=leader, name=name, honours=(), titles=())


def _change(
    city: City, candidate: Candidate, about: Applicant, facts: dict[str, object], reason: str
) -> None:
    city.stage.register.naming.change_leader(
        city.stage.by(city.namer),
        candidate.ids[0],
        leader=about.leader.as_leader(about.job),
        facts=facts,
        reason=reason,
        name=about.name if about.name != candidate.about.name else None,
    )


def merged(season: Season, olds: tuple[Candidate, Candidate], decision: str, *, name: str) -> UUID:
    """Two studios end in favour of a third, which inherits their age by the decision."""
    stage, city = season.stage, season.city
    first = olds[0]
    links = [{"studio": old.ids[0], "inherits": True, "decision": decision} for old in olds]
    successor = stage.register.intake.register_studio(
        stage.by(city.namer),
        unit=first.place.id,
        name=name,
        leader=first.about.leader.as_leader(first.about.job),
        founded_on=min(old.about.founded_on for old in olds),
        predecessors=links,
    )
    for old in olds:
        stage.register.naming.merge(
            stage.by(city.namer),
            old.ids[0],
            successor=successor,
            decision=decision,
            on=stage.today - timedelta(days=1),
        )
        stage.note("合并", old.ids[0])
    stage.note("合并后新建", successor)
    return successor


def closed(season: Season, candidate: Candidate, reason: str) -> None:
    """A studio is closed; what its grants have not paid is free again."""
    stage = season.stage
    stage.register.naming.close(
        stage.by(season.city.namer), candidate.ids[0], reason=reason, on=stage.today
    )
    stage.note("关闭", candidate.ids[0])
