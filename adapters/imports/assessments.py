"""A year's results from a file: checked whole, recorded in batches, each exactly once.

A run that was cut off is taken up by running it again: what the assessor has recorded already is
skipped where it is the same, and told as a conflict where it is not.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from itertools import islice
from pathlib import Path
from typing import Final, Self

from adapters.bootstrap import House
from adapters.imports.reading import Faulty, Reader
from adapters.imports.sheets import lines
from adapters.imports.spool import BATCH, Checked, Spool, Told
from adapters.views.questions.results import Filed
from domain.desks.assessments import ASSESSOR_OF, Result
from domain.errors import Invalid, Stale
from domain.values import Mandate

COLUMNS: Final[Mapping[str, str]] = {
    "编号": "number",
    "工作室": "studio",
    "等次": "grade",
    "意见": "findings",
    "收到日期": "received_on",
}
"""Headings of a sheet, and the keys of JSON lines."""

REQUIRED: Final = ("number", "grade")
TRIES: Final = 1_000
"""So often is a batch begun anew because others recorded some of it meanwhile."""

Progress = Callable[[int, int | None], None]


class Import:
    """A file being taken up by an assessor: check it, then record it; `told` says what could not be.

    `mandate` gives who acts, each time for a new request. Raises Forbidden for who may not assess.
    The counts are of rows; `de_named` of names that ended by rule.
    """

    def __init__(self, house: House, mandate: Callable[[], Mandate], *, year: int) -> None:
        self._house, self._mandate, self._year = house, mandate, year
        self._reader = Reader(house, mandate(), year)
        self._spool = Spool()
        self.rows = self.recorded = self.already = self.de_named = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self._spool.close()

    @property
    def told_count(self) -> int:
        """How much there is to be told."""
        return self._spool.told_count()

    def told(self) -> Iterator[Told]:
        """What is wrong, by row: with the file after the check, with single rows after recording."""
        return self._spool.told()

    def check(self, path: Path, progress: Progress) -> bool:
        """Check every row; whether all can be filed. Raises Invalid for a file that is none."""
        rest = lines(path, COLUMNS, REQUIRED)
        while chunk := list(islice(rest, BATCH)):
            for line, found in zip(chunk, self._reader.read(chunk), strict=True):
                if isinstance(found, Faulty):
                    for fault in found.faults:
                        self._spool.tell(line.row, fault)
                elif (earlier := self._spool.add(found)) is not None:
                    self._spool.tell(line.row, f"与第 {earlier} 行重复")
            self.rows += len(chunk)
            progress(self.rows, None)
        if not self.rows:
            raise Invalid("file_empty", "文件里没有数据", field="file")
        progress(self.rows, self.rows)
        return not self.told_count

    def record(self, progress: Progress, *, keep: bool = True) -> None:
        """Record what was checked, a batch a commit. Without `keep` it is only tried."""
        done = 0
        for batch in self._spool.batches():
            self._record(batch, keep=keep)
            done += len(batch)
            progress(done, self.rows)

    def _record(self, batch: list[Checked], *, keep: bool) -> None:
        """A batch, whatever others record at the same time. Raises Stale if they never stop."""
        left = batch
        for _ in range(TRIES):
            left = self._try(left, keep=keep)
            if not left:
                return
        raise Stale("conflict", "这些结果正由他人录入，请稍后重新运行")

    def _try(self, batch: list[Checked], *, keep: bool) -> list[Checked]:
        """Record what is new; returns what must be looked at again, for others were faster."""
        held = self._mandate()
        new = self._new(batch, ASSESSOR_OF[held.role])
        if not new:
            return []
        results = [_result(each) for each in new]
        desk = self._house.register.assessments
        try:
            outcome = desk.check_each(held, year=self._year, results=results, keep=keep)
        except Stale:
            return new
        self.recorded += outcome.recorded
        self.de_named += outcome.de_named
        again = []
        for at, refusal in outcome.refused.items():
            if refusal.code == "already_checked":
                again.append(new[at])
            else:
                self._spool.tell(new[at].row, f"{new[at].number}：{refusal.message}")
        return again

    def _new(self, batch: Sequence[Checked], assessor: str) -> list[Checked]:
        """Those that are not recorded; the others are counted, or told where they differ."""
        studios = [each.studio for each in batch]
        known = self._house.queries.filed(studios, year=self._year, assessor=assessor)
        new = []
        for each in batch:
            was = known.get((each.studio, each.number))
            if was is None:
                new.append(each)
            elif _same(each, was):
                self.already += 1
            else:
                told = f"{each.number}：已录入“{was.grade_name}”（{was.received_on} 收到），与文件不同；更改请用更正"
                self._spool.tell(each.row, told)
        return new


def _result(row: Checked) -> Result:
    received_on = date.fromisoformat(row.received_on) if row.received_on else None
    return Result(row.studio, row.number, row.grade, row.findings, received_on=received_on)


def _same(row: Checked, was: Filed) -> bool:
    """Whether a row says what is recorded, as it was at first or as it was corrected."""
    graded = row.grade in (was.first_grade, was.grade)
    received = row.received_on in (None, was.received_on)
    return graded and received and row.findings == was.findings
