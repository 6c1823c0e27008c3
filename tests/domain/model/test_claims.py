"""What is given out once has one place in the log."""

from __future__ import annotations

import pytest

from domain.model.claim import Claim, claim_id
from tests.domain.persons import CITY, by, uid


def test_a_claim_says_what_was_given_to_whom() -> None:
    claim = Claim.make(
        by("officer", "2022-10-11"),
        kind="naming_number",
        owner=CITY,
        value="2022-1",
        studio=uid("studio"),
    )
    [made] = claim.collect_events()
    assert (made.TOPIC, made.kind, made.owner, made.value, made.studio) == (
        "claim.made",
        "naming_number",
        CITY,
        "2022-1",
        uid("studio"),
    )
    assert (claim.id, claim.version) == (claim_id("naming_number", CITY, "2022-1"), 1)


@pytest.mark.parametrize("value", ["2022-1", " 2022-1", "2022-1\u3000"])
def test_spaces_around_a_value_make_no_other(value: str) -> None:
    assert claim_id("naming_number", CITY, value) == claim_id("naming_number", CITY, "2022-1")


def test_kinds_and_owners_keep_apart() -> None:
    ids = {
        claim_id(kind, owner, "1")
        for kind in ("naming_number", "bank_reference")
        for owner in (CITY, uid("union"))
    }
    assert len(ids) == 4
