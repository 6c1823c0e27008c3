"""Reading what comes in: JSON without tricks, validated by schemas, told back with the field's place."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping
from typing import Any, NoReturn

import flask
from marshmallow import RAISE, Schema, ValidationError
from webargs.flaskparser import FlaskParser
from werkzeug.datastructures import MultiDict

from domain.desks.desk import RESERVED
from domain.errors import Invalid
from web.errors import Malformed
from web.fields import broken

DEEPEST = 20
"""Levels of nesting; a dossier has six."""


class _Refused(ValueError):
    """JSON as the grammar has it, but not as we take it."""


def read_json(data: bytes) -> Any:
    """The JSON value of a body. Raises Malformed with the place, and Invalid for a reserved key."""
    try:
        value = json.loads(
            data.decode("utf-8"),
            object_pairs_hook=_unique,
            parse_constant=_no_constant,
            parse_float=_finite,
        )
    except UnicodeDecodeError:
        raise Malformed("not_utf8", "请求内容须为 UTF-8 编码") from None
    except json.JSONDecodeError as error:
        told = f"第 {error.lineno} 行第 {error.colno} 列不是合法的 JSON"
        raise Malformed("json_malformed", told, line=error.lineno, column=error.colno) from None
    except RecursionError:
        raise Malformed("json_too_deep", f"嵌套超过 {DEEPEST} 层") from None
    except _Refused as error:
        raise Malformed("json_malformed", str(error)) from None
    except ValueError:
        # A number of thousands of digits, which Python does not read.
        raise Malformed("json_malformed", "数字超出范围") from None
    _check(value, (), 0)
    return value


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise _Refused("同一对象中有重复的字段名")
    return found


def _no_constant(_name: str) -> NoReturn:
    raise _Refused("数字不得为 NaN 或 Infinity")


def _finite(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise _Refused("数字超出范围")
    return number


def _check(value: Any, path: tuple[str | int, ...], depth: int) -> None:
    if depth > DEEPEST:
        raise Malformed("json_too_deep", f"嵌套超过 {DEEPEST} 层")
    if isinstance(value, dict):
        for name, item in value.items():
            if name in RESERVED:
                place = dotted((*path, name))
                raise Invalid("reserved_key", f"不允许的字段名“{name}”", field=place)
            _check_text(name, path)
            _check(item, (*path, name), depth + 1)
    elif isinstance(value, list):
        for position, item in enumerate(value):
            _check(item, (*path, position), depth + 1)
    elif isinstance(value, str):
        _check_text(value, path)
    elif type(value) is int and abs(value) > 2**63 - 1:
        raise Invalid("number_too_large", "数字超出范围", field=dotted(path) or None)


def _check_text(text: str, path: tuple[str | int, ...]) -> None:
    if broken(text):
        raise Invalid("text_broken", "含有控制字符或残缺字符", field=dotted(path) or None)


def dotted(path: tuple[str | int, ...]) -> str:
    """A place as text: `results[0].name`."""
    text = ""
    for step in path:
        text += f"[{step}]" if isinstance(step, int) else f".{step}" if text else step
    # A key that was sent may itself be broken; it is shown, never stored.
    return text.encode("utf-8", "replace").decode()[:200]


def flat(messages: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str, str]]:
    """A schema's messages, each with its place."""
    if isinstance(messages, Mapping):
        for name, inner in messages.items():
            # An unnamed part of a dict's messages is marshmallow's own: "value" of a key.
            yield from flat(inner, path if name in ("_schema", "value") else (*path, name))
    elif isinstance(messages, list):
        for message in messages:
            yield dotted(path), str(message)
    else:
        yield dotted(path), str(messages)


def require_once(query: MultiDict[str, str]) -> None:
    """Refuse an address that says a key twice: nobody knows which was meant."""
    twice = next((key for key, values in query.lists() if len(values) > 1), None)
    if twice is not None:
        place = dotted((twice,))
        raise Invalid("input_invalid", f"{place}：只能写一次", field=place)


def require_unasked() -> None:
    """Refuse keys in an address that takes none: `as_of` that is not heeded would be answered wrongly."""
    unknown = next(iter(flask.request.args), None)
    if unknown is not None:
        place = dotted((unknown,))
        raise Invalid("input_invalid", f"{place}：不认识的字段", field=place)


class Parser(FlaskParser):
    """The parser of all arguments: unknown keys are errors in bodies and in addresses."""

    DEFAULT_UNKNOWN_BY_LOCATION = {  # noqa: RUF012 - as webargs declares it
        **FlaskParser.DEFAULT_UNKNOWN_BY_LOCATION,
        "query": RAISE,
        "json": RAISE,
    }

    def _raw_load_json(self, req: flask.Request) -> Any:
        data = req.get_data(cache=True)
        if not data:
            return {}
        if not req.is_json:
            raise Malformed("not_json", "请求内容须为 application/json")
        return read_json(data)

    def load_querystring(self, req: flask.Request, schema: Schema) -> Any:
        """The address's keys, each of them once."""
        require_once(req.args)
        return super().load_querystring(req, schema)

    def handle_error(
        self,
        error: ValidationError,
        req: flask.Request,
        schema: Schema,
        *,
        error_status_code: int | None,
        error_headers: Mapping[str, str] | None,
    ) -> NoReturn:
        """Tell all problems, the first as the error itself."""
        messages = error.messages
        if isinstance(messages, dict) and set(messages) <= {"json", "query", "path"}:
            messages = next(iter(messages.values()))
        problems = [{"field": f, "message": m} for f, m in flat(messages)][:100]
        first = problems[0]
        told = f"{first['field']}：{first['message']}" if first["field"] else first["message"]
        raise Invalid("input_invalid", told, field=first["field"] or None, problems=problems)
