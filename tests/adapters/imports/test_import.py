"""A year's results from a file, on both databases: checked whole, recorded once, conflicts told."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

import pytest

from adapters.imports import spool
from adapters.imports.assessments import Import
from domain.desks.assessments import Result
from domain.errors import Forbidden, Invalid
from domain.model.studio import Studio
from tests.adapters.imports.scene import City

Row = tuple[str, ...]
KEYS = ("编号", "等次", "意见", "收到日期", "工作室")


@dataclass(frozen=True)
class Done:
    """What an import said of itself: recorded, already, de-named; and the rows that it told of."""

    counts: tuple[int, int, int]
    told: list[tuple[int, str]]


def written(city: City, rows: Iterable[Row]) -> Path:
    path = city.home / "results.jsonl"
    told = [json.dumps(dict(zip(KEYS, row, strict=False)), ensure_ascii=False) for row in rows]
    path.write_text("\n".join(told), "utf-8")
    return path


def quiet(_done: int, _total: int | None) -> None:
    """No progress bar."""


def take(
    city: City, rows: Iterable[Row], *, who: str = "officer", year: int = 2024, keep: bool = True
) -> Done:
    with Import(city.house, lambda: city.by(who), year=year) as taken:
        if taken.check(written(city, rows), quiet):
            taken.record(quiet, keep=keep)
        counts = (taken.recorded, taken.already, taken.de_named)
        return Done(counts, [tuple(each) for each in taken.told()])


def all_of(city: City, grade: str = "合格") -> list[Row]:
    return [(number, grade, "台账齐全") for _, number in city.studios]


@pytest.fixture(autouse=True)
def _small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spool, "BATCH", 4)


def test_every_row_is_recorded_and_a_second_run_records_nothing(city: City) -> None:
    assert take(city, all_of(city)) == Done((9, 0, 0), [])
    length = city.length()
    assert take(city.at("2024-12-25 10:00"), all_of(city)) == Done((0, 9, 0), [])
    assert city.length() == length
    told = [(each["number"], each["grade"], each["findings"], each["received_on"], each["assessor"])
            for each in city.results()]  # fmt: skip
    assert told == [
        (number, "qualified", "台账齐全", "2024-12-20", "city") for _, number in city.studios
    ]


def test_a_dry_run_tells_what_would_be_and_records_nothing(city: City) -> None:
    for year in (2024, 2025):
        take(city.at(f"{year}-12-20 10:00"), all_of(city, "不合格"), year=year)
    length = city.length()
    city.at("2026-12-20 10:00")
    assert take(city, all_of(city, "unqualified"), year=2026, keep=False) == Done((9, 0, 9), [])
    assert city.length() == length
    assert take(city, all_of(city, "unqualified"), year=2026) == Done((9, 0, 9), [])
    assert {each["status"] for each in city.house.queries.every("namings")} == {"de_named"}


def test_a_run_that_was_cut_off_is_taken_up_where_it_stopped(city: City) -> None:
    def cut_off(done: int, _total: int | None) -> None:
        if done == 8:
            raise KeyboardInterrupt

    with Import(city.house, city.by, year=2024) as taken:
        assert taken.check(written(city, all_of(city)), quiet)
        with pytest.raises(KeyboardInterrupt):
            taken.record(cut_off)
    assert take(city, all_of(city)) == Done((1, 8, 0), [])
    assert len(city.results()) == 9


def test_what_is_recorded_otherwise_is_a_conflict_and_stops_nobody_else(city: City) -> None:
    desk, (first, second, third) = city.register.assessments, city.studios[:3]
    results = [Result(*first, "qualified"), Result(*second, "excellent", "台账齐全")]
    desk.check_many(city.by(), year=2024, results=results)
    desk.correct(
        city.by(), second[0], number=second[1], check=_check(city, second[1]), grade="qualified",
        reason="复核", document="更〔2024〕1号",
    )  # fmt: skip
    city.register.naming.close(city.by(), third[0], reason="单位撤销", on=city.now.date())
    done = take(city, all_of(city))
    assert done.counts == (6, 1, 0)
    assert done.told == [
        (1, f"{first[1]}：已录入“合格”（2024-12-20 收到），与文件不同；更改请用更正"),
        (3, f"{third[1]}：命名“{third[1]}”关闭"),
    ]
    again = take(city, all_of(city))
    assert (again.counts, again.told) == ((0, 7, 0), done.told)


def _check(city: City, number: str) -> UUID:
    (row,) = city.house.queries.every("checks", filters={"number": number})
    return UUID(row["id"])


def test_a_file_with_faults_is_not_recorded_at_all_and_every_fault_is_told(city: City) -> None:
    good, other = city.studios[0][1], city.studios[1][1]
    length = city.length()
    rows: list[Row] = [
        (good, "合格"),
        (good, "优秀"),
        ("试〔2023〕99", "合格"),
        ("", "", "好"),
        (other, "很好"),
        (other, "合格", "好\x00"),
        (other, "合格", "", "2024-13-01"),
        (other, "合格", "", "2024-12-21"),
        (other, "合格", "长" * 10_001),
        (other, "合格", "", "", "另一创新工作室"),
        (other, "合格", "", "2024年12月1日", "第1创新工作室"),
    ]
    done = take(city, rows)
    assert (done.counts, city.length()) == ((0, 0, 0), length)
    assert done.told == [
        (2, "与第 1 行重复"),
        (3, "没有编号“试〔2023〕99”的命名，或不在您的管辖范围内"),
        (4, "缺少编号"),
        (4, "缺少等次"),
        (5, "没有等次“很好”；可用：优秀、合格、不合格"),
        (6, "意见含有控制字符或残缺字符"),
        (7, "收到日期“2024-13-01”应为 YYYY-MM-DD 形式的日期"),
        (8, "收到日期不能晚于今天"),
        (9, "意见超过 10000 个字符"),
        (10, f"编号“{other}”是“第1创新工作室”，不是“另一创新工作室”"),
    ]


def test_a_union_records_for_its_own_units_only_and_enters_no_date_of_receipt(city: City) -> None:
    mine = [number for _, number in city.studios[::3]]
    done = take(city, [(number, "合格") for number in mine], who="union")
    assert done == Done((3, 0, 0), [])
    assert {each["assessor"] for each in city.results()} == {"recommending_union"}
    other = city.studios[1][1]
    refused = take(city, [(other, "合格"), (mine[0], "合格", "", "2024-12-01")], who="union")
    assert refused.told == [
        (1, f"没有编号“{other}”的命名，或不在您的管辖范围内"),
        (2, "收到日期由市总工会登记，请留空"),
    ]


def test_the_city_result_stands_beside_the_unions_and_governs(city: City) -> None:
    number = city.studios[0][1]
    take(city, [(number, "合格")], who="unit")
    take(city, [(number, "合格")], who="union")
    take(city, [(number, "不合格", "", "2024-12-18")])
    found = {each["assessor"]: (each["grade"], each["governing"]) for each in city.results()}
    assert found == {
        "unit_union": ("qualified", False),
        "recommending_union": ("qualified", False),
        "city": ("unqualified", True),
    }


def test_two_namings_with_one_number_are_told_apart_by_the_studio(city: City) -> None:
    id, number = city.studios[0]
    other = city.register.get(Studio, city.studios[1][0], city.by())
    old = other.namings[city.studios[1][1]]
    other.record_naming(
        number=number, level="county", category=old.category, federation=old.federation,
        document="旧文", on=old.on, policy=old.policy,
    )  # fmt: skip
    city.register.save(other)
    refused = take(city, [(number, "合格")])
    assert [message.partition("（")[0] for _, message in refused.told] == [
        f"编号“{number}”有多个命名"
    ]
    by_name = take(city, [(number, "合格", "", "", "第0创新工作室")])
    by_id = take(city, [(number, "合格", "", "", str(id))])
    assert (by_name.counts, by_id.counts) == ((1, 0, 0), (0, 1, 0))


def test_who_may_not_assess_is_refused_before_the_file_is_read(city: City) -> None:
    with pytest.raises(Forbidden):
        Import(city.house, lambda: city.setup, year=2024)
    with pytest.raises(Invalid) as refusal:
        Import(city.house, city.by, year=2025)
    assert refusal.value.code == "year_in_future"
    with pytest.raises(Invalid) as empty, Import(city.house, city.by, year=2024) as taken:
        taken.check(written(city, []), quiet)
    assert empty.value.code == "file_empty"
