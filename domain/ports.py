"""What the domain asks of the world. The adapters give it; tests give their own.

The working-day calendar is `domain.policy.workdays.Calendar`, and the sealing of personal data
`domain.sealed.Sealing`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime

from domain.policy.policy import Policy

Policies = Mapping[str, Policy]
"""The policy packs by their id."""

Clock = Callable[[], datetime]
"""The present moment in UTC. Read once for each request, never on replay."""
