"""What the views say of yearly assessments: due, over, missing, and how far each union is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from domain.desks.assessments import Result
from domain.errors import NotFound
from domain.model.campaign import campaign_id
from domain.model.organisation import Kind
from domain.policy.policy import Policy
from domain.policy.timing import DEFAULT, Timing
from domain.values import Role
from tests.adapters.imports.scene import POLICY, City


@pytest.fixture
def city(tmp_path: Path, database_url: str) -> Iterator[City]:
    made = City(tmp_path, database_url).name(9)
    yield made
    made.house.close()


def due(
    city: City, on: str, timing: Timing = DEFAULT, **changes: Any
) -> list[tuple[int, date, date]]:
    """Which years ought to be open on a day, from when, and when they are due."""
    policy: Policy = city.house.policies[POLICY]
    assert policy.assessment is not None
    policies = {POLICY: replace(policy, assessment=replace(policy.assessment, **changes))}
    found = city.house.queries.due_campaigns(policies, lambda _: timing, date.fromisoformat(on))
    assert {(each.federation, each.policy) for each in found} <= {(city.places["city"], POLICY)}
    return [(each.year, each.opens_on, each.due_on) for each in found]


def opened(city: City, year: int = 2024) -> UUID:
    """A campaign that the rule opened."""
    return city.register.assessments.open(
        city.setup, federation=city.places["city"], policy=POLICY, year=year
    )


def test_a_year_is_to_be_opened_from_its_opening_day_on_until_it_is_opened(city: City) -> None:
    whole = [(2024, date(2024, 10, 2), date(2024, 12, 31))]
    assert due(city, "2024-10-01") == []
    assert due(city, "2024-10-02") == whole
    assert due(city, "2024-11-15", opens_month_day="11-15") == [
        (2024, date(2024, 11, 15), date(2024, 12, 31))
    ]
    assert due(city, "2024-12-31", Timing(campaign_opens_days_before=1)) == [
        (2024, date(2024, 12, 30), date(2024, 12, 31))
    ]
    assert due(city, "2025-02-01") == whole
    opened(city.at("2024-10-02 09:00"))
    assert due(city, "2024-10-02") == []


def test_a_year_that_would_be_over_is_not_opened_by_rule_however_long_nothing_ran(
    city: City,
) -> None:
    assert [year for year, _, _ in due(city, "2025-03-31")] == [2024]
    assert due(city, "2025-04-01") == []
    assert [year for year, _, _ in due(city, "2025-10-02")] == [2025]
    longer = Timing(campaign_closes_days_after=400)
    assert [year for year, _, _ in due(city, "2025-10-02", longer)] == [2025, 2024]
    never = Timing(campaign_closes_days_after=None)
    assert [year for year, _, _ in due(city, "2025-10-02", never)] == [2025]


def test_a_year_for_which_no_naming_counts_is_not_opened(city: City) -> None:
    assert due(city, "2023-12-20") == []
    assert [y for y, _, _ in due(city, "2023-12-20", naming_year_counts=True, first_year=None)] == [
        2023
    ]
    assert due(city, "2024-12-20", first_year=2025) == []


def test_where_a_pack_assesses_every_other_year_the_year_between_is_not_opened(
    city: City,
) -> None:
    desk = city.at("2024-12-20 09:00").register.assessments
    results = [Result(id, number, "qualified") for id, number in city.studios]
    desk.check_many(city.by(), year=2024, results=results)
    assert due(city, "2025-12-20", every_years=2) == []
    assert [year for year, _, _ in due(city, "2026-12-20", every_years=2)] == [2026]


def test_a_policy_that_is_over_or_to_come_or_unknown_opens_nothing(city: City) -> None:
    policy, on = city.house.policies[POLICY], date(2024, 12, 20)
    ended = replace(policy, effective_to=date(2023, 12, 31))
    find = city.house.queries.due_campaigns
    assert find({POLICY: ended}, lambda _: DEFAULT, on) == []
    later = replace(policy, effective_from=date(2025, 1, 1))
    assert find({POLICY: later}, lambda _: DEFAULT, on) == []
    assert find({}, lambda _: DEFAULT, on) == []


def test_a_campaign_is_over_when_its_last_day_is(city: City) -> None:
    campaign = opened(city.at("2024-10-02 09:00"))
    find, last = city.house.queries.closable, date(2025, 3, 31)
    assert find(lambda _: DEFAULT, last) == []
    (found,) = find(lambda _: DEFAULT, last + timedelta(days=1))
    assert (found.campaign, found.federation, found.policy, found.year, found.closes_on) == (
        campaign,
        city.places["city"],
        POLICY,
        2024,
        last,
    )
    assert find(lambda _: Timing(campaign_closes_days_after=None), date(2030, 1, 1)) == []
    desk = city.at("2025-04-01 09:00").register.assessments
    desk.close(city.setup, campaign, namings=city.house.queries.unassessed(campaign))
    assert find(lambda _: DEFAULT, date(2030, 1, 1)) == []


def test_those_without_a_result_that_governs_are_missing(
    city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("adapters.views.questions.campaigns.PAGE", 2)
    campaign = opened(city)
    desk = city.register.assessments
    results = [Result(id, number, "qualified") for id, number in city.studios]
    desk.check_many(city.by(), year=2024, results=results[1:3])
    desk.check_many(city.by("union"), year=2024, results=results[3:4])
    desk.check_many(city.by("unit"), year=2024, results=results[:1])
    missing = sorted(city.house.queries.unassessed(campaign))
    assert missing == sorted(city.studios[:1] + city.studios[4:])
    closed = desk.close(city.at("2025-02-01 09:00").setup, campaign, namings=missing)
    assert sorted(closed) == sorted(id for id, _ in missing)
    assert list(city.house.queries.unassessed(campaign)) == []
    with pytest.raises(NotFound):
        next(city.house.queries.unassessed(campaign_id(city.places["city"], POLICY, 2030)))


def test_progress_is_told_for_each_recommending_union(city: City) -> None:
    campaign = opened(city)
    desk, rule = city.register.assessments, city.house.policies[POLICY].assessment
    assert rule is not None
    desk.self_check(
        city.by("unit"), city.studios[0][0], number=city.studios[0][1], year=2024, period="H1",
        summary="正常",
    )  # fmt: skip
    results = [Result(id, number, "qualified") for id, number in city.studios]
    desk.check_many(city.by("unit"), year=2024, results=results[:1])
    desk.check_many(city.by("union"), year=2024, results=[results[0], results[3]])
    city.at("2025-01-05 09:00")
    desk.check_many(city.by(), year=2024, results=results[:2])
    desk.file(city.by("union"), campaign, union=city.places["一区"])
    before = city.length()
    desk.close(city.setup, campaign, namings=city.house.queries.unassessed(campaign))

    def told(as_of: int | None = None, scope: UUID | None = None) -> list[tuple[Any, ...]]:
        return [
            (
                row["organisation_name"],
                *(row[name] for name in ("namings", "self_checked", "unit_results")),
                *(row[name] for name in ("union_results", "city_results", "done", "missed")),
                *(row[name] for name in ("late_results", "received_on", "late")),
            )
            for row in city.house.queries.progress(campaign, rule, as_of=as_of, scope=scope)
        ]

    first = ("一区", 3, 1, 1, 2, 1, 2, 1, 1, "2025-01-05", True)
    others = [
        ("二区", 3, 0, 0, 0, 1, 1, 2, 1, None, None),
        ("试市总工会", 3, 0, 0, 0, 0, 0, 3, 0, None, None),
    ]
    assert told() == [first, *others]
    assert told(scope=city.places["一区"]) == [first]
    assert [row[7] for row in told(as_of=before)] == [0, 0, 0]


def test_a_union_without_namings_is_told_once_it_has_filed(city: City) -> None:
    campaign, rule = opened(city), city.house.policies[POLICY].assessment
    assert rule is not None
    directory = city.register.directory
    third = directory.register_organisation(
        city.setup, name="三区", kind=Kind.RECOMMENDING_UNION, parent=city.places["city"], code="3"
    )
    account = directory.open_account(city.setup, username="third", name="三", home=third)
    directory.grant_role(city.setup, account, Role.RECOMMENDING_UNION, third)
    city.register.assessments.file(city.by(), campaign, union=third)
    (row,) = city.house.queries.progress(campaign, rule, scope=third)
    assert (row["namings"], row["received_on"], row["late"]) == (0, "2024-12-20", False)
