"""Calls: opening hours, quotas, ranking, selection and the end; every event and every refusal."""

from __future__ import annotations

from typing import Any

import pytest

from domain.errors import DomainError
from domain.model.call import Call
from domain.values import Money
from tests.domain.given import given
from tests.domain.persons import CITY, POLICY, UNION, at, by, uid

STAGES = [
    {"id": "first", "ranking": True, "more_candidates_than_places": False},
    {"id": "selection", "ranking": False, "more_candidates_than_places": True},
]


def quota(id: str = "q", **settings: Any) -> dict[str, Any]:
    return {
        "id": id,
        "categories": ["劳模"],
        "cap": 1,
        "per": "recommending_union",
        "force": "hard",
        "union": None,
        "except": [],
        "clause": "二",
        "text": "名额",
        **settings,
    }


def call(*quotas: dict[str, Any], **changes: Any) -> Call:
    facts: dict[str, Any] = {
        "title": "2022 年推荐",
        "federation": CITY,
        "policy": POLICY,
        "opens_at": at("2022-09-01"),
        "deadline": at("2022-10-28", "17:30"),
        "late": "refused",
        "categories": {"劳模": "劳模创新工作室", "职工": "职工创新工作室"},
        "stages": STAGES,
        "quotas": list(quotas),
        "amounts": {"劳模": Money(4_000_000)},
        "uses": {"equipment": "设备"},
        "warnings": [],
    }
    return Call.open(by("officer", "2022-09-01"), uid("call"), **{**facts, **changes})


def on(day: str, command: Any, hour: str = "10:00") -> Any:
    return lambda record: command(record.under(by("officer", day, hour)))


def enters(
    name: str, *, unit: str = "", union: Any = UNION, category: str = "劳模", reason: Any = None
) -> Any:
    return lambda c: c.enter(
        application=uid(name),
        studio=uid(f"studio {name}"),
        category=category,
        unit=uid(unit or f"unit {name}"),
        recommender=union,
        reason=reason,
    )


def recommends(name: str, reason: Any = None) -> Any:
    return lambda c: c.recommend(uid(name), reason)


def both(name: str, **facts: Any) -> list[Any]:
    return [enters(name, **facts), recommends(name)]


def leaves(name: str) -> Any:
    return lambda c: c.leave(uid(name), "withdrawn")


def ranks(*names: str) -> Any:
    return lambda c: c.rank(UNION, "劳模", [uid(name) for name in names])


def selects(places: int, candidates: str, chosen: str) -> Any:
    return lambda c: c.select(
        "劳模", places, [uid(x) for x in candidates], [uid(x) for x in chosen]
    )


CLOSES = Call.close


def concludes(record: Call) -> None:
    record.conclude("办结")


def test_a_call_is_open_from_its_hour_to_the_last_moment() -> None:
    record = given(call()).record
    assert record.under(by("x", "2022-10-28", "17:30")).require_open() is False
    for moment, code in [("2022-08-31", "call_not_open"), ("2022-10-29", "deadline_passed")]:
        with pytest.raises(DomainError) as refusal:
            record.under(by("x", moment)).require_open()
        assert refusal.value.code == code


def test_a_deadline_before_the_opening_is_refused() -> None:
    with pytest.raises(DomainError) as refusal:
        call(deadline=at("2022-09-01"))
    assert refusal.value.code == "deadline_before_opening"


STATED = at("2022-10-14", "17:30")


def test_another_deadline_than_the_notices_is_explained() -> None:
    opened, explained = call(stated=STATED, reason="疫情期间顺延").collect_events()
    assert (explained.TOPIC, explained.stated, explained.deadline, explained.reason) == (
        "call.deadline_explained",
        STATED,
        opened.deadline,
        "疫情期间顺延",
    )
    record = given(call(stated=STATED, reason="疫情期间顺延")).record
    assert (record.notice_deadline, record.deadline_reason) == (STATED, "疫情期间顺延")


@pytest.mark.parametrize("reason", [None, " "])
def test_another_deadline_without_a_reason_is_refused(reason: str | None) -> None:
    with pytest.raises(DomainError) as refusal:
        call(stated=STATED, reason=reason)
    assert refusal.value.code == "deadline_differs"


@pytest.mark.parametrize("stated", [None, at("2022-10-28", "17:30")])
def test_the_notices_own_deadline_needs_no_reason(stated: Any) -> None:
    assert len(call(stated=stated).collect_events()) == 1


