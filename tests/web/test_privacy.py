"""Personal data over HTTP: sealed in every answer, read only for a reason, and gone when erased."""

from __future__ import annotations

from typing import Any

from tests.journeys.town import Reply
from tests.web.conftest import Village

PHONE = "13912345678"


def join(village: Village) -> dict[str, Any]:
    """A member with a phone; returns the sealed phone as a timeline shows it."""
    village.unit.do(
        f"/studios/{village.applied['studio']}/members",
        member={"name": "孙某", "phone": PHONE},
        duty="技术员",
        frontline=True,
        on="2022-10-01",
    )
    path = f"/studios/{village.applied['studio']}/timeline"
    joined = village.unit.get(path, topic="studio.member_joined").body["items"][0]
    sealed: dict[str, Any] = joined["facts"]["member"]["sealed"][0]
    return sealed


def reveal(village: Village, sealed: dict[str, Any], studio: str | None = None) -> Reply:
    path = f"/studios/{studio or village.applied['studio']}/reveal"
    return village.officer.post(path, values=[sealed], reason="核对领衔人联系方式")


def test_a_phone_is_shown_for_a_reason_and_the_look_is_recorded(small_town: Village) -> None:
    sealed = join(small_town)
    assert PHONE not in str(small_town.officer.get(f"/studios/{small_town.applied['studio']}").body)
    before = small_town.town.length
    assert reveal(small_town, sealed).body == {"values": [PHONE]}
    assert small_town.town.length > before


def test_a_value_of_another_record_is_not_revealed(small_town: Village) -> None:
    sealed = join(small_town)
    other = small_town.branch.units[1]
    studio = other.union.do(
        "/studios", unit=other.id, name="乙", leader={"name": "钱某"}, founded_on="2020-01-01"
    )["studio"]
    assert reveal(small_town, sealed, studio).refusal == (404, "sealed_unknown")


def test_an_erased_person_is_gone_and_only_an_administrator_erases(small_town: Village) -> None:
    sealed = join(small_town)
    path = f"/persons/{sealed['subject']}"
    assert small_town.officer.post(f"{path}/erase", reason="本人申请").refusal == (
        403,
        "role_required",
    )
    held = small_town.town.admin.post(f"{path}/export").body
    assert PHONE in str(held["events"])
    assert small_town.town.admin.post(f"{path}/erase", reason="本人申请").status == 200
    assert reveal(small_town, sealed).body == {"values": [None]}
