"""The terms of a notice: stages, deadlines, quotas, publicity, targets."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from domain.policy.model import key, model
from domain.policy.timing import due_day
from domain.policy.workdays import Calendar, last_day
from domain.values import end_of

STAGES = (
    "unit",
    "first",
    "materials",
    "site_visit",
    "selection",
    "office_meeting",
    "publicity",
    "naming",
    "qualification",
    "second_review",
    "expert_review",
    "presentation",
    "vote",
)
REVIEWERS = ("unit_union", "recommending_union", "city", "province", "county", "nation")
"""`county` and `nation` are who names under a notice of that level; so are `city` and `province`."""


ASSESSORS = ("unit_union", "recommending_union", "city")


@model
class Caution:
    """Something about the notice that an officer must see before relying on it."""

    code: str = key("stable name of the warning")
    clause: str = key("clause that it is about", default="")
    message: str = key("Chinese sentence for officers")


@model
class Stage:
    """One step of the procedure; the pack's order is the order of the stages."""

    id: str = key("which stage", choices=STAGES)
    name: str = key("the notice's word for it")
    by: str = key("who acts", choices=REVIEWERS)
    ranking: bool = key("the reviewer puts its candidates in order (排序)", default=False)
    more_candidates_than_places: bool = key("差额遴选", default=False)
    may_choose_none: bool = key("宁缺毋滥: naming none is legal", default=False)
    categories: tuple[str, ...] = key("categories it is for; none means all", default=())
    clause: str = key("clause number")
    text: str = key("the words it encodes")


@model
class Duty:
    """What the notice asks of unions besides filing, such as a survey of all studios."""

    id: str = key("name of the duty")
    name: str = key("what is to be done")
    by: str = key("who does it", choices=REVIEWERS)
    clause: str = key("clause number")
    text: str = key("the words it encodes")


@model
class Phase:
    """A span of months in the notice's own timetable."""

    name: str = key("what happens")
    begins: date = key("first day")
    ends: date = key("last day")
    filing: bool = key("dossiers are filed in this phase", default=False)
    clause: str = key("clause number")
    text: str = key("the words it encodes")


@model
class Deadline:
    """The last moment to file, on a day or on a day of every year (每年3月底前).

    Without `closes_at` the day counts until 24:00.
    """

    id: str = key("name of the deadline; the one for dossiers is `filing`")
    on: date | None = key("the day", default=None)
    every_year: str | None = key("`MM-DD`, where the notice holds for years", default=None)
    office: bool = key("the notice says 下班前: settings.office_closes_at applies", default=False)
    closes_at: time | None = key("closing time if the notice states one", default=None)
    late: str = key("what becomes of a late dossier", choices=("refused", "marked"))
    clause: str = key("clause number")
    text: str = key("the words it encodes")

    def day(self, since: date | None = None) -> date:
        """The day; of one that returns every year, the next from a day on."""
        if self.on is not None:
            return self.on
        start = since or date.min
        this, following = (due_day(self.every_year or "", start.year + add) for add in (0, 1))
        return this if this >= start else following

    def instant(self, since: date | None = None) -> datetime:
        """The last moment (UTC) that is still in time; `since` as for `day`."""
        return end_of(self.day(since), self.closes_at)

    @property
    def words(self) -> str:
        """The day and the closing hour in Chinese."""
        day = f"每年 {self.every_year}" if self.on is None else str(self.on)
        return f"{day} {self.closes_at.isoformat('minutes') if self.closes_at else '24:00'}"


@model
class QuotaRow:
    """A union's own cap under a quota, for all of the quota's categories or for some."""

    union: str = key("name of the recommending union or unit, as in the notice's table")
    cap: int = key("how many", least=0)
    categories: tuple[str, ...] = key("some of the quota's categories; none: all", default=())


@model
class Quota:
    """How many may be recommended. Several categories in one quota share one cap."""

    id: str = key("name of the quota")
    categories: tuple[str, ...] = key("categories that share the cap")
    cap: int | None = key("how many for anyone not in `rows`; none: no cap", default=None, least=0)
    per: str = key("whose cap it is", choices=("recommending_union", "unit", "call"))
    force: str = key(
        "`in_principle` (原则上) warns, `hard` refuses", choices=("hard", "in_principle")
    )
    rows: tuple[QuotaRow, ...] = key("caps allocated to named unions", default=())
    clause: str = key("clause number")
    text: str = key("the words it encodes")

    def cap_for(self, union: str, category: str | None = None) -> int | None:
        """The cap of a union (for one category, if rows tell them apart); None: no cap."""
        for row in self.rows:
            named = not row.categories or category is None or category in row.categories
            if row.union == union and named:
                return row.cap
        return self.cap


