"""Calls: that one is open, which unions have recommended nobody yet, and how many these are."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Row

from adapters.matters.asking import Asking, Place, city, listed, moment
from adapters.views.tables import applications
from adapters.views.tables import calls as view
from domain.matters import Addressee, Matter
from domain.values import Role, local


def calls(ask: Asking) -> Iterator[Matter]:
    """What is due in the calls that are open now, up to the deadline's last moment."""
    c = view.table.c
    query = sa.select(c.id, c.title, c.federation, c.policy, c.opens_at, c.deadline)
    for call in ask.rows(query.where(ask.holds(view.table), c.status == "open")):
        deadline = moment(call.deadline) if call.deadline else None
        if moment(call.opens_at) <= ask.now and (deadline is None or ask.now <= deadline):
            yield from _of(ask, call, deadline)


def next_opening(ask: Asking) -> datetime | None:
    """When the next call opens; a call may be entered before it does."""
    c = view.table.c
    query = sa.select(c.opens_at).where(ask.holds(view.table), c.status == "open")
    return min(
        (at for row in ask.rows(query) if (at := moment(row.opens_at)) > ask.now), default=None
    )


def _of(ask: Asking, call: Row[Any], deadline: datetime | None) -> Iterator[Matter]:
    unions = ask.unions(call.federation)
    if not unions:
        return
    facts: dict[str, str | int] = {"call": call.title}
    if deadline is not None:
        facts["deadline"] = ask.hour(call.federation, deadline)
    common: dict[str, Any] = {
        "federation": UUID(call.federation),
        "since": moment(call.opens_at),
        "link": f"/calls/{call.id}",
    }
    to = tuple(_union(union) for union in unions)
    yield Matter(kind="call.opens", subject=call.id, to=to, due_on=None, facts=facts, **common)
    if deadline is None:
        return
    common["due_on"] = local(deadline).date()
    busy = _recommending(ask, call)
    silent = [union for union in unions if union.id not in busy]
    for union in silent:
        subject = f"{call.id}/{union.id}"
        to = (_union(union),)
        own = {**facts, "union": union.name, "count": 0}
        yield Matter(kind="call.filing", subject=subject, to=to, facts=own, **common)
    if silent:
        names = listed(union.name for union in silent)
        facts = {**facts, "count": len(silent), "unions": names}
        to = (city(call.federation),)
        yield Matter(kind="call.silent_unions", subject=call.id, to=to, facts=facts, **common)


def _union(union: Place) -> Addressee:
    return Addressee(UUID(union.id), Role.RECOMMENDING_UNION)


def _recommending(ask: Asking, call: Row[Any]) -> set[str]:
    """The unions that have recommended somebody; where they need not, for whom somebody applied."""
    c = applications.table.c
    policy = ask.policies.get(call.policy)
    reviews = policy is not None and any(stage.id == "first" for stage in policy.stages)
    states = ("recommended", "selected", "named") if reviews else (
        "entered", "recommended", "selected", "named",
    )  # fmt: skip
    query = sa.select(c.recommender).distinct()
    query = query.where(ask.holds(applications.table), c.call == call.id, c.call_state.in_(states))
    return {row.recommender for row in ask.rows(query)}
