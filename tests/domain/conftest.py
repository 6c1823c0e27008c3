"""The world of the desk tests, once on each database."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.domain.world import World, close, compose


@pytest.fixture
def world(database_url: str) -> Iterator[World]:
    """A register with a full and a rolling policy, and people in every role."""
    found = compose(database_url)
    yield found
    close(found)
