"""A person asks what is held on them, and asks to be erased."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from argon2 import PasswordHasher

from adapters.audit.persons import Erasure, erase_person, export_person
from adapters.audit.repair import erased_persons, repair_erasures
from adapters.audit.trace import trace
from adapters.audit.verify import verify_bundle
from adapters.credentials import Credentials
from adapters.log.proofs import verify_proof_file
from adapters.log.verification import verify_log
from adapters.trust.notary import open_notary
from adapters.views.rebuild import check
from domain.errors import Forbidden, NotFound, Refused
from domain.values import Role
from tests.adapters.audit.scene import CANARIES, LEADER, Town, members
from tests.adapters.views.story import PERSONAL

CHEAP = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)


def erase(town: Town, id: UUID, who: str = "admin") -> Erasure:
    return erase_person(town.house, town.by(who), id, "本人申请")


def personal(export: dict[str, Any]) -> set[tuple[str, str]]:
    """All unsealed values of an export."""
    return {
        pair
        for event in export["events"]
        for place in event["places"]
        for pair in place["unsealed"].items()
    }


def test_a_person_is_told_everything_and_where_it_stands(town: Town) -> None:
    found = export_person(town.house, town.by("admin"), town.leader)
    assert personal(found) == {pair for pair in LEADER.items() if pair[0] != "name"}
    (changed,) = found["events"]
    assert (changed["topic"], changed["record"]) == (
        "studio.leader_changed",
        str(town.filed[0][0]),
    )
    assert [place["open"]["name"] for place in changed["places"]] == ["孙四"]
    event = town.house.queries.event(changed["position"])
    assert (event["topic"], event["at"]) == (changed["topic"], changed["at"])
    assert {row["view"] for row in found["views"]} == {"studios"}
    assert json.loads(json.dumps(found)) == found


def test_nothing_about_other_people_is_told(town: Town) -> None:
    found = json.dumps(export_person(town.house, town.by("admin"), town.leader))
    assert ("钱二" in found, "王0" in found, "赵一" in found) == (False, False, False)


def test_what_was_handed_in_with_a_dossier_is_told_too(town: Town) -> None:
    studio = town.filed[1][0]
    leader = town.register.repository.get(studio).leader.id
    found = export_person(town.house, town.by("admin"), leader)
    topics = [event["topic"] for event in found["events"]]
    assert topics == ["studio.registered", "studio.applied"]
    assert {field for field, _ in personal(found)} == {"phone", "ethnicity"}
    assert [each["name"] for each in found["files"]] == ["凭据.pdf"]


def test_who_has_an_account_is_told_of_it_and_of_what_stands_outside_the_log(town: Town) -> None:
    account, _, place = town.accounts["cashier"]
    credentials = Credentials(town.house.engine, hasher=CHEAP)
    credentials.set_password(account, "a long enough password", town.now)
    found = export_person(town.house, town.by(), account)
    opened = found["events"][0]
    assert (opened["topic"], opened["places"][0]["open"]) == (
        "account.opened",
        {"username": "cashier", "name": "经办人cashier", "home": str(place)},
    )
    assert {each["topic"] for each in found["events"]} > {"studio.subsidy_paid", "fund.paid"}
    assert [each["rows"] for each in found["outside"]] == [1]


def test_telling_is_recorded_before_anything_is_told(town: Town) -> None:
    export_person(town.house, town.by("admin"), town.leader)
    last = town.house.queries.timeline(topics=["access.exported"], limit=1)["items"][0]
    assert (last["facts"]["what"], last["facts"]["filters"]) == (
        "person",
        f"person={town.leader}",
    )


def test_only_an_administrator_or_the_operator_may(town: Town) -> None:
    for who in ("officer", "auditor", "union0", "unit0"):
        with pytest.raises(Forbidden):
            export_person(town.house, town.by(who), town.leader)
        with pytest.raises(Forbidden):
            erase(town, town.leader, who)
    assert erase_person(town.house, town.by(), town.leader, "依职权").person == str(town.leader)


def test_an_administrator_of_one_federation_reaches_nobody_of_another(town: Town) -> None:
    other = town.did(town.register.directory.found, None, name="邻市总工会", code="N")
    town.person("neighbour", Role.ADMINISTRATOR, other)
    with pytest.raises(Forbidden, match="管辖范围以外"):
        erase(town, town.leader, "neighbour")
    with pytest.raises(Forbidden, match="管辖范围以外"):
        export_person(town.house, town.by("neighbour"), town.leader)
    town.person("union's own", Role.ADMINISTRATOR, town.unions[0])
    with pytest.raises(Forbidden):
        erase(town, town.leader, "union's own")


def test_who_is_not_known_is_not_found(town: Town) -> None:
    with pytest.raises(NotFound):
        erase(town, uuid4())


def test_an_organisation_an_account_or_a_record_is_no_person(town: Town) -> None:
    """The payee's account number is sealed under the unit's id: it is a unit's, and stays."""
    for id in (town.units[0], town.accounts["officer"][0], town.filed[0][0], town.fund):
        with pytest.raises(Refused, match="不是个人"):
            erase(town, id)


