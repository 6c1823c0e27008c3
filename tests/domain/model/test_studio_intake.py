"""A studio's first chapter: registering, applying, amending, review, scores and recusals."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from domain.errors import DomainError
from domain.model.studio import Studio
from tests.domain.given import given
from tests.domain.model.histories import (
    APP,
    APPLIED,
    APPROVED,
    NAMED,
    ON_NOTICE,
    PASSING,
    amends,
    applies,
    checks,
    on,
    publicizes,
    records_naming,
    returns,
    reviews,
)
from tests.domain.persons import CITY, UNION, UNIT, at, by, person, studio, uid, verdict

SOFT = {"force": "in_principle", "waivable": True}


def registers(**changes: Any) -> Any:
    facts: dict[str, Any] = {
        "name": "张工创新工作室",
        "lineage": [UNIT, UNION, CITY],
        "leader": person("张工"),
        "founded_on": date(2019, 5, 1),
        "predecessors": [],
    }
    return Studio.register(by("applicant", "2022-01-04"), uid("studio"), **{**facts, **changes})


def test_a_studio_is_registered_for_its_unit() -> None:
    record = given(studio()).record
    assert (record.unit, record.ended, record.leader.name) == (UNIT, None, "张工")


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"founded_on": date(2022, 1, 5)}, "date_in_future"),
        (
            {"predecessors": [{"studio": uid("old"), "inherits": True, "decision": ""}]},
            "decision_missing",
        ),
    ],
)
def test_a_studio_is_not_registered(changes: Any, code: str) -> None:
    with pytest.raises(DomainError) as refusal:
        registers(**changes)
    assert refusal.value.code == code


def test_an_application_is_filed_with_its_verdicts() -> None:
    record = (
        given(studio())
        .when(applies())
        .then(("studio.applied", {"application": APP, "verdicts": PASSING, "publicity": True}))
    )
    assert record.application(APP).next_stage == "first"


def test_an_application_is_amended_before_anyone_passed_it() -> None:
    given(studio(), *APPLIED).when(amends()).then(("studio.amended", {"application": APP}))


def test_a_returned_application_is_amended_and_stands_where_it_was() -> None:
    reviewed = [*APPLIED, reviews("first", "2022-09-02"), returns("2022-09-03")]
    record = (
        given(studio(), *reviewed).when(amends("2022-09-04")).then(("studio.amended", {}))
    ).application(APP)
    assert (record.status, record.next_stage) == ("under_review", "office_meeting")


def test_an_amendment_takes_back_what_was_judged_and_overridden() -> None:
    failing = [verdict("named", "fail", **SOFT), verdict("venue", "needs_human")]
    history = [
        applies(verdicts=failing, stages=("first", "materials", "office_meeting")),
        on("2022-09-02", lambda s: s.override(APP, condition="named", reason="特别优秀")),
        reviews("first", "2022-09-02", judgements={"venue": "pass"}),
        returns("2022-09-03"),
    ]
    found = given(studio(), *history, amends("2022-09-04")).record.application(APP)
    assert (found.judged, found.overridden) == ({}, set())


def test_an_application_is_returned_with_a_date_to_answer_by() -> None:
    until = at("2022-09-10")
    given(studio(), *APPLIED).when(returns(amend_by=until)).then(
        ("studio.returned", {"reason": "缺章", "amend_by": until, "stage": "first"})
    )


@pytest.mark.parametrize("history", [APPLIED, APPROVED, [*APPLIED, returns()]])
def test_an_application_is_withdrawn_at_any_moment_before_naming(history: list[Any]) -> None:
    given(studio(), *history).when(on("2022-09-30", lambda s: s.withdraw(APP, "自愿"))).then(
        ("studio.withdrawn", {"application": APP, "reason": "自愿"})
    )


def test_an_application_that_was_not_chosen_is_closed() -> None:
    given(studio(), *APPROVED).when(lambda s: s.close_application(APP, "名额有限")).then(
        ("studio.application_closed", {"application": APP})
    )


def test_a_condition_in_principle_is_overridden_with_a_reason_by_somebody_else() -> None:
    failing = [verdict("named", "fail", clause="二1", **SOFT)]
    given(studio(), applies(verdicts=failing)).when(
        on("2022-09-02", lambda s: s.override(APP, condition="named", reason="特别优秀"))
    ).then(("studio.overridden", {"condition": "named", "clause": "二1", "reason": "特别优秀"}))


def test_a_stage_is_passed_and_how_each_condition_stood_is_kept_with_it() -> None:
    stood = [
        {
            "condition": each["condition"],
            "clause": each["clause"],
            "force": each["force"],
            "outcome": each["outcome"],
            "overridden": False,
        }
        for each in PASSING
    ]
    given(studio(), *APPLIED).when(reviews("first", "2022-09-05")).then(
        (
            "studio.reviewed",
            {"stage": "first", "outcome": "passed", "verdicts": stood, "on": date(2022, 9, 5)},
        )
    )


def test_a_rejection_ends_the_application() -> None:
    record = (
        given(studio(), *APPLIED)
        .when(reviews("first", "2022-09-05", "rejected"))
        .then(("studio.reviewed", {"outcome": "rejected"}))
    )
    assert record.application(APP).open is False


@pytest.mark.parametrize(
    ("verdicts", "judgements", "code"),
    [
        ([verdict("team", "fail")], {}, "clause_failed"),
        ([verdict("named", "fail", **SOFT)], {}, "override_required"),
        ([verdict("venue", "needs_human")], {}, "clause_unjudged"),
        ([verdict("venue", "needs_human")], {"venue": "fail"}, "clause_failed"),
        ([verdict("venue", "pass")], {"venue": "pass"}, "condition_not_judged"),
        ([verdict("venue", "needs_human")], {"venue": "maybe"}, "judgement_unknown"),
    ],
)
def test_nothing_leaves_the_last_stage_while_a_condition_that_binds_is_not_met(
    verdicts: Any, judgements: Any, code: str
) -> None:
    given(studio(), applies(verdicts=verdicts, stages=("office_meeting",))).when(
        reviews("office_meeting", "2022-09-05", judgements=judgements)
    ).refused(code)


def test_a_preference_stops_nobody() -> None:
    preferred = [verdict("industry", "fail", force="preferred")]
    given(studio(), applies(verdicts=preferred)).when(reviews("first", "2022-09-05")).then(
        ("studio.reviewed", {"outcome": "passed"})
    )


def test_what_a_person_has_to_judge_may_wait_until_the_last_stage() -> None:
    open_ = [verdict("venue", "needs_human")]
    first = reviews("first", "2022-09-05")
    given(studio(), applies(verdicts=open_)).when(first).then(("studio.reviewed", {}))
    given(studio(), applies(verdicts=open_), first).when(
        reviews("office_meeting", "2022-09-06", judgements={"venue": "pass"})
    ).then(("studio.reviewed", {"judgements": {"venue": "pass"}}))


def test_the_unit_may_pass_on_its_own_what_it_filed_itself() -> None:
    given(studio(), applies(stages=("unit", "first"))).when(
        reviews("unit", "2022-09-02", who="applicant")
    ).then(("studio.reviewed", {"stage": "unit"}))


def test_a_new_application_is_possible_after_the_old_one_ended() -> None:
    ended = [*APPLIED, on("2022-09-02", lambda s: s.withdraw(APP, "x"))]
    given(studio(), *ended).when(applies(id=uid("second"))).then(
        ("studio.applied", {"application": uid("second")})
    )


DE_NAMED = [*NAMED, *(checks(year) for year in (2023, 2024, 2025))]


def test_a_de_named_studio_may_apply_again() -> None:
    given(studio(), *DE_NAMED).when(applies("2026-01-05", id=uid("again"))).then(
        ("studio.applied", {"application": uid("again")})
    )


def test_a_cooling_off_lasts_to_the_day_that_the_pack_says() -> None:
    again = {"id": uid("again"), "cooling_off_years": 2}
    given(studio(), *DE_NAMED).when(applies("2027-12-19", **again)).refused("cooling_off")
    given(studio(), *DE_NAMED).when(applies("2027-12-20", **again)).then(("studio.applied", {}))


@pytest.mark.parametrize(
    ("history", "command", "code"),
    [
        (APPLIED, applies(id=uid("second")), "application_open"),
        (NAMED, applies("2023-01-01", id=uid("second"), call=uid("c2")), "already_named"),
        (
            [on("2022-02-01", lambda s: s.close(reason="x", on=date(2022, 2, 1)))],
            applies(),
            "studio_ended",
        ),
        ([*APPLIED, reviews("first", "2022-09-02")], amends(), "under_review"),
        (
            [applies(stages=()), publicizes()],
            amends("2022-09-29"),
            "under_review",
        ),
        ([*APPLIED, returns(amend_by=at("2022-09-03"))], amends("2022-09-04"), "amendment_late"),
        ([], amends(), "application_unknown"),
        (NAMED, amends("2022-12-01"), "application_ended"),
        ([*APPLIED, returns()], returns(), "already_returned"),
        (ON_NOTICE, returns("2022-09-29"), "on_notice"),
        (APPROVED, returns("2022-09-21"), "already_approved"),
        (APPLIED, returns("2022-09-02", at("2022-09-02", "10:00")), "amend_by_past"),
        (ON_NOTICE, on("2022-09-29", lambda s: s.withdraw(APP, "x")), "on_notice"),
        (NAMED, on("2022-12-01", lambda s: s.withdraw(APP, "x")), "application_ended"),
        (NAMED, lambda s: s.close_application(APP, "x"), "application_ended"),
        (APPLIED, lambda s: s.override(APP, condition="x", reason="y"), "condition_unknown"),
        (APPLIED, lambda s: s.override(APP, condition="team", reason="y"), "not_overridable"),
        (
            [applies(verdicts=[verdict("named", "fail")])],
            on("2022-09-02", lambda s: s.override(APP, condition="named", reason="y")),
            "not_overridable",
        ),
        (
            [applies(verdicts=[verdict("named", "fail", **SOFT)])],
            on(
                "2022-09-02",
                lambda s: s.override(APP, condition="named", reason="y"),
                "applicant",
            ),
            "same_person",
        ),
        (APPLIED, reviews("office_meeting", "2022-09-05"), "stage_out_of_order"),
        (APPROVED, reviews("first", "2022-09-25"), "stage_out_of_order"),
        ([*APPLIED, returns()], reviews("first", "2022-09-05"), "returned"),
        (APPLIED, reviews("first", "2022-09-05", "perhaps"), "outcome_unknown"),
        (APPLIED, reviews("first", "2022-09-05", who="applicant"), "same_person"),
        (
            [*APPLIED, amends(who="colleague")],
            reviews("first", "2022-09-05", who="colleague"),
            "same_person",
        ),
        (NAMED, reviews("first", "2023-01-01"), "application_ended"),
    ],
)
def test_intake_refuses(history: list[Any], command: Any, code: str) -> None:
    given(studio(), *history).when(command).refused(code)


def scores(points: Any, who: str = "expert", stage: str = "first") -> Any:
    return on("2022-09-04", lambda s: s.score(APP, stage=stage, points=points, opinion="好"), who)


def test_reviewers_score_each_once() -> None:
    record = (
        given(studio(), *APPLIED, scores(90, "another"))
        .when(scores(85))
        .then(("studio.scored", {"stage": "first", "points": 85}))
    )
    assert record.application(APP).scores == {
        ("first", uid("another")): 90,
        ("first", uid("expert")): 85,
    }


@pytest.mark.parametrize(
    ("history", "command", "code"),
    [
        ([*APPLIED, scores(85)], scores(86), "already_scored"),
        (APPLIED, scores(85, "applicant"), "same_person"),
        (APPLIED, scores(101), "points_out_of_range"),
        (APPLIED, scores(-1), "points_out_of_range"),
        (APPLIED, scores(True), "points_out_of_range"),
        (APPLIED, scores(90, stage="office_meeting"), "stage_out_of_order"),
    ],
)
def test_a_score_is_refused(history: list[Any], command: Any, code: str) -> None:
    given(studio(), *history).when(command).refused(code)


def test_a_recusal_is_recorded() -> None:
    given(studio(), *APPLIED).when(lambda s: s.recuse(APP, stage="first", reason="同单位")).then(
        ("studio.reviewer_recused", {"stage": "first", "reason": "同单位"})
    )


@pytest.mark.parametrize(
    ("affiliations", "tied", "tied_at_union"),
    [
        ({UNIT}, True, True),
        ({UNION}, True, False),
        ({CITY}, False, False),
        ({uid("elsewhere")}, False, False),
    ],
)
def test_people_of_the_unit_or_its_recommending_union_are_tied(
    affiliations: set[Any], tied: bool, tied_at_union: bool
) -> None:
    mandate = by("expert", "2022-09-02", affiliations=frozenset(affiliations))
    record = studio().under(mandate)
    assert (record.conflict(UNION, CITY) is not None) is tied
    assert (record.conflict_of_unit(UNION) is not None) is tied_at_union


def test_people_of_the_parent_enterprise_are_tied_too() -> None:
    record = registers(lineage=[UNIT, uid("group"), UNION, CITY])
    record.under(by("expert", "2022-09-02", affiliations=frozenset({uid("group")})))
    assert record.conflict(UNION, CITY) is not None


def test_the_federation_is_not_tied_to_a_unit_directly_below_it() -> None:
    record = registers(lineage=[UNIT, CITY])
    record.under(by("expert", "2022-09-02", affiliations=frozenset({CITY})))
    assert (record.conflict(CITY, CITY), record.conflict_of_unit(CITY)) == (None, None)


def test_one_name_for_each_level_and_category_even_when_recorded_by_hand() -> None:
    given(studio(), records_naming()).when(records_naming(number="x")).refused("already_named")
    given(studio(), records_naming()).when(records_naming(number="x", category="worker")).then(
        ("studio.naming_recorded", {"number": "x"})
    )
