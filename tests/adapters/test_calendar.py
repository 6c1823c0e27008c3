"""The federation's own calendar beside the gazetted years; nothing is guessed."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from adapters.calendar import GazettedCalendar, keep_years, read_years
from adapters.packs.reading import PackError
from domain.errors import Refused
from domain.policy.workdays import NotGazetted, last_day

OWN: dict[str, Any] = {
    "$schema": "https://example.invalid/schema.json",
    "year": 2027,
    "papers": ["某政办发〔2026〕1号"],
    "days": [
        {"name": "元旦", "date": "2027-01-01", "isOffDay": True},
        {"name": "元旦", "date": "2027-01-04", "isOffDay": True},
        {"name": "元旦", "date": "2026-12-26", "isOffDay": False},
        {"name": "元旦", "date": "2027-01-09", "isOffDay": False},
    ],
}


def written(folder: Path, content: Any) -> Path:
    path = folder / "calendar.json"
    path.write_text(json.dumps(content, ensure_ascii=False, indent=1), encoding="utf-8")
    return path


def problems(folder: Path, content: Any) -> list[tuple[int, str, str]]:
    with pytest.raises(PackError) as refusal:
        read_years(written(folder, content))
    return [(each.line, each.field, each.message) for each in refusal.value.problems]


def test_an_own_file_fixes_the_end_in_a_year_not_gazetted(tmp_path: Path) -> None:
    calendar = GazettedCalendar(years=read_years(written(tmp_path, OWN)))
    assert last_day(date(2026, 12, 28), 5, calendar=calendar) == date(2027, 1, 6)
    assert last_day(date(2026, 12, 25), 1, calendar=calendar) == date(2026, 12, 26)


def test_make_up_days_of_an_own_file_are_worked(tmp_path: Path) -> None:
    calendar = GazettedCalendar(years=read_years(written(tmp_path, OWN)))
    found = [calendar.is_working_day(date(2027, 1, day)) for day in (1, 2, 4, 5, 9, 10)]
    assert found == [False, False, False, True, True, False]


def test_the_next_year_stays_unknown(tmp_path: Path) -> None:
    calendar = GazettedCalendar(years=read_years(written(tmp_path, OWN)))
    with pytest.raises(NotGazetted) as refusal:
        calendar.is_working_day(date(2028, 1, 3))
    assert refusal.value.details == {"year": 2028}


def test_a_stray_day_does_not_make_a_year_known(tmp_path: Path) -> None:
    stray = {**OWN["days"][0], "date": "2028-01-01"}
    calendar = GazettedCalendar(
        years=read_years(written(tmp_path, {**OWN, "days": [*OWN["days"], stray]}))
    )
    with pytest.raises(NotGazetted):
        calendar.is_working_day(date(2028, 1, 1))


def test_an_own_year_goes_before_the_librarys(tmp_path: Path) -> None:
    own = {
        "year": 2022,
        "papers": [],
        "days": [{"name": "厂休", "date": "2022-09-29", "isOffDay": True}],
    }
    calendar = GazettedCalendar(years=read_years(written(tmp_path, own)))
    assert last_day(date(2022, 9, 28), 1, calendar=calendar) == date(2022, 9, 30)
    assert calendar.version(2022).startswith("own 2022 sha256:")


def test_the_version_names_the_papers_and_follows_the_content(tmp_path: Path) -> None:
    years = read_years(written(tmp_path, OWN))
    shuffled = read_years(written(tmp_path, {**OWN, "days": OWN["days"][::-1]}))
    other = read_years(written(tmp_path, {**OWN, "days": OWN["days"][:3]}))
    assert years[0].version.endswith("(某政办发〔2026〕1号)")
    assert years[0].version == shuffled[0].version
    assert years[0].digest != other[0].digest
    calendar = GazettedCalendar(years=years)
    assert calendar.version(2026) == f"chinesecalendar 1.11.0; {years[0].version}"


@pytest.mark.parametrize(
    ("change", "line", "field", "message"),
    [
        ({"days": []}, 7, "days", "没有 2027 年的放假安排，视为尚未公布，不能使用"),
        ({"year": "2027"}, 3, "year", "应为整数"),
        ({"extra": 1}, 29, "extra", "不认识的键"),
        (
            {"days": [{**OWN["days"][0], "isOffDay": 1}]},
            11,
            "days[0].isOffDay",
            "应为 true 或 false",
        ),
        ({"days": [OWN["days"][0]] * 2}, 15, "days[1].date", "2027-01-01 重复"),
        (
            {"days": [OWN["days"][0], {**OWN["days"][0], "date": "2030-01-01"}]},
            15,
            "days[1].date",
            "2030-01-01 不属于 2027 年",
        ),
    ],
)
def test_a_bad_file_is_told_with_line_and_field(
    tmp_path: Path, change: dict[str, Any], line: int, field: str, message: str
) -> None:
    assert problems(tmp_path, {**OWN, **change}) == [(line, field, message)]


def test_a_list_of_years_is_read_but_not_a_year_twice(tmp_path: Path) -> None:
    other = {
        "year": 2028,
        "papers": [],
        "days": [{"name": "元旦", "date": "2028-01-03", "isOffDay": True}],
    }
    assert [each.year for each in read_years(written(tmp_path, [OWN, other]))] == [2027, 2028]
    assert [each[1:] for each in problems(tmp_path, [OWN, OWN])] == [("[1].year", "2027 年重复")]


def test_kept_years_answer_at_once_and_after_a_new_start(tmp_path: Path) -> None:
    folder = tmp_path / "calendars"
    running = GazettedCalendar(folder)
    with pytest.raises(NotGazetted):
        running.is_working_day(date(2027, 1, 5))
    keep_years(written(tmp_path, OWN), folder)
    assert running.is_working_day(date(2027, 1, 5))
    assert GazettedCalendar(folder).version(2027) == running.version(2027)
    assert [each.name for each in folder.iterdir()] == ["2027.json"]


def test_a_bad_file_keeps_nothing(tmp_path: Path) -> None:
    with pytest.raises(PackError):
        keep_years(written(tmp_path, {**OWN, "days": []}), tmp_path / "calendars")
    assert not (tmp_path / "calendars").exists()


def test_a_damaged_kept_file_refuses_every_answer(tmp_path: Path) -> None:
    (tmp_path / "2027.json").write_text("{", encoding="utf-8")
    with pytest.raises(Refused) as refusal:
        GazettedCalendar(tmp_path).is_working_day(date(2022, 1, 4))
    assert refusal.value.code == "calendar_damaged"
