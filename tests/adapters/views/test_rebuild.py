"""Refolding the log gives the very rows that following it gave, and shows where they differ."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from eventsourcing.persistence import OperationalError

from adapters.log.engine import writing
from adapters.views import rebuild as module
from adapters.views import refold
from adapters.views.rebuild import check, rebuild
from adapters.views.shape import metadata
from adapters.views.tables import studios
from tests.adapters.views.story import Story


@pytest.fixture
def story(tmp_path: Path, database_url: str) -> Iterator[Story]:
    """A town whose whole story was told."""
    told = Story(tmp_path, database_url).play()
    yield told
    told.house.close()


def rows(story: Story) -> dict[str, list[tuple[Any, ...]]]:
    with story.house.engine.connect() as connection:
        return {
            table.name: sorted(map(repr, connection.execute(sa.select(*table.columns))))
            for table in metadata.sorted_tables
        }


def refolded(story: Story) -> int:
    register = story.register
    return rebuild(story.house.engine, register.recorder, register.mapper)


def compared(story: Story) -> list[module.Difference]:
    register = story.register
    return check(story.house.engine, register.recorder, register.mapper)


def test_a_rebuild_gives_the_same_rows(story: Story) -> None:
    before = rows(story)
    assert refolded(story) == story.house.queries.last()
    assert rows(story) == before
    assert compared(story) == []


def test_rows_are_the_same_when_memory_is_short_and_batches_cut_commands(
    story: Story, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(refold, "BATCH", 7)
    monkeypatch.setattr(refold.Refold.__init__, "__defaults__", ("", 5))
    before = rows(story)
    refolded(story)
    assert rows(story) == before
    assert compared(story) == []


def test_the_register_goes_on_after_one_rebuild_and_another(story: Story) -> None:
    for name in ("甲", "乙", "丙"):
        refolded(story)
        story.did(story.register.directory.found, None, name=name, code=name)
    assert compared(story) == []
    assert story.house.queries.listed("organisations", search="丙")["total"] == 1


def test_a_check_finds_what_was_changed_taken_out_and_put_in(story: Story) -> None:
    table = studios.table
    with writing(story.house.engine) as connection:
        ids = list(connection.scalars(sa.select(table.c.id).distinct().order_by(table.c.id)))
        connection.execute(sa.update(table).where(table.c.id == ids[0]).values(name="改"))
        connection.execute(sa.delete(table).where(table.c.id == ids[1]))
    found = {(each.table, each.kind, each.row["id"]) for each in compared(story)}
    assert found == {
        ("studios", "unexpected", ids[0]),
        ("studios", "missing", ids[0]),
        ("studios", "missing", ids[1]),
    }
    refolded(story)
    assert compared(story) == []


def test_a_rebuild_that_was_killed_leaves_the_views_as_they_were(
    story: Story, monkeypatch: pytest.MonkeyPatch
) -> None:
    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    before = rows(story)
    with monkeypatch.context() as patch:
        patch.setattr(module, "_take_place", killed)
        with pytest.raises(KeyboardInterrupt):
            refolded(story)
    assert rows(story) == before
    refolded(story)
    assert rows(story) == before


def test_what_is_recorded_during_a_rebuild_is_not_lost(story: Story) -> None:
    register = story.register
    once = []

    def interrupt(done: int, total: int) -> None:
        if not once:
            once.append((done, total))
            story.did(register.directory.found, None, name="丁", code="D")

    rebuild(story.house.engine, register.recorder, register.mapper, interrupt)
    assert story.house.queries.listed("organisations", search="丁")["total"] == 1
    assert compared(story) == []


def test_views_that_miss_events_are_told_apart(story: Story) -> None:
    last = story.register.recorder.max_notification_id()
    with writing(story.house.engine) as connection:
        connection.exec_driver_sql("DELETE FROM requests")
    fault = f"视图只到日志第 0 条，日志已有 {last} 条"
    assert story.house.projector.fault() == fault
    story.house.projector._sound = False
    with pytest.raises(OperationalError, match=f"{fault}；请运行 mingpai rebuild"):
        story.did(story.register.directory.found, None, name="戊", code="E")
    assert story.register.recorder.max_notification_id() == last
    refolded(story)
    assert story.house.projector.fault() is None


def test_views_of_another_layout_are_told_apart(story: Story) -> None:
    with writing(story.house.engine) as connection:
        connection.exec_driver_sql("UPDATE views_layout SET digest = 'old'")
    assert story.house.projector.fault() == "视图的表结构是另一个版本的"
    refolded(story)
    assert story.house.projector.fault() is None
