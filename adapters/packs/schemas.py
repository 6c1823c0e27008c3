"""The model's declarations as marshmallow schemas: unknown keys refused, types strict, in Chinese."""

from __future__ import annotations

import re
import types
from collections.abc import Callable, Mapping
from dataclasses import MISSING, fields, is_dataclass
from datetime import date, time
from decimal import Decimal
from difflib import get_close_matches
from functools import cache
from typing import Any, Union, cast, get_args, get_origin, get_type_hints

from marshmallow import RAISE, Schema, ValidationError, post_load
from marshmallow import fields as ma

from domain.errors import Invalid
from domain.policy.conditions import KINDS
from domain.policy.kinds.base import Rule
from domain.policy.kinds.compose import Part
from domain.policy.policy import Condition
from domain.values import Money

MESSAGES: dict[str, Any] = {
    "required": "缺少此项",
    "null": "不能为空",
    "validator_failed": "取值不对",
}
MAX_ITEMS = 1_000
MAX_TEXT = 5_000
DAY = re.compile(r"[12][0-9]{3}-[0-9]{2}-[0-9]{2}\Z")
CLOCK = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]\Z")
FRACTION = re.compile(r"[0-9]{1,9}(\.[0-9]{1,9})?\Z")


class Unfit(Exception):
    """A value cannot be read, and why in Chinese."""


class Plain(ma.Field[Any]):
    """A single value read by a function that raises Unfit."""

    def __init__(self, read: Callable[[Any], Any], **options: Any) -> None:
        super().__init__(error_messages=MESSAGES, **options)
        self.read = read

    def _deserialize(self, value: Any, attr: str | None, data: Any, **_: Any) -> Any:
        try:
            return self.read(value)
        except Unfit as error:
            raise ValidationError(str(error)) from error


class Items(ma.List[Any]):
    """A list, not too long, and not empty where the model needs it."""

    def __init__(self, inner: ma.Field[Any], *, filled: bool, **options: Any) -> None:
        super().__init__(inner, error_messages={**MESSAGES, "invalid": "应为列表"}, **options)
        self.filled = filled

    def _deserialize(self, value: Any, attr: str | None, data: Any, **more: Any) -> Any:
        if isinstance(value, list) and len(value) > MAX_ITEMS:
            raise ValidationError(f"超过 {MAX_ITEMS} 项")
        if isinstance(value, list) and self.filled and not value:
            raise ValidationError("不能是空列表")
        return tuple(super()._deserialize(value, attr, data, **more))


class Ruled(ma.Field[Any]):
    """A part with a `kind` and that kind's own parameters beside its other keys."""

    def __init__(self, part: type, **options: Any) -> None:
        super().__init__(error_messages=MESSAGES, **options)
        self.part = part

    def _deserialize(self, value: Any, attr: str | None, data: Any, **_: Any) -> Any:
        if not isinstance(value, dict):
            raise ValidationError("应为映射（键: 值）")
        if "kind" not in value:
            raise ValidationError({"kind": ["缺少此项"]})
        kind = KINDS.get(value["kind"]) if isinstance(value["kind"], str) else None
        if kind is None:
            near = get_close_matches(str(value["kind"]), KINDS, 1, 0.7)
            hint = f"；是否为 {near[0]}？" if near else ""
            raise ValidationError({"kind": [f"不认识的条件类型；可选：{'、'.join(KINDS)}{hint}"]})
        own = {each.name for each in fields(self.part)}
        outer = {name: item for name, item in value.items() if name in own}
        inner = {k: v for k, v in value.items() if k not in own and k != "kind"}
        made, errors = {}, {}
        for name, cls, given in (("part", _bare(self.part), outer), ("rule", kind, inner)):
            try:
                made[name] = schema_for(cls)().load(given)
            except ValidationError as error:
                errors.update(_mapping(error))
        if errors:
            raise ValidationError(errors)
        rule: Rule = made["rule"]
        return self.part(**made["part"], rule=rule)


def _mapping(error: ValidationError) -> dict[str, Any]:
    found = error.messages
    return found if isinstance(found, dict) else {"_schema": found}


class Bare:
    """Marks a part whose rule is read beside it: its schema gives plain keys, not the part."""


@cache
def _bare(part: type) -> type:
    return type(f"{part.__name__}Keys", (Bare,), {"part": part})


UNKNOWN = "不认识的键"


