"""What is said because something was recorded: a follower of the log writes it into the same transaction."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final
from uuid import UUID

import orjson
import sqlalchemy as sa
from sqlalchemy import Connection

from adapters.log.recorder import Recorded
from adapters.messages.outbox import post
from adapters.views.shape import FOREVER, View
from adapters.views.tables import calls, campaigns, namings, notices, organisations, studios
from domain.matters import Message
from domain.ports import Policies
from domain.values import Role, local

Office = tuple[UUID, Role]
Facts = dict[str, str | int]
Row = Any


class Outbox:
    """Follows the log, after the views, whose rows it reads; the policies tell how a rule counts."""

    def __init__(self, policies: Policies) -> None:
        self._policies = policies

    def follow(self, connection: Connection, recorded: Sequence[Recorded]) -> None:
        """Write what these events give occasion to say; an error undoes the append."""
        for _, event in recorded:
            say = SAYING.get(event.TOPIC)
            if say is not None:
                said = say(Present(connection, self._policies), event)
                post(connection, said.messages(event), event.timestamp)


class Present:
    """The views as they are in this transaction."""

    def __init__(self, connection: Connection, policies: Policies) -> None:
        self._connection = connection
        self._policies = policies

    def counting(self, naming: str) -> str:
        """How failures are counted under a naming's rule; in a row where the policy is here no more."""
        policy = self.row(namings, naming).policy
        rule = self._policies[policy].assessment if policy in self._policies else None
        return rule.counting if rule else "in_a_row"

    def row(self, view: View, id: object) -> Row:
        """The present row of an id."""
        return self.rows(view, id=str(id))[0]

    def rows(self, view: View, **values: str) -> Sequence[Row]:
        """The present rows with these values."""
        columns = view.table.c
        wanted = sa.select(view.table).where(columns.until == sa.literal_column(str(FOREVER)))
        for name, value in values.items():
            wanted = wanted.where(columns[name] == value)
        return self._connection.execute(wanted.order_by(columns.since)).all()

    def offices(self, studio: Row, *who: str) -> list[Office]:
        """The offices that answer for a studio: its unit, its recommending union, its federation."""
        unit, recommender, city = (
            UUID(studio.unit),
            UUID(studio.recommender or studio.federation),
            UUID(studio.federation),
        )
        above = Role.CITY_OFFICER if recommender == city else Role.RECOMMENDING_UNION
        found = {
            "unit": (unit, Role.UNIT_UNION),
            "recommender": (recommender, above),
            "city": (city, Role.CITY_OFFICER),
        }
        return list(dict.fromkeys(found[each] for each in who))


@dataclass(frozen=True, slots=True)
class Said:
    """What an event gives occasion to say, and to which offices."""

    kind: str
    federation: str
    offices: Sequence[Office]
    facts: Facts
    link: str
    due_on: date | None = None

    def messages(self, event: Any) -> Iterator[Message]:
        """One message to each office; the event's place in its record makes the key."""
        for organisation, role in self.offices:
            once = f"{self.kind}:{event.originator_id}:{event.originator_version}"
            yield Message(
                key=f"{once}:{organisation}:{role.value}",
                kind=self.kind,
                federation=UUID(self.federation),
                organisation=organisation,
                role=role,
                thread=f"{self.kind}:{event.originator_id}",
                facts=self.facts,
                link=self.link,
                moment=event.timestamp,
                due_on=self.due_on,
            )


def _of_studio(now: Present, e: Any, kind: str, who: str, **facts: str | int) -> Said:
    studio = now.row(studios, e.originator_id)
    offices = now.offices(studio, *who.split())
    told: Facts = {"studio": studio.name, **facts}
    return Said(kind, studio.federation, offices, told, f"/studios/{e.originator_id}")


def _named(now: Present, e: Any) -> Said:
    unit = now.row(organisations, now.row(studios, e.originator_id).unit)
    facts = {"number": e.number, "document": e.document, "unit": unit.name}
    return _of_studio(now, e, "studio.named", "unit recommender", **facts)


def _returned(now: Present, e: Any) -> Said:
    return _of_studio(now, e, "studio.returned", "unit", reason=e.reason)