@model
class Publicity:
    """How long the list is shown; exactly one of the two day counts is set."""

    working_days: int | None = key("length in working days", default=None, least=1, most=366)
    calendar_days: int | None = key("length in calendar days", default=None, least=1, most=366)
    count_first_day: bool = key("the day of posting counts (Civil Code 201: no)", default=False)
    objections_until: time | None = key("closing time of the last day; none: 24:00", default=None)
    clause: str = key("clause number")
    text: str = key("the words it encodes")

    def last_day(self, start: date, calendar: Calendar) -> date:
        """The last day of a notice posted on `start`. Raises NotGazetted."""
        if self.working_days is not None:
            return last_day(
                start, self.working_days, count_first_day=self.count_first_day, calendar=calendar
            )
        days = self.calendar_days or 0
        return start + timedelta(days=days - 1 if self.count_first_day else days)


@model
class Grade:
    """A result of the assessment, best first; `least_score` where the notice scores."""

    id: str = key("name of the grade")
    name: str = key("Chinese name")
    failing: bool = key("counts towards revocation", default=False)
    priority: bool = key("earns priority support", default=False)
    least_score: int | None = key("lowest score of the grade", default=None, least=0, most=1000)


@model
class Assessment:
    """The periodic assessment and what repeated failing leads to."""

    grades: tuple[Grade, ...] = key("results, best first")
    every_years: int = key("years between assessments", default=1, least=1, most=10)
    assessors: tuple[str, ...] = key(
        "who assesses", default=("recommending_union", "unit_union"), choices=ASSESSORS
    )
    due_month_day: str = key(
        "`MM-DD` by which results are filed with the city; not stated: the year's last day",
        default="12-31",
    )
    opens_month_day: str | None = key(
        "`MM-DD` of the same year on which it opens; none: the federation's setting", default=None
    )
    remind_days_before: tuple[int, ...] | None = key(
        "days before the due day on which unions are reminded; none: the federation's setting",
        default=None,
        least=0,
        most=366,
    )
    first_year: int | None = key("first year that counts", default=None, least=1949, most=2999)
    naming_year_counts: bool = key("the year of naming counts", default=False)
    missing_year: str = key(
        "what a year without a result does to a run",
        default="breaks",
        choices=("breaks", "neutral", "fails"),
    )
    failures_to_revoke: int = key(
        "failures that end the naming; none stated: no number of them does",
        default=0,
        least=1,
        most=99,
    )
    counting: str = key(
        "whether the failures have to be in a row (连续) or may be apart (累计)",
        default="in_a_row",
        choices=("in_a_row", "in_all"),
    )
    revocation: str = key("who ends it", default="automatic", choices=("automatic", "proposed"))
    rectification_days: int = key("days to rectify after a failure", default=90, least=1, most=999)
    cooling_off_years: int = key("years before applying again", default=0, least=0, most=99)
    clause: str = key("clause number")
    text: str = key("the words it encodes")

    @property
    def counted(self) -> str:
        """How failures are counted, in Chinese."""
        return "连续" if self.counting == "in_a_row" else "累计"

    def grade(self, grade_id: str) -> Grade | None:
        """The grade of that name, or None."""
        return next((grade for grade in self.grades if grade.id == grade_id), None)

    def grade_for(self, score: int) -> Grade | None:
        """The best grade whose least score is reached; None where the notice does not score."""
        scored = [grade for grade in self.grades if grade.least_score is not None]
        reached = [grade for grade in scored if score >= (grade.least_score or 0)]
        return max(reached, key=lambda grade: grade.least_score or 0, default=None)


@model
class Goal:
    """A number of namings to reach by a day."""

    count: int = key("how many", least=1)
    by: date = key("the day")
    categories: tuple[str, ...] = key("categories counted; none: all", default=())
    clause: str = key("clause number")
    text: str = key("the words it encodes")
