"""The views say what the aggregates say; and what the town's story does not tell is folded too."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from uuid import UUID, uuid4

import pytest

from adapters.views.folds.dispatch import HANDLERS, dump
from adapters.views.tables import applications, namings, notices, studios
from adapters.views.versions import Fold
from domain.model.chapters.state import Application, Grant, Naming
from domain.model.studio import Studio
from tests.adapters.views.story import Story


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Story]:
    home: Path = tmp_path_factory.mktemp("agreement")
    told = Story(home, f"sqlite:///{home / 'log.db'}").play()
    yield told
    told.house.close()


def said_of_naming(naming: Naming) -> tuple[Any, ...]:
    governing = {str(year): naming.governing(year) for year in naming.checks}
    results = {year: check.failing for year, check in governing.items() if check}
    orders = {str(year): day.isoformat() for year, day in naming.rectifications.items()}
    return naming.status, naming.proposed, naming.case, results, sorted(naming.missed), orders


def shown_of_naming(row: dict[str, Any], standing: dict[str, Any]) -> tuple[Any, ...]:
    governing = {
        year: found.get("city") or found.get("recommending_union")
        for year, found in standing["results"].items()
    }
    results = {year: result["failing"] for year, result in governing.items() if result}
    flags = (row["status"], row["proposed"], row["reinstatement_case"])
    return *flags, results, standing["missed"], row["rectify_by"]


def said_of_grant(grant: Grant) -> tuple[Any, ...]:
    sums = (grant.amount, grant.paid, grant.spent, grant.returned, grant.recovery, grant.unspent)
    return *(each.fen for each in sums), grant.cancelled


def shown_of_grant(row: dict[str, Any]) -> tuple[Any, ...]:
    names = ("amount", "paid", "spent", "returned", "recovery", "balance")
    return *(row[name] for name in names), row["status"] == "cancelled"


def said_of_application(found: Application) -> tuple[Any, ...]:
    passed = {stage: day.isoformat() for stage, day in found.passed.items()}
    return found.status, passed, found.judged, sorted(found.overridden), len(found.scores)


def shown_of_application(row: dict[str, Any]) -> tuple[Any, ...]:
    return (
        row["status"],
        row["passed"],
        row["judged"],
        row["overridden"],
        row["score_count"],
    )


def test_the_views_agree_with_the_aggregates(story: Story) -> None:
    standings = {row["id"]: row for row in story.house.queries.every("standings")}
    for row in story.house.queries.every("studios"):
        shown = story.house.queries.studio(row["id"])
        studio = story.register.repository.get(UUID(row["id"]))
        assert isinstance(studio, Studio)
        assert (shown["name"], shown["leader"], shown["version"]) == (
            studio.name,
            studio.leader.name,
            studio.version,
        )
        for each in shown["all_namings"]:
            told = shown_of_naming(each, standings[each["id"]])
            assert told == said_of_naming(studio.namings[each["number"]])
        for each in shown["grants"]:
            assert shown_of_grant(each) == said_of_grant(studio.grants[UUID(each["id"])])
        for each in shown["applications"]:
            said = said_of_application(studio.applications[UUID(each["id"])])
            assert shown_of_application(each) == said


class Bench:
    """A fold with a studio that is named, applies again, and is on a notice."""

    def __init__(self) -> None:
        self.fold = Fold(lambda view, ids: ())
        self.ids = {name: uuid4() for name in ("studio", "application", "notice")}
        studio, application, notice = map(str, self.ids.values())
        held = {"status": "active", "level": "city", "named_on": "2020-01-01", "run": 0}
        self.fold.begin(1, "one")
        self.fold.add(
            studios,
            studio,
            namings=dump({"1": held}),
            open_applications=dump([application]),
            dues="{}",
            status="named",
            path="/1/",
        )
        self.fold.add(
            namings,
            f"{studio}/1",
            studio=studio,
            status="active",
            proposed=True,
            reinstatement_case=True,
        )
        self.fold.add(
            applications,
            application,
            notice=notice,
            notice_ends_on="2024-01-01",
            submitted_by="someone",
        )
        self.fold.add(notices, notice, dropped="[]")

    def happens(self, topic: str, record: str, **facts: Any) -> None:
        event = SimpleNamespace(
            originator_id=self.ids[record], by=SimpleNamespace(account=None), **facts
        )
        for handler in HANDLERS[topic]:
            handler(self.fold, event)

    def row(self, view: Any, id: str) -> dict[str, Any]:
        return self.fold.row(view, id)


def test_a_studio_taken_off_a_notice_is_on_none() -> None:
    bench = Bench()
    ids = bench.ids
    bench.happens(
        "studio.unlisted",
        "studio",
        application=ids["application"],
        notice=ids["notice"],
        reason="撤回",
    )
    bench.happens("notice.dropped", "notice", studio=ids["studio"], reason="撤回")
    row = bench.row(applications, str(ids["application"]))
    assert (row["notice"], row["notice_ends_on"]) == (None, None)
    assert bench.row(notices, str(ids["notice"]))["dropped"] == dump([str(ids["studio"])])


def test_a_proposal_falls_and_a_case_is_declined() -> None:
    bench = Bench()
    id = f"{bench.ids['studio']}/1"
    bench.happens("studio.proposal_withdrawn", "studio", number="1", because=7)
    bench.happens("studio.reinstatement_declined", "studio", number="1", document="", reason="")
    row = bench.row(namings, id)
    assert (row["proposed"], row["reinstatement_case"], row["status"]) == (False, False, "active")


def test_a_name_that_rises_ends_the_lower_one_and_becomes_the_one_that_is_shown() -> None:
    bench = Bench()
    ids = bench.ids
    bench.happens(
        "studio.upgraded",
        "studio",
        application=ids["application"],
        from_number="1",
        number="2",
        level="city",
        category="model",
        federation=uuid4(),
        document="文",
        on=date(2024, 5, 1),
        policy=SimpleNamespace(id="p", version="1", digest="d"),
    )
    studio = str(ids["studio"])
    lower, higher = bench.row(namings, f"{studio}/1"), bench.row(namings, f"{studio}/2")
    assert (lower["status"], lower["ended_on"], lower["succeeded_by"]) == (
        "upgraded",
        "2024-05-01",
        "2",
    )
    assert (higher["status"], higher["from_number"], higher["submitted_by"]) == (
        "active",
        "1",
        "someone",
    )
    shown = bench.row(studios, studio)
    assert (shown["number"], shown["category"], shown["status"]) == ("2", "model", "named")
    assert (shown["open_applications"], shown["applications_open"]) == ("[]", 0)


def test_a_row_changed_twice_in_a_command_has_one_version() -> None:
    fold = Fold(lambda view, ids: ())
    fold.begin(1, "one")
    fold.add(studios, "a", name="甲")
    fold.begin(5, "two")
    fold.change(studios, "a", name="乙")
    fold.change(studios, "a", name="丙")
    fold.change(studios, "a", name="丙")
    names = [column.name for column in studios.table.columns]
    rows = [dict(zip(names, row, strict=True)) for row in fold.take()["studios"].rows]
    assert sorted((row["since"], row["name"]) for row in rows) == [(1, "甲"), (5, "丙")]
