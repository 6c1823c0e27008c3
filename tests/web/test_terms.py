"""Terms over HTTP: entered by the unit or from above, replaced by later ones, listed, and refused by name."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from tests.web.conftest import Village


def joined(village: Village) -> str:
    member = {"name": "钱二"}
    facts: dict[str, Any] = {"duty": "技术攻关", "frontline": True, "on": "2022-09-01"}
    studio = village.applied["studio"]
    return village.unit.do(f"/studios/{studio}/members", member=member, **facts)["member"]


def listed(village: Village) -> list[tuple[Any, ...]]:
    items = village.unit.get(f"/studios/{village.applied['studio']}/terms").body["items"]
    return sorted((row["name"], row["leads"], row["ends_on"], row["basis"]) for row in items)


def test_a_later_term_replaces_an_earlier_one(small_town: Village) -> None:
    member = joined(small_town)
    path = f"/studios/{small_town.applied['studio']}/terms"
    small_town.unit.do(path, ends_on="2025-12-31", basis="聘任书")
    small_town.unit.do(path, person=member, ends_on="2024-12-31", basis="聘任书")
    small_town.officer.do(path, person=member, ends_on="2026-12-31", basis="续聘")
    assert listed(small_town) == [
        ("林一川", True, "2025-12-31", "聘任书"),
        ("钱二", False, "2026-12-31", "续聘"),
    ]


def test_a_term_of_nobody_known_or_without_a_basis_is_refused(small_town: Village) -> None:
    path = f"/studios/{small_town.applied['studio']}/terms"
    stranger = small_town.unit.post(path, person=str(uuid4()), ends_on="2025-12-31", basis="聘任书")
    assert stranger.refusal == (404, "member_unknown")
    assert small_town.unit.post(path, ends_on="2025-12-31", basis=" ").status == 422
    assert small_town.unit.post(path, ends_on="2025-02-30", basis="聘任书").status == 422
    other = small_town.branch.units[1].union
    assert other.post(path, ends_on="2025-12-31", basis="聘任书").status == 403
    assert listed(small_town) == []
