"""A federation's settings: its own, or those of the nearest one above it."""

from __future__ import annotations

from datetime import time
from uuid import uuid4

from adapters.log.engine import reading
from adapters.matters import Timings, read_timings
from domain.model.organisation import Kind
from domain.policy.timing import DEFAULT, Reminding, SelfCheckPeriod, Timing
from tests.adapters.matters.conftest import Town

OWN = Timing(
    hour=time(8, 30),
    working_days_only=False,
    reminders=(Reminding(kind="assessment.union_due", before=(400 - 40, 0)),),
    campaign_closes_days_after=None,
    self_check_periods=(SelfCheckPeriod(id="Y", name="全年", due_month_day="11-30"),),
)


def timings(town: Town) -> Timings:
    with reading(town.house.engine) as connection:
        return read_timings(connection)


def test_a_federation_without_settings_has_those_above_it_or_the_defaults(town: Town) -> None:
    directory = town.register.directory
    federation = {"kind": Kind.FEDERATION}
    county = town.did(
        directory.register_organisation, None, name="县", parent=town.city, code="C", **federation
    )
    town_below = town.did(
        directory.register_organisation, None, name="镇", parent=county, code="D", **federation
    )
    places = (town.city, county, town_below)
    assert [timings(town)(place) for place in places] == [DEFAULT] * 3
    town.did(directory.set_timing, "admin", town.city, OWN)
    assert [timings(town)(place) for place in places] == [OWN] * 3
    later = Timing(hour=time(10))
    town.did(directory.set_timing, "admin", county, later)
    assert [timings(town)(str(place)) for place in places] == [OWN, later, later]
    assert timings(town)(uuid4()) == DEFAULT


def test_what_may_be_spoken_of_early_comes_to_light_early(town: Town) -> None:
    assert timings(town).ahead("term.ends").days == 75
    early = Timing(reminders=(Reminding(kind="term.ends", before=(100,)),))
    town.did(town.register.directory.set_timing, "admin", town.city, early)
    assert timings(town).ahead("term.ends").days == 115
    assert timings(town).ahead("self_check.due").days == 75
