"""One row of a file of results: whose it is, which grade, and everything that is wrong with it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

from adapters.bootstrap import House
from adapters.imports.sheets import Line
from adapters.imports.spool import Checked
from adapters.views.questions.results import Numbered
from domain.desks.assessments import ASSESSOR_OF
from domain.errors import Forbidden, Invalid
from domain.values import ROLE_NAMES, Mandate, Role

LONGEST: Final = {"number": 100, "grade": 50, "findings": 10_000, "studio": 200}
NAMES: Final = {"number": "编号", "grade": "等次", "findings": "意见", "studio": "工作室"}
DAY: Final = re.compile(r"(\d{4})(?:-|/|\.|年)(\d{1,2})(?:-|/|\.|月)(\d{1,2})日?")
BROKEN: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff]")
"""Control characters and halves of characters, which no database keeps."""


@dataclass(frozen=True, slots=True)
class Faulty:
    """All that is wrong with a row."""

    faults: Sequence[str]


class Reader:
    """Reads rows for one assessor and one year. Raises Forbidden or Invalid where neither can be."""

    def __init__(self, house: House, mandate: Mandate, year: int) -> None:
        if mandate.role not in ASSESSOR_OF or mandate.organisation is None:
            names = "、".join(ROLE_NAMES[role] for role in ASSESSOR_OF)
            raise Forbidden("role_required", f"须由{names}办理")
        if year > mandate.on.year:
            raise Invalid("year_in_future", "不能考核将来的年度", field="year")
        self._house = house
        self._today = mandate.on
        self._city = mandate.role is Role.CITY_OFFICER
        self._organisation: UUID = mandate.organisation

    def read(self, lines: Sequence[Line]) -> Iterator[Checked | Faulty]:
        """The rows in their order; what they are compared with is asked for all of them at once."""
        numbers = {line.cells.get("number", "") for line in lines}
        known = self._house.queries.numbered(
            {number for number in numbers if number and not BROKEN.search(number)},
            scope=self._organisation,
            named_by=self._organisation if self._city else None,
        )
        for line in lines:
            yield self._read(line, known)

    def _read(self, line: Line, known: Mapping[str, Sequence[Numbered]]) -> Checked | Faulty:
        if line.fault is not None:
            return Faulty([line.fault])
        cells, faults = line.cells, list(_texts(line.cells))
        if faults:
            return Faulty(faults)
        number = cells["number"]
        naming = self._naming(known.get(number, ()), cells, faults)
        grade = self._grade(naming, cells["grade"], faults) if naming else None
        received_on = self._received(cells.get("received_on", ""), faults)
        if faults or naming is None or grade is None:
            return Faulty(faults)
        found = (naming.studio, number, grade, cells.get("findings", ""))
        return Checked(line.row, *found, received_on.isoformat() if received_on else None)

    def _naming(
        self, found: Sequence[Numbered], cells: Mapping[str, str], faults: list[str]
    ) -> Numbered | None:
        number, studio = cells["number"], cells.get("studio", "")
        if not found:
            faults.append(f"没有编号“{number}”的命名，或不在您的管辖范围内")
            return None
        meant = [each for each in found if studio in ("", each.name, str(each.studio))]
        if len(meant) == 1:
            return meant[0]
        names = "、".join(f"“{each.name}”" for each in meant or found)
        if meant:
            faults.append(f"编号“{number}”有多个命名（{names}），请填写工作室")
        else:
            faults.append(f"编号“{number}”是{names}，不是“{studio}”")
        return None

    def _grade(self, naming: Numbered, given: str, faults: list[str]) -> str | None:
        """The grade's id, from its id or its name."""
        policy = self._house.policies.get(naming.policy)
        if policy is None or policy.assessment is None:
            faults.append("所依据的政策没有年度考核规定")
            return None
        for grade in policy.assessment.grades:
            if given in (grade.id, grade.name):
                return grade.id
        names = "、".join(grade.name for grade in policy.assessment.grades)
        faults.append(f"没有等次“{given}”；可用：{names}")
        return None

    def _received(self, given: str, faults: list[str]) -> date | None:
        if not given:
            return None
        if not self._city:
            faults.append("收到日期由市总工会登记，请留空")
            return None
        match = DAY.fullmatch(given)
        try:
            found = date(*map(int, match.groups())) if match else None
        except ValueError:
            found = None
        if found is None:
            faults.append(f"收到日期“{given}”应为 YYYY-MM-DD 形式的日期")
        elif found > self._today:
            faults.append("收到日期不能晚于今天")
        return found


def _texts(cells: Mapping[str, str]) -> Iterator[str]:
    """What is wrong with the cells as texts."""
    for key, name in NAMES.items():
        value = cells.get(key, "")
        if not value and key in ("number", "grade"):
            yield f"缺少{name}"
        if len(value) > LONGEST[key]:
            yield f"{name}超过 {LONGEST[key]} 个字符"
        if BROKEN.search(value):
            yield f"{name}含有控制字符或残缺字符"
