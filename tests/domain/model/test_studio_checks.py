"""Yearly checks, rectification, three failures in a row, corrections and the way back."""

from __future__ import annotations

import itertools
from datetime import date
from typing import Any

import pytest

from tests.domain.given import given
from tests.domain.model.histories import (
    NAMED,
    NUMBER,
    applies,
    checks,
    corrects,
    misses,
    names,
    on,
    reviews,
)
from tests.domain.persons import studio, uid
from tests.domain.rules import rule

PROPOSED = rule(revocation="proposed")
FAILS = rule(missing_year="fails")
NEUTRAL = rule(missing_year="neutral")
TWO = [*NAMED, checks(2023), checks(2024)]
DE_NAMED = [*TWO, checks(2025)]
PENDING = [*TWO, checks(2025, rule=PROPOSED)]


def decides(verb: str, day: str = "2026-02-01") -> Any:
    return on(day, lambda s: getattr(s, verb)(NUMBER, document="复〔2026〕1号", reason="经研究"))


def self_checks(year: int = 2023, period: str = "上半年", day: str = "2023-07-01") -> Any:
    return on(
        day, lambda s: s.self_check(NUMBER, year=year, period=period, summary="好", evidence=[])
    )


def rectifies(accepted: bool = True, year: int = 2023) -> Any:
    return on(
        "2024-02-01",
        lambda s: s.rectify(NUMBER, year=year, accepted=accepted, findings="已改", evidence=[]),
    )


def test_a_studio_looks_at_itself_once_a_period() -> None:
    given(studio(), *NAMED).when(self_checks()).then(
        ("studio.self_checked", {"year": 2023, "period": "上半年"})
    )


def test_a_passing_result_is_recorded_and_nothing_follows() -> None:
    given(studio(), *NAMED).when(checks(2023, "excellent")).then(
        (
            "studio.annually_checked",
            {"year": 2023, "grade_name": "优秀", "failing": False, "counts": True, "late": False},
        )
    )


def test_a_failing_orders_rectification_and_says_how_many_are_left() -> None:
    given(studio(), *NAMED).when(checks(2023)).then(
        ("studio.annually_checked", {"failing": True}),
        (
            "studio.rectification_ordered",
            {"year": 2023, "due_on": date(2024, 3, 19), "failures": 1, "remaining": 2},
        ),
    )
    given(studio(), *NAMED, checks(2023)).when(checks(2024)).then(
        ("studio.annually_checked", {}),
        ("studio.rectification_ordered", {"failures": 2, "remaining": 1}),
    )


def test_a_failing_that_does_not_count_is_supervised_all_the_same() -> None:
    given(studio(), *NAMED).when(checks(2022)).then(
        ("studio.annually_checked", {"counts": False}),
        ("studio.rectification_ordered", {"failures": 0, "remaining": 3}),
    )


def test_the_third_failing_in_a_row_ends_the_name_by_the_rule() -> None:
    record = (
        given(studio(), *TWO)
        .when(checks(2025))
        .then(
            ("studio.annually_checked", {"year": 2025}),
            ("studio.failed_three_years", {"years": [2023, 2024, 2025], "clause": "五5"}),
            (
                "studio.de_named",
                {
                    "on": date(2025, 12, 20),
                    "clause": "五5",
                    "document": None,
                    "reason": "2023、2024、2025 年度连续 3 年考核不合格",
                },
            ),
        )
    )
    check, failed, ended = record.pending_events
    assert (check.by.account, failed.by.account, ended.by.rule) == (
        uid("recommending_union person"),
        None,
        "full 五5",
    )
    assert failed.by == ended.by
    assert {check.request_id, failed.request_id, ended.request_id} == {check.request_id}
    assert [source["year"] for source in failed.sources] == [2023, 2024, 2025]
    assert failed.sources[2] == {
        "year": 2025,
        "check": uid("check 2025 recommending_union"),
        "version": check.originator_version,
    }
    assert record.naming(NUMBER).status == "de_named"


@pytest.mark.parametrize("order", list(itertools.permutations((2023, 2024, 2025))))
def test_years_are_counted_and_not_the_order_of_recording(order: tuple[int, ...]) -> None:
    late = [checks(year, day="2026-01-05") for year in order]
    record = given(studio(), *NAMED, *late).record
    assert record.naming(NUMBER).status == "de_named"


@pytest.mark.parametrize("years", [(2022, 2023, 2024), (2023, 2025, 2026)])
def test_the_year_of_naming_and_a_gap_do_not_make_a_run(years: tuple[int, ...]) -> None:
    record = given(studio(), *NAMED, *(checks(year) for year in years)).record
    assert record.naming(NUMBER).status == "active"


