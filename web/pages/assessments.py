"""The yearly assessment: everybody's years in a grid, and how far a year's campaign is; both for export too."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, render_template, request, url_for

from web.context import queries
from web.pages import csv
from web.pages.asof import as_of, position
from web.pages.asof import today as this_day
from web.pages.campaign_page import HEADINGS, STATUSES, CampaignPage
from web.pages.lists import rows
from web.pages.sight import scope
from web.pages.words import word
from web.reads import federations

blueprint = Blueprint("assessments", __name__, url_prefix="/assessments")

YEARS = 6
PAGE = 50
GRID = ("工作室", "编号", "推荐单位", "命名状态")


class GridPage:
    """One page of the grid: its last year is the one looked at, or this one."""

    def __init__(self, cursor: str | None = None) -> None:
        then = as_of()
        last = int(then.day[:4]) if then else this_day().year
        self.years = list(range(last - YEARS + 1, last + 1))
        self.status = request.args.get("status", "active")
        self._page = queries().grid(
            years=(self.years[0], last),
            as_of=position(),
            scope=scope(),
            filters={"status": self.status} if self.status else {},
            search=request.args.get("q") or None,
            sort="failing_run",
            descending=True,
            cursor=cursor,
            limit=PAGE,
        )

    def following(self) -> GridPage:
        """The next page, at the same moment."""
        return GridPage(self.next)

    @property
    def rows(self) -> list[dict[str, Any]]:
        return [
            {**item, "cells": [cell(item, year) for year in self.years]}
            for item in self._page["items"]
        ]

    @property
    def total(self) -> int:
        return int(self._page["total"])

    @property
    def next(self) -> str | None:
        cursor: str | None = self._page["next"]
        return cursor

    @property
    def next_url(self) -> str | None:
        return _url("pages.assessments.index", after=self.next) if self.next else None

    @property
    def first_url(self) -> str | None:
        after = request.args.get("after")
        return _url("pages.assessments.index", after=None) if after else None

    @property
    def csv_url(self) -> str:
        return _url("pages.assessments.export", after=None)


@blueprint.get("")
def index() -> str:
    """The longest runs of failing years first."""
    return render_template(
        "assessments/list.html", page=GridPage(request.args.get("after") or None)
    )


@blueprint.get("/grid.csv")
def export() -> Response:
    """The whole grid under the same filters, streamed."""
    page = GridPage()
    heads = [*GRID, *map(str, page.years)]
    return csv.export("assessments", "assessments.csv", heads, _every(page))


@blueprint.get("/campaigns")
def campaigns() -> str:
    """The campaigns of the visitor's federation and of those below it, the latest year first."""
    scope()
    found = rows("campaigns", "year", descending=True, filters={"federation": federations()})
    return render_template("assessments/campaigns.html", rows=found, statuses=STATUSES)


@blueprint.get("/campaigns/<uuid:id>")
def campaign(id: UUID) -> str:
    """One campaign: how far each union is."""
    return render_template("assessments/campaign.html", page=CampaignPage(id))


@blueprint.get("/campaigns/<uuid:id>/progress.csv")
def export_progress(id: UUID) -> Response:
    """The unions under the same filters, in the same order."""
    return csv.export("assessments", "progress.csv", HEADINGS, CampaignPage(id).lines())


def cell(item: Mapping[str, Any], year: int) -> dict[str, str]:
    """One year of a naming: its word, and the classes that colour it."""
    result = item["years"].get(str(year))
    if result:
        return {"text": _word(result), "classes": _colour(result)}
    named = int(item["named_on"][:4])
    return {"text": "命名" if year == named else "—", "classes": "out"}


def _word(result: Mapping[str, Any]) -> str:
    corrected = "（更正）" if result["corrected"] else ""
    outside = "（不计入）" if result["counts"] is False else ""
    return f"{result['grade_name']}{corrected}{outside}"


def _colour(result: Mapping[str, Any]) -> str:
    if result["grade"] == "missed":
        return "gap"
    return "fail" if result["failing"] else "pass"


def _every(page: GridPage) -> Iterator[list[object]]:
    """Page after page at one moment."""
    while True:
        for row in page.rows:
            told = [row["studio_name"], row["number"], row["recommender_name"]]
            yield [*told, word(row["status"], "status"), *(each["text"] for each in row["cells"])]
        if page.next is None:
            return
        page = page.following()


def _url(endpoint: str, **changes: Any) -> str:
    args: dict[str, Any] = {**request.args.to_dict(), **changes}
    return url_for(endpoint, **args)
