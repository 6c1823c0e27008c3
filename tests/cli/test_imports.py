"""`mingpai import assessments`: what is said, and exit codes; 0 all recorded, 1 some were not, 2 usage."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from openpyxl import load_workbook

from domain.values import Role
from mingpai import main
from tests.adapters.imports.scene import City

Run = Callable[..., Result]
WHO = ("--by", "officer", "--role", "city_officer")


@pytest.fixture
def city(tmp_path: Path, sqlite_url: str) -> Iterator[City]:
    made = City(tmp_path, sqlite_url).name(3)
    made.house.close()
    yield made
    made.house.close()


@pytest.fixture
def mingpai(city: City) -> Run:
    environment = {"MINGPAI_HOME": str(city.home), "MINGPAI_DATABASE_URL": city.url}

    def run(*arguments: str | Path) -> Result:
        return CliRunner().invoke(main, list(map(str, arguments)), env=environment)

    return run


def sheet(city: City, *lines: str) -> Path:
    path = city.home / "results.csv"
    path.write_text("\n".join(("编号,等次,意见", *lines)), "utf-8")
    return path


def test_a_file_is_recorded_and_told_in_one_line(mingpai: Run, city: City) -> None:
    file = sheet(city, *(f"{number},合格,好" for _, number in city.studios))
    arguments = ("import", "assessments", file, "--year", "2025", *WHO)
    tried = mingpai(*arguments, "--dry-run")
    assert (tried.exit_code, tried.stdout, city.results()) == (
        0,
        "共 3 行：试录（没有录入） 3，此前已录入 0，冲突 0；依规取消命名 0\n",
        [],
    )
    done = mingpai(*arguments)
    assert (done.exit_code, done.stdout) == (
        0,
        "共 3 行：录入 3，此前已录入 0，冲突 0；依规取消命名 0\n",
    )
    again = mingpai(*arguments, "--json")
    assert (again.exit_code, json.loads(again.stdout)) == (
        0,
        {"rows": 3, "recorded": 0, "already": 3, "de_named": 0, "conflicts": []},
    )
    assert [each["year"] for each in city.results()] == [2025] * 3


def test_a_conflict_is_listed_and_the_answer_is_no(mingpai: Run, city: City) -> None:
    (_, first), (_, second), _ = city.studios
    arguments = ("--year", "2025", *WHO)
    assert mingpai("import", "assessments", sheet(city, f"{first},合格"), *arguments).exit_code == 0
    done = mingpai(
        "import", "assessments", sheet(city, f"{first},优秀", f"{second},优秀"), *arguments
    )
    assert (done.exit_code, done.stdout) == (
        1,
        "共 2 行：录入 1，此前已录入 0，冲突 1；依规取消命名 0\n",
    )
    assert f"第 2 行：{first}：已录入“合格”" in done.stderr


def test_faults_are_listed_by_row_and_nothing_is_recorded(mingpai: Run, city: City) -> None:
    file = sheet(city, f"{city.studios[0][1]},合格", "不存在,合格", f"{city.studios[1][1]},好")
    done = mingpai("import", "assessments", file, "--year", "2025", *WHO)
    assert (done.exit_code, done.stdout) == (1, "")
    told = [line for line in done.stderr.splitlines() if line.startswith(("第", "共"))]
    assert told == [
        "第 3 行：没有编号“不存在”的命名，或不在您的管辖范围内",
        "第 4 行：没有等次“好”；可用：优秀、合格、不合格",
        "共 2 处错误，没有录入任何结果",
    ]
    plain = mingpai("import", "assessments", file, "--year", "2025", *WHO, "--json")
    assert (plain.exit_code, [each["row"] for each in json.loads(plain.stdout)["faults"]]) == (
        1,
        [3, 4],
    )
    assert city.results() == []


def test_the_template_has_the_columns_that_the_import_reads(mingpai: Run, city: City) -> None:
    path = city.home / "template.xlsx"
    assert mingpai("import", "assessments", "--template", path).exit_code == 0
    book = load_workbook(path)
    assert [cell.value for cell in book.worksheets[0][1]] == [
        "编号", "工作室", "等次", "意见", "收到日期",
    ]  # fmt: skip
    empty = mingpai("import", "assessments", path, "--year", "2025", *WHO)
    assert (empty.exit_code, empty.stderr.splitlines()[-1]) == (1, "文件里没有数据")
    book.worksheets[0].append([city.studios[0][1], None, "合格"])
    book.save(path)
    assert mingpai("import", "assessments", path, "--year", "2025", *WHO).exit_code == 0
    assert [each["number"] for each in city.results()] == [city.studios[0][1]]


def test_who_acts_must_be_named_and_hold_the_role(mingpai: Run, city: City) -> None:
    file = sheet(city, f"{city.studios[0][1]},合格")
    assert mingpai("import", "assessments", file, "--year", "2025").exit_code == 2
    for by, role, told in (
        ("nobody", "city_officer", "没有账号“nobody”"),
        ("union", "city_officer", "union 没有这个角色：市总工会经办人"),
    ):
        done = mingpai("import", "assessments", file, "--year", "2025", "--by", by, "--role", role)
        assert (done.exit_code, done.stderr.splitlines()[-1]) == (1, told)


def test_a_role_held_at_several_places_needs_the_place(mingpai: Run, city: City) -> None:
    account, second = city.places["account of union"], city.places["二区"]
    city.register.directory.grant_role(city.setup, account, Role.RECOMMENDING_UNION, second)
    file = sheet(city, f"{city.studios[1][1]},合格")
    arguments = ("--year", "2025", "--by", "union", "--role", "recommending_union")
    done = mingpai("import", "assessments", file, *arguments)
    assert (done.exit_code, "请用 --organisation 指明" in done.stderr) == (1, True)
    done = mingpai("import", "assessments", file, *arguments, "--organisation", str(second))
    assert done.exit_code == 0
