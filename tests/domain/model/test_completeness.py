"""Nothing in the model goes untested: every event and every refusal stands in a test of this folder."""

from __future__ import annotations

import re
from pathlib import Path

import domain.model

MODEL = Path(domain.model.__file__).parent
HERE = Path(__file__).parent
REFUSAL = re.compile(r'(?:Invalid|NotFound|Forbidden|OutOfOrder|Refused)\(\s*"([a-z_]+)"')
TOPIC = re.compile(r'topic="([a-z_.]+)"')


def told(pattern: re.Pattern[str]) -> set[str]:
    return {found for path in MODEL.rglob("*.py") for found in pattern.findall(path.read_text())}


def text_of_tests() -> str:
    return "".join(path.read_text() for path in HERE.glob("test_*.py"))


def test_every_refusal_of_the_model_is_tested() -> None:
    text = text_of_tests()
    assert sorted(code for code in told(REFUSAL) if f'"{code}"' not in text) == []


FIRST = {
    "access.day_opened",
    "account.opened",
    "call.opened",
    "campaign.opened",
    "claim.made",
    "fund.established",
    "notice.posted",
    "organisation.registered",
    "studio.registered",
    "subject.erased",
}
"""Events that are made with their record, and so never follow a command in a test."""


def test_every_event_of_the_model_is_tested() -> None:
    text = text_of_tests()
    topics = told(TOPIC) - FIRST
    assert sorted(topic for topic in topics if f'"{topic}"' not in text) == []
