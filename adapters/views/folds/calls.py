"""Calls, their notices, and the objections."""

from __future__ import annotations

from typing import Any

from adapters.views.folds.dispatch import dump, load, on, text, uid
from adapters.views.folds.organisations import path_of
from adapters.views.tables import calls, notices, objections
from adapters.views.versions import Fold, Row


@on("call.opened")
def opened(fold: Fold, e: Any) -> None:
    fold.add(
        calls,
        uid(e.originator_id),
        title=e.title,
        federation=uid(e.federation),
        path=path_of(fold, e.federation),
        policy=e.policy.id,
        policy_version=e.policy.version,
        policy_digest=e.policy.digest,
        opens_at=e.opens_at.isoformat(),
        deadline=e.deadline.isoformat() if e.deadline else None,
        status="open",
        opened_at=fold.position,
    )


@on("call.deadline_explained", reads="calls")
def deadline_explained(fold: Fold, e: Any) -> None:
    stated = e.stated.isoformat()
    fold.change(calls, uid(e.originator_id), notice_deadline=stated, deadline_reason=e.reason)


@on("call.extended", reads="calls")
def extended(fold: Fold, e: Any) -> None:
    # A call that only its deadline had closed is open again.
    fold.change(calls, uid(e.originator_id), deadline=e.deadline.isoformat(), status="open")


@on("call.closed", reads="calls")
@on("call.deadline_passed", reads="calls")
def closed(fold: Fold, e: Any) -> None:
    fold.change(calls, uid(e.originator_id), status="closed")


@on("call.concluded", reads="calls")
def concluded(fold: Fold, e: Any) -> None:
    fold.change(calls, uid(e.originator_id), status="concluded", named=e.named)


def _clock(clock: Any) -> Row:
    return {
        "starts_on": str(clock.starts_on),
        "ends_on": str(clock.ends_on),
        "objections_until": clock.objections_until.isoformat(),
        "days": clock.days,
        "day_kind": clock.unit,
        "count_first_day": clock.count_first_day,
        "calendar": clock.calendar,
        "provisional": clock.provisional,
    }


@on("notice.posted")
def posted(fold: Fold, e: Any) -> None:
    call = fold.get(calls, uid(e.call)) or {}
    fold.add(
        notices,
        uid(e.originator_id),
        call=uid(e.call),
        federation=call.get("federation"),
        path=call.get("path", ""),
        posted_at=e.timestamp.isoformat(),
        media=e.media,
        content=e.content,
        status="running",
        entries_at=fold.position,
        objections_open=0,
        dropped="[]",
        **_clock(e.clock),
    )


@on("notice.extended")
@on("notice.clock_recomputed")
def notice_extended(fold: Fold, e: Any) -> None:
    fold.change(notices, uid(e.originator_id), **_clock(e.clock))


@on("notice.restarted")
def restarted(fold: Fold, e: Any) -> None:
    id = uid(e.originator_id)
    fold.change(notices, id, entries_at=fold.position, content=e.content, **_clock(e.clock))


@on("notice.completed")
def completed(fold: Fold, e: Any) -> None:
    fold.change(notices, uid(e.originator_id), status="completed")


@on("notice.dropped")
def dropped(fold: Fold, e: Any) -> None:
    _drop(fold, uid(e.originator_id), uid(e.studio))


def _drop(fold: Fold, notice: str, studio: str) -> None:
    gone = {*load(fold.row(notices, notice)["dropped"]), studio}
    fold.change(notices, notice, dropped=dump(sorted(gone)))


def _waiting(fold: Fold, notice: str, step: int) -> None:
    count = fold.row(notices, notice)["objections_open"]
    fold.change(notices, notice, objections_open=count + step)


@on("notice.objection_raised")
def raised(fold: Fold, e: Any) -> None:
    notice = uid(e.originator_id)
    fold.add(
        objections,
        uid(e.objection),
        notice=notice,
        studio=text(e.studio),
        path=fold.row(notices, notice)["path"],
        kind=e.kind,
        received_at=e.received_at.isoformat(),
        status="open",
        anonymous=e.objector is None,
        raised_at=fold.position,
    )
    if e.kind == "objection":
        _waiting(fold, notice, 1)


@on("notice.lead_adopted")
def adopted(fold: Fold, e: Any) -> None:
    fold.change(objections, uid(e.objection), kind="objection")
    _waiting(fold, uid(e.originator_id), 1)


@on("notice.objection_closed")
def objection_closed(fold: Fold, e: Any) -> None:
    id = uid(e.objection)
    row = fold.row(objections, id)
    if row["kind"] == "objection":
        _waiting(fold, row["notice"], -1)
    if e.upheld and row["studio"]:
        _drop(fold, row["notice"], row["studio"])
    fold.change(objections, id, status="closed", upheld=e.upheld, closed_at=fold.position)
