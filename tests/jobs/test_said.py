"""What is said because something was recorded: in the same commit, to the offices that it concerns."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import orjson
import pytest
import sqlalchemy as sa

from adapters.log.engine import reading
from adapters.messages.outbox import messages
from domain.values import Role
from tests.jobs.conftest import Town

UNIT = ("厂一", Role.UNIT_UNION.value, None)
UNION = ("甲区", Role.RECOMMENDING_UNION.value, None)
CITY = ("city", Role.CITY_OFFICER.value, None)


def test_a_naming_is_told_to_the_unit_and_to_who_recommended_it(town: Town) -> None:
    town.world.named()
    assert town.said("studio.named") == [("studio.named", *UNIT), ("studio.named", *UNION)]


def test_a_studio_directly_below_the_city_is_told_of_to_the_citys_officers(town: Town) -> None:
    town.world.named("直属", union="officer")
    told = [("studio.named", *CITY), ("studio.named", "直属", Role.UNIT_UNION.value, None)]
    assert town.said("studio.named") == told


def test_money_is_told_to_the_unit(town: Town) -> None:
    filed = town.world.named()
    fund = town.world.fund()
    grant = town.world.grants(filed, fund)
    assert town.said("grant.decided") == [("grant.decided", *UNIT)]
    town.world.pays(filed, grant)
    assert town.said("grant.paid") == [("grant.paid", *UNIT)]


def test_failures_are_told_with_what_follows_from_them(town: Town) -> None:
    filed = town.world.named()
    town.world.fails(filed, 2023)
    assert town.said("rectification.ordered") == [
        ("rectification.ordered", *UNIT),
        ("rectification.ordered", *UNION),
    ]
    town.world.fails(filed, 2024)
    warned = "rectification.last_warning"
    assert town.said(warned) == [(warned, *CITY), (warned, *UNIT), (warned, *UNION)]
    town.world.fails(filed, 2025)
    ended = "studio.de_named"
    assert town.said(ended) == [(ended, *CITY), (ended, *UNIT), (ended, *UNION)]


def test_a_campaign_that_opens_is_told_to_the_city_and_to_every_union(town: Town) -> None:
    town.world.named()
    town.world.on("2023-10-02")
    assert town.runs("campaigns-open") == {"开始年度考核": 1}
    told = [(kind[1], kind[2]) for kind in town.said("campaign.opened")]
    union = Role.RECOMMENDING_UNION.value
    assert sorted(told) == [("city", Role.CITY_OFFICER.value), ("乙区", union), ("甲区", union)]
    assert town.runs("campaigns-open") == {}


def test_what_was_waited_for_long_enough_is_closed_and_fails_nobody(town: Town) -> None:
    town.world.named()
    town.world.on("2023-10-02")
    town.runs("campaigns-open")
    town.world.on("2024-03-30")
    assert town.runs("campaigns-close") == {}
    town.world.on("2024-03-31")
    assert town.runs("campaigns-close") == {"结束年度考核": 1, "未考核": 1}
    assert town.world.topics()[-2:] == ["campaign.closed", "studio.assessment_missed"]
    assert town.said("campaign.closed") == [("campaign.closed", *CITY)]
    assert town.runs("campaigns-close") == {}


@pytest.mark.parametrize("counting", ["in_a_row", "in_all"])
def test_an_order_to_rectify_says_how_its_rule_counts(town: Town, counting: str) -> None:
    policies: Any = town.house.policies
    for id, pack in list(policies.items()):
        if pack.assessment:
            rule = replace(pack.assessment, counting=counting)
            policies[id] = replace(pack, assessment=rule)
    town.world.fails(town.world.named(), 2023)
    wanted = sa.select(messages.c.facts).where(messages.c.kind == "rectification.ordered")
    with reading(town.house.engine) as connection:
        told = [orjson.loads(facts)["counting"] for facts in connection.scalars(wanted)]
    assert told == [counting, counting]
