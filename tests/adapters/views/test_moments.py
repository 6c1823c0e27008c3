"""What was shown at a moment is shown again whenever that moment is asked for."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from adapters.views.tables import VIEWS
from tests.adapters.views.story import Story


class Recorder:
    """Keeps everything that the lists showed after each command."""

    def __init__(self) -> None:
        self.story: Story
        self.shown: dict[int, Any] = {}

    def look(self) -> None:
        queries = self.story.house.queries
        self.shown[queries.last()] = everything(queries, None)


def everything(queries: Any, as_of: int | None) -> dict[str, list[dict[str, Any]]]:
    return {name: list(queries.every(name, as_of=as_of, sort="since")) for name in VIEWS}


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Recorder]:
    home: Path = tmp_path_factory.mktemp("story")
    recorder = Recorder()
    recorder.story = Story(home, f"sqlite:///{home / 'log.db'}", recorder.look)
    recorder.story.play()
    yield recorder
    recorder.story.house.close()


def test_every_list_as_of_every_command_is_what_was_live_then(played: Recorder) -> None:
    queries = played.story.house.queries
    assert len(played.shown) > 80
    for position, shown in played.shown.items():
        assert everything(queries, position) == shown


def test_a_position_within_a_command_means_its_end(played: Recorder) -> None:
    queries = played.story.house.queries
    ends = iter(sorted(played.shown))
    end = next(ends)
    for position in range(1, queries.last() + 1):
        if position > end:
            end = next(ends)
        assert queries.listed("studios", as_of=position)["as_of"] == end
