"""What is written in a calendar, in Chinese and English."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Final

from adapters.messages.wording import WORDINGS

Facts = Mapping[str, str | int]

WORDS: Final[Mapping[str, Mapping[str, str]]] = {
    "zh": {
        "calendar": "铭牌：{name}的工作日历",
        "duty": "待办",
        "notice": "公示",
        "call": "申报",
        "campaign": "年度考核",
        "visit": "实地考察",
        "notice_of": "公示：{call}",
        "call_of": "申报：{call}",
        "campaign_of": "{year}年度考核（{federation}）",
        "visit_of": "实地考察：{studio}",
        "until": "截止：{at}（北京时间）",
        "due": "截止日：{on}",
        "days": "{starts} 至 {ends}",
        "visited": "考察意见记录于 {on}",
    },
    "en": {
        "calendar": "Mingpai: calendar of {name}",
        "duty": "To do",
        "notice": "Public notice",
        "call": "Call",
        "campaign": "Yearly assessment",
        "visit": "Site visit",
        "notice_of": "Public notice: {call}",
        "call_of": "Call: {call}",
        "campaign_of": "Assessment of {year} ({federation})",
        "visit_of": "Site visit: {studio}",
        "until": "Until {at} (Beijing time)",
        "due": "Due on {on}",
        "days": "{starts} to {ends}",
        "visited": "Opinion recorded on {on}",
    },
}

FACTS: Final[Mapping[str, tuple[str, str]]] = {
    "number": ("编号", "Number"),
    "unit": ("单位", "Unit"),
    "union": ("推荐工会", "Union"),
    "unions": ("工会", "Unions"),
    "count": ("数量", "Count"),
    "amount": ("金额（元）", "Amount (yuan)"),
    "deadline": ("截止时间", "Deadline"),
    "reason": ("原因", "Reason"),
    "document": ("依据文件", "Document"),
    "clause": ("条款", "Clause"),
}
"""Facts that are told below a duty, in this order, and what each is called."""


def word(language: str, key: str, **values: object) -> str:
    """One of the words, with its values."""
    return WORDS["en" if language == "en" else "zh"][key].format(**values)


def title(kind: str, facts: Facts, language: str) -> str:
    """What a matter is called in one line: its kind, and what it is about."""
    about = subject(facts, language)
    named = WORDINGS[kind].title(language) if kind in WORDINGS else kind
    mark = ": " if language == "en" else "："
    return f"{named}{mark}{about}" if about else named


def subject(facts: Facts, language: str) -> str:
    """What facts are about: a studio, a call, a person, a year, as far as there are any."""
    year = facts.get("year")
    when = "" if year is None else (f"{year}" if language == "en" else f"{year}年")
    parts = [str(facts[name]) for name in ("studio", "call", "person") if facts.get(name)]
    when += str(facts.get("period") or "") if language != "en" else ""
    if not parts and facts.get("union"):
        parts = [str(facts["union"])]
    return " ".join([*parts, *([when] if when else [])])


def details(facts: Facts, due_on: date | None, language: str) -> str:
    """What else is told of a matter, a line each."""
    told = [word(language, "due", on=due_on)] if due_on else []
    mark, place = (": ", 1) if language == "en" else ("：", 0)
    told += [f"{names[place]}{mark}{facts[key]}" for key, names in FACTS.items() if key in facts]
    return "\n".join(told)
