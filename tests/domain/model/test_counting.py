"""Failures counted in all (累计), and notices that end no naming by number."""

from __future__ import annotations

import pytest

from domain.model import runs
from tests.domain.rules import rule

NAMED = 2023


@pytest.mark.parametrize(
    ("results", "needed", "expected"),
    [
        ({2024: True, 2025: False, 2026: True}, 2, (2024, 2026)),
        ({2024: True, 2025: None, 2026: True}, 2, (2024, 2026)),
        ({2024: True, 2026: True}, 2, (2024, 2026)),
        ({2024: True, 2025: False, 2026: True, 2027: True}, 2, (2024, 2026)),
        ({2024: True, 2025: False, 2026: False}, 2, ()),
        ({2023: True, 2024: True}, 2, ()),
    ],
)
def test_failures_in_all_need_not_be_in_a_row(
    results: dict[int, bool | None], needed: int, expected: tuple[int, ...]
) -> None:
    in_all = rule(counting="in_all", failures_to_revoke=needed)
    assert runs.full_run(in_all, results, NAMED) == expected


def test_every_failure_is_part_of_the_one_count() -> None:
    in_all, results = rule(counting="in_all"), {2024: True, 2025: False, 2026: True}
    assert runs.runs(in_all, results, NAMED) == [(2024, 2026)]
    assert runs.run_with(in_all, results, NAMED, 2026) == (2024, 2026)
    assert runs.run_with(in_all, results, NAMED, 2025) == ()


def test_a_notice_that_states_no_number_ends_no_naming() -> None:
    silent = rule(failures_to_revoke=0)
    assert runs.full_run(silent, dict.fromkeys(range(2024, 2034), True), NAMED) == ()
    assert len(runs.runs(silent, {2024: True, 2025: True}, NAMED)) == 1
