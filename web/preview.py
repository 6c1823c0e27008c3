"""What a message looks like, with made-up facts."""

from __future__ import annotations

from dataclasses import dataclass

from adapters.messages.texts import LANGUAGES, TemplateFailed, Text, example_about
from adapters.messages.wording import WORDINGS
from domain.errors import Invalid
from web.context import base_url, services


@dataclass(frozen=True, slots=True)
class Preview:
    """One kind in one language; error: why there is no text."""

    kind: str
    language: str
    overdue: bool
    text: Text
    footer: str
    error: str


def preview(kind: str, language: str, *, overdue: bool) -> Preview:
    """A kind as it is mailed. Raises Invalid for what there is not."""
    if kind not in WORDINGS:
        raise Invalid("kind_unknown", "没有这类消息", field="kind")
    if language not in LANGUAGES:
        raise Invalid("language_unknown", "语言应为 zh 或 en", field="lang")
    texts, wording = services().texts, WORDINGS[kind]
    overdue = overdue and wording.dated
    about = example_about(language, "2026-12-31" if wording.dated else None, overdue=overdue)
    names = {name: getattr(about, name) for name in ("federation", "organisation", "role")}
    given = {**names, "preferences": f"{base_url()}/preferences"}
    text, footer, failed = Text("", ""), "", ""
    try:
        text = texts.text(kind, wording.examples, about, language)
        footer = texts.page("_footer", given, language).strip()
    except TemplateFailed as error:
        failed = str(error)
    return Preview(kind, language, overdue, text, footer, failed)
