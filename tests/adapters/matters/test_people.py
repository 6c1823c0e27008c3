"""Leaders to be followed, terms that end, apprenticeships that end."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from tests.adapters.matters.conftest import Town


def settle_term(town: Town, ends_on: date, person: UUID | None = None) -> None:
    town.did(
        town.register.ledgers.set_term,
        "unit0",
        town.filed[0][0],
        person=person,
        ends_on=ends_on,
        basis="聘任书",
    )


def join(town: Town, name: str) -> UUID:
    joined: UUID = town.did(
        town.register.ledgers.join,
        "unit0",
        town.filed[0][0],
        member={"name": name},
        duty="钳工",
        frontline=True,
        on=town.now.date(),
    )
    return joined


def ends(town: Town) -> list[Any]:
    return [
        (each.facts["person"], each.due_on, each.facts.get("count"))
        for each in town.due("term.ends")
    ]


def test_a_leader_who_went_is_to_be_followed(named: Town) -> None:
    studio = named.filed[1][0]
    gone = {"why": "retired", "on": date(2024, 3, 10), "reason": "到龄"}
    named.did(named.register.naming.open_leader_change, "unit1", studio, **gone)
    (found,) = named.due("leader_change.open")
    assert (named.told(found), found.since) == (["city", "unit1"], named.now)
    assert (found.due_on, found.facts["person"]) == (date(2024, 4, 9), "王1")
    successor = {"leader": {"name": "钱二"}, "facts": {}, "reason": "接任"}
    named.did(named.register.naming.change_leader, "officer", studio, **successor)
    assert named.due("leader_change.open") == []


def test_a_leaders_term_comes_near_and_is_gone_once_it_is_renewed(named: Town) -> None:
    settle_term(named, date(2024, 12, 31))
    since = named.now
    named.to("2024-10-01")
    assert named.due("term.ends") == []
    named.to("2024-10-25")
    (found,) = named.due("term.ends")
    assert (named.told(found), found.since) == (["unit0"], since)
    assert found.link == f"/studios/{named.filed[0][0]}/ledgers"
    assert ends(named) == [("钱二", date(2024, 12, 31), None)]
    settle_term(named, date(2026, 12, 31))
    assert named.due("term.ends") == []


def test_terms_that_end_together_are_one_matter(named: Town) -> None:
    first, second = join(named, "孙三"), join(named, "李四")
    for person in (None, first, second):
        settle_term(named, date(2024, 4, 30), person)
    assert ends(named) == [("孙三、李四、钱二", date(2024, 4, 30), 3)]
    settle_term(named, date(2024, 4, 20), second)
    assert ends(named) == [
        ("李四", date(2024, 4, 20), None),
        ("孙三、钱二", date(2024, 4, 30), 2),
    ]


def test_whoever_went_has_no_term(named: Town) -> None:
    member = join(named, "孙三")
    settle_term(named, date(2024, 4, 30), member)
    settle_term(named, date(2024, 4, 20))
    studio = named.filed[0][0]
    on = named.now.date()
    named.did(named.register.ledgers.part, "unit0", studio, member=member, reason="调离", on=on)
    assert ends(named) == [("钱二", date(2024, 4, 20), None)]
    successor = {"leader": {"name": "周五"}, "facts": {}, "reason": "接任"}
    named.did(named.register.naming.change_leader, "officer", studio, **successor)
    assert ends(named) == []


def test_a_closed_studio_has_no_terms(named: Town) -> None:
    settle_term(named, date(2024, 4, 30))
    on = named.now.date()
    named.did(named.register.naming.close, "officer", named.filed[0][0], reason="撤销", on=on)
    assert named.due("term.ends") == []


def test_an_apprenticeship_is_told_around_its_end(named: Town) -> None:
    on = named.now.date()
    named.did(
        named.register.ledgers.sign_apprenticeship,
        "unit0",
        named.filed[0][0],
        master={"name": "钱二"},
        apprentice={"name": "李四"},
        starts_on=on,
        ends_on=on + timedelta(days=365),
        duties="传艺",
        plan="三级工",
    )
    assert named.due("apprenticeship.ends") == []
    named.to("2025-01-10")
    (found,) = named.due("apprenticeship.ends")
    assert (named.told(found), found.due_on) == (["unit0"], date(2025, 3, 13))
    assert found.facts == {"studio": "长虹工作室", "person": "李四"}
    named.to("2025-08-20")
    assert len(named.due("apprenticeship.ends")) == 1
    named.to("2025-08-21")
    assert named.due("apprenticeship.ends") == []