def test_years_before_the_rule_never_count() -> None:
    young = rule(first_year=2024)
    record = given(studio(), *NAMED, *(checks(y, rule=young) for y in (2023, 2024, 2025))).record
    assert record.naming(NUMBER).status == "active"
    given(studio(), *NAMED, *(checks(y, rule=young) for y in (2023, 2024, 2025))).when(
        checks(2026, rule=young)
    ).then(
        ("studio.annually_checked", {}),
        ("studio.failed_three_years", {"years": [2024, 2025, 2026]}),
        ("studio.de_named", {}),
    )


def test_a_rectified_failing_still_counts() -> None:
    rectified = [*NAMED, checks(2023), rectifies(), checks(2024)]
    given(studio(), *rectified).when(checks(2025)).then(
        ("studio.annually_checked", {}),
        ("studio.failed_three_years", {}),
        ("studio.de_named", {}),
    )


@pytest.mark.parametrize(("accepted", "open_"), [(True, {}), (False, {2023: date(2024, 3, 19)})])
def test_a_rectification_is_judged(accepted: bool, open_: dict[int, date]) -> None:
    record = (
        given(studio(), *NAMED, checks(2023))
        .when(rectifies(accepted))
        .then(("studio.rectified", {"year": 2023, "accepted": accepted}))
    )
    assert record.naming(NUMBER).rectifications == open_


def test_a_late_filing_is_marked_and_is_no_failing() -> None:
    given(studio(), *NAMED).when(checks(2023, "qualified", day="2024-01-02")).then(
        (
            "studio.annually_checked",
            {
                "late": True,
                "due_on": date(2023, 12, 31),
                "received_on": date(2024, 1, 2),
                "failing": False,
            },
        )
    )


def test_of_two_assessors_both_results_are_kept_and_the_citys_governs() -> None:
    history = [*NAMED, checks(2023), checks(2023, "qualified", assessor="city")]
    naming = given(studio(), *history).record.naming(NUMBER)
    assert sorted(naming.checks[2023]) == ["city", "recommending_union"]
    assert naming.results() == {2023: False}


def test_a_result_of_the_unit_itself_decides_nothing() -> None:
    record = (
        given(studio(), *NAMED)
        .when(checks(2023, assessor="unit_union"))
        .then(("studio.annually_checked", {"assessor": "unit_union"}))
    )
    assert record.naming(NUMBER).results() == {}


def test_a_second_result_for_a_failing_year_orders_nothing_twice() -> None:
    failed = [*NAMED, checks(2023)]
    for assessor in ("unit_union", "city"):
        given(studio(), *failed).when(checks(2023, assessor=assessor)).then(
            ("studio.annually_checked", {"assessor": assessor})
        )


def test_the_citys_better_result_lifts_the_order_to_rectify() -> None:
    given(studio(), *NAMED, checks(2023)).when(
        checks(2023, "qualified", assessor="city", day="2024-01-05")
    ).then(
        ("studio.annually_checked", {"assessor": "city"}),
        ("studio.rectification_lifted", {"year": 2023}),
    )


def test_the_citys_result_for_the_last_year_reopens_a_de_naming() -> None:
    given(studio(), *DE_NAMED).when(
        checks(2025, "qualified", assessor="city", day="2026-01-05")
    ).then(
        ("studio.annually_checked", {"assessor": "city"}),
        ("studio.reinstatement_case_opened", {"number": NUMBER}),
    )


def test_a_late_result_for_a_year_in_between_reopens_a_de_naming() -> None:
    gap = [*NAMED, *(checks(year, rule=NEUTRAL) for year in (2023, 2025, 2026))]
    given(studio(), *gap).when(checks(2024, "qualified", day="2027-01-05", rule=NEUTRAL)).then(
        ("studio.annually_checked", {"year": 2024}),
        ("studio.reinstatement_case_opened", {}),
    )


def test_a_year_without_assessment_is_recorded_and_breaks_the_run() -> None:
    given(studio(), *NAMED).when(misses(2023)).then(("studio.assessment_missed", {"year": 2023}))
    record = given(studio(), *TWO, misses(2025), checks(2026)).record
    assert record.naming(NUMBER).status == "active"


def test_only_a_pack_that_says_so_lets_a_missing_year_fail() -> None:
    two = [*NAMED, checks(2023, rule=FAILS), checks(2024, rule=FAILS)]
    record = (
        given(studio(), *two)
        .when(misses(2025, FAILS))
        .then(
            ("studio.assessment_missed", {"year": 2025}),
            ("studio.failed_three_years", {"years": [2023, 2024, 2025]}),
            ("studio.de_named", {}),
        )
    )
    missed, failed, _ = record.pending_events
    assert failed.sources[2] == {
        "year": 2025,
        "check": None,
        "version": missed.originator_version,
    }


