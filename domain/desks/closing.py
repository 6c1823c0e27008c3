"""How a campaign ends: its namings in lists that a commit holds well, and those of them that were missed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import TYPE_CHECKING
from uuid import UUID

from domain.model.campaign import Campaign, expected
from domain.model.studio import Studio
from domain.policy.terms import Assessment
from domain.values import Mandate

if TYPE_CHECKING:
    from domain.register import Register

BATCH = 500
"""So many namings are looked at for one commit."""

Namings = list[tuple[UUID, str]]


def batches(namings: Iterable[tuple[UUID, str]]) -> Iterator[tuple[Namings, bool]]:
    """Lists of up to BATCH, and whether it is the last; one empty list where there are none."""
    rest = iter(namings)
    batch = list(islice(rest, BATCH))
    while following := list(islice(rest, BATCH)):
        yield batch, False
        batch = following
    yield batch, True


def missed_of(
    register: Register,
    mandate: Mandate,
    campaign: Campaign,
    rule: Assessment,
    namings: Sequence[tuple[UUID, str]],
) -> list[Studio]:
    """The studios of those namings that have no result, with that said but unsaved.

    A studio stands there once for each of its namings.
    """
    studios = register.get_many(Studio, (id for id, _ in namings), mandate)
    missed = []
    for id, number in namings:
        naming = studios[id].naming(number)
        place = (naming.federation, naming.policy.id)
        here = place == (campaign.federation, campaign.policy.id)
        if here and expected(rule, naming, campaign.year):
            studios[id].miss(rule, number, campaign.year)
            missed.append(studios[id])
    return missed
