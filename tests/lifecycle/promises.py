"""What must hold after every command, whoever gave it and whatever it was."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from uuid import UUID

from domain.model.call import Call
from domain.model.fund import Fund
from domain.model.studio import Studio
from domain.values import ZERO, Money

TAKEN = ("recommended", "selected", "named")


def names_come_in_order(studio: Studio) -> None:
    """Approval ≤ notice start ≤ notice end < naming ≤ payment."""
    for naming in studio.namings.values():
        if naming.application is None:
            continue
        application = studio.applications[naming.application]
        assert list(application.passed) == application.stages
        approved = max(application.passed.values())
        assert approved <= naming.on
        if application.publicity:
            clock = application.clock
            assert clock is not None
            assert approved <= clock.starts_on <= clock.ends_on < naming.on
            assert (application.notice_done, application.objections) == (True, set())
    for grant in studio.grants.values():
        for payment in grant.payments.values():
            assert studio.namings[grant.number].on <= grant.on <= payment.on


def names_are_single(studio: Studio) -> None:
    """One standing name for each level and category; an ended one says when it ended."""
    standing = Counter(
        (naming.level, naming.category)
        for naming in studio.namings.values()
        if naming.status == "active"
    )
    assert all(count == 1 for count in standing.values())
    for naming in studio.namings.values():
        assert (naming.status == "active") is (naming.ended_on is None)
        if naming.status == "de_named":
            assert not naming.proposed


def people_are_different(studio: Studio) -> None:
    """Who submitted neither granted nor paid, and who named or granted did not pay."""
    for grant in studio.grants.values():
        naming = studio.namings[grant.number]
        assert grant.granted_by not in naming.submitters
        for payment in grant.payments.values():
            apart = {grant.granted_by, naming.named_by, *naming.submitters}
            assert payment.paid_by not in apart


def grants_hold_together(studio: Studio) -> None:
    """Spent and returned never exceed paid, nor paid the grant; each payer decides once."""
    for grant in studio.grants.values():
        assert grant.paid <= grant.amount
        assert grant.spent + grant.returned <= grant.paid
        assert grant.returned <= grant.recovery
        assert grant.spendable >= ZERO
    deciders = Counter(
        (grant.number, grant.payer) for grant in studio.grants.values() if grant.holds_money
    )
    assert all(count == 1 for count in deciders.values())


def ended_names_hold_no_money(studio: Studio) -> None:
    """What was not paid when a name ended is cancelled."""
    for naming in studio.namings.values():
        if naming.status in ("de_named", "closed"):
            assert studio.unpaid_grants(naming.number) == []


def money_is_conserved(fund: Fund, studios: Iterable[Studio]) -> None:
    """Appropriated = free + committed + paid − returned, and the grants say the same."""
    assert fund.appropriated + fund.returned == fund.free + fund.committed + fund.paid
    grants = [
        grant for studio in studios for grant in studio.grants.values() if grant.fund == fund.id
    ]
    owed = {grant.id: ZERO if grant.cancelled else grant.amount - grant.paid for grant in grants}
    assert fund.commitments == owed
    assert fund.committed == total(owed.values())
    assert fund.paid == total(grant.paid for grant in grants)
    assert fund.returned == total(grant.returned for grant in grants)


def total(amounts: Iterable[Money]) -> Money:
    return Money(sum(amount.fen for amount in amounts))


def hard_caps_hold(call: Call) -> None:
    """No union has more than its hard cap, and no selection took everybody."""
    for quota in call.quotas:
        if quota["force"] != "hard" or quota["per"] != "recommending_union":
            continue
        taken = Counter(
            entry.recommender
            for entry in call.entries.values()
            if entry.state in TAKEN and entry.category in quota["categories"]
        )
        assert all(count <= quota["cap"] for count in taken.values())
    if call.stage("selection"):
        for category, considered in call.considered.items():
            picked = {
                entry.application
                for entry in call.entries.values()
                if entry.category == category and entry.state in ("selected", "named")
            }
            assert picked <= considered
            assert not picked or len(picked) < len(considered)


def call_and_studios_agree(call: Call, studios: dict[UUID, Studio]) -> None:
    """What is in the call is open or named at its studio, and what left is neither."""
    for entry in call.entries.values():
        application = studios[entry.studio].applications[entry.application]
        if entry.state == "left":
            assert not application.open
            assert application.status != "named"
        elif entry.state == "named":
            assert application.status == "named"
        else:
            assert application.open
