"""One subsidy from the rule to its use: every step with what was decided, by whom, and when."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import sqlalchemy as sa

from adapters.views.questions.history import told
from adapters.views.questions.moment import Item, Moment
from adapters.views.questions.money import Money
from adapters.views.questions.records import Records
from adapters.views.tables import timeline

Test = Callable[[Item], bool]

STEPS: tuple[tuple[str, str, str], ...] = (
    ("rule", "依据", "call.opened call.deadline_explained call.extended"),
    (
        "application",
        "申报",
        "studio.applied studio.amended studio.returned call.application_entered",
    ),
    (
        "reviews",
        "评审",
        (
            "studio.reviewed studio.scored studio.overridden studio.reviewer_recused"
            " call.application_recommended call.ranked call.selected"
        ),
    ),
    ("meeting", "审定", "studio.reviewed"),
    (
        "notice",
        "公示",
        (
            "notice.posted notice.extended notice.restarted notice.dropped notice.completed"
            " notice.objection_raised notice.lead_adopted notice.objection_closed"
        ),
    ),
    (
        "naming",
        "命名",
        (
            "studio.named studio.upgraded studio.naming_recorded studio.plaque_issued"
            " studio.de_named studio.reinstated"
        ),
    ),
    ("fund", "资金安排", "fund.established fund.appropriated"),
    (
        "grant",
        "补助决定",
        "studio.subsidy_granted studio.amount_explained studio.grant_cancelled fund.committed",
    ),
    ("payment", "拨付", "studio.subsidy_paid fund.paid"),
    (
        "bank",
        "银行流水",
        "studio.payment_reconciled studio.counterparty_explained fund.bank_line_matched",
    ),
    ("spending", "使用", "studio.subsidy_spent"),
    ("balance", "收回与余额", "studio.recovery_ordered studio.subsidy_returned fund.returned"),
)
"""The steps of a chain: name, title, and the events that make it."""


class Chains(Records, Money):
    """Questions that several records answer together."""

    def trace(self, grant: object, *, as_of: int | None = None) -> Item:
        """One grant from rule to use: {"grant", "steps", "as_of"}.

        A step: step, title, `events` (with people, times, positions, facts) and `details`, the
        record that it is about as it stood at the moment. A naming that was entered by its
        document alone has no application, so the steps before it hold nothing. Raises NotFound.
        """
        found = self.grant(grant, as_of=as_of)
        with self.at(as_of) as moment:
            position = moment.position
        naming = self.naming(found["studio"], found["number"], as_of=position)
        fund = self.fund(found["fund"], as_of=position)
        filed = naming["application"]
        application = self.application(filed, as_of=position) if filed else None
        call = self.call(application["call"], as_of=position) if application else None
        listed = application["notice"] if application else None
        notice = self.notice(listed, as_of=position) if listed else None
        records = [row["id"] for row in (call, notice, fund) if row]
        with self.at(position) as moment:
            events = _events(moment, [found["studio"], *records])
        about = _about(found, application)
        details = _details(found, naming, fund, application, call, notice)
        steps = [
            {
                "step": step,
                "title": title,
                "events": _of_step(events, step, topics.split(), about),
                "details": details.get(step),
            }
            for step, title, topics in STEPS
        ]
        return {"grant": found["id"], "steps": steps, "as_of": position}


def _details(
    grant: Item,
    naming: Item,
    fund: Item,
    application: Item | None,
    call: Item | None,
    notice: Item | None,
) -> Item:
    """The record that each step is about."""
    paid, spent = grant["payments"], grant["expenses"]
    return {
        "rule": call and _rule(call, naming),
        "application": application,
        "reviews": application and {"scores": application["scores"]},
        "notice": notice,
        "naming": naming,
        "fund": fund,
        "grant": {name: grant[name] for name in grant if name not in ("payments", "expenses")},
        "payment": paid,
        "bank": [each for each in paid if each["bank_reference"]],
        "spending": spent,
        "balance": _balance(grant),
    }


def _events(moment: Moment, records: Iterable[str]) -> list[Item]:
    query = sa.select(timeline).where(
        timeline.c.record.in_(list(records)), timeline.c.position <= moment.position
    )
    return told(moment, query.order_by(timeline.c.position))


def _about(grant: Item, application: Item | None) -> Test:
    """Whether an event is about this grant, its naming and its application, or about them all."""
    own = {
        "grant": grant["id"],
        "number": grant["number"],
        "application": application["id"] if application else None,
    }
    references = {each["bank_reference"] for each in grant["payments"]}

    def test(event: Item) -> bool:
        facts = event["facts"]
        if event["topic"] == "fund.bank_line_matched":
            return facts["line"]["reference"] in references
        for several in ("order", "chosen"):
            if several in facts:
                return own["application"] in facts[several]
        if facts.get("studio") not in (None, grant["studio"]):
            return False
        return all(facts[name] == own[name] for name in own if name in facts)

    return test


def _of_step(events: Iterable[Item], step: str, topics: list[str], about: Test) -> list[Item]:
    """The events of a step; the office meeting's decision is a step of its own."""
    return [
        event
        for event in events
        if event["topic"] in topics
        and about(event)
        and (
            event["topic"] != "studio.reviewed"
            or (event["facts"]["stage"] == "office_meeting") == (step == "meeting")
        )
    ]


def _rule(call: Item, naming: Item) -> Item:
    """What the call promised under which rules, for the category of the naming."""
    category = naming["category"]
    return {
        "call": call["id"],
        "title": call["title"],
        "policy": {
            "id": naming["policy"],
            "version": naming["policy_version"],
            "digest": naming["policy_digest"],
        },
        "category": category,
        "category_name": call["categories"].get(category),
        "amount": call["amounts"].get(category),
        "uses": call["uses"],
        "deadline": call["deadline"],
    }


def _balance(grant: Item) -> Item:
    """What is left of a grant, in fen: paid − spent − returned."""
    names = ("amount", "paid", "reconciled", "spent", "recovery", "returned", "unpaid", "balance")
    return {name: grant[name] for name in names}
