"""What people do about the year's assessment: in time, late, in part and not at all; and self-checks."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime

from domain.desks.assessments import Result
from tests.domain.persons import at
from tests.simulation.cast import Cast

FIRST, SECOND = "2023-901", "2023-902"
"""Two names under the policy that only proposes to end them; each failed in 2024 and in 2025."""
PAID = "2026-903"
"""The name that money is granted to."""
THRICE = "长职创2023-004"
"""It failed in 2024 and 2025, and its union fails it again."""
TWICE, NEWLY = "长职创2023-010", "长职创2024-034"
"""The one failed in 2025, the other never before."""
MENDED = "长职创2023-011"
"""Its rectification is accepted."""

Do = Callable[[Cast], object]


@dataclass(frozen=True)
class Act:
    """One act: when, under which name, and what."""

    when: datetime
    name: str
    do: Do


def acts() -> Iterator[Act]:
    """The year's assessment: in time, late, in part and not at all; and self-checks, with and without."""
    yield from _of_union("04", "2026-12-08", "2026-12-08", failing=(THRICE,))
    yield from _of_union("10", "2026-12-22", "2026-12-29", failing=(TWICE, NEWLY), without=1)
    yield from _of_union("16", "2026-12-10", "2027-03-02")
    yield from _of_union("06", "2027-03-05", "2027-03-05", without=2)
    yield Act(at("2026-12-11", "15:15"), "own result", _own_result)
    yield Act(
        at("2026-12-14", "13:15"), "own self-check", _self_check("长职创2025-062", 2026, "下半年")
    )
    yield Act(at("2027-07-09", "13:15"), "second self-check", _self_check(TWICE, 2027, "上半年"))
    yield Act(at("2026-12-09", "15:15"), "third failing", _third)
    yield Act(at("2027-04-12", "14:10"), "revoked", _revoked)
    yield Act(
        at("2027-03-04", "14:10"),
        "mended",
        _rectified("changchun.assess", MENDED, 2026, accepted=True),
    )
    yield Act(
        at("2026-12-16", "14:10"), "in vain", _rectified("officer", SECOND, 2025, accepted=False)
    )


def _of_union(
    union: str, checks: str, files: str, failing: tuple[str, ...] = (), without: int = 0
) -> Iterator[Act]:
    """A union's results in one commit, without the last few; and its filing."""

    def check(cast: Cast) -> None:
        named = cast.owed(f"changchun.union{union}", 2026)
        named = named[: len(named) - without]
        results = [
            Result(studio, number, "unqualified" if number in failing else "qualified", "见附件")
            for studio, number in named
        ]
        cast.register.assessments.check_many(
            cast.by(f"changchun.union{union}"), year=2026, results=results
        )

    def file(cast: Cast) -> None:
        mandate = cast.by(f"changchun.union{union}")
        assert mandate.organisation is not None
        campaign = cast.campaign("changchun.name", "changchun-2023", 2026)
        cast.register.assessments.file(mandate, campaign, union=mandate.organisation)

    yield Act(at(checks, "14:45"), f"union {union} checks", check)
    yield Act(at(files, "15:45"), f"union {union} files", file)


def _own_result(cast: Cast) -> None:
    number = "长职创2025-058"
    studio, _ = cast.naming(number)
    who = cast.by(cast.unit_of_number(number))
    cast.register.assessments.check(who, year=2026, result=Result(studio, number, "qualified"))


def _self_check(number: str, year: int, period: str) -> Do:
    def do(cast: Cast) -> None:
        studio, _ = cast.naming(number)
        cast.register.assessments.self_check(
            cast.by(cast.unit_of_number(number)),
            studio,
            number=number,
            year=year,
            period=period,
            summary="按计划开展",
        )

    return do


def _third(cast: Cast) -> None:
    studio, _ = cast.naming(FIRST)
    result = Result(studio, FIRST, "unqualified", "活动停滞")
    cast.register.assessments.check(cast.by("甲区"), year=2026, result=result)


def _revoked(cast: Cast) -> None:
    studio, _ = cast.naming(FIRST)
    cast.register.assessments.revoke(
        cast.by("officer"), studio, number=FIRST, document="测〔2027〕7号", reason="连续三年不合格"
    )


def _rectified(who: str, number: str, year: int, *, accepted: bool) -> Do:
    def do(cast: Cast) -> None:
        studio, _ = cast.naming(number)
        cast.register.assessments.rectify(
            cast.by(who),
            studio,
            number=number,
            year=year,
            accepted=accepted,
            findings="现场核查",
        )

    return do
