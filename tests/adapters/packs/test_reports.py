"""What the command line prints about packs, dossiers and working days."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from adapters.packs import reports
from adapters.packs.loader import PACKS, find_pack
from adapters.packs.reading import PackError
from adapters.packs.terms import terms
from domain.errors import Invalid, NotFound
from domain.policy.workdays import NotGazetted
from tests.domain.policy.dossiers import filled, policy

CALENDAR = {
    "year": 2027,
    "papers": ["某政办发〔2026〕1号"],
    "days": [{"name": "元旦", "date": "2027-01-01", "isOffDay": True}],
}


def test_a_good_pack_is_one_line_and_a_bad_one_its_problems(tmp_path: Path) -> None:
    bad = tmp_path / "bad.yaml"
    bad.write_text("id: a\nid: b\n", encoding="utf-8")
    good, problems = reports.checked([PACKS / "wuxi-2022.yaml", bad])
    assert good == [
        f"{PACKS / 'wuxi-2022.yaml'}: OK wuxi-2022 v1 3 类、42 条、4 项提示 "
        + policy("wuxi-2022").digest
    ]
    assert [str(each) for each in problems] == [f"{bad}:2: id：重复的键（第 1 行已有）"]


def test_a_pack_is_shown_clause_by_clause() -> None:
    rows = reports.clauses(find_pack("jiujiang-2023"))
    assert len(rows) == 41
    assert rows[1][:5] == (
        "省级劳模（工匠）创新工作室",
        "一（一）1",
        "原则上",
        "leader_honour",
        "leader",
    )
    assert reports.heading(find_pack("jiujiang-2023")).startswith(
        "九工通〔2023〕24号 九江市总工会《"
    )


def test_terms_tell_what_is_no_condition() -> None:
    rows = terms(find_pack("jiujiang-2023"))
    assert ("期限：2023-08-10 24:00", "三") in [each[:2] for each in rows]
    assert ("补助：省级劳模（工匠）创新工作室 40,000.00 元", "四2") in [each[:2] for each in rows]


def test_a_policy_is_plain_json() -> None:
    for name in ("wuxi-2022", "jiujiang-2023", "nanchang-2021", "jingzhou-2019", "changchun-2023"):
        found = json.loads(reports.as_json(find_pack(name).as_dict()))
        assert (found["id"], found["digest"]) == (name, find_pack(name).digest)
        assert [each["clause"] for each in found["conditions"]] == [
            each.clause for each in find_pack(name).conditions
        ]


def test_a_dossier_file_is_evaluated_without_a_database(tmp_path: Path) -> None:
    path = tmp_path / "dossier.json"
    path.write_text(reports.as_json(filled("wuxi-2022", "worker")), encoding="utf-8")
    found = reports.evaluated("wuxi-2022", "worker", path, date(2022, 10, 28))
    assert json.loads(reports.as_json(found)) == found
    assert (found["on"], found["category"], found["outcome"]) == ("2022-10-28", "worker", "fail")
    assert found["policy"]["digest"] == policy("wuxi-2022").digest
    assert [each["condition"] for each in found["verdicts"]] == [
        each.id for each in policy("wuxi-2022").category("worker").conditions
    ]


def test_a_bad_dossier_or_category_is_told(tmp_path: Path) -> None:
    path = tmp_path / "dossier.json"
    path.write_text("{}", encoding="utf-8")
    with pytest.raises(PackError) as refusal:
        reports.evaluated("wuxi-2022", "worker", path, date(2022, 10, 28))
    assert f"{path}:1: leader：缺少此项" in str(refusal.value).split("\n")
    with pytest.raises(NotFound) as unknown:
        reports.evaluated("wuxi-2022", "none", path, date(2022, 10, 28))
    assert unknown.value.message == (
        "wuxi-2022 没有类别 none；可选：demonstration（示范性劳模创新工作室）、"
        "model_worker（劳模创新工作室）、worker（职工创新工作室）"
    )


def test_a_schema_and_a_blank_are_given() -> None:
    assert reports.dossier_schema("wuxi-2022", "worker")["additionalProperties"] is False
    assert reports.dossier_blank("wuxi-2022", "worker")["team"] == {"size": None, "frontline": None}


def test_periods_end_by_gazetted_own_and_unknown_years(tmp_path: Path) -> None:
    file = tmp_path / "2027.json"
    file.write_text(json.dumps(CALENDAR), encoding="utf-8")
    assert reports.period_end("2022-09-28", 5) == "2022-10-10"
    assert reports.period_end("2022-12-28", 5, count_first_day=True) == "2023-01-04"
    with pytest.raises(NotGazetted):
        reports.period_end("2026-12-28", 5)
    assert reports.period_end("2026-12-28", 5, calendar_file=file) == "2027-01-05"
    assert reports.period_end("2026-12-28", 5, directory=tmp_path) == "2027-01-05"


@pytest.mark.parametrize("text", ["2022-9-28", "20220928", "2022-02-30", "today", "2022-W01-1", ""])
def test_a_date_is_written_one_way(text: str) -> None:
    with pytest.raises(Invalid) as refusal:
        reports.period_end(text, 5)
    assert refusal.value.code == "bad_date"


def test_a_calendar_is_kept_and_shown(tmp_path: Path) -> None:
    file, folder = tmp_path / "file.json", tmp_path / "calendars"
    file.write_text(json.dumps(CALENDAR), encoding="utf-8")
    with pytest.raises(NotGazetted):
        reports.calendar_year(2027, folder)
    (line,) = reports.calendar_kept(file, folder)
    shown = reports.calendar_year(2027, folder)
    assert line == f"2027 年已导入：{shown['version']}"
    assert shown["days"] == CALENDAR["days"]
    assert reports.calendar_year(2022)["version"] == "chinesecalendar 1.11.0"
    for year in (0, -1, 99_999):
        with pytest.raises(Invalid):
            reports.calendar_year(year)