def test_a_neutral_missing_year_is_passed_over() -> None:
    gap = [*NAMED, checks(2023, rule=NEUTRAL), misses(2024, NEUTRAL), checks(2025, rule=NEUTRAL)]
    given(studio(), *gap).when(checks(2026, rule=NEUTRAL)).then(
        ("studio.annually_checked", {}),
        ("studio.failed_three_years", {"years": [2023, 2025, 2026]}),
        ("studio.de_named", {}),
    )


def test_a_correction_cites_the_event_it_corrects() -> None:
    given(studio(), *NAMED, checks(2023)).when(corrects(2023, "qualified")).then(
        (
            "studio.check_corrected",
            {"year": 2023, "cites": len(NAMED) + 2, "old_grade": "unqualified", "failing": False},
        ),
        ("studio.rectification_lifted", {"year": 2023}),
    )


def test_a_correction_may_complete_a_run() -> None:
    history = [*NAMED, checks(2023), checks(2024, "qualified"), checks(2025)]
    given(studio(), *history).when(corrects(2024, "unqualified")).then(
        ("studio.check_corrected", {"failing": True}),
        ("studio.failed_three_years", {"years": [2023, 2024, 2025]}),
        ("studio.de_named", {"on": date(2026, 1, 10)}),
    )


def test_a_correction_that_breaks_the_run_of_a_de_named_studio_opens_a_case() -> None:
    record = (
        given(studio(), *DE_NAMED)
        .when(corrects(2025, "qualified"))
        .then(
            ("studio.check_corrected", {}),
            ("studio.reinstatement_case_opened", {"number": NUMBER}),
        )
    )
    assert record.pending_events[1].because == record.pending_events[0].originator_version


CASE = [*DE_NAMED, corrects(2025, "qualified")]


def test_an_officer_decides_the_case_for_the_studio() -> None:
    record = (
        given(studio(), *CASE)
        .when(decides("reinstate"))
        .then(("studio.reinstated", {"number": NUMBER, "document": "复〔2026〕1号"}))
    )
    naming = record.naming(NUMBER)
    assert (naming.status, naming.ended_on, naming.case) == ("active", None, False)


def test_an_officer_decides_the_case_against_it() -> None:
    given(studio(), *CASE).when(decides("decline_reinstatement")).then(
        ("studio.reinstatement_declined", {"number": NUMBER})
    )


def test_a_result_that_changes_nothing_opens_no_declined_case_again() -> None:
    declined = [*CASE, decides("decline_reinstatement")]
    own = checks(2025, assessor="unit_union", day="2026-02-01")
    given(studio(), *declined).when(own).then(("studio.annually_checked", {"year": 2025}))
    given(studio(), *declined).when(corrects(2024, "qualified", day="2026-02-01")).then(
        ("studio.check_corrected", {}),
        ("studio.rectification_lifted", {"year": 2024}),
        ("studio.reinstatement_case_opened", {}),
    )


def test_a_late_result_of_a_name_that_rose_is_kept_and_brings_nothing_about() -> None:
    risen = [
        *TWO,
        applies(
            "2025-03-01",
            id=uid("up"),
            call=uid("c2"),
            category="demonstration",
            stages=("first",),
            publicity=False,
        ),
        reviews("first", "2025-03-02", id=uid("up")),
        names("2025-03-03", id=uid("up"), number="2025-1", upgrades=NUMBER),
    ]
    given(studio(), *risen).when(checks(2025)).then(("studio.annually_checked", {"failing": True}))
    given(studio(), *risen).when(checks(2026)).refused("naming_ended")


def test_a_case_falls_when_a_second_correction_restores_the_run() -> None:
    record = (
        given(studio(), *CASE)
        .when(corrects(2025, "unqualified", day="2026-01-11"))
        .then(
            ("studio.check_corrected", {"failing": True}),
            ("studio.reinstatement_declined", {"number": NUMBER}),
        )
    )
    assert record.naming(NUMBER).case is False


def test_a_reinstated_studio_can_fail_again() -> None:
    back = [*CASE, decides("reinstate"), checks(2026), checks(2027)]
    given(studio(), *back).when(checks(2028)).then(
        ("studio.annually_checked", {}),
        ("studio.failed_three_years", {"years": [2026, 2027, 2028]}),
        ("studio.de_named", {}),
    )


