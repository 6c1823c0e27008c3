"""The ledgers: members, results, activities, apprenticeships."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from eventsourcing.domain import decorated_funcs

from domain.model.studio import Studio
from tests.domain.given import given, replayed, state
from tests.domain.model.histories import on
from tests.domain.persons import PROOF, person, studio, uid

DAY = date(2022, 3, 1)


def joins(day: date = DAY) -> Any:
    return on(
        "2022-03-01", lambda s: s.join(person("赵师傅"), duty="技术攻关", frontline=True, on=day)
    )


def parts(member: str = "赵师傅", day: date = DAY) -> Any:
    return on("2022-03-01", lambda s: s.part(uid(member), reason="调离", on=day))


def achieves(day: date = DAY) -> Any:
    return on(
        "2022-03-01",
        lambda s: s.record_achievement(
            uid("result"), title="夹具", kind="专利", recognised_by="局", on=day, evidence=[PROOF]
        ),
    )


def meets(participants: int = 8, day: date = DAY) -> Any:
    return on(
        "2022-03-01",
        lambda s: s.record_activity(
            uid("activity"), title="培训", kind="培训", participants=participants, on=day
        ),
    )


def settles(member: str | None = None, ends: date = date(2025, 3, 1), basis: str = "聘书") -> Any:
    who = uid(member) if member else None
    return on("2022-03-01", lambda s: s.set_term(who, ends_on=ends, basis=basis))


def signs(apprentice: str = "小钱", starts: date = DAY, ends: date = date(2024, 3, 1)) -> Any:
    return on(
        "2022-03-01",
        lambda s: s.sign_apprenticeship(
            uid("agreement"),
            master=person("张工"),
            apprentice=person(apprentice),
            starts_on=starts,
            ends_on=ends,
            duties="各负其责",
            plan="两年",
            agreement=PROOF,
        ),
    )


@pytest.mark.parametrize(
    ("history", "command", "event"),
    [
        ([], joins(), ("studio.member_joined", {"member": person("赵师傅"), "frontline": True})),
        ([joins()], parts(), ("studio.member_left", {"member": uid("赵师傅"), "reason": "调离"})),
        ([], achieves(), ("studio.achievement_recorded", {"title": "夹具", "evidence": [PROOF]})),
        ([], meets(), ("studio.activity_recorded", {"participants": 8, "on": DAY})),
        ([], signs(), ("studio.apprenticeship_signed", {"apprentice": person("小钱")})),
        ([joins(), parts()], joins(), ("studio.member_joined", {})),
        ([], settles(), ("studio.term_set", {"name": "张工", "leads": True, "basis": "聘书"})),
        ([joins()], settles("赵师傅"), ("studio.term_set", {"name": "赵师傅", "leads": False})),
        ([settles()], settles(ends=DAY), ("studio.term_set", {"ends_on": DAY})),
    ],
)
def test_a_ledger_takes_an_entry(history: list[Any], command: Any, event: Any) -> None:
    given(studio(), *history).when(command).then(event)


TOMORROW = date(2022, 3, 2)
CLOSES = on("2022-02-01", lambda s: s.close(reason="x", on=date(2022, 2, 1)))


@pytest.mark.parametrize(
    ("history", "command", "code"),
    [
        ([joins()], joins(), "already_member"),
        ([], joins(TOMORROW), "date_in_future"),
        ([], parts(), "member_unknown"),
        ([joins()], parts(day=TOMORROW), "date_in_future"),
        ([], achieves(TOMORROW), "date_in_future"),
        ([], meets(-1), "participants_negative"),
        ([], meets(day=TOMORROW), "date_in_future"),
        ([], signs(starts=TOMORROW), "date_in_future"),
        ([], signs(ends=DAY), "ends_before_start"),
        ([], signs("张工"), "same_person"),
        ([CLOSES], joins(), "studio_ended"),
        ([CLOSES], achieves(), "studio_ended"),
        ([CLOSES], meets(), "studio_ended"),
        ([CLOSES], signs(), "studio_ended"),
        ([CLOSES], settles(), "studio_ended"),
        ([], settles("赵师傅"), "member_unknown"),
        ([joins(), parts()], settles("赵师傅"), "member_unknown"),
        ([], settles(basis=" "), "basis_missing"),
        ([], settles(ends=date(1999, 1, 1)), "term_before_founding"),
    ],
)
def test_a_ledger_refuses(history: list[Any], command: Any, code: str) -> None:
    given(studio(), *history).when(command).refused(code)


def surveys(year: int = 2022, grade: str = "甲类") -> Any:
    return on(
        "2022-03-01",
        lambda s: s.survey(
            uid("survey"),
            year=year,
            assessor="recommending_union",
            grade=grade,
            findings="有场地，无经费预算",
            evidence=[PROOF],
        ),
    )


def closes() -> Any:
    return on("2022-02-01", lambda s: s.close(reason="单位注销", on=date(2022, 2, 1)))


def test_a_survey_tells_the_class_that_a_studio_is_managed_in() -> None:
    told = {
        "entry": uid("survey"),
        "year": 2022,
        "assessor": "recommending_union",
        "grade": "甲类",
        "findings": "有场地，无经费预算",
        "on": DAY,
        "evidence": [PROOF],
    }
    given(studio()).when(surveys()).then(("studio.surveyed", told))
    given(studio(), surveys()).when(surveys(grade="乙类")).then(
        ("studio.surveyed", {"grade": "乙类"})
    )


@pytest.mark.parametrize(
    ("history", "command", "code"),
    [
        ([], surveys(2023), "year_out_of_range"),
        ([], surveys(1900), "year_out_of_range"),
        ([closes()], surveys(), "studio_ended"),
    ],
)
def test_a_survey_is_refused(history: list[Any], command: Any, code: str) -> None:
    given(studio(), *history).when(command).refused(code)


def test_what_may_wait_changes_only_what_is_made_late() -> None:
    made = studio()
    for command in (joins(), parts(), achieves(), meets(), signs(), surveys()):
        command(made)
    events = made.collect_events()
    assert {decorated_funcs[type(event)] for event in events[1:]} == Studio.MAY_WAIT
    found = replayed(events[:1])
    for event in events[1:]:
        before = state(found)
        event.mutate(found)
        after = state(found)
        changed = {name for name in after if after[name] != before[name]}
        assert changed <= {*Studio.MADE_LATE, "_version", "_modified_on"}
