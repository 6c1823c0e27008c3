"""The secret in the address of a person's calendar. Only its hash is kept, so it can be shown but once."""

from __future__ import annotations

import hashlib
import re
import secrets
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Engine

from adapters.feeds.memory import forget
from adapters.log.engine import reading, writing
from adapters.messages.tables import contacts
from adapters.outside import ensure, stamp

SECRET = re.compile(r"[A-Za-z0-9_-]{43}")
"""256 random bits, as they stand in an address."""


class Addresses:
    """Who may be read at which address; an account has one at most."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        ensure(engine)

    def make(self, account: UUID, at: datetime) -> str:
        """A new secret, told here and nowhere else; the one before it leads nowhere from now on."""
        secret = secrets.token_urlsafe(32)
        self._set(account, at, feed_hash=_digest(secret), feed_made_at=stamp(at))
        return secret

    def revoke(self, account: UUID, at: datetime) -> bool:
        """Let the address lead nowhere; False where there was none."""
        if self.made_at(account) is None:
            return False
        self._set(account, at, feed_hash=None, feed_made_at=None)
        return True

    def made_at(self, account: UUID) -> datetime | None:
        """Since when the account has its address; None without one."""
        wanted = sa.select(contacts.c.feed_made_at).where(contacts.c.account == account)
        with reading(self._engine) as connection:
            found: str | None = connection.execute(wanted).scalar()
        return datetime.fromisoformat(found) if found else None

    def holder(self, secret: str) -> UUID | None:
        """Whose calendar it is; None for a secret that is wrong or was revoked."""
        if not SECRET.fullmatch(secret):
            return None
        wanted = sa.select(contacts.c.account).where(contacts.c.feed_hash == _digest(secret))
        with reading(self._engine) as connection:
            found: UUID | None = connection.execute(wanted).scalar()
        return found

    def _set(self, account: UUID, at: datetime, **values: str | None) -> None:
        """Change the address; who was not reached in any way before is reached as by default."""
        mine = contacts.c.account == account
        with writing(self._engine) as connection:
            changed = connection.execute(sa.update(contacts).where(mine).values(**values))
            if not changed.rowcount:
                connection.execute(
                    sa.insert(contacts).values(
                        account=account,
                        language="zh",
                        mail="off",
                        muted="[]",
                        updated_at=stamp(at),
                        **values,
                    )
                )
            forget(connection, account)


def _digest(secret: str) -> str:
    """SHA-256 in hex. The secret is 256 random bits, so a slow hash would add nothing."""
    return hashlib.sha256(secret.encode()).hexdigest()
