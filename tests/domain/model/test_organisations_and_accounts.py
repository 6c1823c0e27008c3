"""Organisations and accounts: every event and every refusal."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from domain.errors import DomainError
from domain.model.account import Account, account_id
from domain.model.organisation import Kind, Organisation
from domain.values import Role
from tests.domain.given import given
from tests.domain.persons import CITY, UNION, by, uid


def organisation(
    name: str = "某市总工会", kind: Kind = Kind.FEDERATION, above: Organisation | None = None
) -> Organisation:
    mandate = by("admin", "2022-01-04")
    return Organisation.register(mandate, uid(name), name=name, kind=kind, above=above, code="1")


def account() -> Account:
    return Account.open(by("admin", "2022-01-04"), username=" Wang.Wu ", name="王五", home=UNION)


def test_the_root_is_its_own_federation() -> None:
    root = given(organisation()).record
    assert (root.lineage, root.federation, root.parent) == ([root.id], root.id, None)


def test_a_unit_knows_everything_above_it() -> None:
    root = organisation()
    union = organisation("甲区总工会", Kind.RECOMMENDING_UNION, root)
    unit = given(organisation("第一机床厂", Kind.UNIT, union)).record
    assert (unit.lineage, unit.federation) == ([unit.id, union.id, root.id], root.id)
    assert [unit.within(each) for each in (unit.id, union.id, root.id, uid("other"))] == [
        True,
        True,
        True,
        False,
    ]


def test_a_federation_below_another_begins_a_federation_of_its_own() -> None:
    county = organisation("某县总工会", Kind.FEDERATION, organisation())
    assert (county.federation, county.lineage[1:]) == (county.id, [uid("某市总工会")])


def closed(record: Organisation) -> Organisation:
    record.close("撤销")
    return record


@pytest.mark.parametrize(
    ("kind", "above", "code"),
    [
        (Kind.UNIT, lambda: None, "parent_missing"),
        (Kind.RECOMMENDING_UNION, lambda: None, "parent_missing"),
        (Kind.UNIT, lambda: closed(organisation()), "organisation_closed"),
        (
            Kind.RECOMMENDING_UNION,
            lambda: organisation("厂", Kind.UNIT, organisation()),
            "parent_is_unit",
        ),
        (
            Kind.FEDERATION,
            lambda: organisation("区", Kind.RECOMMENDING_UNION, organisation()),
            "parent_below_federation",
        ),
    ],
)
def test_a_place_in_the_tree_is_refused(
    kind: Kind, above: Callable[[], Organisation | None], code: str
) -> None:
    with pytest.raises(DomainError) as refusal:
        organisation("新", kind, above())
    assert refusal.value.code == code


def test_an_organisation_is_renamed() -> None:
    given(organisation()).when(lambda o: o.rename("新名")).then(
        ("organisation.renamed", {"name": "新名"})
    )


def test_renaming_to_the_same_name_is_refused() -> None:
    given(organisation()).when(lambda o: o.rename("某市总工会")).refused("nothing_changed")


def test_an_organisation_is_closed_once() -> None:
    given(organisation()).when(lambda o: o.close("撤销")).then(
        ("organisation.closed", {"reason": "撤销"})
    )
    given(organisation(), lambda o: o.close("撤销")).when(lambda o: o.close("又")).refused(
        "organisation_closed"
    )


def test_an_account_is_the_one_with_its_user_name() -> None:
    opened = given(account()).record
    assert (opened.id, opened.username) == (account_id("wang.wu"), "wang.wu")
    assert opened.affiliations == frozenset({UNION})


def test_a_role_is_granted_and_makes_an_affiliation() -> None:
    record = (
        given(account())
        .when(lambda a: a.grant(Role.CITY_OFFICER, CITY))
        .then(("account.role_granted", {"role": "city_officer", "organisation": CITY}))
    )
    assert record.affiliations == frozenset({UNION, CITY})
    record.require(Role.CITY_OFFICER, CITY)


def granted(record: Account) -> None:
    record.grant(Role.CITY_OFFICER, CITY)


def test_a_role_is_taken_away() -> None:
    given(account(), granted).when(lambda a: a.revoke(Role.CITY_OFFICER, CITY)).then(
        ("account.role_revoked", {"role": "city_officer", "organisation": CITY})
    )


def test_an_account_is_disabled_and_enabled() -> None:
    given(account()).when(lambda a: a.disable("离职")).then(
        ("account.disabled", {"reason": "离职"})
    )
    given(account(), lambda a: a.disable("离职")).when(lambda a: a.enable()).then(
        ("account.enabled", {})
    )


def disabled(record: Account) -> None:
    record.grant(Role.CITY_OFFICER, CITY)
    record.disable("离职")


@pytest.mark.parametrize(
    ("history", "command", "code"),
    [
        ([], lambda a: a.grant(Role.RULE, CITY), "role_not_grantable"),
        ([], lambda a: a.grant(Role.PUBLIC, CITY), "role_not_grantable"),
        ([granted], granted, "role_held"),
        ([], lambda a: a.revoke(Role.CITY_OFFICER, CITY), "role_not_held"),
        ([disabled], lambda a: a.disable("又"), "account_disabled"),
        ([], lambda a: a.enable(), "account_enabled"),
        ([granted], lambda a: a.require(Role.CITY_OFFICER, UNION), "role_not_held"),
        ([granted], lambda a: a.require(Role.AUDITOR, CITY), "role_not_held"),
        ([disabled], lambda a: a.require(Role.CITY_OFFICER, CITY), "account_disabled"),
    ],
)
def test_an_account_refuses(history: list[Any], command: Any, code: str) -> None:
    given(account(), *history).when(command).refused(code)


def test_a_federation_sets_when_its_people_are_reminded() -> None:
    given(organisation()).when(lambda o: o.set_timing({"hour": "08:30"})).then(
        ("organisation.timing_set", {"timing": {"hour": "08:30"}})
    )


def test_settings_of_time_that_change_nothing_are_refused() -> None:
    given(organisation(), lambda o: o.set_timing({"hour": "08:30"})).when(
        lambda o: o.set_timing({"hour": "08:30"})
    ).refused("nothing_changed")


def test_only_a_federation_has_settings_of_time() -> None:
    union = organisation("甲区总工会", Kind.RECOMMENDING_UNION, organisation())
    given(union).when(lambda o: o.set_timing({})).refused("not_a_federation")
