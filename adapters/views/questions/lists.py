"""Lists: filtered, sorted, paged, searched and counted, now or as of a moment."""

from __future__ import annotations

import hashlib
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import orjson
import sqlalchemy as sa
from sqlalchemy import BigInteger, ColumnElement, Select, Table

from adapters.views.questions.effective import standing
from adapters.views.questions.moment import Asking, Item, Moment, below
from adapters.views.tables import VIEWS
from domain.errors import Invalid

MOST = 500
"""The longest page."""

SEARCHED: Mapping[str, Sequence[str]] = {
    "organisations": ("name", "code"),
    "accounts": ("name", "username"),
    "studios": ("name", "leader", "number"),
    "namings": ("number", "document"),
    "calls": ("title",),
    "funds": ("name",),
    "grants": ("number", "document", "payee_name"),
    "payments": ("voucher", "bank_reference"),
    "expenses": ("description",),
    "members": ("name",),
    "achievements": ("title", "recognised_by"),
    "activities": ("title",),
    "apprenticeships": ("master_name", "apprentice_name"),
    "terms": ("name", "basis"),
    "campaigns": ("policy",),
}
"""Columns that a text is looked for in; where rows belong to a studio, its name and leader too, and for a notice those
of its call.
"""


class Lists(Asking):
    """Questions that many rows answer."""

    def listed(
        self,
        name: str,
        *,
        as_of: int | None = None,
        scope: object | None = None,
        search: str | None = None,
        filters: Mapping[str, Any] | None = None,
        sort: str = "id",
        descending: bool = False,
        cursor: str | None = None,
        limit: int = 50,
        count: bool = True,
    ) -> Item:
        """A page of a view, with the number of all rows that fit, and the next page's cursor.

        A cursor keeps the first page's moment, so that no row is missed or seen twice, whatever
        happens meanwhile. Raises Invalid on unknown names, filters, sort keys and cursors. Among
        the filters, `effective_on` is a business date: what stood then, as known at the moment.
        """
        table = _table(name)
        key = _sort_key(table, sort)
        plain, stood, then = standing(table, filters)
        asked = _digest([name, scope and str(scope), search, filters, sort, descending])
        after = _opened(cursor, asked, key) if cursor else None
        with self.at(after[0] if after else as_of) as moment:
            query = _matching(moment, table, scope, search, plain).where(*stood)
            total = moment.connection.scalar(_counted(query)) if count else None
            if after:
                query = query.where(_beyond(table, key, after[1:], descending=descending))
            order = (key.desc(), table.c.id.desc()) if descending else (key, table.c.id)
            query = query.add_columns(key.label("_key")).order_by(*order)
            items, last = _cut(moment, query, limit)
            following = last and _closed(asked, moment.position, *last)
            items = [{**each, **then} for each in items]
            return {"items": items, "total": total, "next": following, "as_of": moment.position}

    def every(self, name: str, **asked: Any) -> Iterator[Item]:
        """All rows of a list, page after page at one moment: for exports."""
        cursor: str | None = None
        while True:
            page = self.listed(name, **asked, cursor=cursor, limit=MOST, count=False)
            yield from page["items"]
            cursor = page["next"]
            if cursor is None:
                return

    def counts(
        self,
        name: str,
        by: Sequence[str],
        *,
        as_of: int | None = None,
        scope: object | None = None,
        search: str | None = None,
        filters: Mapping[str, Any] | None = None,
        total: Sequence[str] = (),
    ) -> list[Item]:
        """How many rows there are for each combination of columns: {column: value…, "count": n}.

        `total` names number columns that are also added up.
        """
        table = _table(name)
        columns = [_column(table, column, "by") for column in by]
        sums = [sa.func.sum(_column(table, column, "total")).label(column) for column in total]
        with self.at(as_of) as moment:
            query = _matching(moment, table, scope, search, filters)
            grouped = query.with_only_columns(*columns, sa.func.count().label("count"), *sums)
            if columns:
                grouped = grouped.group_by(*columns).order_by(*columns)
            found = moment.rows(grouped)
            for each in found:
                each.update({column: int(each[column] or 0) for column in total})
            return moment.label(found)


def _cut(
    moment: Moment, query: Select[Any], limit: int
) -> tuple[list[Item], tuple[Any, str] | None]:
    """A page of rows, and where its last one stands, if others follow."""
    size = max(1, min(limit, MOST))
    found = moment.rows(query.limit(size + 1))
    places = [(each.pop("_key"), each["id"]) for each in found]
    last = places[size - 1] if len(found) > size else None
    return moment.label(found[:size]), last


def _table(name: str) -> Table:
    if name not in VIEWS:
        raise Invalid("list_unknown", f"没有列表“{name}”", field="list")
    return VIEWS[name].table


