"""Working days: the last day of a period, and the calendar of a year. Open to everyone."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, fields

from adapters.packs.reports import calendar_year
from domain.policy.workdays import last_day
from web.blueprint import Blueprint
from web.context import house
from web.fields import Day, QueryFlag, QueryWhole, Strict

blueprint = Blueprint("workdays", __name__, description="工作日")


class Period(Strict):
    """A period of working days."""

    start = Day()
    days = QueryWhole(1, 366)
    count_first_day = QueryFlag(load_default=False)


class LastDaySchema(Schema):
    """Its last day, and the calendars that say so."""

    last_day = fields.Date(required=True)
    calendar = fields.List(fields.String(), required=True)


@blueprint.get("/workdays")
@blueprint.arguments(Period, location="query")
@blueprint.response(200, LastDaySchema)
def period(data: dict[str, Any]) -> dict[str, Any]:
    """The last day of a period. A year that is not gazetted is refused, never guessed."""
    calendar = house().calendar
    last = last_day(
        data["start"], data["days"], count_first_day=data["count_first_day"], calendar=calendar
    )
    years = range(data["start"].year, last.year + 1)
    return {"last_day": last, "calendar": [calendar.version(year) for year in years]}


@blueprint.get("/workdays/<int:year>")
@blueprint.response(200)
def year(year: int) -> dict[str, Any]:
    """A year's days that differ from the plain week, and who says so."""
    return calendar_year(year, house().settings.calendars)
