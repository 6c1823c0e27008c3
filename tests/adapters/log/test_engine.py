"""Engines: durable commits, writers that queue, readers that see one moment."""

import sqlite3
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import psycopg
import pytest
import sqlalchemy as sa
from eventsourcing.persistence import OperationalError
from sqlalchemy import Engine

from adapters.log import engine as engines
from adapters.log.engine import create_engine, reading, writing


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    engine = create_engine(database_url, lock_timeout=5)
    with writing(engine) as connection:
        connection.execute(sa.text("CREATE TABLE t (n INTEGER PRIMARY KEY)"))
    yield engine
    engine.dispose()


def count(connection: sa.Connection) -> int:
    return connection.execute(sa.text("SELECT count(*) FROM t")).scalar_one()


def insert(connection: sa.Connection, n: int) -> None:
    connection.execute(sa.text("INSERT INTO t VALUES (:n)"), {"n": n})


def test_sqlite_syncs_every_commit_and_checks_foreign_keys(sqlite_url: str) -> None:
    engine = create_engine(sqlite_url, lock_timeout=2.5)
    with reading(engine) as connection:
        found = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar_one()
            for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
        }
    engine.dispose()
    assert found == {
        "journal_mode": "wal",
        "synchronous": 2,
        "foreign_keys": 1,
        "busy_timeout": 2500,
    }


def test_postgresql_speaks_utc_and_waits_for_locks_only_so_long(postgresql_url: str) -> None:
    engine = create_engine(postgresql_url, lock_timeout=2.5)
    with reading(engine) as connection:
        found = [
            connection.exec_driver_sql(f"SHOW {name}").scalar_one()
            for name in ("timezone", "lock_timeout", "synchronous_commit", "client_encoding")
        ]
    engine.dispose()
    assert found == ["UTC", "2500ms", "on", "UTF8"]


@pytest.mark.parametrize(
    "url",
    [
        "sqlite://",
        "sqlite:///:memory:",
        "sqlite:///file:x?mode=memory&uri=true",
        "mysql://localhost/x",
    ],
)
def test_a_database_that_could_not_keep_a_register_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match="the log"):
        create_engine(url)


def test_a_transaction_is_committed_at_its_end(engine: Engine) -> None:
    with writing(engine) as connection:
        insert(connection, 1)
    with reading(engine) as connection:
        assert count(connection) == 1


def test_a_transaction_that_fails_leaves_nothing(engine: Engine) -> None:
    def fail() -> None:
        with writing(engine) as connection:
            insert(connection, 1)
            connection.execute(sa.text("CREATE TABLE u (n INTEGER)"))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    with reading(engine) as connection:
        assert count(connection) == 0
        assert not sa.inspect(connection).has_table("u")


def test_a_reader_sees_one_moment(engine: Engine) -> None:
    with reading(engine) as reader:
        assert count(reader) == 0
        with writing(engine) as writer:
            insert(writer, 1)
        assert count(reader) == 0
    with reading(engine) as reader:
        assert count(reader) == 1


def test_threads_that_read_before_they_write_all_get_through(engine: Engine) -> None:
    start = Barrier(8)

    def add(_: int) -> None:
        start.wait()
        for _ in range(20):
            with writing(engine) as connection:
                if engine.dialect.name == "postgresql":
                    connection.execute(sa.text("LOCK TABLE t IN EXCLUSIVE MODE"))
                insert(connection, count(connection))

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(add, range(8)))
    with reading(engine) as connection:
        assert count(connection) == 160


def test_a_writer_gives_up_when_another_of_its_process_does_not_finish(sqlite_url: str) -> None:
    engine = create_engine(sqlite_url, lock_timeout=0.05)
    with (
        writing(engine),
        pytest.raises(OperationalError, match="another writer"),
        writing(engine),
    ):
        raise AssertionError("two writers at once")
    engine.dispose()


def test_a_writer_gives_up_when_another_process_does_not_finish(sqlite_url: str) -> None:
    ours = create_engine(sqlite_url, lock_timeout=0.05)
    theirs = create_engine(sqlite_url)
    with (
        writing(theirs),
        pytest.raises(OperationalError, match="locked"),
        writing(ours),
    ):
        raise AssertionError("two writers at once")
    with writing(ours):
        ours.dispose()
    theirs.dispose()


def test_a_file_that_cannot_be_kept_in_wal_mode_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "log.sqlite"
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE t (n)")
    path.chmod(0o400)
    engine = create_engine(f"sqlite:///file:{path}?immutable=1&uri=true")
    with pytest.raises((OperationalError, sa.exc.OperationalError)), reading(engine):
        raise AssertionError("no WAL, no durability")
    engine.dispose()


def test_an_idle_connection_that_the_server_closed_is_replaced(
    postgresql_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engines, "IDLE", 0.0)
    engine = create_engine(postgresql_url)
    with reading(engine) as connection:
        backend = connection.exec_driver_sql("SELECT pg_backend_pid()").scalar_one()
    conninfo = sa.make_url(postgresql_url).set(drivername="postgresql")
    with psycopg.connect(conninfo.render_as_string(hide_password=False)) as other:
        other.execute("SELECT pg_terminate_backend(%s)", (backend,))
    with reading(engine) as connection:
        assert connection.exec_driver_sql("SELECT pg_backend_pid()").scalar_one() != backend
    engine.dispose()
