"""Reading: every list with filters, search, order and pages, every record with its version, all of it as of any moment.

Who acts in a role on an organisation sees what stands at it or below it; for everyone else the rest does not exist
(404). `as_of` is `position:N`, an ISO moment with its zone, or a date, which means its last moment in Asia/Shanghai.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any

from flask import Response, make_response
from marshmallow import Schema, fields, validate

from adapters.asof import position_of
from adapters.views.questions.effective import EFFECTIVE_ON
from adapters.views.tables import VIEWS
from domain.errors import Invalid, NotFound
from web import auth
from web.blueprint import Blueprint
from web.context import queries
from web.errors import ErrorSchema
from web.fields import Day, QueryWhole, Strict, Words, known

Item = dict[str, Any]
Column = Any
"""A column of a view: its name and its type."""


class AsOf(Strict):
    """The moment that is asked for."""

    as_of = Words(
        40,
        load_default=None,
        metadata={"description": "position:N, ISO moment with zone, or a date"},
    )


def business_date() -> Day:
    """The field of a query that asks what stood on a day by the papers, whenever it was entered."""
    told = "business date: what stood on that day, as known at `as_of`"
    return Day(load_default=None, metadata={"description": told})


class PageSchema(Schema):
    """A page of a list; `next` is the cursor of the next one, at the same moment."""

    items = fields.List(fields.Dict(), required=True)
    total = fields.Integer(required=True, allow_none=True)
    next = fields.String(required=True, allow_none=True)
    as_of = fields.Integer(required=True, metadata={"description": "position in the log"})


class PageQuery(AsOf):
    """What all lists take."""

    q = Words(100, load_default=None, metadata={"description": "text to look for"})
    sort = fields.String(load_default=None)
    cursor = Words(1_000, load_default=None)
    limit = QueryWhole(1, 500, load_default=50)


def position(as_of: str | None) -> int | None:
    """The log position of a moment; None is now. Raises Invalid."""
    # A plus sign that was not escaped in the address arrives as a blank.
    return position_of(None if as_of is None else as_of.replace(" ", "+"), queries())


def scope() -> str:
    """The organisation whose branch the reader sees."""
    return str(auth.current().post.organisation)


def not_yet(at: int | None) -> bool:
    """Whether the reader's organisation did not exist yet at a position: then there was nothing to see."""
    if at is None:
        return False
    try:
        queries().one("organisations", scope(), as_of=at)
    except NotFound:
        return True
    return False


def nothing(at: int | None) -> Item:
    """A page with nothing on it."""
    return {"items": [], "total": 0, "next": None, "as_of": at}


def organisation(id: str) -> Item:
    """An organisation as it is now, for paths and names."""
    return queries().one("organisations", id)


def require_visible(row: Mapping[str, Any], code: str) -> None:
    """404 unless the row stands at or below the reader's organisation."""
    if not str(row["path"]).startswith(organisation(scope())["path"]):
        raise NotFound(code, "没有这条记录")


def sees(row: Mapping[str, Any]) -> bool:
    """Whether the reader has a role at the row's organisation or above it."""
    who = auth.asker()
    return who is not None and str(row["path"]).startswith(organisation(scope())["path"])


def federations() -> list[str]:
    """The federations whose calls, campaigns and lists the reader may read: their own, and those below."""
    place = organisation(scope())
    asked = {"scope": place["id"], "filters": {"kind": "federation"}}
    below = [each["id"] for each in queries().every("organisations", **asked)]
    return sorted({place["federation"], *below})


def keep_own(call: Item, place: Item) -> None:
    """Leave out of a call what it tells of other unions' candidates."""
    own = {place["id"], place["recommender"]}
    call["progress"] = [each for each in call["progress"] if each["recommender"] in own]
    for quota in call["quotas"]:
        quota["uses"] = [each for each in quota["uses"] if each["organisation"] in own]


