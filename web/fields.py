"""Fields that take nothing for something else: 1 is not true, "1" is not 1, 1.0 fen is not 1 fen."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from typing import Any

from marshmallow import RAISE, Schema, ValidationError, fields, validate

from domain.values import MAX_FEN, Money

OWN_MESSAGES = {
    "required": "缺少此项",
    "null": "不能为空（null）",
    "validator_failed": "值不正确",
    "invalid": "值不正确",
}


def broken(text: str) -> bool:
    """Whether a text holds control characters or half a character, which no database keeps."""
    return any((ord(m) < 32 and m not in "\n\r\t") or 0xD800 <= ord(m) < 0xE000 for m in text)


def known(**more: Any) -> dict[str, Any]:
    """Keyword arguments of a field, with the error messages in Chinese."""
    messages = {**OWN_MESSAGES, **more.pop("error_messages", {})}
    return {
        "required": not {"load_default", "allow_none"} & set(more),
        **more,
        "error_messages": messages,
    }


class Words(fields.String):
    """Text of `least` to `most` characters; blanks alone are no text."""

    def __init__(self, most: int = 200, *, least: int = 1, **more: Any) -> None:
        self.least, self.most = least, most
        super().__init__(
            validate=validate.Length(least, most, error=f"须为 {least} 至 {most} 个字符"),
            **known(error_messages={"invalid": "应为文本"}, **more),
        )

    def _deserialize(self, value: Any, attr: str | None, data: Any, **more: Any) -> str:
        if not isinstance(value, str):
            raise self.make_error("invalid")
        if self.least and not value.strip():
            raise ValidationError("不能为空白")
        if broken(value):
            raise ValidationError("含有控制字符或残缺字符")
        return value


class Whole(fields.Integer):
    """A whole number within bounds; true, 1.0 and "1" are none."""

    def __init__(self, least: int = 0, most: int = 10**9, **more: Any) -> None:
        super().__init__(
            strict=True,
            validate=validate.Range(least, most, error=f"应在 {least} 至 {most} 之间"),
            **known(error_messages={"invalid": "应为整数"}, **more),
        )

    def _deserialize(self, value: Any, attr: str | None, data: Any, **more: Any) -> int:
        if type(value) is not int:
            raise self.make_error("invalid")
        return super()._deserialize(value, attr, data, **more)


class QueryWhole(fields.Integer):
    """A whole number in an address, where everything is text."""

    def __init__(self, least: int = 0, most: int = 10**9, **more: Any) -> None:
        super().__init__(
            validate=validate.Range(least, most, error=f"应在 {least} 至 {most} 之间"),
            **known(error_messages={"invalid": "应为整数"}, **more),
        )

    def _deserialize(self, value: Any, attr: str | None, data: Any, **more: Any) -> int:
        if not re.fullmatch(r"-?[0-9]{1,15}", str(value)):
            raise self.make_error("invalid")
        return super()._deserialize(value, attr, data, **more)


class Fen(Whole):
    """Money in integer fen; loads as Money."""

    def __init__(self, **more: Any) -> None:
        super().__init__(0, MAX_FEN, metadata={"description": "人民币，单位：分"}, **more)

    def deserialize(self, value: Any, *args: Any, **more: Any) -> Any:
        found = super().deserialize(value, *args, **more)
        return Money(found) if type(found) is int else found


class Flag(fields.Boolean):
    """true or false, and nothing that looks like it."""

    def __init__(self, **more: Any) -> None:
        super().__init__(**known(error_messages={"invalid": "应为 true 或 false"}, **more))

    def _deserialize(self, value: Any, attr: str | None, data: Any, **more: Any) -> bool:
        if not isinstance(value, bool):
            raise self.make_error("invalid")
        return value


class QueryFlag(fields.Boolean):
    """true or false in an address."""

    def __init__(self, **more: Any) -> None:
        super().__init__(**known(error_messages={"invalid": "应为 true 或 false"}, **more))

    def _deserialize(self, value: Any, attr: str | None, data: Any, **more: Any) -> bool:
        if value not in ("true", "false"):
            raise self.make_error("invalid")
        return bool(value == "true")


class Id(fields.UUID):
    """A UUID in its usual form."""

    def __init__(self, **more: Any) -> None:
        super().__init__(**known(error_messages={"invalid_uuid": "应为 UUID"}, **more))

    def _validated(self, value: Any) -> Any:
        if not isinstance(value, str) or not re.fullmatch(r"[0-9a-fA-F-]{32,36}", value):
            raise self.make_error("invalid_uuid")
        return super()._validated(value)


class Day(fields.Date):
    """A date as YYYY-MM-DD."""

    def __init__(self, **more: Any) -> None:
        told = {"invalid": "应为 YYYY-MM-DD 形式的日期"}
        super().__init__(**known(error_messages=told, **more))

    def _deserialize(self, value: Any, attr: str | None, data: Any, **more: Any) -> dt.date:
        if not isinstance(value, str) or not re.fullmatch(r"[12][0-9]{3}-[0-9]{2}-[0-9]{2}", value):
            raise self.make_error("invalid", input=value, obj_type="date")
        found: dt.date = super()._deserialize(value, attr, data, **more)
        return found


class Moment(fields.AwareDateTime):
    """A moment in ISO 8601 with its offset from UTC; loads as UTC."""

    def __init__(self, **more: Any) -> None:
        told = "应为带时区的 ISO 8601 时间，如 2022-10-28T17:30:00+08:00"
        told_both = {"invalid": told, "invalid_awareness": told}
        super().__init__(format="iso", **known(error_messages=told_both, **more))

    def _deserialize(self, value: Any, attr: str | None, data: Any, **more: Any) -> dt.datetime:
        if not isinstance(value, str) or not re.match(r"[12][0-9]{3}-", value):
            raise self.make_error("invalid", input=value, obj_type="datetime")
        found: dt.datetime = super()._deserialize(value, attr, data, **more)
        try:
            return found.astimezone(dt.UTC)
        except OverflowError:
            raise self.make_error("invalid", input=value, obj_type="datetime") from None


class Choice(fields.String):
    """One of some words."""

    def __init__(self, *options: str, **more: Any) -> None:
        told = f"应为其中之一：{'、'.join(options)}"
        super().__init__(
            validate=validate.OneOf(options, error=told),
            **known(error_messages={"invalid": told}, **more),
        )


class Free(fields.Field[Any]):
    """Any JSON object of at most `most` characters; the domain checks what is in it."""

    def __init__(self, most: int = 500_000, **more: Any) -> None:
        self.most = most
        told = {"invalid": "应为对象（键与值）"}
        super().__init__(metadata={"type": "object"}, **known(error_messages=told, **more))

    def _deserialize(self, value: Any, attr: str | None, data: Any, **more: Any) -> Any:
        if not isinstance(value, Mapping):
            raise self.make_error("invalid")
        return value


def many(inner: fields.Field[Any], most: int = 500, *, least: int = 0, **more: Any) -> Any:
    """A list of at most so many."""
    limits = validate.Length(least, most, error=f"须为 {least} 至 {most} 项")
    told = {"invalid": "应为列表"}
    return fields.List(inner, validate=limits, **known(error_messages=told, **more))


def part(schema: type[Schema], **more: Any) -> fields.Nested:
    """An object inside another."""
    return fields.Nested(schema, **known(error_messages={"type": "应为对象（键与值）"}, **more))


class Strict(Schema):
    """A body or query of exactly these keys."""

    error_messages = {  # noqa: RUF012 - as marshmallow declares it
        "unknown": "不认识的字段",
        "type": "应为对象（键与值）",
    }

    class Meta:
        unknown = RAISE


class Command(Strict):
    """The body of a command. `expected_version` is what If-Match says, for clients that cannot set headers."""

    expected_version = Whole(1, load_default=None, allow_none=True)


class Reason(Command):
    """Why."""

    reason = Words(2_000)
