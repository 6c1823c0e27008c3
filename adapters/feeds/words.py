"""What is written in a calendar, in Chinese and English."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Final

from adapters.messages.telling import ROLES_EN
from adapters.messages.texts import About, TemplateFailed, Text, Texts
from adapters.messages.wording import WORDINGS
from domain.matters import Addressee, Matter
from domain.values import ROLE_NAMES

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
        "visits_of": "实地考察：{count} 个工作室",
        "until": "截止：{at}（北京时间）",
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
        "visits_of": "Site visits: {count} studios",
        "until": "Until {at} (Beijing time)",
        "days": "{starts} to {ends}",
        "visited": "Opinion recorded on {on}",
    },
}


def word(language: str, key: str, **values: object) -> str:
    """One of the words, with its values."""
    return WORDS["en" if language == "en" else "zh"][key].format(**values)


def said(
    texts: Texts,
    matter: Matter,
    to: Addressee,
    names: Mapping[str, str],
    *,
    language: str = "zh",
    today: date | None = None,
) -> Text:
    """A matter in words, as the message about it has them; `names` are those of organisations.

    today: the day on which it may be said to be overdue, for what is looked at and not kept. A
    template that fails leaves the kind's own name, so that nothing is left out for it.
    """
    about = About(
        names.get(str(matter.federation), ""),
        names.get(str(to.organisation), ""),
        ROLES_EN[to.role] if language == "en" else ROLE_NAMES[to.role],
        matter.due_on.isoformat() if matter.due_on else None,
        matter.due_on is not None and today is not None and matter.due_on < today,
        matter.link,
    )
    try:
        return texts.text(matter.kind, matter.facts, about, language)
    except TemplateFailed:
        named = WORDINGS[matter.kind].title(language) if matter.kind in WORDINGS else matter.kind
        return Text("：".join([named, *subject(matter.facts)]), named)


def subject(facts: Facts) -> list[str]:
    """What facts are about: a studio, a call, a person, a year, as far as there are any."""
    names = ("studio", "call", "person", "year", "period")
    return [str(facts[name]) for name in names if facts.get(name)]
