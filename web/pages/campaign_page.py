"""What a campaign's page shows: each union's way through the year, and all of them together."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from uuid import UUID

from flask import request, url_for

from web.pages.asof import position
from web.pages.sight import scope
from web.progress import SORTS, STATES, campaign, progress, total

COLUMNS = (
    ("name", "推荐单位"),
    ("namings", "应考核"),
    ("self_checked", "已自检"),
    ("unit_results", "单位考核"),
    ("union_results", "推荐单位考核"),
    ("city_results", "市考核"),
    ("done", "已有结果"),
    ("percent", "完成"),
    ("late_results", "逾期结果"),
    ("missed", "未考核"),
    ("received_on", "报送"),
)
"""What can be sorted by, and its heading."""

HEADINGS = (*(heading for _, heading in COLUMNS), "逾期报送")
STATUSES = {"open": "进行中", "closing": "正在结束", "closed": "已结束"}


@dataclass(frozen=True)
class Column:
    """A heading; `url` sorts by it, `direction` says that the table is sorted by it now."""

    id: str
    label: str
    url: str
    direction: str


class CampaignPage:
    """A campaign with its unions, as the address asks for them."""

    def __init__(self, id: UUID) -> None:
        self.id = id
        sight = scope()
        self.about = campaign(str(id), as_of=position())
        self.state = request.args.get("state") if request.args.get("state") in STATES else None
        asked = request.args.get("sort", "")
        self.sort = asked if asked.removeprefix("-") in SORTS else "name"
        self.rows = progress(
            self.about,
            as_of=position(),
            scope=sight,
            search=request.args.get("q"),
            state=self.state,
            sort=self.sort,
        )

    @property
    def status(self) -> str:
        return STATUSES[self.about["status"]]

    @cached_property
    def total(self) -> dict[str, Any]:
        return total(self.rows)

    @property
    def states(self) -> list[tuple[str, str]]:
        return [(state, name) for state, (name, _) in STATES.items()]

    @property
    def columns(self) -> list[Column]:
        return [self._column(*column) for column in COLUMNS]

    @property
    def csv_url(self) -> str:
        return self._url("pages.assessments.export_progress")

    def lines(self) -> Iterator[Sequence[object]]:
        """The same rows as the export has them."""
        for row in self.rows:
            told = {**row, "name": row.get("organisation_name"), "percent": f"{row['percent']}%"}
            late = "是" if row["late"] else "" if row["received_on"] is None else "否"
            yield [*(told[key] for key, _ in COLUMNS), late]

    def _column(self, id: str, label: str) -> Column:
        key, descending = self.sort.removeprefix("-"), self.sort.startswith("-")
        direction = ("descending" if descending else "ascending") if key == id else ""
        turned = f"-{id}" if direction == "ascending" else id
        return Column(id, label, self._url("pages.assessments.campaign", sort=turned), direction)

    def _url(self, endpoint: str, **changes: str) -> str:
        args: dict[str, Any] = {**request.args.to_dict(), **changes}
        return url_for(endpoint, id=self.id, **args)
