"""Money: funds with their movements, and grants with what became of them. All in fen."""

from __future__ import annotations

import sqlalchemy as sa

from adapters.views.questions.history import told
from adapters.views.questions.moment import Asking, Item
from adapters.views.questions.records import shown
from adapters.views.tables import expenses, grants, payments, timeline

STEPS = {
    "fund.appropriated": {"appropriated": 1, "free": 1},
    "fund.committed": {"free": -1, "committed": 1},
    "fund.released": {"committed": -1, "free": 1},
    "fund.paid": {"committed": -1, "paid": 1},
    "fund.returned": {"returned": 1, "free": 1},
}
"""How each movement changes a fund's sums."""


class Money(Asking):
    """Questions about funds and grants."""

    def fund(self, id: object, *, as_of: int | None = None) -> Item:
        """A fund with its grants and its ledger.

        `ledger`: each movement with position, at, by, topic, amount, grant, document, and the
        fund's sums after it. `balanced` tells whether appropriated = free + committed + paid −
        returned.
        """
        with self.at(as_of) as moment:
            found = shown(moment, "funds", id)
            found["grants"] = moment.label(moment.of(grants, fund=found["id"]))
            query = sa.select(timeline).where(
                timeline.c.record == found["id"],
                timeline.c.topic.in_(sorted(STEPS)),
                timeline.c.position <= moment.position,
            )
            sums = dict.fromkeys(("appropriated", "free", "committed", "paid", "returned"), 0)
            ledger = []
            for event in told(moment, query.order_by(timeline.c.position)):
                facts = event.pop("facts")
                for name, sign in STEPS[event["topic"]].items():
                    sums[name] += sign * facts["amount"]
                ledger.append({**event, **facts, **sums})
            found["ledger"] = ledger
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