def _column(table: Table, name: str, field: str) -> ColumnElement[Any]:
    if name not in table.c:
        raise Invalid(f"{field}_unknown", f"不能按“{name}”查询", field=field)
    return table.c[name]


def _sort_key(table: Table, name: str) -> ColumnElement[Any]:
    """What to sort by; nothing comes before everything."""
    column = _column(table, name, "sort")
    if name == "id" or not table.c[name].nullable:
        return column
    return sa.func.coalesce(column, -1 if isinstance(column.type, BigInteger) else "")


def _matching(
    moment: Moment,
    table: Table,
    scope: object | None,
    search: str | None,
    filters: Mapping[str, Any] | None,
) -> Select[Any]:
    query = sa.select(table).where(moment.holds(table))
    if scope is not None:
        _column(table, "path", "scope")
        query = query.where(below(table, moment.path(scope) or ""))
    if search and search.strip():
        query = query.where(_searched(moment, table, search.strip()))
    for name, value in (filters or {}).items():
        query = query.where(_filtered(_column(table, name, "filter"), value))
    return query


def _filtered(column: ColumnElement[Any], value: Any) -> ColumnElement[bool]:
    if isinstance(value, Mapping):
        least, most = value.get("from"), value.get("to")
        bounds = []
        if least is not None:
            bounds.append(column >= _plain(least))
        if most is not None:
            bounds.append(column <= _plain(most))
        return sa.and_(sa.true(), *bounds)
    if isinstance(value, (list, tuple, set, frozenset)):
        return column.in_([_plain(each) for each in value])
    return column.is_(None) if value is None else column == _plain(value)


def _plain(value: Any) -> Any:
    """A value as the column holds it: numbers and flags as they are, the rest as text."""
    return value if isinstance(value, (int, bool)) else str(value)


def _searched(moment: Moment, table: Table, text: str) -> ColumnElement[bool]:
    found = [_contains(table, column, text) for column in SEARCHED.get(table.name, ())]
    if "studio" in table.c:
        found.append(table.c.studio.in_(_ids(moment, "studios", text)))
    if "unit" in table.c:
        found.append(table.c.unit.in_(_ids(moment, "organisations", text)))
    if table.name == "notices":
        found.append(table.c.call.in_(_ids(moment, "calls", text)))
    if not found:
        raise Invalid("search_unknown", "该列表不能按文字查找", field="q")
    return sa.or_(*found)


def _ids(moment: Moment, name: str, text: str) -> Select[Any]:
    table = VIEWS[name].table
    match = sa.or_(*(_contains(table, column, text) for column in SEARCHED[name]))
    return sa.select(table.c.id).where(moment.holds(table), match)


def _contains(table: Table, column: str, text: str) -> ColumnElement[bool]:
    """Whether a text stands in a column, whatever the case of Latin letters."""
    return sa.func.lower(table.c[column]).contains(text.lower(), autoescape=True)


def _counted(query: Select[Any]) -> Select[Any]:
    return query.with_only_columns(sa.func.count(), maintain_column_froms=True)


def _beyond(
    table: Table, key: ColumnElement[Any], last: Sequence[Any], *, descending: bool
) -> ColumnElement[bool]:
    """The condition that a row comes after the last one of a page."""
    value, id = last
    if descending:
        return sa.or_(key < value, sa.and_(key == value, table.c.id < id))
    return sa.or_(key > value, sa.and_(key == value, table.c.id > id))


def _digest(asked: Sequence[Any]) -> str:
    text = orjson.dumps(asked, default=str, option=orjson.OPT_SORT_KEYS | orjson.OPT_NON_STR_KEYS)
    return hashlib.sha256(text).hexdigest()[:12]


def _closed(asked: str, position: int, value: Any, id: str) -> str:
    """A cursor: what was asked, the moment, and the last row's place."""
    return urlsafe_b64encode(orjson.dumps([asked, position, value, id])).decode().rstrip("=")


def _opened(cursor: str, asked: str, key: ColumnElement[Any]) -> tuple[int, Any, str]:
    """What a cursor says. Raises Invalid for one that was not given for this question."""
    kind = int if isinstance(key.type, BigInteger) else str
    try:
        found = orjson.loads(urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        digest, position, value, id = found
        kinds = (type(position), type(value), type(id))
        if digest == asked and kinds == (int, kind, str) and _storable(value) and _storable(id):
            return position, value, id
    except (ValueError, TypeError):
        pass
    raise Invalid("cursor_invalid", "翻页标记无效，请从第一页重新开始", field="cursor")


def _storable(value: int | str) -> bool:
    """Whether both databases can compare a column with it."""
    return "\0" not in value if isinstance(value, str) else -(2**63) <= value < 2**63
