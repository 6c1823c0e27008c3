"""Public notice, naming, plaque, change and end of a studio."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from tests.domain.given import given
from tests.domain.model.histories import (
    APP,
    APPLIED,
    APPROVED,
    CLOCK,
    NAMED,
    NOTICE,
    NOTICED,
    NUMBER,
    ON_NOTICE,
    applies,
    checks,
    completes_publicity,
    names,
    on,
    publicizes,
    records_naming,
    returns,
    reviews,
)
from tests.domain.persons import clock, person, studio, uid, verdict
from tests.domain.rules import rule

OBJECTION = uid("objection")


def notes(kind: str = "objection") -> Any:
    return on("2022-09-30", lambda s: s.note_objection(APP, objection=OBJECTION, kind=kind))


def finds(upheld: bool) -> Any:
    return on(
        "2022-10-09",
        lambda s: s.note_finding(APP, objection=OBJECTION, finding="经核查", upheld=upheld),
    )


def test_an_approved_studio_goes_on_notice() -> None:
    given(studio(), *APPROVED).when(publicizes()).then(
        ("studio.publicized", {"application": APP, "notice": NOTICE, "clock": CLOCK})
    )


def test_a_restarted_notice_gives_the_studio_its_new_clock() -> None:
    longer = clock(date(2022, 10, 8), date(2022, 10, 14))
    record = (
        given(studio(), *ON_NOTICE)
        .when(publicizes("2022-10-08", clock=longer))
        .then(("studio.publicized", {"clock": longer}))
    )
    assert record.application(APP).clock == longer


@pytest.mark.parametrize(("kind", "held"), [("objection", 1), ("lead", 0), ("complaint", 0)])
def test_only_an_objection_holds_the_naming(kind: str, held: int) -> None:
    record = (
        given(studio(), *ON_NOTICE)
        .when(notes(kind))
        .then(("studio.objection_raised", {"objection": OBJECTION, "kind": kind}))
    )
    assert len(record.application(APP).objections) == held


@pytest.mark.parametrize(("upheld", "status"), [(True, "dropped"), (False, "under_review")])
def test_a_finding_ends_the_objection_and_upheld_the_application(upheld: bool, status: str) -> None:
    record = (
        given(studio(), *ON_NOTICE, notes())
        .when(finds(upheld))
        .then(("studio.objection_closed", {"objection": OBJECTION, "upheld": upheld}))
    )
    found = record.application(APP)
    assert (found.status, found.objections) == (status, set())


def test_a_finding_does_not_change_an_application_that_ended_before() -> None:
    gone = [*ON_NOTICE, notes(), UNLISTS, on("2022-10-01", lambda s: s.withdraw(APP, "x"))]
    record = given(studio(), *gone, finds(upheld=True)).record
    assert record.application(APP).status == "withdrawn"


UNLISTS = on("2022-09-30", lambda s: s.unlist(APP, reason="撤回申报"))


def test_a_studio_taken_off_its_notice_may_withdraw_or_go_on_another() -> None:
    given(studio(), *ON_NOTICE).when(UNLISTS).then(
        ("studio.unlisted", {"application": APP, "notice": NOTICE, "reason": "撤回申报"})
    )
    given(studio(), *ON_NOTICE, UNLISTS).when(
        on("2022-09-30", lambda s: s.withdraw(APP, "自愿"))
    ).then(("studio.withdrawn", {}))
    given(studio(), *ON_NOTICE, UNLISTS).when(
        publicizes("2022-10-08", notice=uid("another"), clock=CLOCK)
    ).then(("studio.publicized", {"notice": uid("another")}))


def test_an_objection_from_an_earlier_notice_still_holds_the_naming() -> None:
    again = [*ON_NOTICE, notes(), UNLISTS, publicizes(notice=uid("n2")), completes_publicity()]
    given(studio(), *again).when(names()).refused("objections_open")


def test_the_notice_ends_with_nothing_open() -> None:
    given(studio(), *ON_NOTICE).when(completes_publicity()).then(
        ("studio.publicity_completed", {"application": APP, "notice": NOTICE})
    )


@pytest.mark.parametrize(
    ("history", "command", "code"),
    [
        ([applies(publicity=False, stages=())], publicizes(), "no_publicity"),
        (APPLIED, publicizes(), "not_approved"),
        ([*APPLIED, returns("2022-09-21")], publicizes(), "not_approved"),
        (ON_NOTICE, publicizes(notice=uid("another")), "on_notice"),
        (
            APPROVED,
            publicizes(clock=clock(date(2022, 9, 19), date(2022, 9, 26))),
            "notice_before_approval",
        ),
        (APPROVED, UNLISTS, "not_on_notice"),
        (NOTICED, UNLISTS, "not_on_notice"),
        (APPROVED, completes_publicity(), "not_on_notice"),
        (NOTICED, completes_publicity(), "not_on_notice"),
        ([*ON_NOTICE, notes(), finds(upheld=True)], completes_publicity(), "application_ended"),
    ],
)
def test_publicity_refuses(history: list[Any], command: Any, code: str) -> None:
    given(studio(), *history).when(command).refused(code)


def test_a_studio_is_named_the_day_after_its_notice() -> None:
    record = (
        given(studio(), *NOTICED)
        .when(names("2022-10-11"))
        .then(("studio.named", {"number": NUMBER, "on": date(2022, 10, 11), "level": "city"}))
    )
    naming = record.naming(NUMBER)
    assert (naming.status, naming.named_by) == ("active", uid("officer"))
    assert naming.submitters == frozenset({uid("applicant")})


def test_where_the_notice_names_no_publicity_the_approval_is_enough() -> None:
    approved = [applies(publicity=False, stages=("first",)), reviews("first", "2022-09-05")]
    given(studio(), *approved).when(names("2022-09-05")).then(("studio.named", {}))


RISING = [
    records_naming("2020-06-01", "2020-7"),
    applies(category="demonstration", stages=("first",), publicity=False),
    reviews("first", "2022-09-05"),
]


def test_an_upgrade_ends_the_lower_name() -> None:
    record = (
        given(studio(), *RISING)
        .when(names("2022-09-06", upgrades="2020-7"))
        .then(("studio.upgraded", {"from_number": "2020-7", "number": NUMBER}))
    )
    lower = record.naming("2020-7")
    assert (lower.status, lower.ended_on) == ("upgraded", date(2022, 9, 6))
    assert record.naming(NUMBER).category == "demonstration"


def test_no_name_rises_while_its_end_is_proposed() -> None:
    proposed = [
        *NAMED,
        *(checks(year, rule=rule(revocation="proposed")) for year in (2023, 2024, 2025)),
        applies(
            "2026-03-01",
            id=uid("up"),
            call=uid("c2"),
            category="demonstration",
            stages=("first",),
            publicity=False,
        ),
        reviews("first", "2026-03-02", id=uid("up")),
    ]
    given(studio(), *proposed).when(
        names("2026-03-04", id=uid("up"), number="2026-1", upgrades=NUMBER)
    ).refused("revocation_proposed")


def test_two_calls_never_name_a_studio_twice_in_one_category() -> None:
    twice = [
        applies(publicity=False, stages=("first",)),
        applies(id=uid("b"), call=uid("call b"), publicity=False, stages=("first",)),
        reviews("first", "2022-09-05"),
        reviews("first", "2022-09-05", id=uid("b")),
        names("2022-09-05"),
    ]
    given(studio(), *twice).when(names("2022-09-06", id=uid("b"), number="2")).refused(
        "already_named"
    )


@pytest.mark.parametrize(
    ("history", "command", "code"),
    [
        (APPLIED, names(), "not_approved"),
        (APPROVED, names(), "not_publicized"),
        (ON_NOTICE, names("2022-10-10"), "notice_running"),
        (ON_NOTICE, names(), "notice_not_completed"),
        ([*ON_NOTICE, notes()], names(), "objections_open"),
        (NOTICED, names(named_on="2022-10-10"), "notice_running"),
        (NOTICED, names("2022-10-11", named_on="2022-10-12"), "date_in_future"),
        (NOTICED, names(who="applicant"), "same_person"),
        ([records_naming("2022-01-05", category="worker"), *NOTICED], names(), "number_used"),
        (NAMED, names(), "application_ended"),
        (RISING, names("2022-09-06", upgrades="nothing"), "naming_unknown"),
        (
            [applies(publicity=False, stages=("first",)), reviews("first", "2022-09-05")],
            names("2022-09-06", named_on="2022-09-04"),
            "naming_before_approval",
        ),
        ([], lambda s: s.active_naming("x"), "naming_unknown"),
        ([records_naming()], records_naming(category="worker"), "number_used"),
        (
            [],
            on(
                "2022-01-05",
                lambda s: s.record_naming(
                    number="1",
                    level="city",
                    category="worker",
                    federation=uid("city"),
                    document="x",
                    on=date(2022, 1, 6),
                    policy=None,
                ),
            ),
            "date_in_future",
        ),
    ],
)
def test_naming_refuses(history: list[Any], command: Any, code: str) -> None:
    given(studio(), *history).when(command).refused(code)


def plaque(day: str, given_on: str = "") -> Any:
    issued = date.fromisoformat(given_on or day)
    return on(day, lambda s: s.issue_plaque(NUMBER, plaque="铜牌 12 号", on=issued))


def leads(*verdicts: dict[str, Any]) -> Any:
    return on(
        "2023-05-01",
        lambda s: s.change_leader(person("李工"), reason="退休", verdicts=list(verdicts)),
    )


def merges(into: str = "successor", day: str = "2023-05-01", merged_on: str = "") -> Any:
    when = date.fromisoformat(merged_on or day)
    return on(day, lambda s: s.merge_into(uid(into), decision="并〔2023〕1号", on=when))


def closes(day: str = "2023-05-01", closed_on: str = "") -> Any:
    when = date.fromisoformat(closed_on or day)
    return on(day, lambda s: s.close(reason="单位注销", on=when))


@pytest.mark.parametrize(
    ("command", "event"),
    [
        (plaque("2022-10-20"), ("studio.plaque_issued", {"plaque": "铜牌 12 号"})),
        (
            lambda s: s.rename("李工创新工作室", reason="换人"),
            ("studio.renamed", {"reason": "换人"}),
        ),
        (leads(verdict("leader", "pass")), ("studio.leader_changed", {"leader": person("李工")})),
        (leads(verdict("leader", "needs_human")), ("studio.leader_changed", {})),
        (merges(), ("studio.merged", {"successor": uid("successor"), "on": date(2023, 5, 1)})),
        (closes(), ("studio.closed", {"reason": "单位注销", "on": date(2023, 5, 1)})),
    ],
)
def test_what_happens_to_a_named_studio(command: Any, event: tuple[str, dict[str, Any]]) -> None:
    given(studio(), *NAMED).when(command).then(event)


def test_renaming_and_a_new_leader_leave_identity_and_name_as_they_were() -> None:
    changed = [*NAMED, leads(), lambda s: s.rename("李工创新工作室", reason="换人")]
    record = given(studio(), *changed).record
    assert (record.id, record.naming(NUMBER).status) == (uid("studio"), "active")
    assert (record.name, record.leader.name) == ("李工创新工作室", "李工")


@pytest.mark.parametrize("command", [merges(), closes()])
def test_the_end_of_a_studio_ends_its_names_and_its_open_applications(command: Any) -> None:
    pending = [
        *NAMED,
        applies("2023-01-05", id=uid("up"), call=uid("c2"), category="demonstration"),
    ]
    record = given(studio(), *pending, command).record
    assert record.naming(NUMBER).status == "closed"
    assert record.application(uid("up")).status == "withdrawn"


@pytest.mark.parametrize(
    ("history", "command", "code"),
    [
        (NAMED, plaque("2022-10-20", "2022-10-10"), "plaque_before_naming"),
        (NAMED, plaque("2022-10-20", "2022-10-21"), "date_in_future"),
        ([], plaque("2022-10-20"), "naming_unknown"),
        ([*NAMED, closes()], plaque("2023-06-01"), "naming_ended"),
        ([], lambda s: s.rename("张工创新工作室", reason="x"), "nothing_changed"),
        ([closes()], lambda s: s.rename("新", reason="x"), "studio_ended"),
        (NAMED, leads(verdict("leader", "fail")), "clause_failed"),
        ([closes()], leads(), "studio_ended"),
        ([], merges("studio"), "merge_into_itself"),
        ([closes()], merges(), "studio_ended"),
        ([], merges(merged_on="2023-05-02"), "date_in_future"),
        (ON_NOTICE, merges(), "on_notice"),
        ([closes()], closes(), "studio_ended"),
        ([], closes(closed_on="2023-05-02"), "date_in_future"),
        (ON_NOTICE, closes(), "on_notice"),
        ([*NAMED, closes()], checks(2023, day="2023-12-01"), "naming_ended"),
        ([closes()], records_naming("2023-06-01"), "studio_ended"),
    ],
)
def test_a_change_is_refused(history: list[Any], command: Any, code: str) -> None:
    given(studio(), *history).when(command).refused(code)


def dates(day: str = "2016-05-01", when: str = "2023-05-01") -> Any:
    founded = date.fromisoformat(day)
    return on(when, lambda s: s.date_founding(founded, reason="成立文件〔2016〕5号"))


def test_the_day_of_the_founding_is_corrected_on_proof() -> None:
    record = (
        given(studio(), *NAMED)
        .when(dates())
        .then(
            (
                "studio.founding_dated",
                {"founded_on": date(2016, 5, 1), "reason": "成立文件〔2016〕5号"},
            )
        )
    )
    assert record.founded_on == date(2016, 5, 1)


@pytest.mark.parametrize(
    ("history", "command", "code"),
    [
        ([], dates("2023-05-02"), "date_in_future"),
        ([dates()], dates(), "nothing_changed"),
        ([closes()], dates(when="2023-06-01"), "studio_ended"),
    ],
)
def test_a_day_of_founding_is_refused(history: list[Any], command: Any, code: str) -> None:
    given(studio(), *history).when(command).refused(code)