def test_erasing_says_what_went_and_what_stays_and_why(town: Town) -> None:
    report = erase(town, town.leader)
    assert sorted(each["field"] for each in report.erased) == sorted(set(LEADER) - {"name"})
    studio = str(town.filed[0][0])
    money, name = report.kept
    assert (money["record"], money["grants"]) == (studio, [str(town.grant)])
    assert "第四十七条" in money["why"]
    assert (name["record"], "姓名" in name["why"]) == (studio, True)
    recorded = town.house.queries.timeline(record=town.leader)["items"]
    assert [(each["topic"], each["facts"]["reason"]) for each in recorded] == [
        ("subject.erased", "本人申请")
    ]
    assert recorded[0]["facts"]["kept"] == list(report.kept)
    assert (report.leftovers, json.loads(json.dumps(report.as_dict()))["swept"]) == ((), 0)


def test_erasing_again_changes_nothing(town: Town) -> None:
    erase(town, town.leader)
    length = town.house.queries.last()
    again = erase(town, town.leader)
    assert (erased_persons(town.house.engine), repair_erasures(town.house)) == ([town.leader], 0)
    assert (town.house.queries.last(), len(again.erased)) == (length, len(LEADER) - 1)


def test_after_it_everything_works_and_the_values_read_as_erased(
    town: Town, tmp_path: Path
) -> None:
    studio = town.filed[0][0]
    leader = town.register.repository.get(studio).leader
    first = town.register.repository.get(town.filed[1][0]).leader.id
    erase(town, leader.id)
    assert [town.house.sealing.reveal(each) for each in leader.sealed] == [None] * 6
    export = export_person(town.house, town.by("admin"), leader.id)
    assert {value for _, value in personal(export)} == {"已删除"}
    assert export["erased_at"] is not None
    town.again()
    town.did(town.register.naming.rename, "officer", studio, name="再更名", reason="更名")
    assert town.house.queries.studio(studio)["name"] == "再更名"
    register = town.register
    assert check(town.house.engine, register.recorder, register.mapper) == []
    others = personal(export_person(town.house, town.by("admin"), first))
    assert others == set(zip(("phone", "ethnicity"), PERSONAL, strict=False))


def test_after_it_old_proofs_checkpoints_and_bundles_still_verify(
    town: Town, tmp_path: Path
) -> None:
    notary = open_notary(town.house.settings, town.house.engine)
    old, proof, key = notary.checkpoint(), notary.prove(103), notary.vkey()
    before = town.bundle(tmp_path / "before.zip")
    erase(town, town.leader)
    erase(town, town.register.repository.get(town.filed[1][0]).leader.id)
    new = notary.checkpoint()
    verify_log(town.house.engine)
    assert verify_proof_file(proof, key).index == 102
    assert notary.extension(old, new)
    assert (verify_bundle(before.path, key).ok, key) == (True, before.vkey)
    after = town.bundle(tmp_path / "after.zip")
    assert verify_bundle(after.path, key).ok
    notary.close()


def test_unsealing_a_bundle_after_it_shows_what_was_erased_as_erased(
    town: Town, tmp_path: Path
) -> None:
    named = trace(town.house, town.grant).document["studio"]
    applied = town.house.register.recorder.select_events(UUID(named))
    first = town.house.register.mapper.to_domain_event(applied[0]).leader.id
    erase(town, first)
    town.bundle(tmp_path / "b.zip", reason="审计")
    shown = json.loads(members(tmp_path / "b.zip")["unsealed.json"])["values"]
    told = {(each["field"], each["value"]) for each in shown}
    assert {("phone", "已删除"), ("ethnicity", "已删除")} < told
    assert [value for _, value in told if value in CANARIES] == []