def test_what_is_late_is_marked_where_the_notice_does_not_refuse_it() -> None:
    given(call(late="marked")).when(on("2022-10-29", enters("a"))).then(
        ("call.application_entered", {"application": uid("a"), "late": True})
    )
    given(call(late="marked"), enters("a")).when(on("2022-10-29", recommends("a"))).then(
        ("call.application_recommended", {"late": True, "exceeded": []})
    )


def test_a_deadline_moves_later_with_a_reason() -> None:
    later = at("2022-11-04", "17:30")
    given(call()).when(lambda c: c.extend(later, "疫情")).then(
        ("call.extended", {"deadline": later, "reason": "疫情"})
    )


def passes(record: Call) -> None:
    record.under(by("rule", "2022-10-29")).pass_deadline()


def test_a_deadline_that_is_over_closes_the_call_by_rule() -> None:
    given(call()).when(passes).then(
        ("call.deadline_passed", {"deadline": at("2022-10-28", "17:30")})
    )


def test_a_call_that_its_deadline_closed_is_opened_again_by_a_later_one() -> None:
    later = at("2022-11-04", "17:30")
    record = (
        given(call(), passes)
        .when(on("2022-10-30", lambda c: c.extend(later, "系统故障")))
        .then(("call.extended", {"deadline": later}))
    )
    assert (record.closed, record.under(by("x", "2022-11-01")).require_open()) == (False, False)


def test_a_call_is_closed() -> None:
    given(call()).when(CLOSES).then(("call.closed", {}))


def test_an_application_enters_and_is_recommended() -> None:
    given(call()).when(enters("a")).then(
        ("call.application_entered", {"recommender": UNION, "exceeded": [], "late": False})
    )
    given(call(), enters("a")).when(recommends("a")).then(
        ("call.application_recommended", {"application": uid("a"), "reason": None})
    )


def test_a_hard_cap_refuses_the_next_one_and_a_departure_frees_its_place() -> None:
    full = [*both("a"), enters("b")]
    given(call(quota()), *full).when(recommends("b", "很好")).refused("quota_exceeded")
    given(call(quota()), *full, leaves("a")).when(recommends("b")).then(
        ("call.application_recommended", {"exceeded": []})
    )


def test_a_cap_in_principle_asks_for_a_reason_and_keeps_it() -> None:
    soft = call(quota("three", force="in_principle"))
    given(soft, *both("a"), enters("b")).when(recommends("b", " ")).refused("reason_required")
    soft = call(quota("three", force="in_principle"))
    given(soft, *both("a"), enters("b")).when(recommends("b", "特别突出")).then(
        ("call.application_recommended", {"exceeded": ["three"], "reason": "特别突出"})
    )


def test_a_reason_that_nobody_needed_is_not_kept() -> None:
    given(call(quota()), enters("a")).when(recommends("a", "很好")).then(
        ("call.application_recommended", {"exceeded": [], "reason": None})
    )


def test_a_cap_for_each_unit_counts_all_its_categories_at_once() -> None:
    shared = quota(per="unit", categories=["劳模", "职工"])
    given(call(shared), enters("a", unit="厂")).when(
        enters("b", unit="厂", category="职工")
    ).refused("quota_exceeded")


def test_a_cap_of_the_whole_call_counts_every_union() -> None:
    whole = call(quota(per="call"))
    given(whole, *both("a"), enters("b", union=uid("other"))).when(recommends("b")).refused(
        "quota_exceeded"
    )


def test_each_union_has_its_own_cap() -> None:
    given(call(quota()), *both("a"), enters("b", union=uid("other"))).when(recommends("b")).then(
        ("call.application_recommended", {"exceeded": []})
    )


def test_a_union_in_the_table_has_its_number_and_the_others_the_common_one() -> None:
    table = (quota("t", cap=2, union=UNION), quota("t", cap=0, **{"except": [UNION]}))
    given(call(*table), *both("a"), enters("b")).when(recommends("b")).then(
        ("call.application_recommended", {"exceeded": []})
    )
    given(call(*table), enters("c", union=uid("other"))).when(recommends("c")).refused(
        "quota_exceeded"
    )


def test_a_unit_in_the_table_has_its_own_number() -> None:
    table = (
        quota("t", per="unit", cap=2, union=uid("厂")),
        quota("t", per="unit", cap=0, **{"except": [uid("厂")]}),
    )
    given(call(*table), enters("a", unit="厂")).when(enters("b", unit="厂")).then(
        ("call.application_entered", {"exceeded": []})
    )
    given(call(*table)).when(enters("c", unit="别厂")).refused("quota_exceeded")


def test_a_union_ranks_all_that_it_recommends() -> None:
    record = (
        given(call(), *both("a"), *both("b"))
        .when(ranks("b", "a"))
        .then(("call.ranked", {"order": [uid("b"), uid("a")]}))
    )
    assert (record.entry(uid("b")).rank, record.entry(uid("a")).rank) == (1, 2)
    record.require_ranked(uid("a"))


