"""Jiangxi 江西: the province, and below it Nanchang and Jiujiang."""

from __future__ import annotations

from datetime import date

from adapters.demonstration.cast import found
from adapters.demonstration.clock import shanghai
from adapters.demonstration.jiujiang import jiujiang
from adapters.demonstration.nanchang import nanchang
from adapters.demonstration.stage import Stage, Story


def jiangxi(stage: Stage) -> Story:
    """The province's federation comes first, because its cities stand below it."""
    yield shanghai(date(2021, 4, 6), 9)
    province = found(
        stage, slug="jiangxi", short="赣", name="江西省总工会", unions=(), trades=(), shown=("pay",)
    )
    stage.begin(nanchang(stage, province))
    stage.begin(jiujiang(stage, province))
