"""The bar of steps follows the stages of the notice, also those that the usual bar lacks."""

from __future__ import annotations

from domain.model.studio import Studio
from domain.policy.terms import Stage
from tests.domain.rules import rolling
from tests.domain.world import close, compose
from web.pages.steps import steps


def test_stages_of_another_notice_stand_in_its_order(database_url: str) -> None:
    by = {"unit": "unit_union", "first": "recommending_union"}
    ids = ("unit", "first", "qualification", "expert_review", "site_visit", "naming")
    stages = tuple(Stage(id=id, name=id, by=by.get(id, "city"), clause="三", text=id) for id in ids)
    world = compose(database_url, rolling(stages=stages))
    filed = world.applies(world.opens("rolling"))
    world.recommends(filed)
    world.reviews(filed, "qualification")
    found = steps(world.get(Studio, filed.studio), assessed=True)
    assert [(step.name, step.state) for step in found] == [
        ("申报", "done"),
        ("初审", "done"),
        ("资格审查", "done"),
        ("专家评审", "now"),
        ("考察", ""),
        ("公示", ""),
        ("命名", ""),
        ("补助", ""),
        ("考核", ""),
    ]
    close(world)
