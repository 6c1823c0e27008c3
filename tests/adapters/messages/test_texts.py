"""Texts: every kind in both languages, exact to the day, and a broken template stops its own message only."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from adapters.messages.texts import (
    LANGUAGES,
    OURS,
    About,
    TemplateFailed,
    Text,
    Texts,
    as_html,
    example_about,
    full_day,
)
from adapters.messages.wording import EVENTS, MATTERS, MORE, WORDINGS, missing_facts, unknown_facts
from domain.matters import KINDS


def test_every_kind_of_matter_has_words() -> None:
    assert set(MATTERS) == set(KINDS)
    assert set(MATTERS) & set(EVENTS) == set()


def test_every_kind_has_a_template_in_every_language_and_no_other_is_there() -> None:
    for language in LANGUAGES:
        found = {path.stem for path in (OURS / language).glob("[!_]*.txt")}
        assert found == set(WORDINGS)


def test_every_template_can_be_filled_in(tmp_path: Path) -> None:
    assert Texts(tmp_path).faults() == []


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", WORDINGS)
def test_a_text_says_its_facts_and_the_day_and_never_how_many_days_are_left(
    tmp_path: Path, kind: str, language: str
) -> None:
    wording = WORDINGS[kind]
    text = Texts(tmp_path).example(kind, language)
    whole = f"{text.subject}\n{text.body}"
    day = {"zh": "2026年12月31日（星期四）", "en": "Thursday, 31 December 2026"}[language]
    told = [str(value) for name, value in wording.facts.items() if name not in {"due_on"}]
    told = [full_day(each, language) for each in told]
    missing = [each for each in told if each not in whole]
    if kind not in {"rectification.last_warning", "self_check.due"}:
        assert missing == []
    if wording.dated and kind not in {"notice.objection_raised"}:
        assert day in whole
    assert not re.search(r"剩余|还有 ?\d+ ?天|days? (left|remain)", whole)
    assert "None" not in whole
    assert "\n" not in text.subject


def test_an_overdue_matter_says_so(tmp_path: Path) -> None:
    about = example_about("zh", "2026-12-31", overdue=True)
    text = Texts(tmp_path).text("assessment.union_due", {"year": 2026, "count": 3}, about, "zh")
    assert text.subject.startswith("【逾期】")
    assert "期限：2026年12月31日（星期四），已经超过，请立即办理。" in text.body


def test_the_rule_is_named_where_it_is_known(tmp_path: Path) -> None:
    facts = {"year": 2026, "count": 3, "document": "某工发〔2023〕5号", "clause": "四（二）"}
    about = example_about("zh", "2026-12-31")
    text = Texts(tmp_path).text("assessment.union_due", facts, about, "zh")
    assert text.body.endswith("依据：某工发〔2023〕5号四（二）。")


def test_days_and_moments_are_written_in_full() -> None:
    assert full_day("2026-10-01", "zh") == "2026年10月1日（星期四）"
    assert full_day("2026-10-01 17:30", "en") == "Thursday, 1 October 2026 17:30"
    assert full_day("待定", "zh") == "待定"


def own(home: Path, kind: str, source: str) -> Texts:
    folder = home / "templates" / "zh"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{kind}.txt").write_text(source, "utf-8")
    return Texts(home)


def test_an_operator_s_template_goes_before_ours(tmp_path: Path) -> None:
    texts = own(
        tmp_path, "grant.paid", "到账：{{ studio }}\n\n{{ federation }}拨付 {{ amount }} 元。\n"
    )
    assert texts.example("grant.paid", "zh").subject == "到账：数控创新工作室"
    assert texts.example("grant.paid", "en").subject == "A grant was paid: 数控创新工作室"


@pytest.mark.parametrize(
    ("source", "told"),
    [
        ("{{ nobody }}\n\nx", "模板 zh/grant.paid.txt 出错：'nobody' is undefined"),
        ("{% if %}\n\nx", "模板 zh/grant.paid.txt 第 1 行有语法错误"),
        ("{{ clause }}\n\nx", "模板 zh/grant.paid.txt 出错"),
        ("{{ studio.__class__ }}\n\nx", "模板 zh/grant.paid.txt 出错"),
        ("{{ 1 / 0 }}\n\nx", "模板 zh/grant.paid.txt 出错：division by zero"),
        ("只有标题", "模板 zh/grant.paid.txt 须有标题行和正文"),
        ("{% include '../../secret' %}\n\nx", "没有模板"),
    ],
)
def test_a_broken_template_is_told_by_its_name(tmp_path: Path, source: str, told: str) -> None:
    texts = own(tmp_path, "grant.paid", source)
    with pytest.raises(TemplateFailed, match=re.escape(told)):
        texts.example("grant.paid", "zh")
    assert any(told in each for each in texts.faults())


def test_a_fact_cannot_pass_for_a_line_of_its_own(tmp_path: Path) -> None:
    facts = {"studio": "甲\r\nBcc: x@y.example", "amount": "1"}
    about = About("市", "区", "工会")
    text = Texts(tmp_path).text("grant.paid", facts, about, "zh")
    assert text.subject == "补助已拨付：甲 Bcc: x@y.example"


def test_no_word_of_a_text_is_markup(tmp_path: Path) -> None:
    facts = {"studio": "<script>alert(1)</script>", "amount": "1"}
    text = Texts(tmp_path).text("grant.paid", facts, About("市", "区", "工会"), "zh")
    page = as_html(text, 'https://a.example/"><b>', "办理", "<i>", "zh")
    assert "<script>" not in page
    assert "<b>" not in page
    assert "<i>" not in page


def test_addresses_of_a_text_can_be_followed() -> None:
    text = Text("x", "一\n   https://a.example/?a=1&b=2\n看 https://b.example 吗")
    page = as_html(text, "", "办理", "更改：https://c.example", "zh")
    assert re.findall(r'<a href="([^"]+)"', page) == [
        "https://a.example/?a=1&amp;b=2",
        "https://c.example",
    ]


def test_facts_are_held_to_what_is_declared() -> None:
    assert unknown_facts("grant.paid", {"studio": "x", "phone": "1"}) == ["phone"]
    assert missing_facts("grant.paid", {"studio": "x"}) == ["amount"]
    assert unknown_facts("grant.paid", MORE) == []


@pytest.mark.parametrize("kind", ["rectification.ordered", "rectification.last_warning"])
@pytest.mark.parametrize(
    ("counting", "told"),
    [("in_a_row", "已连续 2 年"), ("in_all", "已累计 2 年"), (None, "已连续 2 年")],
)
def test_failures_are_counted_in_the_words_of_the_rule(
    tmp_path: Path, kind: str, counting: str | None, told: str
) -> None:
    facts = {**WORDINGS[kind].facts, "counting": counting}
    text = Texts(tmp_path).text(kind, facts, About("市", "区", "工会"), "zh")
    assert (told in text.body, "再有 1 年连续不合格" in text.body) == (
        True,
        kind == "rectification.ordered" and counting != "in_all",
    )
