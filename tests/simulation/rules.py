"""The policies of the simulated year: the federations' own packs, and three made for what these never do."""

from __future__ import annotations

from functools import lru_cache

from adapters.packs.loader import PACKS, load_packs
from domain.policy.policy import Policy
from tests.domain.rules import policy, rolling, rule

PROPOSED = "proposed"


@lru_cache(maxsize=1)
def policies() -> dict[str, Policy]:
    """By their ids. `full` has a notice, `rolling` money, and under `proposed` no name ends by itself."""
    made = (
        policy(assessment=None),
        rolling(assessment=None),
        rolling(id=PROPOSED, assessment=rule(revocation="proposed")),
    )
    return {**load_packs(PACKS), **{each.id: each for each in made}}
