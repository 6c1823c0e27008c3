"""Small databases that remember what must not be forgotten: signed checkpoints, cosigned trees, keys.

They are kept apart from the events on purpose: an old copy of the events, put back, must not undo what
was signed or who was erased. Writes are rare and each is on disk before it is acknowledged.
"""

from __future__ import annotations

import os
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, Engine, create_engine, event, make_url, text

if TYPE_CHECKING:
    from collections.abc import Iterator

BUSY_MILLISECONDS = 10_000
_PRAGMAS = (
    f"busy_timeout={BUSY_MILLISECONDS}",
    # A rollback journal is gone after the commit, so no log keeps a copy of what was overwritten.
    "journal_mode=DELETE",
    "synchronous=EXTRA",
    "secure_delete=ON",
    "foreign_keys=ON",
)


def open_store(url: str) -> Engine:
    """An engine for one of these stores: `sqlite:///path` or `postgresql://…` (psycopg 3).

    A SQLite file is made readable by its owner only. Raises ValueError for other databases and for
    SQLite in memory, which would forget.
    """
    parsed = make_url(url)
    if parsed.get_backend_name() == "postgresql":
        parsed = parsed.set(drivername="postgresql+psycopg")
        return create_engine(parsed, hide_parameters=True, pool_pre_ping=True)
    if parsed.get_backend_name() != "sqlite" or parsed.database in {None, "", ":memory:"}:
        raise ValueError("such a store is kept in a SQLite file or in PostgreSQL")
    _create_private(Path(str(parsed.database)))
    engine = create_engine(parsed.set(drivername="sqlite+pysqlite"), hide_parameters=True)
    event.listen(engine, "connect", _on_connect)
    event.listen(engine, "begin", _on_begin)
    return engine


@contextmanager
def writing(engine: Engine, lock: str) -> Iterator[Connection]:
    """A transaction that is alone among the writers from its first statement, until it commits.

    lock: what is being written, for PostgreSQL; SQLite has one writer anyway.
    """
    with engine.execution_options(immediate=True).begin() as connection:
        if engine.dialect.name == "postgresql":
            connection.execute(text(f"SET LOCAL lock_timeout = {BUSY_MILLISECONDS}"))
            connection.execute(
                text("SELECT pg_advisory_xact_lock(hashtextextended(:lock, 0))"),
                {"lock": f"mingpai/{lock}"},
            )
        yield connection


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """A transaction that only reads, in which every query sees the same state."""
    if engine.dialect.name == "postgresql":
        engine = engine.execution_options(isolation_level="REPEATABLE READ")
    with engine.begin() as connection:
        yield connection


def _create_private(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    descriptor = os.open(path, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)
    try:
        if os.fstat(descriptor).st_mode & 0o077:
            os.fchmod(descriptor, 0o600)
    finally:
        os.close(descriptor)


def _on_connect(connection: Any, _record: Any) -> None:
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in _PRAGMAS:
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _on_begin(connection: Connection) -> None:
    immediate = connection.get_execution_options().get("immediate")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if immediate else "BEGIN")
