"""Money: funds with their movements, and grants with what became of them. All in fen."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

import sqlalchemy as sa

from adapters.views.questions.history import told
from adapters.views.questions.moment import Asking, Item, Moment
from adapters.views.questions.records import shown
from adapters.views.tables import expenses, grants, payments, requests, timeline
from domain.values import local

STEPS = {
    "fund.appropriated": {"appropriated": 1, "free": 1},
    "fund.committed": {"free": -1, "committed": 1},
    "fund.released": {"committed": -1, "free": 1},
    "fund.paid": {"committed": -1, "paid": 1},
    "fund.returned": {"returned": 1, "free": 1},
}
"""How each movement changes a fund's sums."""

DATED = {"studio.subsidy_paid": "fund.paid", "studio.subsidy_returned": "fund.returned"}
"""Events that state on which day money moved, and the movements that they share a command with."""


class Money(Asking):
    """Questions about funds and grants."""

    def fund(
        self, id: object, *, as_of: int | None = None, effective_on: date | None = None
    ) -> Item:
        """A fund with its grants and its ledger, whole or up to a business date.

        `ledger`: each movement with position, at, by, topic, amount, grant, document, the business
        date `on`, and the fund's sums after it. `balanced` tells whether appropriated = free +
        committed + paid − returned. With `effective_on` the ledger goes by business dates up to
        that day, the fund's sums are those after it, and its grants, whose sums are those of the
        moment, are left out.
        """
        with self.at(as_of) as moment:
            found = shown(moment, "funds", id)
            movements = _movements(moment, found["id"])
            if effective_on is None:
                found["grants"] = moment.label(moment.of(grants, fund=found["id"]))
                found["ledger"], _ = _added_up(movements)
            else:
                day = f"{effective_on:%Y-%m-%d}"
                until = [each for each in movements if each["on"] <= day]
                until.sort(key=lambda each: (each["on"], each["position"]))
                found["ledger"], sums = _added_up(until)
                found.update(sums)
                found["effective_on"] = day
            left = found["free"] + found["committed"] + found["paid"] - found["returned"]
            found["balanced"] = found["appropriated"] == left
            return found

    def grant(self, id: object, *, as_of: int | None = None) -> Item:
        """A grant with its payments, bank lines and expenses, and those that match it."""
        with self.at(as_of) as moment:
            found = shown(moment, "grants", id)
            found["payments"] = moment.label(moment.of(payments, grant_id=found["id"]))
            found["expenses"] = moment.of(expenses, grant_id=found["id"])
            found["matched_by"] = moment.label(moment.of(grants, matches=found["id"]))
            return found


def _movements(moment: Moment, fund: str) -> list[Item]:
    """What moved in a fund up to the moment, in the order of the log."""
    query = sa.select(timeline).where(
        timeline.c.record == fund,
        timeline.c.topic.in_(sorted(STEPS)),
        timeline.c.position <= moment.position,
    )
    found = told(moment, query.order_by(timeline.c.position))
    stated = _stated(moment, {each["request_id"] for each in found})
    for each in found:
        entered = local(datetime.fromisoformat(each["at"])).date().isoformat()
        movement = (each["request_id"], each["topic"], each["facts"].get("grant"))
        each["on"] = stated.get(movement, entered)
    return found


def _stated(moment: Moment, commands: Iterable[str]) -> dict[tuple[str, str, str | None], str]:
    """The business dates that were stated for movements: command, movement and grant → day."""
    within = timeline.c.position.between(requests.c.first, requests.c.last)
    query = sa.select(timeline).join(requests, within)
    query = query.where(
        requests.c.request_id.in_(sorted(commands)), timeline.c.topic.in_(sorted(DATED))
    )
    return {
        (each["request_id"], DATED[each["topic"]], each["facts"]["grant"]): each["facts"]["on"]
        for each in told(moment, query)
    }


def _added_up(movements: Iterable[Item]) -> tuple[list[Item], dict[str, int]]:
    """The movements with the sums after each, and the sums after all of them."""
    sums = dict.fromkeys(("appropriated", "free", "committed", "paid", "returned"), 0)
    ledger = []
    for event in movements:
        facts = event.pop("facts")
        for name, sign in STEPS[event["topic"]].items():
            sums[name] += sign * facts["amount"]
        ledger.append({**event, **facts, **sums})
    return ledger, sums