class Hinting(Schema):
    """A schema that asks whether an unknown key is a known one written otherwise."""

    def handle_error(self, error: ValidationError, data: Any, **_: Any) -> None:
        """Add the nearest known key to what is said of unknown ones."""
        for name, told in _mapping(error).items():
            near = get_close_matches(str(name), list(self.fields), 1, 0.7)
            if told == [UNKNOWN] and near:
                told[0] = f"{UNKNOWN}，是否为 {near[0]}？"


@cache
def schema_for(cls: type) -> type[Schema]:
    """The marshmallow schema of a part of the model; loading gives the part itself."""
    bare = issubclass(cls, Bare)
    part: type = getattr(cls, "part", cls)
    hints = get_type_hints(part)
    made: dict[str, Any] = {
        each.name: _field(hints[each.name], each.metadata, each.default is MISSING)
        for each in fields(part)
        if not each.metadata.get("derived")
    }

    class Meta:
        unknown = RAISE

    @post_load
    def make(_: Schema, data: dict[str, Any], **__: Any) -> Any:
        if bare:
            return data
        try:
            return part(**data)
        except Invalid as error:
            raise ValidationError(error.message, error.field or "_schema") from error

    messages = {"unknown": UNKNOWN, "type": "应为映射（键: 值）"}
    made |= {"Meta": Meta, "make": make, "error_messages": messages}
    return type(f"{cls.__name__}Schema", (Hinting,), made)


def _field(hint: Any, limits: Mapping[str, Any], required: bool) -> ma.Field[Any]:
    options: dict[str, Any] = {"required": required, "allow_none": False}
    if get_origin(hint) in {Union, types.UnionType}:
        hint = next(each for each in get_args(hint) if each is not type(None))
        options["allow_none"] = True
    if get_origin(hint) is tuple:
        inner = _field(get_args(hint)[0], {**limits, "item": True}, True)
        inner.required = False
        return Items(inner, filled=required, **options)
    if hint in {Condition, Part}:
        return Ruled(hint, **options)
    if is_dataclass(hint) and hint is not Money:
        nested = schema_for(cast(type, hint))
        return ma.Nested(
            nested, error_messages={**MESSAGES, "type": "应为映射（键: 值）"}, **options
        )
    return Plain(_reader(hint, limits, required), **options)


def _reader(hint: Any, limits: Mapping[str, Any], required: bool) -> Callable[[Any], Any]:
    if hint is str:
        return lambda value: _text(value, limits.get("choices") or (), required)
    if hint is int:
        return lambda value: _whole(value, limits.get("least"), limits.get("most"))
    return {bool: _flag, date: _day, time: _clock, Decimal: _fraction, Money: _money}[hint]


def _text(value: Any, choices: tuple[str, ...], required: bool) -> str:
    if not isinstance(value, str):
        raise Unfit("应为文本（数字与 true/false 请加引号）")
    if choices and value not in choices:
        raise Unfit(f"应为其中之一：{'、'.join(each for each in choices if each)}")
    if required and not value.strip():
        raise Unfit("不能是空白")
    if len(value) > MAX_TEXT:
        raise Unfit(f"超过 {MAX_TEXT} 字")
    if any(ord(mark) < 32 and mark not in "\n\t" for mark in value):
        raise Unfit("含有不可见的控制字符")
    return value.strip()


def _whole(value: Any, least: int | None, most: int | None) -> int:
    if type(value) is not int:
        raise Unfit("应为整数")
    if (least is not None and value < least) or (most is not None and value > most):
        low = f"不小于 {least}" if least is not None else ""
        high = f"不大于 {most}" if most is not None else ""
        raise Unfit(f"应{'、'.join(each for each in (low, high) if each)}")
    return value


def _flag(value: Any) -> bool:
    if not isinstance(value, bool):
        raise Unfit("应为 true 或 false")
    return value


def _day(value: Any) -> date:
    if isinstance(value, str) and DAY.match(value):
        try:
            return date.fromisoformat(value)
        except ValueError as error:
            raise Unfit(f"没有 {value} 这一天") from error
    raise Unfit("应为 YYYY-MM-DD 形式的日期")


def _clock(value: Any) -> time:
    if not isinstance(value, str) or not CLOCK.match(value):
        raise Unfit("应为 HH:MM 形式的时间")
    return time.fromisoformat(value)


def _fraction(value: Any) -> Decimal:
    text = str(value) if type(value) is int else value
    if not isinstance(text, str) or not FRACTION.match(text):
        raise Unfit("应为数字，如 0.5")
    return Decimal(text)


def _money(value: Any) -> Money:
    if type(value) is not int:
        raise Unfit("应为整数（单位：分）")
    try:
        return Money(value)
    except Invalid as error:
        raise Unfit(error.message) from error