def test_where_de_naming_is_proposed_an_officer_confirms_it() -> None:
    given(studio(), *TWO).when(checks(2025, rule=PROPOSED)).then(
        ("studio.annually_checked", {}),
        ("studio.failed_three_years", {"years": [2023, 2024, 2025]}),
    )
    given(studio(), *PENDING).when(decides("revoke")).then(
        ("studio.de_named", {"document": "复〔2026〕1号", "on": date(2026, 2, 1)})
    )


def test_a_proposal_falls_with_its_run() -> None:
    given(studio(), *PENDING).when(corrects(2025, "qualified", rule=PROPOSED)).then(
        ("studio.check_corrected", {}),
        ("studio.proposal_withdrawn", {"number": NUMBER}),
    )


TWO_NAMES = [
    *NAMED,
    on(
        "2022-11-01",
        lambda s: s.record_naming(
            number="P-1",
            level="province",
            category="model_worker",
            federation=uid("province"),
            document="赣〔2022〕1号",
            on=date(2022, 11, 1),
            policy=s.naming(NUMBER).policy,
        ),
    ),
    checks(2023),
    checks(2024),
]
ALERTED = (
    "studio.other_namings_alerted",
    {
        "number": NUMBER,
        "others": [
            {
                "number": "P-1",
                "level": "province",
                "category": "model_worker",
                "federation": uid("province"),
            }
        ],
    },
)


def test_one_name_ended_alerts_the_others_and_leaves_them() -> None:
    record = (
        given(studio(), *TWO_NAMES)
        .when(checks(2025))
        .then(
            ("studio.annually_checked", {}),
            ("studio.failed_three_years", {}),
            ("studio.de_named", {"number": NUMBER}),
            ALERTED,
        )
    )
    assert [record.naming(n).status for n in (NUMBER, "P-1")] == ["de_named", "active"]
    assert record.naming("P-1").alerts == {NUMBER: date(2025, 12, 20)}
    assert len({event.request_id for event in record.pending_events}) == 1
    assert record.pending_events[-1].by.account is None


def test_a_confirmed_de_naming_alerts_the_others_too() -> None:
    pending = [*TWO_NAMES, checks(2025, rule=PROPOSED)]
    record = (
        given(studio(), *pending).when(decides("revoke")).then(("studio.de_named", {}), ALERTED)
    )
    ended, alerted = record.pending_events
    assert (ended.by.account, alerted.by.account) == (uid("officer"), None)


def test_a_name_given_back_takes_its_alert_back() -> None:
    back = [*TWO_NAMES, checks(2025), corrects(2024, "qualified"), decides("reinstate")]
    assert given(studio(), *back).record.naming("P-1").alerts == {}


@pytest.mark.parametrize(
    ("history", "command", "code"),
    [
        ([*NAMED, self_checks()], self_checks(), "already_checked"),
        (NAMED, self_checks(2024), "year_out_of_range"),
        (NAMED, self_checks(2021), "year_out_of_range"),
        ([], checks(2023), "naming_unknown"),
        (NAMED, checks(2023, assessor="mayor"), "assessor_unknown"),
        (NAMED, checks(2023, "splendid"), "grade_unknown"),
        (NAMED, checks(2021, day="2023-01-05"), "year_out_of_range"),
        (NAMED, checks(2024, day="2023-12-20"), "year_out_of_range"),
        (NAMED, checks(2023, received="2023-12-21"), "date_in_future"),
        ([*NAMED, checks(2023)], checks(2023), "already_checked"),
        (DE_NAMED, checks(2026), "naming_ended"),
        (NAMED, corrects(2023, "qualified"), "check_unknown"),
        (TWO, corrects(2024, "unqualified"), "nothing_changed"),
        (TWO, corrects(2024, "splendid"), "grade_unknown"),
        (TWO, misses(2024), "already_checked"),
        ([*NAMED, misses(2023)], misses(2023), "already_checked"),
        (NAMED, rectifies(), "no_rectification"),
        ([*NAMED, checks(2023), rectifies()], rectifies(), "no_rectification"),
        (TWO, decides("revoke"), "not_proposed"),
        (DE_NAMED, decides("revoke"), "naming_ended"),
        (
            [*PENDING, corrects(2025, "qualified", rule=PROPOSED)],
            decides("revoke"),
            "not_proposed",
        ),
        (DE_NAMED, decides("reinstate"), "no_case"),
        (DE_NAMED, decides("decline_reinstatement"), "no_case"),
        ([*CASE, decides("reinstate")], decides("reinstate"), "no_case"),
    ],
)
def test_checks_refuse(history: list[Any], command: Any, code: str) -> None:
    given(studio(), *history).when(command).refused(code)
