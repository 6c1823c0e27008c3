"""Evaluating: drafts, evidence, human judgement, and what a verdict says."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.errors import Invalid
from domain.policy.dossier import blank, problems
from domain.policy.evaluate import check_leader, evaluate, outcome
from domain.policy.verdicts import FAIL, NEEDS_HUMAN, PASS
from domain.policy.windows import Window, Years, add_months, full_months, spelled
from tests.domain.policy.dossiers import filled, policy

CATEGORIES = [
    (name, each.id)
    for name in ("wuxi-2022", "jiujiang-2023", "nanchang-2021", "jingzhou-2019", "changchun-2023")
    for each in policy(name).categories
]
ON = date(2022, 10, 28)


@pytest.mark.parametrize(("name", "category"), CATEGORIES)
def test_an_empty_draft_passes_nothing(name: str, category: str) -> None:
    for draft in ({}, blank(policy(name).category(category))):
        found = policy(name).evaluate(category, draft, ON)
        assert {each.outcome for each in found} == {FAIL, NEEDS_HUMAN}
        for each in found:
            told = ("未填写", "材料未填", "未提交", "缺", "尚待签署", "提供")
            assert any(word in each.sentence for word in told)


@pytest.mark.parametrize(("name", "category"), CATEGORIES)
def test_every_verdict_is_plain_json_and_ends_with_its_clause(name: str, category: str) -> None:
    for each in policy(name).evaluate(category, filled(name, category), ON):
        assert json.loads(json.dumps(each.as_dict())) == each.as_dict()
        assert each.sentence.endswith(f"（{each.clause}）")
        assert each.text


@pytest.mark.parametrize("dossier", [None, [], "x", {"_type_": 1, "_data_": 2}, {"zz": 1}, {1: 2}])
def test_a_malformed_dossier_is_refused(dossier: Any) -> None:
    with pytest.raises(Invalid) as refusal:
        policy("wuxi-2022").evaluate("worker", dossier, ON)
    assert refusal.value.code == "dossier_malformed"


def test_all_faults_are_told_at_once() -> None:
    category = policy("wuxi-2022").category("worker")
    with pytest.raises(Invalid) as refusal:
        evaluate(category, {"team": {"size": "x", "front": 1}, "zz": 1}, ON)
    assert [each["field"] for each in refusal.value.details["problems"]] == [
        "team.size",
        "team.front",
        "zz",
    ]


def test_evidence_follows_the_condition_it_is_given_for() -> None:
    dossier = {
        "team": {"size": 3},
        "evidence": {"worker_team": ["名单.pdf"]},
    }
    found = {each.condition: each for each in policy("wuxi-2022").evaluate("worker", dossier, ON)}
    assert found["worker_team"].evidence == ("名单.pdf",)


def test_evidence_of_what_counted_is_gathered() -> None:
    honours = [
        {"name": "职业技能带头人", "level": "city", "year": 2020, "evidence": ["证书.pdf"]},
        {"name": "先进个人", "level": "city", "year": 2020, "evidence": ["其他.pdf"]},
    ]
    (verdict,) = check_leader(
        policy("wuxi-2022").category("worker"), {"leader": {"titles": honours}}, ON
    )
    assert (verdict.outcome, verdict.evidence) == (PASS, ("证书.pdf",))


def test_a_judgement_keeps_what_the_rule_found() -> None:
    found = {each.condition: each for each in policy("wuxi-2022").evaluate("worker", {}, ON)}
    judged = found["worker_venue"].judged(PASS, "现场核实", "某审核员")
    assert judged.sentence == "经审核符合：现场核实（一（三）3）"
    assert (judged.facts["found"], judged.facts["judged_by"]) == (NEEDS_HUMAN, "某审核员")


def test_the_outcome_is_the_worst_that_binds() -> None:
    found = policy("jiujiang-2023").evaluate("studio", {}, ON)
    by_outcome = {
        value: [each for each in found if each.outcome == value and each.force == "required"]
        for value in (FAIL, NEEDS_HUMAN)
    }
    preferred = [each for each in found if each.force == "preferred"]
    assert outcome(found) == FAIL
    assert outcome([*by_outcome[NEEDS_HUMAN], *preferred]) == NEEDS_HUMAN
    assert outcome(preferred) == PASS


JUNK = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=5)
    | st.sampled_from(["2022-01-01", "2022-01", "省部级", "province"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["name", "level", "year", "size", "files", "on", "text", "evidence"]),
            inner,
            max_size=4,
        )
    ),
    max_leaves=8,
)


@settings(max_examples=150, deadline=None)
@given(data=st.data(), where=st.sampled_from(CATEGORIES), junk=JUNK)
def test_any_value_anywhere_is_judged_or_refused(
    data: st.DataObject, where: tuple[str, str], junk: Any
) -> None:
    name, category_id = where
    category = policy(name).category(category_id)
    dossier = filled(name, category_id)
    group = data.draw(st.sampled_from(sorted(dossier)))
    inner = dossier[group]
    if isinstance(inner, dict) and inner and data.draw(st.booleans()):
        inner[data.draw(st.sampled_from(sorted(inner)))] = junk
    else:
        dossier[group] = junk
    if problems(category, dossier, complete=False):
        with pytest.raises(Invalid):
            evaluate(category, dossier, ON)
    else:
        assert len(evaluate(category, dossier, ON)) == len(category.conditions)


@pytest.mark.parametrize(
    ("start", "months", "end"),
    [
        (date(2020, 2, 29), 24, date(2022, 2, 28)),
        (date(2020, 2, 29), 48, date(2024, 2, 29)),
        (date(2022, 8, 31), 6, date(2023, 2, 28)),
        (date(2022, 1, 15), -1, date(2021, 12, 15)),
    ],
)
def test_months_end_on_the_same_day_or_the_last_of_the_month(
    start: date, months: int, end: date
) -> None:
    assert add_months(start, months) == end


@given(start=st.dates(date(1990, 1, 1), date(2030, 12, 31)), months=st.integers(0, 400))
def test_full_months_are_counted_to_the_day(start: date, months: int) -> None:
    end = add_months(start, months)
    assert full_months(start, end) == months
    assert full_months(start, date.fromordinal(end.toordinal() - 1)) == max(months - 1, 0)


def test_spans_are_counted_from_filing_and_not_before_founding() -> None:
    assert Years(last=2, this_year=True).span(date(2022, 5, 1), date(2020, 3, 1)) == (2021, 2022)
    assert Years(last=2).span(date(2022, 5, 1), None) == (2020, 2021)
    assert Years(last=2).span(date(2022, 5, 1), date(2022, 1, 1)) == ()
    assert Years(years=(2021, 2020)).span(date(2022, 5, 1), date(2022, 1, 1)) == (2020, 2021)
    assert Window(months=12).span(date(2024, 2, 29)) == (date(2023, 3, 1), date(2024, 2, 29))
    assert [spelled(each) for each in (0, 5, 12, 23)] == [
        "0 个月",
        "5 个月",
        "1 年",
        "1 年 11 个月",
    ]
