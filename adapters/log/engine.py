"""Engines for the log's database: SQLite in a file, or PostgreSQL, with durable commits and transactions under our control.

Open transactions with :func:`writing` and :func:`reading`. On SQLite a writer begins IMMEDIATE, so it never fails half-way for
want of the lock, and writers of one process queue on a lock of their own, so none starves; a reader sees one snapshot and is never
blocked. On PostgreSQL a reader's transaction is REPEATABLE READ, for the same single snapshot.
"""

from __future__ import annotations

import os
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from time import monotonic
from typing import Any, Final
from weakref import WeakKeyDictionary

import psycopg
import sqlalchemy as sa
from eventsourcing.persistence import OperationalError
from sqlalchemy import Connection, Engine, event
from sqlalchemy.engine import URL, Dialect, make_url
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import DisconnectionError
from sqlalchemy.pool import ConnectionPoolEntry

LOCK_TIMEOUT: Final = 10.0
"""Seconds that a writer waits for the others before it gives up."""

IDLE: Final = 5.0
"""Seconds after which a PostgreSQL connection is tried before it is used again."""

CHECKPOINT: Final = 8_000
"""Pages (of 4 KiB) in SQLite's write-ahead log before they are carried over into the file. A batch writes some 1,500; with the
usual 1,000 each of them would wait for that."""

_USED: Final = "mingpai_used"
_BEGIN: Final = "mingpai_begin"
_writers: WeakKeyDictionary[Dialect, _WriterLock] = WeakKeyDictionary()


class _WriterLock:
    """Lets one thread at a time write; the database's own lock still decides between processes."""

    def __init__(self, timeout: float) -> None:
        self.lock = threading.Lock()
        self.timeout = timeout


def create_engine(url: str | URL, *, lock_timeout: float = LOCK_TIMEOUT) -> Engine:
    """An engine for ``sqlite:///path`` or ``postgresql://…`` (always psycopg 3).

    ``lock_timeout`` is in seconds. Raises ``ValueError`` for other databases and for SQLite without a file: a register in memory
    would be gone with its process.
    """
    parsed = make_url(url)
    backend = parsed.get_backend_name()
    if backend == "sqlite":
        engine = _sqlite(parsed, lock_timeout)
    elif backend == "postgresql":
        engine = _postgresql(parsed, lock_timeout)
    else:
        raise ValueError(f"the log is kept in SQLite or PostgreSQL, not in {backend}")
    _writers[engine.dialect] = _WriterLock(lock_timeout)
    return engine


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """A transaction that writes: committed at the end, rolled back on an exception.

    Raises eventsourcing's ``OperationalError`` when the other writers do not finish within the lock timeout.
    """
    if engine.dialect.name != "sqlite":
        with engine.begin() as connection:
            yield connection
        return
    writer = _writers[engine.dialect]
    if not writer.lock.acquire(timeout=writer.timeout):
        raise OperationalError("another writer of this process holds the log")
    try:
        with engine.connect() as connection:
            connection.info[_BEGIN] = "BEGIN IMMEDIATE"
            with connection.begin():
                yield connection
    finally:
        writer.lock.release()


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """A transaction that only reads, in which every query sees the same state of the database."""
    with engine.connect() as connection:
        if engine.dialect.name == "postgresql":
            connection = connection.execution_options(  # noqa: PLW2901 - the same connection
                isolation_level="REPEATABLE READ", postgresql_readonly=True
            )
        with connection.begin():
            yield connection


@contextmanager
def hasty(*engines: Engine) -> Iterator[None]:
    """Commits that do not wait for the disk; at the end everything is on it.

    For filling an empty database only: one that is killed meanwhile must be thrown away.
    """

    def hurry(connection: Any, _record: object) -> None:
        sqlite = isinstance(connection, sqlite3.Connection)
        cursor = connection.cursor()
        cursor.execute("PRAGMA synchronous = OFF" if sqlite else "SET synchronous_commit = off")
        cursor.close()
        if not sqlite:
            connection.commit()

    for engine in engines:
        engine.dispose()
        event.listen(engine, "connect", hurry)
    try:
        yield
    finally:
        for engine in engines:
            event.remove(engine, "connect", hurry)
            engine.dispose()
        os.sync()


def _sqlite(url: URL, lock_timeout: float) -> Engine:
    if not url.database or url.database == ":memory:" or url.query.get("mode") == "memory":
        raise ValueError("the log needs a SQLite file, not a database in memory")
    engine = sa.create_engine(
        url.set(drivername="sqlite+pysqlite"),
        connect_args={"timeout": lock_timeout, "cached_statements": 512},
        pool_size=10,
        max_overflow=20,
    )

    @event.listens_for(engine, "connect")
    def _prepare(connection: sqlite3.Connection, _record: object) -> None:
        _set_pragmas(connection, lock_timeout)

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        try:
            connection.connection.cursor().execute(connection.info.pop(_BEGIN, "BEGIN"))
        except sqlite3.OperationalError as error:
            raise OperationalError(str(error)) from error

    return engine


def _set_pragmas(connection: sqlite3.Connection, lock_timeout: float) -> None:
    """WAL with a sync at every commit: what was acknowledged survives a power cut."""
    connection.isolation_level = None
    connection.execute(f"PRAGMA busy_timeout = {round(lock_timeout * 1000)}")
    _switch_to_wal(connection, lock_timeout)
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("PRAGMA temp_store = MEMORY")
    connection.execute("PRAGMA cache_size = -16384")
    connection.execute(f"PRAGMA wal_autocheckpoint = {CHECKPOINT}")


def _switch_to_wal(connection: sqlite3.Connection, lock_timeout: float) -> None:
    """Several processes may open a new file at once, and SQLite does not queue them for this switch; so we try again."""
    deadline = monotonic() + lock_timeout
    pause = threading.Event()
    while True:
        try:
            mode = connection.execute("PRAGMA journal_mode = WAL").fetchone()[0]
        except sqlite3.OperationalError:
            if monotonic() > deadline:
                raise
            pause.wait(0.02)
            continue
        if mode != "wal":
            raise OperationalError(f"SQLite keeps this file in journal mode {mode}, not WAL")
        return


def _postgresql(url: URL, lock_timeout: float) -> Engine:
    settings = {
        "timezone": "UTC",
        "lock_timeout": str(round(lock_timeout * 1000)),
        "synchronous_commit": "on",
        "client_encoding": "UTF8",
    }
    engine = sa.create_engine(
        url.set(drivername="postgresql+psycopg"),
        connect_args={
            "options": " ".join(f"-c {name}={value}" for name, value in settings.items()),
            "application_name": "mingpai",
            "prepare_threshold": 3,
        },
        isolation_level="READ COMMITTED",
        pool_size=10,
        max_overflow=20,
    )

    @event.listens_for(engine, "checkin")
    def _remember(_connection: object, record: ConnectionPoolEntry) -> None:
        record.info[_USED] = monotonic()

    @event.listens_for(engine, "checkout")
    def _look_after(
        connection: DBAPIConnection, record: ConnectionPoolEntry, _proxy: object
    ) -> None:
        if monotonic() - record.info.get(_USED, monotonic()) > IDLE and not _answers(
            engine, connection
        ):
            raise DisconnectionError("the server closed an idle connection")

    return engine


def _answers(engine: Engine, connection: DBAPIConnection) -> bool:
    """Whether the server is still there; asked only of idle connections, for it costs a round trip."""
    try:
        return bool(engine.dialect.do_ping(connection))
    except psycopg.Error:
        return False
