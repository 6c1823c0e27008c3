"""Who leads a studio: a change case, the successor who ends it, and the leader who stays."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from tests.domain.given import given
from tests.domain.model.histories import NAMED, NUMBER, on
from tests.domain.persons import person, studio, verdict

GONE_ON = date(2023, 4, 28)


def goes(why: str = "retired", *, day: str = "2023-05-01", number: str | None = NUMBER) -> Any:
    return on(
        day, lambda s: s.open_leader_change(why, on=GONE_ON, reason="到龄退休", number=number)
    )


def stays(day: str = "2023-05-20") -> Any:
    return on(day, lambda s: s.close_leader_change(reason="返聘，继续领衔"))


def leads(*verdicts: dict[str, Any]) -> Any:
    return on(
        "2023-06-01",
        lambda s: s.change_leader(person("李工"), reason="接任", verdicts=list(verdicts)),
    )


def closes(day: str = "2023-06-10") -> Any:
    when = date.fromisoformat(day)
    return on(day, lambda s: s.close(reason="单位注销", on=when))


@pytest.mark.parametrize("why", ["retired", "left", "title_lost", "died", "other"])
def test_a_leader_who_goes_opens_a_case(why: str) -> None:
    record = (
        given(studio(), *NAMED)
        .when(goes(why))
        .then(
            (
                "studio.leader_change_opened",
                {"why": why, "on": GONE_ON, "reason": "到龄退休", "number": NUMBER},
            )
        )
    )
    assert (record.leader_case.why, record.leader_case.on) == (why, GONE_ON)


def test_a_studio_that_is_not_named_may_lose_its_leader_too() -> None:
    given(studio()).when(goes(number=None)).then(("studio.leader_change_opened", {"number": None}))


def test_a_fitting_successor_ends_the_case() -> None:
    record = (
        given(studio(), *NAMED, goes())
        .when(leads(verdict("leader", "pass")))
        .then(("studio.leader_changed", {"leader": person("李工")}))
    )
    assert (record.leader_case, record.leader.name) == (None, "李工")


def test_a_successor_who_does_not_fit_leaves_the_case_open() -> None:
    given(studio(), *NAMED, goes()).when(leads(verdict("leader", "fail"))).refused("clause_failed")


def test_the_leader_may_stay() -> None:
    record = (
        given(studio(), *NAMED, goes())
        .when(stays())
        .then(("studio.leader_change_closed", {"reason": "返聘，继续领衔"}))
    )
    assert (record.leader_case, record.leader.name) == (None, "张工")


def test_a_closed_case_may_be_followed_by_another() -> None:
    given(studio(), *NAMED, goes(), stays()).when(goes(day="2023-05-21")).then(
        ("studio.leader_change_opened", {})
    )


def test_the_end_of_the_studio_ends_the_case() -> None:
    assert given(studio(), *NAMED, goes(), closes()).record.leader_case is None


@pytest.mark.parametrize(
    ("history", "command", "code"),
    [
        (NAMED, goes("bored"), "leader_gone_unknown"),
        ([*NAMED, goes()], goes("left"), "leader_case_open"),
        (NAMED, goes(day="2023-04-27"), "date_in_future"),
        (NAMED, goes(number="2022-9"), "naming_unknown"),
        ([*NAMED, closes()], goes(day="2023-06-11"), "studio_ended"),
        (NAMED, stays(), "no_leader_case"),
        ([*NAMED, goes(), leads()], stays("2023-06-02"), "no_leader_case"),
    ],
)
def test_a_case_is_refused(history: list[Any], command: Any, code: str) -> None:
    given(studio(), *history).when(command).refused(code)
