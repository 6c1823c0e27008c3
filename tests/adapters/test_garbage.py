"""When the cycle collector looks for garbage, and where."""

from __future__ import annotations

import gc
from collections.abc import Iterator

import pytest

from adapters.garbage import settle, untracked


class Knot:
    """Something that only the cycle collector can remove."""

    def __init__(self) -> None:
        self.self = self


@pytest.fixture(autouse=True)
def _thawed() -> Iterator[None]:
    yield
    gc.unfreeze()
    gc.collect()


def knots() -> int:
    return sum(type(each) is Knot for each in gc.get_objects())


def test_what_a_process_was_built_of_is_looked_through_no_more_and_what_comes_later_is() -> None:
    built, _ = Knot(), Knot()
    del _
    assert knots() == 2
    settle()
    assert (gc.get_freeze_count() > 0, knots()) == (True, 0)
    gc.unfreeze()
    assert [each for each in gc.get_objects() if type(each) is Knot] == [built]
    Knot()
    gc.collect()
    assert knots() == 1


def test_the_collector_is_left_as_it_was_found() -> None:
    with untracked():
        with untracked():
            assert not gc.isenabled()
        assert not gc.isenabled()
    assert gc.isenabled()
