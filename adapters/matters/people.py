"""People: a leader to be followed, terms that end, apprenticeships that end."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Row

from adapters.matters.asking import Asking, city, listed, moment, unit
from adapters.views.tables import apprenticeships, members, studios, terms, timeline
from domain.matters import Matter

DAY = timedelta(days=1)
LEADER_WITHIN = 30 * DAY
"""How long a studio may look for a leader before it is asked why; the notices set no day."""

FORGOTTEN = 160 * DAY
"""So long after its end an agreement is asked about: nothing records that it went well.

Its last reminder comes 60 days after, and is made up for within the 92 days of `catch_up_days`.
"""

LIVING = ("registered", "applying", "named", "de_named")


def people(ask: Asking) -> Iterator[Matter]:
    """What is due because of the people of the studios."""
    yield from _leaders(ask)
    yield from _terms(ask)
    yield from _apprenticeships(ask)


def _leaders(ask: Asking) -> Iterator[Matter]:
    s = studios.table.c
    query = sa.select(s.id, s.name, s.number, s.unit, s.federation, s.leader, s.leader_case_on)
    for row in ask.rows(query.where(ask.near(studios.table), s.leader_case.is_not(None))):
        since = ask.last(row.id, "studio.leader_change_opened")
        yield Matter(
            kind="leader_change.open",
            subject=f"{row.id}/{since:%Y%m%dT%H%M%S}",
            federation=UUID(row.federation),
            to=(unit(row.unit), city(row.federation)),
            since=since,
            due_on=date.fromisoformat(row.leader_case_on) + LEADER_WITHIN,
            facts={
                "studio": row.name,
                "person": row.leader,
                **({"number": row.number} if row.number else {}),
            },
            link=f"/studios/{row.id}",
        )


def _terms(ask: Asking) -> Iterator[Matter]:
    """Terms of those who still lead or belong to the studio; together where they end together."""
    s, t, m = studios.table, terms.table, members.table
    belongs = sa.exists().where(
        ask.holds(m), m.c.studio == s.c.id, m.c.person == t.c.person, m.c.left_on.is_(None)
    )
    query = _of_studio(ask, t, "term.ends", t.c.name.label("person"))
    still = sa.or_(t.c.person == s.c.leader_id, belongs)
    groups: dict[tuple[str, str], list[Row[Any]]] = defaultdict(list)
    for row in ask.rows(query.where(still).order_by(t.c.since, t.c.id)):
        groups[row.studio, row.ends_on].append(row)
    for (studio, ends_on), rows in groups.items():
        yield _ends("term.ends", f"{studio}/{ends_on}", rows)


def _apprenticeships(ask: Asking) -> Iterator[Matter]:
    a = apprenticeships.table
    query = _of_studio(ask, a, "apprenticeship.ends", a.c.apprentice_name.label("person"), a.c.id)
    recent = query.where(a.c.ends_on >= str(ask.today - FORGOTTEN))
    for row in ask.rows(recent):
        yield _ends("apprenticeship.ends", row.id, [row])


def _of_studio(ask: Asking, table: sa.Table, kind: str, *columns: Any) -> sa.Select[Any]:
    """What ends soon or has ended, of studios that go on; with when it was recorded."""
    s = studios.table
    common = (table.c.studio, table.c.ends_on, s.c.name, s.c.unit, s.c.federation)
    joined = table.join(s, sa.and_(s.c.id == table.c.studio, ask.holds(s))).join(
        timeline, timeline.c.position == table.c.since
    )
    query = sa.select(*common, *columns, timeline.c["at"].label("at")).select_from(joined)
    until = ask.today + ask.timings.ahead(kind)
    return query.where(ask.near(table), table.c.ends_on <= str(until), s.c.status.in_(LIVING))


def _ends(kind: str, subject: str, rows: list[Row[Any]]) -> Matter:
    first = rows[0]
    more = {"count": len(rows)} if len(rows) > 1 else {}
    return Matter(
        kind=kind,
        subject=subject,
        federation=UUID(first.federation),
        to=(unit(first.unit),),
        since=min(moment(row.at) for row in rows),
        due_on=date.fromisoformat(first.ends_on),
        facts={"studio": first.name, "person": listed(row.person for row in rows), **more},
        link=f"/studios/{first.studio}/ledgers",
    )