def test_the_city_looks_at_nothing_unranked() -> None:
    given(call(), *both("a")).when(lambda c: c.require_ranked(uid("a"))).refused("ranking_missing")


THREE = [*both("a"), *both("b"), *both("c")]


def test_more_candidates_than_places_are_needed() -> None:
    given(call(), *THREE).when(selects(2, "abc", "ab")).then(
        ("call.selected", {"chosen": [uid("a"), uid("b")], "places": 2})
    )
    given(call(), *THREE).when(selects(3, "abc", "abc")).refused("no_competition")


def test_choosing_nobody_is_legal() -> None:
    given(call(), *THREE).when(selects(2, "abc", "")).then(("call.selected", {"chosen": []}))


def test_a_replacement_takes_the_place_of_one_that_was_dropped() -> None:
    chosen = [*THREE, selects(2, "abc", "ab")]
    given(call(), *chosen).when(selects(2, "c", "c")).refused("too_many_chosen")
    given(call(), *chosen, leaves("a")).when(selects(2, "c", "c")).then(
        ("call.selected", {"chosen": [uid("c")]})
    )


def test_a_second_choice_never_ends_in_choosing_all() -> None:
    given(call(), *THREE, selects(3, "abc", "ab")).when(selects(3, "c", "c")).refused(
        "no_competition"
    )


def test_a_naming_number_is_used_once() -> None:
    named = [*THREE, lambda c: c.name(uid("a"), "1号")]
    given(call(), *THREE).when(lambda c: c.name(uid("a"), "1号")).then(
        ("call.application_named", {"application": uid("a"), "number": "1号"})
    )
    given(call(), *named).when(lambda c: c.name(uid("b"), "1号")).refused("number_used")


def test_an_application_leaves_once() -> None:
    given(call(), enters("a")).when(leaves("a")).then(
        ("call.application_left", {"application": uid("a"), "why": "withdrawn"})
    )
    given(call(), enters("a"), leaves("a")).when(leaves("a")).refused("not_in_call")


def test_a_call_is_concluded_with_the_number_that_was_named() -> None:
    given(call(), *THREE, lambda c: c.name(uid("a"), "1")).when(concludes).then(
        ("call.concluded", {"named": 1})
    )
    given(call()).when(concludes).then(("call.concluded", {"named": 0}))


@pytest.mark.parametrize(
    ("history", "command", "code"),
    [
        ([CLOSES], CLOSES, "call_closed"),
        ([CLOSES], lambda c: c.extend(at("2022-12-01"), "x"), "call_closed"),
        ([], lambda c: c.extend(at("2022-10-28", "17:30"), "x"), "deadline_not_later"),
        ([CLOSES], enters("a"), "call_closed"),
        ([CLOSES], passes, "call_closed"),
        ([passes], enters("a"), "call_closed"),
        ([passes], passes, "call_closed"),
        ([passes, concludes], lambda c: c.extend(at("2022-12-01"), "x"), "call_closed"),
        ([], on("2022-10-28", lambda c: c.pass_deadline(), "17:30"), "deadline_not_passed"),
        ([], on("2022-10-28", enters("a"), "17:31"), "deadline_passed"),
        ([], on("2022-08-30", enters("a")), "call_not_open"),
        ([], enters("a", category="市长"), "category_unknown"),
        ([enters("a")], enters("a"), "already_in_call"),
        ([], recommends("a"), "not_in_call"),
        (both("a"), recommends("a"), "already_recommended"),
        ([enters("a")], on("2022-10-29", recommends("a")), "deadline_passed"),
        ([enters("a")], ranks("a"), "nothing_to_rank"),
        (THREE, ranks("a", "b"), "ranking_incomplete"),
        (THREE, ranks("a", "b", "b"), "ranking_incomplete"),
        ([*THREE, concludes], ranks("a", "b", "c"), "call_concluded"),
        ([*THREE, concludes], selects(1, "abc", "a"), "call_concluded"),
        (THREE, selects(1, "abc", "ab"), "too_many_chosen"),
        (THREE, selects(2, "ab", "c"), "not_a_candidate"),
        (THREE, selects(2, "abc", "aa"), "not_a_candidate"),
        ([], lambda c: c.name(uid("a"), "1"), "not_in_call"),
        ([concludes], concludes, "call_concluded"),
        ([concludes], CLOSES, "call_closed"),
    ],
)
def test_a_call_refuses(history: list[Any], command: Any, code: str) -> None:
    given(call(), *history).when(command).refused(code)
