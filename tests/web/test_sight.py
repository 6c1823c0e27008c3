"""What a reader may not see is not there for them, in the very words for what is nowhere."""

from __future__ import annotations

from uuid import uuid4

import pytest

from tests.journeys.town import Town, branch
from tests.web.conftest import CATEGORY, Village

ADDRESSES = {
    "organisation": "/organisations/{}",
    "timing": "/organisations/{}/timing",
    "account": "/accounts/{}",
    "deliveries": "/accounts/{}/deliveries",
    "studio": "/studios/{}",
    "timeline": "/studios/{}/timeline",
    "members": "/studios/{}/members",
    "fund": "/funds/{}",
}


@pytest.mark.parametrize("kind", ADDRESSES)
def test_what_is_outside_ones_branch_is_told_like_what_is_nowhere(
    still_town: Village, kind: str
) -> None:
    stranger = still_town.branch.units[1].union
    other = still_town.branch.units[0].id
    accounts = still_town.town.admin.get("/accounts", home=other).body["items"]
    ids = {"account": accounts[0]["id"], "deliveries": accounts[0]["id"]}
    ids |= {"organisation": other, "timing": other, "fund": still_town.fund}
    address = ADDRESSES[kind]
    hidden = stranger.get(address.format(ids.get(kind, still_town.applied["studio"])))
    nowhere = stranger.get(address.format(uuid4()))
    assert hidden.status == 404
    assert hidden.body == nowhere.body


def test_a_file_is_told_by_the_name_that_ones_own_branch_gave_it(small_town: Village) -> None:
    content = b"%PDF-1.4 the same for both"
    first, second = small_town.branch.units
    sha256 = first.union.upload("张某申报表.pdf", content)
    assert second.union.upload("材料.pdf", content) == sha256
    assert first.union.get(f"/evidence/{sha256}").body["name"] == "张某申报表.pdf"
    assert second.union.get(f"/evidence/{sha256}").body["name"] == "材料.pdf"


def test_settings_of_time_are_told_as_they_were(small_town: Village) -> None:
    town: Town = small_town.town
    path = f"/organisations/{town.city}/timing"
    before = town.length
    town.admin.do(path, timing={"pay_within_days": 60})
    then = small_town.officer.get(path, as_of=f"position:{before}").body
    now = small_town.officer.get(path).body
    assert (then["own"], now["own"]["pay_within_days"]) == (None, 60)
    assert then["effective"] == then["defaults"]
    assert now["effective"]["pay_within_days"] == 60
    assert then["version"] == now["version"] - 1


def test_only_a_persons_id_can_be_erased(small_town: Village) -> None:
    town = small_town.town
    before = town.length
    path = f"/persons/{small_town.applied['application']}/erase"
    assert town.admin.post(path, reason="误").refusal == (422, "not_a_person")
    assert town.length == before


def test_another_branch_sees_no_applications_of_a_call_it_shares(small_town: Village) -> None:
    stranger = branch(small_town.town, "锡山区总工会").officer
    path = f"/calls/{small_town.call}/applications"
    assert stranger.get(path, category=CATEGORY).body["items"] == []
    assert small_town.officer.get(path).body["total"] == 1
