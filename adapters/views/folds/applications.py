"""Applications: where each stands in its stages, and what the reviews and the notice did to it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from adapters.views.folds.dispatch import dump, load, on, text, uid
from adapters.views.folds.studios import application_closed as no_longer_open
from adapters.views.folds.studios import application_opened, due
from adapters.views.tables import applications, calls, studios
from adapters.views.versions import Fold, Row

OPEN = ("under_review", "returned")


@on("studio.applied", reads="studios")
def applied(fold: Fold, e: Any) -> None:
    studio = fold.row(studios, uid(e.originator_id))
    call = fold.get(calls, uid(e.call)) or {}
    id = uid(e.application)
    fold.add(
        applications,
        id,
        studio=studio["id"],
        call=uid(e.call),
        category=e.category,
        unit=studio["unit"],
        recommender=studio["recommender"],
        federation=call.get("federation"),
        path=studio["path"],
        policy=e.policy.id,
        status="under_review",
        stage=_next(e.stages, {}, publicity=e.publicity),
        stages=dump(e.stages),
        passed="{}",
        publicity=e.publicity,
        submitted_at=e.timestamp.isoformat(),
        submitted_by=text(e.by.account),
        reason=e.reason,
        judged="{}",
        overridden="[]",
        reviews="[]",
        scores="[]",
        objections="[]",
        exceeded="[]",
        score_count=0,
        score_total=0,
        first_at=fold.position,
        dossier_at=fold.position,
        **_summary(e.verdicts, (), {}),
    )
    application_opened(fold, studio["id"], id)


def _summary(
    verdicts: Iterable[Mapping[str, Any]], overridden: Iterable[str], judged: Mapping[str, str]
) -> Row:
    """How many clauses passed, failed and wait for a human; `barring` counts what must not fail."""
    found = {"pass": 0, "fail": 0, "needs_human": 0}
    barring = 0
    waived = set(overridden)
    for verdict in verdicts:
        outcome = judged.get(verdict["condition"], verdict["outcome"])
        found[outcome] += 1
        waives = verdict["condition"] in waived or verdict["force"] == "preferred"
        barring += outcome == "fail" and not waives
    return {
        "clauses_passed": found["pass"],
        "clauses_failed": found["fail"],
        "clauses_open": found["needs_human"],
        "barring": barring,
    }


def _next(stages: Iterable[str], passed: Mapping[str, str], *, publicity: bool) -> str:
    """The stage that is next; after the reviews the notice, if there is one, then the naming."""
    rest = (stage for stage in stages if stage not in passed)
    return next(rest, "publicity" if publicity else "naming")


def _change(fold: Fold, e: Any, **values: Any) -> None:
    fold.change(applications, uid(e.application), **values)


def _end(fold: Fold, e: Any, status: str, **values: Any) -> None:
    """The application is decided: it no longer counts as one that is open."""
    id, studio = uid(e.application), uid(e.originator_id)
    _change(fold, e, status=status, amend_by=None, **values)
    no_longer_open(fold, studio, id)
    due(fold, studio, f"amend:{id}", None)


@on("studio.amended", reads="studios applications")
def amended(fold: Fold, e: Any) -> None:
    _change(
        fold,
        e,
        status="under_review",
        amend_by=None,
        dossier_at=fold.position,
        judged="{}",
        overridden="[]",
        **_summary(e.verdicts, (), {}),
    )
    due(fold, uid(e.originator_id), f"amend:{uid(e.application)}", None)


@on("studio.returned", reads="studios applications")
def returned(fold: Fold, e: Any) -> None:
    until = e.amend_by.isoformat() if e.amend_by else None
    _change(fold, e, status="returned", amend_by=until, reason=e.reason)
    due(fold, uid(e.originator_id), f"amend:{uid(e.application)}", until)


@on("studio.withdrawn", reads="studios applications")
def withdrawn(fold: Fold, e: Any) -> None:
    _end(fold, e, "withdrawn", reason=e.reason)


@on("studio.application_closed", reads="studios applications")
def application_closed(fold: Fold, e: Any) -> None:
    _end(fold, e, "rejected", reason=e.reason)


@on("studio.overridden", reads="applications")
def overridden(fold: Fold, e: Any) -> None:
    row = fold.row(applications, uid(e.application))
    waived = sorted({*load(row["overridden"]), e.condition})
    _change(fold, e, overridden=dump(waived), barring=max(row["barring"] - 1, 0))


@on("studio.reviewed", reads="studios applications")
def reviewed(fold: Fold, e: Any) -> None:
    row = fold.row(applications, uid(e.application))
    review = {
        "stage": e.stage,
        "outcome": e.outcome,
        "on": e.on,
        "account": e.by.account,
        "position": fold.position,
    }
    values: Row = {"reviews": dump([*load(row["reviews"]), review])}
    if e.judgements:
        judged = {**load(row["judged"]), **e.judgements}
        values["judged"] = dump(judged)
        values |= _summary(e.verdicts, load(row["overridden"]), judged)
    if e.outcome != "passed":
        _end(fold, e, "rejected", **values)
        return
    passed = {**load(row["passed"]), e.stage: str(e.on)}
    stage = _next(load(row["stages"]), passed, publicity=row["publicity"])
    _change(fold, e, passed=dump(passed), stage=stage, **values)


@on("studio.scored", reads="applications")
def scored(fold: Fold, e: Any) -> None:
    row = fold.row(applications, uid(e.application))
    score = {
        "stage": e.stage,
        "points": e.points,
        "account": e.by.account,
        "position": fold.position,
    }
    _change(
        fold,
        e,
        scores=dump([*load(row["scores"]), score]),
        score_count=row["score_count"] + 1,
        score_total=row["score_total"] + e.points,
    )


@on("studio.publicized", reads="applications")
def publicized(fold: Fold, e: Any) -> None:
    _change(fold, e, notice=uid(e.notice), notice_ends_on=str(e.clock.ends_on))


@on("studio.objection_raised", reads="applications")
def objection_raised(fold: Fold, e: Any) -> None:
    if e.kind == "objection":
        held = load(fold.row(applications, uid(e.application))["objections"])
        _change(fold, e, objections=dump(sorted({*held, uid(e.objection)})))


@on("studio.objection_closed", reads="studios applications")
def objection_closed(fold: Fold, e: Any) -> None:
    row = fold.row(applications, uid(e.application))
    rest = dump(sorted({*load(row["objections"])} - {uid(e.objection)}))
    if e.upheld and row["status"] in OPEN:
        _end(fold, e, "dropped", objections=rest, reason=e.finding)
    else:
        _change(fold, e, objections=rest)


@on("studio.unlisted", reads="applications")
def unlisted(fold: Fold, e: Any) -> None:
    _change(fold, e, notice=None, notice_ends_on=None)


@on("studio.publicity_completed", reads="applications")
def publicity_completed(fold: Fold, e: Any) -> None:
    _change(fold, e, stage="naming")


@on("studio.named", reads="studios applications")
@on("studio.upgraded", reads="studios applications")
def named(fold: Fold, e: Any) -> None:
    _end(fold, e, "named", number=e.number, stage=None)


@on("call.application_entered", reads="applications")
def entered(fold: Fold, e: Any) -> None:
    _change(
        fold,
        e,
        call_state="entered",
        recommender=uid(e.recommender),
        exceeded=dump(e.exceeded),
        quota_reason=e.reason,
        late=e.late,
    )


@on("call.application_recommended", reads="applications")
def recommended(fold: Fold, e: Any) -> None:
    row = fold.row(applications, uid(e.application))
    over = [*load(row["exceeded"]), *e.exceeded]
    reason = e.reason or row["quota_reason"]
    _change(fold, e, call_state="recommended", exceeded=dump(over), quota_reason=reason)
    _change(fold, e, late=row["late"] or e.late)


@on("call.ranked")
def ranked(fold: Fold, e: Any) -> None:
    for place, application in enumerate(e.order, start=1):
        fold.change(applications, uid(application), rank=place)


@on("call.selected")
def selected(fold: Fold, e: Any) -> None:
    for application in e.chosen:
        fold.change(applications, uid(application), call_state="selected")


@on("call.application_left", reads="applications")
def left(fold: Fold, e: Any) -> None:
    _change(fold, e, call_state="left", left_why=e.why)


@on("call.application_named", reads="applications")
def named_in_call(fold: Fold, e: Any) -> None:
    _change(fold, e, call_state="named")
