"""The store of people's data keys, each wrapped by the master key: made, read, destroyed, wrapped anew.

A row without a key is a tombstone: the key was destroyed then, and is never made again.
"""

from __future__ import annotations

import hashlib
import secrets
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import (
    Column,
    DateTime,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Uuid,
    bindparam,
    inspect,
    select,
    text,
)
from sqlalchemy.dialects import postgresql, sqlite

from adapters.log.ciphers import KEY_BYTES, NONCE_BYTES
from adapters.log.stores import reading, writing

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from sqlalchemy import Connection, Engine

CHUNK = 500
_LOCK = "person_keys"

_tables = MetaData()
_keys = Table(
    "person_keys",
    _tables,
    Column("subject", Uuid, primary_key=True),
    Column("wrapped", LargeBinary),
    Column("created_at", DateTime(timezone=True), nullable=False),
    Column("destroyed_at", DateTime(timezone=True)),
)
_state = Table(
    "person_keys_state",
    _tables,
    Column("one", Integer, primary_key=True, autoincrement=False),
    Column("master", String(16), nullable=False),
    Column("epoch", Integer, nullable=False),
)


class KeyLost(Exception):
    """A key that was never destroyed is missing or damaged. The message is Chinese."""


class WrongMaster(Exception):
    """The master key does not open this store. The message is Chinese."""


