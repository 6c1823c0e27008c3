"""Events that were stored once can be read for ever, under topics that never change."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from eventsourcing.persistence import StoredEvent
from eventsourcing.utils import get_topic

from tests.domain.given import MAPPER
from tests.samples.make import FOLDER, event_classes, kinds, sample, written

SAMPLES = sorted(FOLDER.glob("*.json"))

TOPICS = (Path(__file__).parent / "topics.txt").read_text("utf-8").split()
"""Every topic there is. One is added with its event; none is ever changed or taken away."""


def loaded(path: Path) -> tuple[dict[str, Any], Any]:
    kept = json.loads(path.read_text("utf-8"))
    state = json.dumps(kept["state"], ensure_ascii=False, separators=(",", ":")).encode()
    stored = StoredEvent(
        UUID(kept["originator_id"]), kept["originator_version"], kept["topic"], state
    )
    return kept, MAPPER.to_domain_event(stored)


def test_the_topics_are_the_ones_that_logs_hold() -> None:
    assert sorted(event_classes()) == TOPICS


def test_every_event_and_aggregate_says_its_topic_itself() -> None:
    for kind in kinds():
        assert get_topic(kind) == vars(kind)["TOPIC"]
    for topic, made in event_classes().items():
        assert (get_topic(made), vars(made)["TOPIC"]) == (topic, topic)


def test_every_topic_has_a_sample() -> None:
    assert [path.stem for path in SAMPLES] == TOPICS


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem)
def test_a_stored_sample_still_loads_into_the_same_event(path: Path) -> None:
    kept, event = loaded(path)
    assert type(event) is event_classes()[kept["topic"]]
    again = written(event)
    same = {name: again["state"][name] for name in kept["state"]}
    assert {**again, "state": same} == kept
    assert event == sample(kept["topic"])


@pytest.mark.parametrize(
    "path",
    [each for each in SAMPLES if "originator_topic" in each.read_text("utf-8")],
    ids=lambda path: path.stem,
)
def test_a_stored_beginning_still_makes_its_record(path: Path) -> None:
    kept, event = loaded(path)
    record = event.mutate(None)
    assert (record.TOPIC, record.version) == (kept["topic"].split(".")[0], 1)
