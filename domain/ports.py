"""What the domain asks of the world. The adapters give it; tests give their own."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Protocol

from domain.policy.policy import Policy


class Calendar(Protocol):
    """Which days are worked. Refuses (`not_gazetted`) a year whose holidays are not published."""

    def is_working_day(self, day: date) -> bool: ...

    def version(self, year: int) -> str: ...


Policies = Mapping[str, Policy]
"""The policy packs by their id."""
