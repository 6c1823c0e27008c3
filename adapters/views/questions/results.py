"""What a file of results is compared with: namings by their numbers, and results that are recorded."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from typing import NamedTuple
from uuid import UUID

import sqlalchemy as sa

from adapters.views.questions.moment import Asking, below
from adapters.views.tables import checks, namings, studios


class Numbered(NamedTuple):
    """A naming by its number: whose it is, and under which policy."""

    studio: UUID
    name: str
    policy: str


class Filed(NamedTuple):
    """A recorded result: the grade at first and now, what was found, when it was received (ISO)."""

    first_grade: str
    grade: str
    grade_name: str
    findings: str
    received_on: str


class Results(Asking):
    """Questions in batches; the answers are as of now."""

    def numbered(
        self, numbers: Collection[str], *, scope: UUID, named_by: UUID | None = None
    ) -> dict[str, list[Numbered]]:
        """The namings that have these numbers, at or below an organisation; `named_by`: only that
        federation's own.
        """
        t, s = namings.table.c, studios.table.c
        found: dict[str, list[Numbered]] = defaultdict(list)
        with self.at(None) as moment:
            query = sa.select(t.number, t.studio, s.name, t.policy).where(
                t.number.in_(sorted(set(numbers))),
                moment.holds(namings.table),
                s.id == t.studio,
                moment.holds(studios.table),
            )
            query = query.where(below(namings.table, moment.path(scope) or ""))
            if named_by is not None:
                query = query.where(t.federation == str(named_by))
            for number, studio, name, policy in moment.connection.execute(query):
                found[number].append(Numbered(UUID(studio), name, policy))
        return found

    def filed(
        self, studios: Iterable[UUID], *, year: int, assessor: str
    ) -> dict[tuple[UUID, str], Filed]:
        """What an assessor has recorded of a year for some studios' namings, by studio and number."""
        c = checks.table.c
        columns = [c[name] for name in Filed._fields]
        with self.at(None) as moment:
            query = sa.select(c.studio, c.number, *columns).where(
                c.studio.in_(sorted({str(id) for id in studios})),
                moment.holds(checks.table),
                c.year == year,
                c.assessor == assessor,
            )
            rows = moment.connection.execute(query).all()
        return {(UUID(studio), number): Filed(*rest) for studio, number, *rest in rows}
