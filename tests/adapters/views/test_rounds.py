"""What reviewers gave is sealed until their round is closed, wherever the views tell of it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import orjson
import pytest

from tests.adapters.views.story import Story

Filed = tuple[UUID, UUID]
POINTS, OPINION = 87, "课题扎实，台账完整"


@pytest.fixture
def story(tmp_path: Path, database_url: str) -> Iterator[Story]:
    """The town and its call; nobody has applied yet."""
    told = Story(tmp_path, database_url)
    told.settle()
    told.call = told.did(
        told.register.calls.open,
        "officer",
        policy="story-2024",
        title="2024 年申报",
        federation=told.city,
        deadline=datetime(2024, 5, 31, 15, tzinfo=UTC),
        reason="各区要求",
    )
    yield told
    told.house.close()


@pytest.fixture
def filed(story: Story) -> Filed:
    """An application that two reviewers scored at the site visit, which is not decided."""
    found = story.apply(0)
    story.review("unit", "unit0", found)
    story.review("first", "union0", found)
    ranked = {"union": story.unions[0], "category": "worker", "order": [found[1]]}
    story.did(story.register.calls.rank, "union0", story.call, **ranked)
    story.review("materials", "officer", found, judgements={"outstanding": "pass"})
    score = story.register.review.score
    for who, points in (("officer", POINTS), ("second", 91)):
        story.did(score, who, *found, stage="site_visit", points=points, opinion=OPINION)
    return found


def everything(story: Story, filed: Filed) -> dict[str, Any]:
    """All that the questions answer about an application, by question."""
    queries, (studio, application) = story.house.queries, filed
    timeline = queries.timeline(record=studio, limit=500)
    scored = [each for each in timeline["items"] if each["topic"] == "studio.scored"]
    return {
        "list": list(queries.every("applications")),
        "application": queries.application(application),
        "studio": queries.studio(studio),
        "timeline": timeline,
        "town": queries.timeline(scope=story.city, limit=500),
        "events": [queries.event(each["position"]) for each in scored],
        "changes": queries.changes(0, limit=500),
        "versions": queries.versions("applications", application),
        "one": queries.one("applications", application),
        "call": queries.call(story.call),
    }


def points_in(answer: Any) -> list[Any]:
    """The points and opinions of scores that stand anywhere in an answer."""
    if isinstance(answer, str) and answer[:1] in "[{":
        answer = orjson.loads(answer)
    if isinstance(answer, dict):
        own = [answer["points"]] if "points" in answer else []
        return [*own, *(found for each in answer.values() for found in points_in(each))]
    if isinstance(answer, list):
        return [found for each in answer for found in points_in(each)]
    return [answer] if answer in (POINTS, 91, POINTS + 91, OPINION) else []


def test_until_the_round_is_closed_no_answer_tells_points_or_opinions(
    story: Story, filed: Filed
) -> None:
    answers = everything(story, filed)
    assert [name for name, answer in answers.items() if points_in(answer)] == []
    assert answers["one"]["score_count"] == 2
    assert [each["facts"]["sealed"] for each in answers["events"]] == [True, True]
    assert {each["by"]["account_name"] for each in answers["events"]} == {
        "经办人officer",
        "经办人second",
    }


def test_a_closed_round_tells_what_everybody_gave(story: Story, filed: Filed) -> None:
    before = story.house.queries.last()
    story.review("site_visit", "second", filed)
    answers = everything(story, filed)
    assert answers["one"]["score_total"] == POINTS + 91
    assert [each["points"] for each in answers["application"]["scores"]] == [POINTS, 91]
    assert {each["facts"]["opinion"] for each in answers["events"]} == {OPINION}
    for name in ("list", "studio", "timeline", "town", "changes", "versions"):
        assert POINTS in points_in(answers[name]), name
    then = story.house.queries.one("applications", filed[1], as_of=before)
    assert (then["scores"], then["score_total"], then["score_count"]) == ([], 0, 2)


@pytest.mark.parametrize("how", ["rejected", "withdrawn"])
def test_an_application_that_ended_has_no_open_round(story: Story, filed: Filed, how: str) -> None:
    if how == "rejected":
        facts = {"stage": "site_visit", "outcome": "rejected", "opinion": "未达标"}
        story.did(story.register.review.review, "second", *filed, **facts)
    else:
        story.did(story.register.intake.withdraw, "unit0", *filed, "自愿")
    assert story.house.queries.one("applications", filed[1])["score_total"] == POINTS + 91


def test_an_application_that_was_returned_keeps_its_round_sealed(
    story: Story, filed: Filed
) -> None:
    story.did(story.register.review.give_back, "officer", *filed, reason="补材料")
    answers = everything(story, filed)
    assert [name for name, answer in answers.items() if points_in(answer)] == []
