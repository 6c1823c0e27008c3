"""Every kind of event has a template of its own, and tells in Chinese what happened."""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path

import pytest
from flask import Flask

import domain.register  # noqa: F401 # brings all records in
from domain.model.record import Record
from tests.pages.town import Town
from web.pages.record import read

TEMPLATES = Path(__file__).resolve().parents[2] / "web" / "templates" / "events"


def kinds() -> dict[str, type[Record]]:
    """Every topic of the domain, with the record it happens to."""
    found = {}
    for kind in Record.__subclasses__():
        for value in vars(kind).values():
            if isinstance(value, type) and issubclass(value, Record.Event):
                topic = getattr(value, "TOPIC", None)
                if topic and not topic.endswith(".created"):
                    found[topic] = kind
    return found


TOPICS = kinds()


def test_the_domain_has_events() -> None:
    assert {"studio.de_named", "call.opened", "notice.posted", "fund.paid"} <= set(TOPICS)


@pytest.mark.parametrize("topic", sorted(TOPICS))
def test_a_topic_has_a_template_with_a_title(topic: str) -> None:
    text = (TEMPLATES / f"{topic}.html").read_text("utf-8")
    title = re.search(r"{% block title %}(.+?){% endblock %}", text)
    assert title is not None
    assert re.search(r"[\u4e00-\u9fff]", title[1])


def test_no_template_is_left_of_a_topic_that_is_gone() -> None:
    extra = {path.stem for path in TEMPLATES.glob("*.html")} - set(TOPICS)
    assert extra == {"row", "unknown"}


def test_every_event_of_the_town_is_told(app: Flask, small_town: Town) -> None:
    told: dict[str, str] = {}
    with app.test_request_context("/"):
        for record in records(small_town):
            for row in read(*record, None).rows:
                template = app.jinja_env.get_or_select_template(row.templates)
                html = template.render(e=row, f=row.facts, names=row.names)
                told[row.topic] = unescape(re.sub(r"<[^>]+>", "", html))
    assert len(told) > 55
    assert [topic for topic, text in told.items() if topic in text or "None" in text] == []
    assert [topic for topic, text in told.items() if "由 " not in text] == []


def records(small_town: Town) -> list[tuple[type[Record], object]]:
    """Every record in the log, with its kind."""
    seen: dict[object, type[Record]] = {}
    register = small_town.register
    for stored in register.recorder.stream():
        event = register.mapper.to_domain_event(stored)
        seen.setdefault(event.originator_id, TOPICS[event.TOPIC])
    return [(kind, id) for id, kind in seen.items()]
