"""A refold decodes events as the library does, but for what no fold looks at."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from adapters.views.decoding import LEFT_ALONE, for_folds
from tests.adapters.views.story import Story


def test_every_event_of_the_story_is_decoded_as_the_library_does(
    tmp_path: Path, sqlite_url: str
) -> None:
    story = Story(tmp_path, sqlite_url).play()
    library, ours = story.register.mapper, for_folds(story.register.mapper)
    seen: set[str] = set()
    for stored in story.register.recorder.stream():
        theirs, found = library.to_domain_event(stored), ours.to_domain_event(stored)
        assert type(found) is type(theirs)
        assert _looked_at(found) == _looked_at(theirs)
        assert ours.to_stored_event(theirs) == library.to_stored_event(theirs)
        seen.add(stored.topic)
    assert len(seen) > 50
    story.house.close()


def _looked_at(event: Any) -> dict[str, Any]:
    return {name: value for name, value in vars(event).items() if name not in LEFT_ALONE}
