"""When people are reminded: a federation's own settings, and the moments that follow from a due day.

A due day is a recorded fact and never moves by itself; what is computed here is only when to speak of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from domain.errors import Invalid
from domain.policy.model import key, model
from domain.policy.workdays import Calendar, NotGazetted

DAY = timedelta(days=1)


WATCHERS = ("city_officer", "auditor", "administrator")
"""Roles on a federation that may be told of what is others' to do."""


@model
class Reminding:
    """How one kind of matter is spoken of, where a federation wants it otherwise."""

    kind: str = key("which kind of matter, such as `assessment.union_due`")
    before: tuple[int, ...] | None = key("days before the due day", default=None, least=0, most=366)
    overdue_every: int | None = key(
        "days between reminders once overdue; 0: none", default=None, least=0, most=366
    )
    overdue_most: int | None = key(
        "reminders at most once overdue", default=None, least=0, most=100
    )
    also: tuple[str, ...] = key(
        "roles of the federation that are told too", default=(), choices=WATCHERS
    )
    off: bool = key("say nothing of it", default=False)


@model
class SelfCheckPeriod:
    """A part of the year at whose end each studio has looked at its own work."""

    id: str = key("the period's name in the record, such as `H1`")
    name: str = key("Chinese name")
    due_month_day: str = key("`MM-DD` by which the self-check is recorded")


HALF_YEARS = (
    SelfCheckPeriod(id="H1", name="上半年", due_month_day="07-15"),
    SelfCheckPeriod(id="H2", name="下半年", due_month_day="12-15"),
)


@model
class Timing:
    """A federation's settings of all that happens because time passes. Every key has a default."""

    zone: str = key("time zone of the hours below (IANA name)", default="Asia/Shanghai")
    hour: time = key("hour at which a day's reminders are due", default=time(9))
    mail_from: time = key("mail goes out from this hour on", default=time(8))
    mail_until: time = key(
        "and until this hour; what comes later goes the next day", default=time(20)
    )
    working_days_only: bool = key("speak and mail on working days only", default=True)
    reminders: tuple[Reminding, ...] = key("kinds that are spoken of otherwise", default=())
    escalate_after_days: int = key(
        "days overdue after which the next one above is told too", default=7, least=0, most=366
    )
    catch_up_days: int = key(
        "reminders that are older are not made up for", default=92, least=1, most=3660
    )
    campaign_opens_days_before: int = key(
        "days before the due day on which a year's assessment opens", default=90, least=1, most=364
    )
    campaign_closes_days_after: int | None = key(
        "days after the due day on which it is closed by rule; none: an officer closes it",
        default=90,
        least=1,
        most=3660,
    )
    self_check_periods: tuple[SelfCheckPeriod, ...] = key(
        "periods of self-checks", default=HALF_YEARS
    )
    answer_objection_days: int = key("days to answer an objection", default=10, least=1, most=366)
    name_within_days: int = key("days from a notice's end to naming", default=30, least=1, most=366)
    pay_within_days: int = key("days from a grant to its payment", default=30, least=1, most=3660)
    match_within_days: int = key(
        "days from a payment to its line in the bank's statement", default=15, least=1, most=366
    )
    account_within_days: int = key(
        "days from a payment to the account of its use", default=180, least=1, most=3660
    )
    private_webhooks: bool = key(
        "messages may be sent to addresses of private networks", default=True
    )

    def __post_init__(self) -> None:
        try:
            ZoneInfo(self.zone)
        except (ZoneInfoNotFoundError, ValueError, OSError) as error:
            raise Invalid("zone_unknown", f"没有时区“{self.zone}”", field="zone") from error
        if self.mail_from >= self.mail_until:
            raise Invalid("hours_reversed", "应晚于开始发送邮件的时刻", field="mail_until")
        for period in self.self_check_periods:
            due_day(period.due_month_day, 2023)
        ids = [period.id for period in self.self_check_periods]
        kinds = [each.kind for each in self.reminders]
        for name, found in (("self_check_periods", ids), ("reminders", kinds)):
            if len(set(found)) != len(found):
                raise Invalid("named_twice", "同一项出现了两次", field=name)

    def reminding(self, kind: str) -> Reminding | None:
        """What this federation says of a kind; None where the defaults hold."""
        return next((each for each in self.reminders if each.kind == kind), None)