def _ordered(now: Present, e: Any) -> Said:
    facts = {
        "number": e.number,
        "year": e.year,
        "due_on": e.due_on.isoformat(),
        "failures": e.failures,
        "remaining": e.remaining,
        "counting": now.counting(f"{e.originator_id}/{e.number}"),
    }
    last = e.remaining == 1
    kind = "rectification.last_warning" if last else "rectification.ordered"
    who = "unit recommender city" if last else "unit recommender"
    return replace(_of_studio(now, e, kind, who, **facts), due_on=e.due_on)


def _de_named(now: Present, e: Any) -> Said:
    naming = now.row(namings, f"{e.originator_id}/{e.number}")
    years = "、".join(map(str, orjson.loads(naming.failed_years or "[]")))
    facts = {"number": e.number, "years": years, "clause": e.clause or ""}
    return _of_studio(now, e, "studio.de_named", "unit recommender city", **facts)


def _granted(now: Present, e: Any) -> Said:
    return _of_studio(now, e, "grant.decided", "unit", amount=str(e.amount))


def _paid(now: Present, e: Any) -> Said:
    return _of_studio(now, e, "grant.paid", "unit", amount=str(e.amount))


def _objected(now: Present, e: Any) -> Said:
    notice = now.row(notices, e.originator_id)
    call = now.row(calls, notice.call)
    about = now.row(studios, e.studio).name if e.studio else "整个名单"
    city = [(UUID(notice.federation), Role.CITY_OFFICER)]
    facts: Facts = {"call": call.title, "studio": about}
    link = f"/notices/{e.originator_id}"
    return Said("notice.objection_raised", notice.federation, city, facts, link)


def _completed(now: Present, e: Any) -> Said:
    notice = now.row(notices, e.originator_id)
    facts: Facts = {"call": now.row(calls, notice.call).title}
    city = [(UUID(notice.federation), Role.CITY_OFFICER)]
    link = f"/notices/{e.originator_id}"
    return Said("notice.completed", notice.federation, city, facts, link)


def _call_closed(now: Present, e: Any) -> Said:
    call = now.row(calls, e.originator_id)
    facts: Facts = {"call": call.title, "deadline": f"{local(e.deadline):%Y-%m-%d %H:%M}"}
    city = [(UUID(call.federation), Role.CITY_OFFICER)]
    return Said("call.closed", call.federation, city, facts, f"/calls/{e.originator_id}")


def _campaign_opened(now: Present, e: Any) -> Said:
    federation = now.row(organisations, e.federation)
    facts: Facts = {
        "year": e.year,
        "federation_name": federation.name,
        "due_on": e.due_on.isoformat(),
    }
    below = now.rows(organisations, federation=str(e.federation), kind="recommending_union")
    offices: list[Office] = [(e.federation, Role.CITY_OFFICER)]
    offices += [(UUID(each.id), Role.RECOMMENDING_UNION) for each in below if not each.closed]
    link = f"/assessments?year={e.year}"
    return Said("campaign.opened", federation.id, offices, facts, link, e.due_on)


def _campaign_closed(now: Present, e: Any) -> Said:
    campaign = now.row(campaigns, e.originator_id)
    facts: Facts = {"year": campaign.year, "missing": campaign.missing or 0}
    city = [(UUID(campaign.federation), Role.CITY_OFFICER)]
    link = f"/assessments?year={campaign.year}"
    return Said("campaign.closed", campaign.federation, city, facts, link)


SAYING: Final[dict[str, Callable[[Present, Any], Said]]] = {
    "studio.named": _named,
    "studio.upgraded": _named,
    "studio.returned": _returned,
    "studio.rectification_ordered": _ordered,
    "studio.de_named": _de_named,
    "studio.subsidy_granted": _granted,
    "studio.subsidy_paid": _paid,
    "notice.objection_raised": _objected,
    "notice.completed": _completed,
    "call.deadline_passed": _call_closed,
    "campaign.opened": _campaign_opened,
    "campaign.closed": _campaign_closed,
}
"""Which events are spoken of, and how."""
