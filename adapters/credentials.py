"""Credentials: hashes of passwords and of tokens, and the link that makes the first administrator.

None of it is in the log. Only hashes are kept, so that nobody who reads the database can sign in with it.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

import sqlalchemy as sa
from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import Engine

from adapters.log.engine import reading, writing
from adapters.outside import METADATA, ensure, stamp
from domain.errors import Invalid

SHORTEST, LONGEST = 10, 128
"""Characters of a password. The upper bound keeps hashing from becoming a way to exhaust the server."""

PASSWORDS = sa.Table(
    "passwords",
    METADATA,
    sa.Column("account", sa.Uuid, primary_key=True),
    sa.Column("hash", sa.Text, nullable=False),
    sa.Column("mark", sa.Text, nullable=False),
    sa.Column("changed_at", sa.Text, nullable=False),
)
TOKENS = sa.Table(
    "api_tokens",
    METADATA,
    sa.Column("id", sa.Uuid, primary_key=True),
    sa.Column("hash", sa.Text, nullable=False, unique=True),
    sa.Column("account", sa.Uuid, nullable=False, index=True),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("created_at", sa.Text, nullable=False),
    sa.Column("expires_at", sa.Text),
    sa.Column("revoked_at", sa.Text),
)
SETUP_LINKS = sa.Table(
    "setup_links",
    METADATA,
    sa.Column("hash", sa.Text, primary_key=True),
    sa.Column("created_at", sa.Text, nullable=False),
)


@dataclass(frozen=True, slots=True)
class Token:
    """What may be shown of an API token; the secret itself is shown once, when it is issued."""

    id: UUID
    name: str
    created_at: str
    expires_at: str | None
    revoked_at: str | None


class Credentials:
    """What an account proves itself with. `hasher` can be replaced by a cheaper one in tests."""

    def __init__(self, engine: Engine, *, hasher: PasswordHasher | None = None) -> None:
        self._engine = engine
        self._hasher = hasher or PasswordHasher()
        # Verified for user names that do not exist, so that both answers take as long.
        self._nobody = self._hasher.hash(secrets.token_urlsafe(16))
        ensure(engine)

    def set_password(self, account: UUID, password: str, at: datetime) -> None:
        """Set or replace a password; every session under the old one ends. Raises Invalid."""
        self.set_passwords([account], password, at)

    def set_passwords(self, accounts: Iterable[UUID], password: str, at: datetime) -> None:
        """One password for several accounts, hashed once: for a demonstration. Raises Invalid."""
        require_good(password)
        hashed = self._hasher.hash(password)
        with writing(self._engine) as connection:
            for account in accounts:
                row = {"hash": hashed, "mark": secrets.token_hex(8), "changed_at": stamp(at)}
                connection.execute(sa.delete(PASSWORDS).where(PASSWORDS.c.account == account))
                connection.execute(sa.insert(PASSWORDS).values(account=account, **row))

    def verify(self, account: UUID, password: str) -> bool:
        """Whether this is the account's password; takes as long for an account without one."""
        found = self._password(account)
        try:
            self._hasher.verify(found.hash if found else self._nobody, password[: LONGEST + 1])
        except (VerificationError, InvalidHashError):
            return False
        if found is None:
            return False
        if self._hasher.check_needs_rehash(found.hash):
            renewed = sa.update(PASSWORDS).where(PASSWORDS.c.account == account)
            with writing(self._engine) as connection:
                connection.execute(renewed.values(hash=self._hasher.hash(password)))
        return True

    def mark(self, account: UUID) -> str | None:
        """What sessions are tied to: it changes with the password. None without a password."""
        found = self._password(account)
        return found.mark if found else None

    def end_sessions(self, account: UUID) -> None:
        """Make every session of an account invalid."""
        change = sa.update(PASSWORDS).where(PASSWORDS.c.account == account)
        with writing(self._engine) as connection:
            connection.execute(change.values(mark=secrets.token_hex(8)))

    def issue_token(
        self, account: UUID, name: str, at: datetime, *, expires_at: datetime | None = None
    ) -> tuple[UUID, str]:
        """A new API token; its text is returned here and nowhere else."""
        if expires_at is not None and expires_at <= at:
            raise Invalid("expires_in_past", "到期时间须晚于当前时间", field="expires_at")
        id, secret = uuid4(), f"mp_{secrets.token_urlsafe(32)}"
        with writing(self._engine) as connection:
            connection.execute(
                sa.insert(TOKENS).values(
                    id=id,
                    hash=_digest(secret),
                    account=account,
                    name=name,
                    created_at=stamp(at),
                    expires_at=stamp(expires_at) if expires_at else None,
                )
            )
        return id, secret

    def holder(self, secret: str, at: datetime) -> UUID | None:
        """Whose token this is; None for one that is unknown, expired or revoked."""
        wanted = sa.select(TOKENS.c.account).where(
            TOKENS.c.hash == _digest(secret),
            TOKENS.c.revoked_at.is_(None),
            sa.or_(TOKENS.c.expires_at.is_(None), TOKENS.c.expires_at > stamp(at)),
        )
        with reading(self._engine) as connection:
            found: UUID | None = connection.execute(wanted).scalar()
        return found

    def tokens(self, account: UUID) -> Sequence[Token]:
        """An account's tokens, oldest first."""
        columns = [TOKENS.c[name] for name in Token.__slots__]
        wanted = sa.select(*columns).where(TOKENS.c.account == account)
        with reading(self._engine) as connection:
            rows = connection.execute(wanted.order_by(TOKENS.c.created_at, TOKENS.c.id)).all()
        return [Token(*row) for row in rows]

    def revoke_token(self, account: UUID, id: UUID, at: datetime) -> bool:
        """Make a token useless; False where the account has no such token in use."""
        mine = (TOKENS.c.id == id) & (TOKENS.c.account == account) & TOKENS.c.revoked_at.is_(None)
        with writing(self._engine) as connection:
            changed = connection.execute(sa.update(TOKENS).where(mine).values(revoked_at=stamp(at)))
        return changed.rowcount == 1

    def new_setup_link(self, at: datetime) -> str:
        """The secret of a link for the first administrator; an older one no longer works."""
        secret = secrets.token_urlsafe(32)
        with writing(self._engine) as connection:
            connection.execute(sa.delete(SETUP_LINKS))
            connection.execute(
                sa.insert(SETUP_LINKS).values(hash=_digest(secret), created_at=stamp(at))
            )
        return secret

    def is_setup_link(self, secret: str) -> bool:
        """Whether this is the secret of the link, not used up yet."""
        wanted = sa.select(SETUP_LINKS.c.hash).where(SETUP_LINKS.c.hash == _digest(secret))
        with reading(self._engine) as connection:
            return connection.execute(wanted).first() is not None

    def use_up_setup_link(self) -> None:
        """Let no setup link work any more."""
        with writing(self._engine) as connection:
            connection.execute(sa.delete(SETUP_LINKS))

    def _password(self, account: UUID) -> sa.Row[str, str] | None:
        wanted = sa.select(PASSWORDS.c.hash, PASSWORDS.c.mark).where(PASSWORDS.c.account == account)
        with reading(self._engine) as connection:
            return connection.execute(wanted).first()


def require_good(password: str) -> None:
    """Refuse a password that is too short, or longer than we hash. Raises Invalid."""
    if not SHORTEST <= len(password) <= LONGEST:
        told = f"密码须为 {SHORTEST} 至 {LONGEST} 个字符"
        raise Invalid("password_length", told, field="password")


def _digest(secret: str) -> str:
    """SHA-256 in hex. Our secrets are 256 random bits, so a slow hash would add nothing."""
    return hashlib.sha256(secret.encode()).hexdigest()