def due_day(month_day: str, year: int) -> date:
    """A day that is given as `MM-DD`, in a year. Raises Invalid for a day that is in no year."""
    try:
        month, day = map(int, month_day.split("-"))
        return date(year, month, day)
    except ValueError as error:
        raise Invalid(
            "month_day_malformed", f"“{month_day}”应为 MM-DD 形式的日期", field="due_month_day"
        ) from error


DEFAULT = Timing()


@dataclass(frozen=True, slots=True)
class Step:
    """One moment (UTC) at which a matter is spoken of: `new`, `before-30`, `on`, `overdue-2`.

    `days` is counted from the due day: negative before it.
    """

    id: str
    at: datetime
    days: int


@dataclass(frozen=True, slots=True)
class Rhythm:
    """How often a kind of matter is spoken of: at once when it arises, before, and once overdue."""

    before: tuple[int, ...] = ()
    overdue_every: int = 7
    overdue_most: int = 13
    at_once: bool = False

    def under(self, own: Reminding | None) -> Rhythm | None:
        """The rhythm with a federation's own settings; None where it wants silence."""
        if own is None:
            return self
        if own.off:
            return None
        return Rhythm(
            self.before if own.before is None else own.before,
            self.overdue_every if own.overdue_every is None else own.overdue_every,
            self.overdue_most if own.overdue_most is None else own.overdue_most,
            self.at_once,
        )


def steps(
    rhythm: Rhythm, due_on: date | None, since: datetime, timing: Timing, calendar: Calendar
) -> list[Step]:
    """All the moments at which a matter is spoken of, in order; none earlier than it arose.

    On working days only, a reminder before the due day moves back to the last working day and one
    after it on to the next. Of several that fall on one day only the last stays.
    """
    found = [Step("new", since, 0)] if rhythm.at_once else []
    if due_on is None:
        return found
    moments: dict[datetime, Step] = {}
    for id, days in _offsets(rhythm):
        day = due_on + days * DAY
        if timing.working_days_only:
            day = _working(day, calendar, back=days <= 0)
        at = _moment(day, timing)
        if at > since:
            moments[at] = Step(id, at, days)
    return found + [moments[at] for at in sorted(moments)]


def _offsets(rhythm: Rhythm) -> Iterator[tuple[str, int]]:
    for days in sorted(set(rhythm.before), reverse=True):
        yield (f"before-{days}", -days) if days else ("on", 0)
    if rhythm.overdue_every:
        for turn in range(1, rhythm.overdue_most + 1):
            yield f"overdue-{turn}", turn * rhythm.overdue_every


def _moment(day: date, timing: Timing) -> datetime:
    return datetime.combine(day, timing.hour, ZoneInfo(timing.zone)).astimezone(UTC)


def _working(day: date, calendar: Calendar, *, back: bool) -> date:
    step = -DAY if back else DAY
    while not is_working(day, calendar):
        day += step
    return day


def is_working(day: date, calendar: Calendar) -> bool:
    """Whether a reminder may go out on a day; in a year not gazetted yet, from Monday to Friday.

    Nobody's right hangs on a reminder, so here, and only here, a week is taken to be a usual one.
    """
    try:
        return calendar.is_working_day(day)
    except NotGazetted:
        return day.weekday() < 5


def mailable(moment: datetime, timing: Timing, calendar: Calendar) -> datetime:
    """The first moment (UTC), at or after another, at which mail may go out."""
    local = moment.astimezone(ZoneInfo(timing.zone))
    day, hour = local.date(), local.time()
    if hour >= timing.mail_until:
        day, hour = day + DAY, time()
    if timing.working_days_only and not is_working(day, calendar):
        day, hour = _working(day, calendar, back=False), time()
    at = datetime.combine(day, max(hour, timing.mail_from), ZoneInfo(timing.zone))
    return at.astimezone(UTC)


def passed(
    found: Iterable[Step], now: datetime, timing: Timing
) -> tuple[list[Step], datetime | None]:
    """Those steps whose moment has come and is not too long ago, and the moment of the next one."""
    oldest = now - timing.catch_up_days * DAY
    come: list[Step] = []
    for step in found:
        if step.at > now:
            return come, step.at
        if step.at >= oldest:
            come.append(step)
    return come, None
