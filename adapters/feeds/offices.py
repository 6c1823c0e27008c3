"""What a person's calendar holds: everything of the offices that they hold now."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any
from uuid import UUID

from adapters.feeds.entries import Entry
from adapters.feeds.memory import KEPT
from adapters.feeds.words import said, word
from adapters.messages.texts import Texts
from adapters.views.queries import Queries
from domain.matters import Addressee, Matter
from domain.values import Role, end_of, local, start_of

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Office:
    """A role on an organisation, as somebody holds it."""

    role: Role
    organisation: UUID


def told_to(matter: Matter, offices: Iterable[Office], today: date) -> list[Addressee]:
    """Those of some offices that a matter is told by today: those above hear of it when it is overdue."""
    held = set(offices)
    return [
        to
        for to in matter.to
        if Office(to.role, to.organisation) in held and to.concerned(matter.due_on, today)
    ]


@dataclass(frozen=True)
class Agenda:
    """The entries of somebody's offices at a moment, in one language."""

    queries: Queries
    texts: Texts
    offices: Sequence[Office]
    now: datetime
    language: str = "zh"

    def entries(self, matters: Iterable[Matter]) -> list[Entry]:
        """Everything, in no order."""
        calls = self._rows("calls", "opens_at")
        return [
            *self._duties(matters),
            *self._notices(self._rows("notices", "posted_at")),
            *self._calls(calls),
            *self._campaigns(self._rows("campaigns", "opens_on")),
            *self._visits(calls),
        ]

    @cached_property
    def federations(self) -> list[str]:
        """The federations that the offices belong to, and those below them."""
        found: set[str] = set()
        for place in {str(office.organisation) for office in self.offices}:
            found.add(self.queries.one("organisations", place)["federation"])
            below = self.queries.every("organisations", scope=place, filters={"kind": "federation"})
            found.update(row["id"] for row in below)
        return sorted(found)

    def _rows(self, view: str, since: str) -> list[Row]:
        """What is recent: a call, a notice and a campaign last for a year at the very most."""
        oldest = (self.now - 5 * KEPT).isoformat()
        filters = {"federation": self.federations, since: {"from": oldest[:10]}}
        return list(self.queries.every(view, filters=filters))

    def _duties(self, matters: Iterable[Matter]) -> Iterator[Entry]:
        today = local(self.now).date()
        names = self._names()
        for each in matters:
            to = told_to(each, self.offices, today)
            if to and each.due_on is not None:
                text = said(self.texts, each, to[0], names, language=self.language)
                yield Entry(
                    f"{each.kind}:{each.federation}:{each.subject}",
                    text.subject,
                    text.body,
                    each.link,
                    self._word("duty"),
                    each.due_on,
                    each.due_on,
                )

    def _notices(self, rows: Iterable[Row]) -> Iterator[Entry]:
        for row in rows:
            ends = datetime.fromisoformat(row["objections_until"])
            yield Entry(
                f"notice:{row['id']}",
                self._word("notice_of", call=row["call_name"]),
                self._until(ends),
                f"/notices/{row['id']}",
                self._word("notice"),
                start_of(date.fromisoformat(row["starts_on"])),
                ends,
            )

    def _calls(self, rows: Iterable[Row]) -> Iterator[Entry]:
        """One that was closed before its deadline is off."""
        for row in rows:
            ends = datetime.fromisoformat(row["deadline"]) if row["deadline"] else None
            if ends is not None and (row["status"] == "open" or ends < self.now):
                yield Entry(
                    f"call:{row['id']}",
                    self._word("call_of", call=row["title"]),
                    self._until(ends),
                    f"/calls/{row['id']}",
                    self._word("call"),
                    datetime.fromisoformat(row["opens_at"]),
                    ends,
                )

    def _campaigns(self, rows: Iterable[Row]) -> Iterator[Entry]:
        for row in rows:
            starts, ends = (date.fromisoformat(row[name]) for name in ("opens_on", "due_on"))
            if row["status"] == "open" or ends < local(self.now).date():
                yield Entry(
                    f"campaign:{row['id']}",
                    self._word("campaign_of", year=row["year"], federation=row["federation_name"]),
                    self._word("days", starts=starts, ends=ends),
                    f"/assessments/campaigns/{row['id']}",
                    self._word("campaign"),
                    min(starts, ends),
                    ends,
                )

    def _visits(self, calls: Iterable[Row]) -> Iterator[Entry]:
        """Visits to studios of one's own tree, those of a call and a day together.

        The register knows of a visit by the day on which its outcome was recorded.
        """
        titles = {row["id"]: row["title"] for row in calls}
        places = sorted({str(office.organisation) for office in self.offices}) if titles else []
        studios: dict[tuple[str, str], set[str]] = {}
        for place in places:
            asked = {"scope": place, "filters": {"call": sorted(titles)}}
            for row in self.queries.every("applications", **asked):
                if on := row["passed"].get("site_visit"):
                    studios.setdefault((row["call"], on[:10]), set()).add(row["studio_name"])
        for (call, day), names in studios.items():
            on = date.fromisoformat(day)
            one = self._word("visit_of", studio=next(iter(names)))
            yield Entry(
                f"visit:{call}:{day}",
                one if len(names) == 1 else self._word("visits_of", count=len(names)),
                "\n".join([titles[call], *sorted(names), self._word("visited", on=on)]),
                f"/calls/{call}",
                self._word("visit"),
                on,
                on,
            )

    def _names(self) -> dict[str, str]:
        """What the organisations of the offices are called, and their federations."""
        ids = {str(office.organisation) for office in self.offices} | set(self.federations)
        rows = self.queries.every("organisations", filters={"id": sorted(ids)})
        return {row["id"]: row["name"] for row in rows}

    def _until(self, ends: datetime) -> str:
        at = local(ends)
        hour = "24:00" if ends == end_of(at.date()) else f"{at:%H:%M:%S}"
        return self._word("until", at=f"{at:%Y-%m-%d} {hour}")

    def _word(self, key: str, **values: object) -> str:
        return word(self.language, key, **values)