class KeyStore:
    """People's data keys in their own database. Every write is durable before it returns."""

    def __init__(
        self,
        engine: Engine,
        masters: Callable[[], Sequence[bytes]],
        *,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        """Open the store, creating its tables; raises WrongMaster.

        engine: from stores.open_store(); masters: gives the 32-byte master keys of which one is in
        force (two during a change), and is asked again when another process has changed it.
        """
        self._engine = engine
        self._masters = masters
        self._known: dict[str, bytes] = {}
        self._clock = clock
        with writing(engine, _LOCK) as connection:
            _tables.create_all(connection)
            if connection.execute(select(_state.c.one)).first() is None:
                self._load()
                first = next(iter(self._known))
                connection.execute(_state.insert().values(one=1, master=first, epoch=0))
            self._master(connection)

    @staticmethod
    def is_new(engine: Engine) -> bool:
        """Whether nothing was ever kept there."""
        return not inspect(engine).has_table(_state.name)

    def epoch(self) -> int:
        """A number that grows whenever keys are destroyed or the master changes."""
        with reading(self._engine) as connection:
            return int(connection.execute(select(_state.c.epoch)).scalar_one())

    def read(self, subjects: Sequence[UUID]) -> dict[UUID, bytes | None]:
        """The keys of those who have one, None for those whose key was destroyed; raises KeyLost."""
        found: dict[UUID, bytes | None] = {}
        query = select(_keys.c.subject, _keys.c.wrapped)
        with reading(self._engine) as connection:
            master = self._master(connection)
            for start in range(0, len(subjects), CHUNK):
                some = query.where(_keys.c.subject.in_(subjects[start : start + CHUNK]))
                for subject, wrapped in connection.execute(some):
                    found[subject] = wrapped and _unwrap(master, subject, wrapped)
        return found

    def create(self, subjects: Sequence[UUID]) -> None:
        """Make keys for those who have neither a key nor a tombstone, in one transaction."""
        if not subjects:
            return
        now = self._clock()
        with writing(self._engine, _LOCK) as connection:
            master = self._master(connection)
            rows = [
                {
                    "subject": subject,
                    "wrapped": _wrap(master, subject, secrets.token_bytes(KEY_BYTES)),
                    "created_at": now,
                }
                for subject in subjects
            ]
            dialect = sqlite if connection.dialect.name == "sqlite" else postgresql
            connection.execute(dialect.insert(_keys).on_conflict_do_nothing(), rows)

    def destroyed_at(self, subject: UUID) -> datetime | None:
        """When the person's key was destroyed (UTC), if it was."""
        with reading(self._engine) as connection:
            query = select(_keys.c.destroyed_at).where(_keys.c.subject == subject)
            at: datetime | None = connection.execute(query).scalar()
        return at.replace(tzinfo=UTC) if at is not None and at.tzinfo is None else at

    def destroy(self, subjects: Iterable[UUID]) -> int:
        """Destroy keys for ever; returns how many were not destroyed before.

        Who has no key yet gets a tombstone all the same.
        """
        destroyed, now = 0, self._clock()
        with writing(self._engine, _LOCK) as connection:
            for subject in dict.fromkeys(subjects):
                destroyed += _bury(connection, subject, now)
            if destroyed:
                connection.execute(_state.update().values(epoch=_state.c.epoch + 1))
        if destroyed and self._engine.dialect.name == "postgresql":
            with self._engine.connect() as connection:
                vacuum = connection.execution_options(isolation_level="AUTOCOMMIT")
                vacuum.execute(text("VACUUM person_keys"))
        return destroyed

    def rotate(self, new: bytes) -> int:
        """Wrap every key anew under another master key, in one transaction; returns how many.

        Interrupted, nothing has changed; repeated, it finds nothing to do.
        """
        identity = _identity(new)
        with writing(self._engine, _LOCK) as connection:
            old = self._master(connection)
            if old == new:
                return 0
            count = _rewrap(connection, old, new)
            values = {"master": identity, "epoch": _state.c.epoch + 1}
            connection.execute(_state.update().values(values))
        self._known[identity] = new
        return count

    def _master(self, connection: Connection) -> bytes:
        """The master key that the keys in this transaction are wrapped by."""
        identity = connection.execute(select(_state.c.master)).scalar_one()
        if identity not in self._known:
            self._load()
        try:
            return self._known[identity]
        except KeyError:
            raise WrongMaster("主密钥与个人密钥库不符：请使用该库当前的主密钥文件") from None

    def _load(self) -> None:
        self._known.update({_identity(master): master for master in self._masters()})


def _bury(connection: Connection, subject: UUID, now: datetime) -> int:
    row = connection.execute(select(_keys.c.destroyed_at).where(_keys.c.subject == subject)).first()
    if row is None:
        values = {"subject": subject, "created_at": now, "destroyed_at": now}
        connection.execute(_keys.insert().values(values))
    elif row.destroyed_at is None:
        mine = _keys.update().where(_keys.c.subject == subject)
        connection.execute(mine.values(wrapped=None, destroyed_at=now))
    else:
        return 0
    return 1


def _rewrap(connection: Connection, old: bytes, new: bytes) -> int:
    count, last = 0, UUID(int=0)
    while True:
        query = select(_keys.c.subject, _keys.c.wrapped).where(_keys.c.wrapped.is_not(None))
        page = query.where(_keys.c.subject > last).order_by(_keys.c.subject).limit(CHUNK)
        rows = connection.execute(page).all()
        if not rows:
            return count
        mine = _keys.update().where(_keys.c.subject == bindparam("who"))
        connection.execute(
            mine.values(wrapped=bindparam("again")),
            [
                {"who": subject, "again": _wrap(new, subject, _unwrap(old, subject, wrapped))}
                for subject, wrapped in rows
            ],
        )
        count, last = count + len(rows), rows[-1].subject


def _identity(master: bytes) -> str:
    if len(master) != KEY_BYTES:
        raise ValueError(f"a master key has {KEY_BYTES} bytes")
    return hashlib.sha256(b"mingpai master key id\0" + master).hexdigest()[:16]


def _wrap(master: bytes, subject: UUID, key: bytes) -> bytes:
    nonce = secrets.token_bytes(NONCE_BYTES)
    return nonce + AESGCM(master).encrypt(nonce, key, b"mingpai data key\0" + subject.bytes)


def _unwrap(master: bytes, subject: UUID, wrapped: bytes) -> bytes:
    nonce, rest = wrapped[:NONCE_BYTES], wrapped[NONCE_BYTES:]
    try:
        return AESGCM(master).decrypt(nonce, rest, b"mingpai data key\0" + subject.bytes)
    except (InvalidTag, ValueError) as error:
        raise KeyLost(f"{subject} 的个人密钥已损坏") from error
