"""Namings: given, raised, plaqued, ended by rule or with the studio, and given back."""

from __future__ import annotations

from typing import Any

from adapters.views.folds.dispatch import dump, load, naming_id, on, text, uid
from adapters.views.folds.studios import hold
from adapters.views.tables import applications, namings, standings, studios
from adapters.views.versions import Fold


def _add(fold: Fold, e: Any, application: Any = None, **more: Any) -> None:
    studio = fold.row(studios, uid(e.originator_id))
    fold.add(
        namings,
        f"{studio['id']}/{e.number}",
        studio=studio["id"],
        number=e.number,
        level=e.level,
        category=e.category,
        unit=studio["unit"],
        recommender=studio["recommender"],
        federation=uid(e.federation),
        path=studio["path"],
        named_on=str(e.on),
        status="active",
        document=e.document,
        policy=e.policy.id,
        policy_version=e.policy.version,
        policy_digest=e.policy.digest,
        application=text(application),
        failed_years="[]",
        rectify_by="{}",
        alerts="{}",
        failing_run=0,
        named_at=fold.position,
        proposed=False,
        reinstatement_case=False,
        **more,
    )
    fold.add(standings, f"{studio['id']}/{e.number}", results="{}", missed="[]")
    known = {"level": e.level, "category": e.category, "policy": e.policy.id}
    held = {**known, "federation": uid(e.federation), "named_on": str(e.on)}
    hold(fold, studio["id"], e.number, status="active", run=0, **held)


def _submitter(fold: Fold, application: Any) -> str | None:
    row = fold.get(applications, uid(application))
    return row["submitted_by"] if row else None


@on("studio.named", reads="studios applications")
def named(fold: Fold, e: Any) -> None:
    by, submitter = text(e.by.account), _submitter(fold, e.application)
    _add(fold, e, e.application, named_by=by, submitted_by=submitter)


@on("studio.upgraded", reads="studios applications")
def upgraded(fold: Fold, e: Any) -> None:
    studio = uid(e.originator_id)
    fold.change(
        namings,
        f"{studio}/{e.from_number}",
        status="upgraded",
        ended_on=str(e.on),
        succeeded_by=e.number,
    )
    hold(fold, studio, e.from_number, status="upgraded")
    by, submitter = text(e.by.account), _submitter(fold, e.application)
    more = {"named_by": by, "submitted_by": submitter, "from_number": e.from_number}
    _add(fold, e, e.application, **more)


@on("studio.naming_recorded", reads="studios")
def naming_recorded(fold: Fold, e: Any) -> None:
    _add(fold, e)


def change(fold: Fold, e: Any, **values: Any) -> None:
    """Change the naming that an event is about."""
    fold.change(namings, naming_id(e), **values)


@on("studio.plaque_issued", reads="namings")
def plaque_issued(fold: Fold, e: Any) -> None:
    change(fold, e, plaque=e.plaque, plaque_on=str(e.on))


@on("studio.failed_three_years", reads="studios namings")
def failed_three_years(fold: Fold, e: Any) -> None:
    run = len(e.years)
    change(fold, e, proposed=True, failed_years=dump(e.years), failing_run=run)
    hold(fold, uid(e.originator_id), e.number, run=run)


@on("studio.proposal_withdrawn", reads="namings")
def proposal_withdrawn(fold: Fold, e: Any) -> None:
    change(fold, e, proposed=False, failed_years="[]")


@on("studio.de_named", reads="studios namings")
def de_named(fold: Fold, e: Any) -> None:
    change(
        fold,
        e,
        status="de_named",
        ended_on=str(e.on),
        ended_reason=e.reason,
        ended_document=e.document,
        proposed=False,
    )
    hold(fold, uid(e.originator_id), e.number, status="de_named")


@on("studio.other_namings_alerted")
def other_namings_alerted(fold: Fold, e: Any) -> None:
    for other in e.others:
        id = f"{uid(e.originator_id)}/{other['number']}"
        alerts = load(fold.row(namings, id)["alerts"])
        _alert(fold, id, {**alerts, e.number: str(e.on)})


def _alert(fold: Fold, id: str, alerts: dict[str, str]) -> None:
    last = max(alerts.values(), default=None)
    fold.change(namings, id, alerts=dump(alerts), alerted_on=last)


@on("studio.reinstatement_case_opened", reads="namings")
def case_opened(fold: Fold, e: Any) -> None:
    change(fold, e, reinstatement_case=True)


@on("studio.reinstated", reads="studios namings")
def reinstated(fold: Fold, e: Any) -> None:
    nothing = dict.fromkeys(("ended_on", "ended_reason", "ended_document"))
    change(fold, e, status="active", reinstatement_case=False, **nothing)
    studio = uid(e.originator_id)
    hold(fold, studio, e.number, status="active")
    for other in load(fold.row(studios, studio)["namings"]):
        alerts = load(fold.row(namings, f"{studio}/{other}")["alerts"])
        if alerts.pop(e.number, None):
            _alert(fold, f"{studio}/{other}", alerts)


@on("studio.reinstatement_declined", reads="namings")
def declined(fold: Fold, e: Any) -> None:
    change(fold, e, reinstatement_case=False)
