"""The access log over HTTP: newest first, in pages, and only what is one's own to look after."""

from __future__ import annotations

from typing import Any

from tests.web.conftest import Village
from tests.web.test_privacy import join, reveal


def test_accesses_are_told_to_a_federation_and_to_nobody_else(small_town: Village) -> None:
    sealed = join(small_town)
    before = small_town.town.length
    for _ in range(3):
        assert reveal(small_town, sealed).status == 200
    town, auditor = small_town.town, small_town.town.person("auditor", small_town.town.city)
    assert town.admin.post(f"/persons/{sealed['subject']}/export").status == 200
    whole = auditor.get("/accesses").body
    assert [item["topic"] for item in whole["items"]] == ["access.exported"] + [
        "access.unsealed"
    ] * 3
    looked = whole["items"][-1]
    assert looked["facts"]["reason"] == "核对领衔人联系方式"
    assert (looked["facts"]["record"], looked["facts"]["fields"], looked["by"]["rule"]) == (
        small_town.applied["studio"],
        ["phone"],
        None,
    )
    paged: list[Any] = []
    after: dict[str, int] = {}
    while True:
        page = auditor.get("/accesses", limit=2, as_of=f"position:{whole['as_of']}", **after).body
        paged += page["items"]
        if page["next"] is None:
            break
        after = {"after": page["next"]}
    assert paged == whole["items"]
    exported = auditor.get("/accesses", kind="exported").body["items"]
    assert [item["facts"]["what"] for item in exported] == ["person"]
    assert auditor.get("/accesses", as_of=f"position:{before}").body["items"] == []
    assert auditor.get("/accesses", as_of="2001-01-01").body["items"] == []
    assert small_town.unit.get("/accesses").refusal == (403, "role_required")
    assert town.public.get("/accesses").refusal == (401, "not_signed_in")


def test_a_federation_does_not_see_what_happens_above_it(small_town: Village) -> None:
    sealed, town = join(small_town), small_town.town
    county = town.place("federation", "某县总工会", town.city)
    officer = town.person("city_officer", county)
    assert reveal(small_town, sealed).status == 200
    assert officer.get("/accesses").body["items"] == []
    assert len(town.admin.get("/accesses").body["items"]) == 1
