"""What has to be said of assessments, filings, rectifications and calendars, worked out from the story alone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from domain.policy.terms import Assessment
from domain.values import SHANGHAI, Role
from tests.simulation.gazette import CALENDAR_ON, HOLIDAYS
from tests.simulation.rules import policies
from tests.simulation.story import Campaign, Story, by_time

KINDS = (
    "assessment.unit_due",
    "assessment.union_due",
    "assessment.city_due",
    "call.filing",
    "call.silent_unions",
    "rectification.due",
    "calendar.missing",
)
COUNTED = (*KINDS[:3], "call.silent_unions")
DAY = timedelta(days=1)
NINE = time(9)
YEAR_END = (-60, -30, -15, -7, -3, -1, *range(7, 92, 7))
CITY = (-7, -1, *range(7, 92, 7))
FILING, SILENT = (-15, -7, -3, -1), (-7, -1)
MENDING = (-30, -7, -1, *range(7, 92, 7))
CALENDAR_DAYS = range(7, 50, 7)
ESCALATED = 7
OLDEST = 92 * DAY

Office = tuple[UUID, Role]


@dataclass(frozen=True)
class Expected:
    """One message: about which record, to whom, at which step; count: how many it tells of."""

    kind: str
    about: str
    organisation: str
    role: str
    step: str
    due_on: str
    moment: str
    count: int | None = None

    @property
    def once(self) -> Expected:
        """What makes it one: what was said stays said, whatever it would tell later."""
        return replace(self, count=None)


def moment_of(due_on: date, days: int, now: datetime) -> datetime:
    """Nine in the morning of a day before or after the due day, moved off holidays."""
    day = due_on + days * DAY
    while not _worked(day, now):
        day += DAY if days > 0 else -DAY
    return datetime.combine(day, NINE, SHANGHAI).astimezone(UTC)


def _worked(day: date, now: datetime) -> bool:
    known = now >= CALENDAR_ON or day.year != 2027
    if known and day in HOLIDAYS:
        return not HOLIDAYS[day]
    return day.weekday() < 5


def step_of(days: int, every: int = 7) -> str:
    """What a step is called."""
    if days == 0:
        return "on"
    return f"overdue-{days // every}" if days > 0 else f"before-{-days}"


def expected(events: Iterable[Any], first: datetime, last: datetime) -> Counter[Expected]:
    """What has to be said when somebody looks every hour from the first to the last."""
    told, story, at = by_time(events), Story(), 0
    found: dict[Expected, Expected] = {}
    now = first
    while now <= last:
        while at < len(told) and told[at].timestamp <= now:
            story.happen(told[at])
            at += 1
        if now == first or now.astimezone(SHANGHAI).hour == NINE.hour:
            for each in _said(story, now):
                found.setdefault(each.once, each)
        now += timedelta(hours=1)
    return Counter(found.values())


def _said(story: Story, now: datetime) -> Iterator[Expected]:
    for campaign in story.campaigns.values():
        yield from _assessment(story, campaign, now)
    yield from _calls(story, now)
    yield from _mendings(story, now)
    yield from _calendars(story, now)


def _steps(
    kind: str,
    about: UUID | str,
    office: Office,
    days: Iterable[int],
    due_on: date,
    since: datetime,
    now: datetime,
    count: int | None,
) -> Iterator[Expected]:
    """The steps at which an office is told, those that have come by now and are not too old.

    Of two that holidays move to one day the later one stays.
    """
    moments = {moment_of(due_on, each, now): each for each in sorted(days)}
    for at, each in moments.items():
        if since < at <= now and at >= now - OLDEST:
            yield Expected(
                kind,
                str(about),
                str(office[0]),
                office[1].value,
                step_of(each),
                str(due_on),
                at.isoformat(timespec="microseconds"),
                count,
            )


def _from(days: Iterable[int], overdue: int) -> list[int]:
    return [each for each in days if each >= overdue]


def _owed(story: Story, campaign: Campaign, rule: Assessment) -> list[tuple[Any, bool, bool]]:
    """The names that owe a result, and whether the unit's is missing, and the union's."""
    found = []
    for (studio, number), name in story.names.items():
        counted = name.on.year + (not rule.naming_year_counts) <= campaign.year
        due = rule.first_year is None or campaign.year >= rule.first_year
        mine = (name.federation, name.policy) == (campaign.federation, campaign.policy)
        if name.active and mine and counted and due:
            of_year = (studio, number, campaign.year)
            results = story.results.get(of_year, set())
            silent = not results and of_year not in story.looked
            found.append((name, silent, not results & {"recommending_union", "city"}))
    return found


def _assessment(story: Story, campaign: Campaign, now: datetime) -> Iterator[Expected]:
    rule = policies()[campaign.policy].assessment
    assert rule is not None
    assert set(rule.assessors) == {"recommending_union", "unit_union"}
    owed = _owed(story, campaign, rule)
    city = (campaign.federation, Role.CITY_OFFICER)

    def said(kind: str, office: Office, days: Iterable[int], count: int) -> Iterator[Expected]:
        if count:
            yield from _steps(
                kind, campaign.id, office, days, campaign.due_on, campaign.since, now, count
            )

    units = Counter(name.unit for name, silent, _ in owed if silent)
    above = Counter(name.recommender for name, silent, _ in owed if silent)
    for unit, count in units.items():
        yield from said("assessment.unit_due", (unit, Role.UNIT_UNION), YEAR_END, count)
    for union, count in above.items():
        office = (union, Role.RECOMMENDING_UNION)
        yield from said("assessment.unit_due", office, _from(YEAR_END, ESCALATED), count)
    yield from said(
        "assessment.unit_due", city, _from(YEAR_END, 2 * ESCALATED), sum(units.values())
    )
    unions = Counter(name.recommender for name, _, undecided in owed if undecided)
    silent_unions = {union: many for union, many in unions.items() if union not in campaign.filed}
    for union, count in silent_unions.items():
        office = (union, Role.RECOMMENDING_UNION)
        yield from said("assessment.union_due", office, YEAR_END, count)
    late = sum(silent_unions.values())
    yield from said("assessment.union_due", city, _from(YEAR_END, ESCALATED), late)
    yield from said("assessment.city_due", city, CITY, sum(unions.values()))


def _calls(story: Story, now: datetime) -> Iterator[Expected]:
    for call in story.calls.values():
        if call.closed or call.deadline is None or not call.opens_at <= now <= call.deadline:
            continue
        due_on = call.deadline.astimezone(SHANGHAI).date()
        silent = set(story.of_union(call.federation)) - call.busy
        for union in silent:
            office = (union, Role.RECOMMENDING_UNION)
            yield from _steps(
                "call.filing", call.id, office, FILING, due_on, call.opens_at, now, None
            )
        if silent:
            city, count = (call.federation, Role.CITY_OFFICER), len(silent)
            yield from _steps(
                "call.silent_unions", call.id, city, SILENT, due_on, call.opens_at, now, count
            )


def _mendings(story: Story, now: datetime) -> Iterator[Expected]:
    for (studio, number, year), mending in story.mendings.items():
        name = story.names[studio, number]
        if name.active:
            unit = (name.unit, Role.UNIT_UNION)
            union = (name.recommender, Role.RECOMMENDING_UNION)
            for office, days in ((unit, MENDING), (union, _from(MENDING, ESCALATED))):
                yield from _steps(
                    "rectification.due",
                    f"{studio}/{number}/{year}",
                    office,
                    days,
                    mending.due_on,
                    mending.since,
                    now,
                    None,
                )


def _calendars(story: Story, now: datetime) -> Iterator[Expected]:
    today = now.astimezone(SHANGHAI).date()
    for year in (today.year, today.year + 1):
        known = year <= 2026 or (year == 2027 and now >= CALENDAR_ON)
        expected_on = date(year - 1, 11, 15)
        since = datetime.combine(expected_on, time(0), SHANGHAI)
        if not known and today >= expected_on:
            for federation in story.federations:
                city = (federation, Role.CITY_OFFICER)
                if now - since <= OLDEST:
                    yield Expected(
                        "calendar.missing",
                        str(federation),
                        str(federation),
                        Role.CITY_OFFICER.value,
                        "new",
                        str(expected_on),
                        since.astimezone(UTC).isoformat(timespec="microseconds"),
                        None,
                    )
                yield from _steps(
                    "calendar.missing",
                    federation,
                    city,
                    CALENDAR_DAYS,
                    expected_on,
                    since,
                    now,
                    None,
                )
