"""Exit codes and what is said: 0 done, 1 the answer is no, 2 usage."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from datetime import date
from pathlib import Path
from uuid import UUID

import pytest
from click.testing import CliRunner, Result

from adapters.bootstrap import build
from adapters.operators import mandate
from adapters.settings import Settings
from domain.model.organisation import Kind
from domain.values import Role
from mingpai import main

Run = Callable[..., Result]
PACK = Path("adapters/packs/wuxi-2022.yaml").resolve()


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


@pytest.fixture
def mingpai(home: Path) -> Run:
    environment = {"MINGPAI_HOME": str(home), "COLUMNS": "160"}

    def run(*arguments: str | Path, **more: str) -> Result:
        return CliRunner().invoke(main, list(map(str, arguments)), env={**environment, **more})

    return run


@pytest.fixture
def unit(home: Path) -> UUID:
    """A unit with one registered studio."""
    house = build(Settings.at(home))
    directory = house.register.directory
    root = directory.found(mandate(house), name="测试市总工会", code="t")
    place = directory.register_organisation(
        mandate(house), name="第一机床厂", kind=Kind.UNIT, parent=root, code="u"
    )
    account = directory.open_account(mandate(house), username="unit", name="甲", home=place)
    directory.grant_role(mandate(house), account, Role.UNIT_UNION, place)
    by = directory.mandate(
        account, role=Role.UNIT_UNION, organisation=place, at=house.clock(), request_id="studio"
    )
    leader = {"name": "沈铸", "phone": "10000000001"}
    house.register.intake.register_studio(
        by, unit=place, name="沈铸创新工作室", leader=leader, founded_on=date(2020, 1, 1)
    )
    house.close()
    return place


def test_a_good_pack_is_told_in_one_line(mingpai: Run) -> None:
    result = mingpai("policy", "check", PACK)
    assert (result.exit_code, len(result.stdout.splitlines())) == (0, 1)


def test_a_pack_with_an_unknown_key_is_refused_with_file_and_line(
    mingpai: Run, tmp_path: Path
) -> None:
    bad = tmp_path / "bad.yaml"
    bad.write_text("colour: red\n" + PACK.read_text("utf-8"), "utf-8")
    result = mingpai("policy", "check", bad)
    assert (result.exit_code, result.stderr.startswith(f"{bad}:1: ")) == (1, True)


@pytest.mark.parametrize(
    ("arguments", "last"),
    [
        (("2022-12-28", "5"), "2023-01-05"),
        (("2022-12-28", "5", "--count-first-day"), "2023-01-04"),
        (("2022-09-28", "5"), "2022-10-10"),
    ],
)
def test_working_days_are_counted(mingpai: Run, arguments: tuple[str, ...], last: str) -> None:
    result = mingpai("workdays", *arguments)
    assert (result.exit_code, result.stdout) == (0, f"{last}\n")


def test_a_year_that_is_not_gazetted_is_refused_until_a_calendar_is_given(
    mingpai: Run, tmp_path: Path
) -> None:
    assert mingpai("workdays", "2027-01-04", "3").exit_code == 1
    file = tmp_path / "2027.json"
    holiday = {"name": "元旦", "date": "2027-01-01", "isOffDay": True}
    file.write_text(json.dumps({"year": 2027, "papers": ["x"], "days": [holiday]}), "utf-8")
    given = mingpai("workdays", "2027-01-04", "3", "--calendar", file)
    assert (given.exit_code, given.stdout) == (0, "2027-01-07\n")


@pytest.mark.usefixtures("unit")
def test_studios_are_listed_and_every_event_is_exported(mingpai: Run, tmp_path: Path) -> None:
    listed = json.loads(mingpai("studio", "list", "--json").stdout)
    assert [each["name"] for each in listed] == ["沈铸创新工作室"]
    out = tmp_path / "events.jsonl"
    assert mingpai("export", "events", "-o", out).exit_code == 0
    events = [json.loads(line) for line in out.read_text("utf-8").splitlines()]
    assert [event["position"] for event in events] == [1, 2, 3, 4, 5]
    assert "10000000001" not in out.read_text("utf-8")


@pytest.mark.usefixtures("unit")
def test_the_past_is_listed_as_it_stood(mingpai: Run) -> None:
    assert json.loads(mingpai("studio", "list", "--as-of", "position:4", "--json").stdout) == []
    assert mingpai("studio", "list", "--as-of", "yesterday").exit_code == 1


@pytest.mark.usefixtures("unit")
def test_a_log_that_was_changed_is_not_verified_and_its_place_is_named(
    mingpai: Run, home: Path
) -> None:
    assert mingpai("log", "verify").exit_code == 0
    with sqlite3.connect(home / "mingpai.db") as database:
        database.execute(
            "UPDATE events SET state = replace(CAST(state AS TEXT), '机床', '轧钢')"
            " WHERE position = 2"
        )
    result = mingpai("log", "verify")
    assert (result.exit_code, "第 2 条" in result.stderr) == (1, True)


@pytest.mark.usefixtures("unit")
def test_a_proof_is_checked_with_the_file_and_the_key_alone(mingpai: Run, tmp_path: Path) -> None:
    proof = tmp_path / "5.tlog-proof"
    assert mingpai("log", "prove", "5", "-o", proof).exit_code == 0
    key = mingpai("log", "key").stdout.strip()
    elsewhere = {"MINGPAI_HOME": str(tmp_path / "nowhere")}
    checked = mingpai("log", "verify-proof", proof, "--key", key, **elsewhere)
    assert (checked.exit_code, (tmp_path / "nowhere").exists()) == (0, False)
    proof.write_bytes(proof.read_bytes().replace(b"index 4", b"index 3"))
    assert mingpai("log", "verify-proof", proof, "--key", key).exit_code == 1


def test_accounts_are_opened_and_stopped_by_the_operator(mingpai: Run, unit: UUID) -> None:
    password = ("--password", "correct-horse-battery")
    role = ("--organisation", unit, "--role", "unit_union")
    assert mingpai("user", "add", "b", "--name", "乙", *role, *password).exit_code == 0
    again = mingpai("user", "add", "b", "--name", "乙", *role, *password)
    assert (again.exit_code, again.stderr) == (1, "用户名“b”已被使用\n")
    assert mingpai("user", "passwd", "b", "--password", "another-horse-battery").exit_code == 0
    assert mingpai("user", "disable", "b", "--reason", "调离").exit_code == 0
    assert mingpai("user", "disable", "nobody", "--reason", "x").exit_code == 1


def test_an_unusable_database_is_one_line_and_an_unknown_kind_is_usage(
    mingpai: Run, home: Path
) -> None:
    home.mkdir()
    (home / "mingpai.db").write_bytes(b"not a database, only words " * 400)
    broken = mingpai("studio", "list")
    assert (broken.exit_code, len(broken.stderr.splitlines())) == (1, 1)
    assert mingpai("studio", "list", MINGPAI_DATABASE_URL="mysql://x").exit_code == 2


def test_views_are_refolded_and_compared(mingpai: Run, home: Path, unit: UUID) -> None:
    assert mingpai("rebuild", "--check").exit_code == 0
    with sqlite3.connect(home / "mingpai.db") as database:
        database.execute("UPDATE organisations SET name = 'x' WHERE id = ?", (str(unit),))
    assert mingpai("rebuild", "--check").exit_code == 1
    assert mingpai("rebuild").exit_code == 0
    assert mingpai("rebuild", "--check").exit_code == 0
