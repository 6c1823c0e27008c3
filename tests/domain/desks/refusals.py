"""What a refused command must leave behind: nothing."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from domain.errors import DomainError
from tests.domain.world import World


def refused(world: World, code: str, command: Callable[[], Any]) -> DomainError:
    """The command is refused with this code, and the log is as long as before."""
    before = world.length()
    with pytest.raises(DomainError) as refusal:
        command()
    assert refusal.value.code == code
    assert world.length() == before
    return refusal.value
