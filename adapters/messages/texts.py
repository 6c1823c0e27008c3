"""Texts: a template file for each kind of message and language, its first line the subject, the rest the body.

An operator's own `<home>/templates/<language>/<kind>.txt` goes before ours. A template may use the kind's facts,
those of `wording.MORE` (none where not given), and of the message: `federation`, `organisation`, `role` (names),
`due` (ISO date or none), `overdue` (whether it was said after the due day) and `link`. The filter `day` writes an ISO
date or moment in full. Whatever else a template names is an error, which stops that message only.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from html import escape
from pathlib import Path
from typing import Any, Final

import jinja2
from jinja2.sandbox import SandboxedEnvironment

from adapters.messages.wording import MORE, WORDINGS

LANGUAGES: Final = ("zh", "en")
OURS: Final = Path(__file__).parent / "templates"

_WEEKDAYS: Final = "一二三四五六日"
_DAYS: Final = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS: Final = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
_STYLE: Final = "font-family:sans-serif;font-size:16px;line-height:1.6;color:#222"


class TemplateFailed(Exception):
    """A message's text could not be made; the words say which template and why, in Chinese."""


@dataclass(frozen=True, slots=True)
class About:
    """What a message itself knows; names, not ids. due: the due day; link: an address or a path."""

    federation: str
    organisation: str
    role: str
    due: str | None = None
    overdue: bool = False
    link: str = ""


@dataclass(frozen=True, slots=True)
class Text:
    """What is said: one line, and paragraphs apart by empty lines."""

    subject: str
    body: str


class Texts:
    """The templates of a home folder, over our own."""

    def __init__(self, home: Path) -> None:
        folders = (home / "templates", OURS)
        loader = jinja2.ChoiceLoader([jinja2.FileSystemLoader(folder) for folder in folders])
        self._environments = {language: _environment(loader, language) for language in LANGUAGES}

    def text(self, kind: str, facts: Mapping[str, Any], about: About, language: str) -> Text:
        """The text of a message. Raises TemplateFailed."""
        own = WORDINGS[kind].facts if kind in WORDINGS else {}
        absent = {name: None for name in MORE if name not in own}
        given = {name: _line(value) for name, value in facts.items() if value is not None}
        said = {name: getattr(about, name) for name in About.__slots__}
        source = self.page(kind, {**absent, **given, **said}, language)
        subject, _, body = source.strip().partition("\n")
        if not subject.strip() or not body.strip():
            raise TemplateFailed(f"模板 {language}/{kind}.txt 须有标题行和正文")
        return Text(_line(subject), body.strip())

    def footer(self, about: About, preferences: str, language: str) -> str:
        """What stands below every mail. Raises TemplateFailed."""
        given = {
            "federation": about.federation,
            "organisation": about.organisation,
            "role": about.role,
            "preferences": preferences,
        }
        return self.page("_footer", given, language).strip()

    def page(self, name: str, given: Mapping[str, Any], language: str) -> str:
        """A template filled in. Raises TemplateFailed."""
        path = f"{language}/{name}.txt"
        try:
            return self._environments[language].get_template(path).render(**given)
        except jinja2.TemplateNotFound as error:
            raise TemplateFailed(f"没有模板 {error}") from error
        except jinja2.TemplateSyntaxError as error:
            told = f"模板 {path} 第 {error.lineno} 行有语法错误：{error.message}"
            raise TemplateFailed(told) from error
        except Exception as error:  # a template is a program of somebody else's
            raise TemplateFailed(f"模板 {path} 出错：{_line(error)}") from error

    def example(self, kind: str, language: str) -> Text:
        """The text of a kind with made-up facts. Raises TemplateFailed; KeyError without such a kind."""
        wording = WORDINGS[kind]
        due = "2026-12-31" if wording.dated else None
        return self.text(kind, wording.examples, example_about(language, due), language)

    def faults(self) -> list[str]:
        """What is wrong with the templates: each kind in each language is made, as plain and as full as can be."""
        found = []
        for language in LANGUAGES:
            for kind, wording in WORDINGS.items():
                for more in ({}, MORE):
                    for overdue in (False, True):
                        about = example_about(language, "2026-12-31", overdue=overdue)
                        try:
                            self.text(kind, {**more, **wording.examples}, about, language)
                        except TemplateFailed as error:
                            found.append(str(error))
        return list(dict.fromkeys(found))


def example_about(language: str, due: str | None, *, overdue: bool = False) -> About:
    """A made-up message."""
    names = {
        "zh": ("示例市总工会", "示例区总工会", "推荐单位工会"),
        "en": ("Example City Federation", "Example District Union", "recommending union"),
    }
    return About(*names[language], due, overdue, "https://register.example/tasks")


def as_html(text: Text, link: str, label: str, footer: str, language: str) -> str:
    """The text as a page of its own: nothing is fetched from anywhere, and no word is markup."""
    parts = [part for part in text.body.split("\n\n") if part.strip()]
    body = "\n".join(f"<p>{'<br>'.join(map(_marked, part.splitlines()))}</p>" for part in parts)
    button = f'<p><a href="{escape(link)}">{escape(label)}</a></p>\n' if link else ""
    small = "<br>".join(map(_marked, footer.splitlines()))
    tag = "zh-CN" if language == "zh" else "en"
    return (
        f'<!doctype html>\n<html lang="{tag}"><head><meta charset="utf-8">'
        f"<title>{escape(text.subject)}</title></head>\n"
        f'<body style="{_STYLE}">\n<h1 style="font-size:18px">{escape(text.subject)}</h1>\n'
        f'{body}\n{button}<p style="font-size:13px;color:#666">{small}</p>\n</body></html>\n'
    )


def _marked(line: str) -> str:
    """A line as markup: an address at its end, alone or after a colon, can be followed."""
    found = re.fullmatch(r"(.*[:：] ?|\s*)(https?://\S+)", line)
    if found is None:
        return escape(line)
    before, link = map(escape, found.groups())
    return f'{before}<a href="{link}">{link}</a>'


def full_day(value: object, language: str) -> str:
    """An ISO date, or moment, in full with its weekday; anything else as it is."""
    text = str(value)
    day, _, hour = text.partition(" ")
    try:
        found = datetime.fromisoformat(day).date() if hour else date.fromisoformat(day)
    except ValueError:
        return text
    at = f" {hour}" if hour else ""
    if language == "en":
        return f"{_DAYS[found.weekday()]}, {found.day} {_MONTHS[found.month - 1]} {found.year}{at}"
    weekday = _WEEKDAYS[found.weekday()]
    return f"{found.year}年{found.month}月{found.day}日（星期{weekday}）{at}"


def _environment(loader: jinja2.BaseLoader, language: str) -> SandboxedEnvironment:
    environment = SandboxedEnvironment(
        loader=loader,
        undefined=jinja2.StrictUndefined,
        autoescape=False,  # plain text; as_html escapes it
        finalize=_said,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["day"] = partial(full_day, language=language)
    return environment


def _said(value: object) -> object:
    """What stands in the text; `None` never does."""
    if value is None:
        raise ValueError("a fact that is not given was written without asking whether it is")
    return value


def _line(value: object) -> Any:
    """Numbers as they are; text in one line, so that no fact can pass for a line of its own."""
    return value if isinstance(value, int) else " ".join(str(value).split())
