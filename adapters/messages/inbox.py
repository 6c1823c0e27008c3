"""The inbox: all that was said to the offices which a person holds now, and what of it they have read."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

import orjson
import sqlalchemy as sa
from sqlalchemy import ColumnElement, Connection, Engine, Select
from sqlalchemy.dialects import postgresql, sqlite

from adapters.log.engine import reading, writing
from adapters.messages.outbox import message_reads, messages
from adapters.outside import stamp
from domain.errors import Invalid, NotFound
from domain.values import Role

MOST: Final = 500
"""The longest page."""

Office = tuple[Role, UUID]
"""A role on an organisation."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which messages: unread ones only, of one kind, with a text among their facts."""

    unread: bool = False
    kind: str | None = None
    text: str | None = None


ALL: Final = Wanted()


@dataclass(frozen=True, slots=True)
class Page:
    """Messages as rows of the outbox with `read_at`, newest first; `next` is the next page's cursor."""

    rows: Sequence[dict[str, Any]]
    next: str | None


class Inbox:
    """What an account finds when it looks. An office's messages are those of whoever holds it now."""

    def __init__(self, engine: Engine, account: UUID, offices: Sequence[Office]) -> None:
        self._engine = engine
        self._account = account
        self._mine = sa.or_(
            sa.false(),
            *(
                (messages.c.organisation == organisation) & (messages.c.role == role.value)
                for role, organisation in offices
            ),
        )

    def page(self, wanted: Wanted = ALL, *, cursor: str | None = None, limit: int = 50) -> Page:
        """A page, newest first. Raises Invalid for a cursor that is none."""
        size = max(1, min(limit, MOST))
        query = self._select(wanted)
        if cursor is not None:
            query = query.where(_older(cursor))
        with reading(self._engine) as connection:
            rows = [_row(each) for each in connection.execute(query.limit(size + 1)).mappings()]
        following = _cursor(rows[size - 1]) if len(rows) > size else None
        return Page(rows[:size], following)

    def every(self, wanted: Wanted = ALL) -> Iterator[dict[str, Any]]:
        """All of them, newest first, page after page: for exports."""
        cursor: str | None = None
        while True:
            page = self.page(wanted, cursor=cursor, limit=MOST)
            yield from page.rows
            cursor = page.next
            if cursor is None:
                return

    def count(self, wanted: Wanted = ALL) -> int:
        """How many there are."""
        query = self._select(wanted).order_by(None).with_only_columns(sa.func.count())
        with reading(self._engine) as connection:
            return connection.execute(query).scalar_one()

    def kinds(self) -> list[str]:
        """The kinds that there are any of."""
        query = sa.select(messages.c.kind).where(self._mine).distinct().order_by(messages.c.kind)
        with reading(self._engine) as connection:
            return list(connection.execute(query).scalars())

    def one(self, id: UUID) -> dict[str, Any]:
        """One message. Raises NotFound for what is not this person's."""
        query = self._select(ALL).where(messages.c.id == id)
        with reading(self._engine) as connection:
            found = connection.execute(query).mappings().first()
        if found is None:
            raise NotFound("message_unknown", "没有这条消息")
        return _row(found)

    def read(self, id: UUID, at: datetime) -> None:
        """Note that it was read; once is enough. Raises NotFound."""
        self.one(id)
        with writing(self._engine) as connection:
            self._note(connection, [id], at)

    def read_all(self, at: datetime, wanted: Wanted = ALL) -> int:
        """Note that all of them were read; returns how many were not before."""
        unread = Wanted(True, wanted.kind, wanted.text)
        query = self._select(unread).order_by(None).with_only_columns(messages.c.id)
        with writing(self._engine) as connection:
            ids = list(connection.execute(query).scalars())
            self._note(connection, ids, at)
        return len(ids)

    def _note(self, connection: Connection, ids: Sequence[UUID], at: datetime) -> None:
        insert: Any = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}
        statement = insert[connection.dialect.name](message_reads).on_conflict_do_nothing()
        rows = [{"message": id, "account": self._account, "read_at": stamp(at)} for id in ids]
        if rows:
            connection.execute(statement, rows)

    def _select(self, wanted: Wanted) -> Select[Any]:
        reads = message_reads.c
        seen = (reads.message == messages.c.id) & (reads.account == self._account)
        query = (
            sa.select(messages, reads.read_at)
            .select_from(messages.outerjoin(message_reads, seen))
            .where(self._mine)
            .order_by(messages.c.created_at.desc(), messages.c.id.desc())
        )
        if wanted.unread:
            query = query.where(reads.read_at.is_(None))
        if wanted.kind is not None:
            query = query.where(messages.c.kind == wanted.kind)
        if wanted.text is not None:
            text = wanted.text.strip().lower()
            query = query.where(sa.func.lower(messages.c.facts).contains(text, autoescape=True))
        return query


def _row(found: sa.RowMapping) -> dict[str, Any]:
    row: dict[str, Any] = {**found}
    row["facts"] = orjson.loads(row["facts"])
    return row


def _cursor(row: dict[str, Any]) -> str:
    return f"{row['created_at']}~{row['id']}"


def _older(cursor: str) -> ColumnElement[bool]:
    """The condition that a message comes after the last one of a page."""
    created_at, _, id = cursor.partition("~")
    try:
        # In an address that was written by hand, a plus sign arrives as a blank.
        at = stamp(datetime.fromisoformat(created_at.replace(" ", "+")))
        last = UUID(id)
    except (ValueError, OverflowError):
        raise Invalid(
            "cursor_invalid", "翻页标记无效，请从第一页重新开始", field="cursor"
        ) from None
    same = (messages.c.created_at == at) & (messages.c.id < last)
    return sa.or_(messages.c.created_at < at, same)