def listing(
    blueprint: Blueprint,
    rule: str,
    view: str,
    *,
    filters: str = "",
    ranges: str = "",
    sorts: str = "",
    narrow: Callable[[Item], Item] | None = None,
    scoped: bool = True,
    public: bool = False,
    dated: bool = False,
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Register a list of a view.

    filters: columns that may be given a value; ranges: columns with `_from` and `_to`; sorts: columns to sort by,
    `-` before one for descending; dated: whether `effective_on` may be asked; ids in the path filter by their name.
    The function that is decorated gives further filters, or none; its docstring is the endpoint's.
    """
    query = _query(view, filters.split(), ranges.split(), sorts.split(), dated=dated)

    def decorate(more: Callable[..., Mapping[str, Any] | None]) -> Callable[..., Any]:
        @blueprint.get(rule, endpoint=more.__name__)
        @blueprint.arguments(query, location="query")
        @blueprint.response(200, PageSchema)
        @blueprint.alt_response(401, schema=ErrorSchema, description="not signed in")
        @wraps(more)
        def endpoint(asked: Item, **path: Any) -> Response:
            if not public:
                auth.current()
            found = _page(view, asked, {**path, **(more(**path) or {})}, scoped=scoped)
            if narrow is not None:
                found["items"] = [narrow(each) for each in found["items"]]
            response = make_response(found)
            response.headers["X-Mingpai-Position"] = str(found["as_of"])
            return response

        return endpoint

    return decorate


def _query(
    view: str, filters: list[str], ranges: list[str], sorts: list[str], *, dated: bool
) -> type[Schema]:
    """The schema of a list's query: exactly what may be asked."""
    ends = [f"{column}_{end}" for column in ranges for end in ("from", "to")]
    words = {name: Words(200, load_default=None) for name in (*filters, *ends)}
    options = [f"{sign}{column}" for column in ("id", *sorts) for sign in ("", "-")]
    told = f"应为其中之一：{'、'.join(options)}"
    sort = fields.String(validate=validate.OneOf(options, error=told), **known(load_default="id"))
    name = "".join(part.title() for part in view.split("_"))
    asked = {**words, "sort": sort, **({EFFECTIVE_ON: business_date()} if dated else {})}
    return type(f"{name}{len(words)}Query", (PageQuery,), asked)


def _page(view: str, asked: Item, more: Mapping[str, Any], *, scoped: bool) -> Item:
    plain = {"as_of", "q", "sort", "cursor", "limit"}
    columns = VIEWS[view].table.c
    wanted: Item = {
        name: value if isinstance(value, list) else _plain(value, columns[name])
        for name, value in more.items()
    }
    for name, value in asked.items():
        if name in plain or value is None:
            continue
        if name == EFFECTIVE_ON:
            wanted[name] = value
        elif name in columns:
            wanted[name] = _plain(value, columns[name])
        else:
            column, _, end = name.rpartition("_")
            wanted.setdefault(column, {})[end] = _plain(value, columns[column])
    sort, at = asked["sort"], position(asked["as_of"])
    if scoped and not_yet(at):
        return nothing(at)
    return queries().listed(
        view,
        as_of=at,
        scope=scope() if scoped else None,
        search=asked["q"],
        filters=wanted,
        sort=sort.lstrip("-"),
        descending=sort.startswith("-"),
        cursor=asked["cursor"],
        limit=asked["limit"],
    )


def _plain(value: Any, column: Column) -> Any:
    """Text of an address as a column holds it. Raises Invalid."""
    text = str(value)
    kinds: Mapping[str, tuple[str, Callable[[str], Any]]] = {
        "Boolean": ("true|false", lambda word: word == "true"),
        "BigInteger": (r"-?[0-9]{1,15}", int),
    }
    form, make = kinds.get(type(column.type).__name__, (".*", str))
    if not re.fullmatch(form, text, re.DOTALL):
        raise Invalid("filter_invalid", f"“{column.name}”的值不正确", field=column.name)
    return make(text)


def record(
    blueprint: Blueprint, rule: str, *, public: bool = False, query: type[AsOf] = AsOf
) -> Callable[[Callable[..., Item]], Callable[..., Any]]:
    """Register a record. The function gets the ids in the path, `as_of` and what else the query has; it returns the
    record.
    """

    def decorate(show: Callable[..., Item]) -> Callable[..., Any]:
        @blueprint.get(rule, endpoint=show.__name__)
        @blueprint.arguments(query, location="query")
        @blueprint.response(200)
        @blueprint.alt_response(404, schema=ErrorSchema, description="not there for this reader")
        @wraps(show)
        def endpoint(asked: Item, **path: Any) -> Response:
            if not public:
                auth.current()
            ids = {name: str(value) for name, value in path.items()}
            found = show(**ids, **{**asked, "as_of": position(asked["as_of"])})
            response = make_response(found)
            if "version" in found:
                response.headers["ETag"] = f'"{found["version"]}"'
            return response

        return endpoint

    return decorate
