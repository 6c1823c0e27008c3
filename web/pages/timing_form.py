"""The form of a federation's settings of passing time: what is in it, and what it says."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from adapters.messages.wording import MATTERS
from domain.matters import KINDS
from domain.policy.timing import Rhythm

Given = Mapping[str, str]

FLAGS = ("working_days_only", "private_webhooks")
GROUPS = (
    (
        "年度考核",
        (
            ("campaign_opens_days_before", "截止日前多少天开始", ""),
            ("campaign_closes_days_after", "截止日后多少天自动结束", "留空：由经办人结束"),
        ),
    ),
    (
        "提醒",
        (
            ("escalate_after_days", "逾期多少天后同时提醒上一级", ""),
            ("catch_up_days", "停机后最多补发多少天内的提醒", ""),
        ),
    ),
    (
        "办理期限（天）",
        (
            ("answer_objection_days", "收到异议到答复", ""),
            ("name_within_days", "公示期满到命名", ""),
            ("pay_within_days", "核定补助到拨付", ""),
            ("match_within_days", "拨付到与银行流水核对", ""),
            ("account_within_days", "拨付到说明使用情况", ""),
        ),
    ),
)
"""Keys that are numbers of days: title, and for each its name, label and hint."""

HOURS = ("zone", "hour", "mail_from", "mail_until")
NUMBERS = tuple(name for _, keys in GROUPS for name, _, _ in keys)
OPTIONAL = "campaign_closes_days_after"
PERIOD = ("id", "name", "due_month_day")
REMINDING = ("before", "overdue_every", "overdue_most")
ALSO = (("city_officer", "经办人"), ("auditor", "经审"), ("administrator", "管理员"))
"""Roles of the federation that may be told too, and what they are called in the form."""

SPARE = 2
"""Empty rows for further periods."""


@dataclass(frozen=True, slots=True)
class Reminder:
    """A kind of matter, how often it is spoken of by default, and what the form says of it."""

    kind: str
    name: str
    usual: str
    before: str
    overdue_every: str
    overdue_most: str
    also: frozenset[str]
    off: bool


@dataclass(frozen=True, slots=True)
class Form:
    """What stands in the inputs."""

    values: Mapping[str, str]
    flags: Mapping[str, bool]
    periods: Sequence[Mapping[str, str]]
    reminders: Sequence[Reminder]


def from_keys(keys: Mapping[str, Any]) -> Form:
    """The form with settings in it."""
    own = {each["kind"]: each for each in keys["reminders"]}
    periods = [{name: each[name] for name in PERIOD} for each in keys["self_check_periods"]]
    blank = dict.fromkeys(PERIOD, "")
    return Form(
        {name: _text(keys[name]) for name in (*HOURS, *NUMBERS)},
        {name: bool(keys[name]) for name in FLAGS},
        [*periods, *(dict(blank) for _ in range(SPARE))],
        [_reminder(kind, own.get(kind, {})) for kind in KINDS],
    )


def from_given(given: Given) -> Form:
    """The form as it was sent."""
    rows = len({name for name in given if re.fullmatch(r"periods\.\d{1,2}\.id", name)})
    return Form(
        {name: given.get(name, "").strip() for name in (*HOURS, *NUMBERS)},
        {name: name in given for name in FLAGS},
        [
            {name: given.get(f"periods.{row}.{name}", "").strip() for name in PERIOD}
            for row in range(rows)
        ],
        [_reminder(kind, dict(_said(given, kind))) for kind in KINDS],
    )


def to_keys(form: Form) -> dict[str, Any]:
    """The settings that the form says, as plain keys; what is no number stays as it was written."""
    keys: dict[str, Any] = {name: text for name, text in form.values.items() if text}
    keys.update({name: _number(keys[name]) for name in NUMBERS if name in keys})
    if OPTIONAL not in keys:
        keys[OPTIONAL] = None
    keys.update(form.flags)
    keys["self_check_periods"] = [dict(each) for each in form.periods if any(each.values())]
    keys["reminders"] = [found for each in form.reminders if len(found := _keys(each)) > 1]
    return keys


def faults(form: Form, told: Mapping[str, str]) -> dict[str, str]:
    """What is wrong, by the name of the input instead of the key."""
    rows = [row for row, each in enumerate(form.periods) if any(each.values())]
    kinds = [each.kind for each in form.reminders if len(_keys(each)) > 1]
    found: dict[str, str] = {}
    for path, message in told.items():
        if match := re.fullmatch(r"self_check_periods\[(\d+)\]\.(\w+)", path):
            found[f"periods.{rows[int(match[1])]}.{match[2]}"] = message
        elif match := re.fullmatch(r"reminders\[(\d+)\]\.(\w+)(\[\d+\])?", path):
            found.setdefault(f"reminders.{kinds[int(match[1])]}.{match[2]}", message)
        elif path == "due_month_day":
            found["self_check_periods"] = message
        else:
            found[path] = message
    return found


def _said(given: Given, kind: str) -> Iterator[tuple[str, Any]]:
    for name in REMINDING:
        yield name, given.get(f"reminders.{kind}.{name}", "").strip()
    yield "also", [role for role, _ in ALSO if f"reminders.{kind}.also.{role}" in given]
    yield "off", f"reminders.{kind}.off" in given


def _reminder(kind: str, own: Mapping[str, Any]) -> Reminder:
    before = own.get("before")
    days = before if isinstance(before, str) else " ".join(map(str, before or ()))
    every, most = (_text(own.get(name)) for name in REMINDING[1:])
    usual = usually(KINDS[kind])
    also = frozenset(own.get("also") or ())
    off = bool(own.get("off"))
    return Reminder(kind, MATTERS[kind].zh, usual, days, every, most, also, off)


def _keys(reminder: Reminder) -> dict[str, Any]:
    """A kind's own settings; only its name where the form says nothing of it."""
    keys: dict[str, Any] = {"kind": reminder.kind}
    if reminder.before:
        keys["before"] = [
            _number(each) for each in re.split(r"[\s,，、;；]+", reminder.before) if each
        ]
    for name in REMINDING[1:]:
        if text := getattr(reminder, name):
            keys[name] = _number(text)
    if reminder.also:
        keys["also"] = sorted(reminder.also)
    if reminder.off:
        keys["off"] = True
    return keys


def usually(rhythm: Rhythm) -> str:
    """How often a kind is spoken of by default, in words."""
    found = ["一出现"] if rhythm.at_once else []
    if before := [str(day) for day in rhythm.before if day]:
        found.append(f"到期前 {'、'.join(before)} 天")
    if 0 in rhythm.before:
        found.append("到期当天")
    if rhythm.overdue_every:
        found.append(f"逾期后每 {rhythm.overdue_every} 天，最多 {rhythm.overdue_most} 次")
    return "；".join(found)


def _number(text: str) -> int | str:
    return int(text) if re.fullmatch(r"-?[0-9]{1,9}", text) else text


def _text(value: Any) -> str:
    return "" if value is None else str(value)
