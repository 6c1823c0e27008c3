"""Contacts: how an account wants to be reached. Where nothing is set, its messages are in the inbox only."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

import orjson
import sqlalchemy as sa
from sqlalchemy import Connection
from sqlalchemy.dialects import postgresql, sqlite

from adapters.log.engine import reading, writing
from adapters.messages.tables import contacts
from adapters.messages.texts import LANGUAGES
from adapters.messages.wording import WORDINGS
from adapters.outside import stamp
from domain.errors import Invalid
from domain.sealed import Sealed

if TYPE_CHECKING:
    from adapters.bootstrap import House

MAILS: Final = ("each", "daily", "off")
FIELD: Final = "email"

_LOCAL: Final = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*"
_LABEL: Final = r"[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_EMAIL: Final = re.compile(
    rf"(?=.{{3,254}}\Z){_LOCAL}@({_LABEL}\.)+[A-Za-z][A-Za-z0-9-]*[A-Za-z0-9]"
)


@dataclass(frozen=True, slots=True)
class Contact:
    """mail: each, daily or off; muted: kinds that come to the inbox only."""

    account: UUID
    email: str | None = None
    language: str = "zh"
    mail: str = "off"
    muted: tuple[str, ...] = ()


def contact(house: House, account: UUID) -> Contact:
    """How an account is reached, with the address in clear; none where the person was erased."""
    wanted = sa.select(contacts).where(contacts.c.account == account)
    with reading(house.engine) as connection:
        row = connection.execute(wanted).first()
    if row is None:
        return Contact(account)
    email = house.sealing.reveal(Sealed(account, FIELD, row.email)) if row.email else None
    return Contact(account, email, row.language, row.mail, tuple(orjson.loads(row.muted)))


def set_contact(
    house: House,
    account: UUID,
    now: datetime,
    *,
    email: str | None,
    language: str = "zh",
    mail: str = "off",
    muted: Sequence[str] = (),
) -> Contact:
    """Set how an account is reached. Raises Invalid with the name of what is wrong."""
    wanted = Contact(account, email, language, mail, tuple(dict.fromkeys(muted)))
    _require_good(wanted)
    row = {
        "email": house.sealing.seal(account, FIELD, email).token if email else None,
        "language": language,
        "mail": mail,
        "muted": orjson.dumps(wanted.muted).decode(),
        "updated_at": stamp(now),
    }
    with writing(house.engine) as connection:
        insert = _insert(connection).values(account=account, **row)
        connection.execute(insert.on_conflict_do_update(index_elements=["account"], set_=row))
    return wanted


def _require_good(wanted: Contact) -> None:
    if wanted.email is not None and not _EMAIL.fullmatch(wanted.email):
        raise Invalid("email_malformed", f"“{wanted.email}”不是电子邮箱地址", field="email")
    if wanted.language not in LANGUAGES:
        raise Invalid("language_unknown", "语言应为 zh 或 en", field="language")
    if wanted.mail not in MAILS:
        raise Invalid("mail_unknown", "邮件方式应为 each、daily 或 off", field="mail")
    if wanted.mail != "off" and wanted.email is None:
        raise Invalid("email_missing", "要接收邮件，须先填写电子邮箱", field="email")
    for at, kind in enumerate(wanted.muted):
        if kind not in WORDINGS:
            raise Invalid("kind_unknown", f"没有“{kind}”这类消息", field=f"muted[{at}]")


def _insert(connection: Connection) -> Any:
    insert: Any = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}
    return insert[connection.dialect.name](contacts)
