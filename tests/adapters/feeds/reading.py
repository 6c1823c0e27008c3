"""A calendar read by the letter of RFC 5545: octets, folds, names, and what each part must have."""

from __future__ import annotations

import re
from collections import Counter

NAME = re.compile(r"[A-Z0-9-]+")
STAMP = re.compile(r"\d{8}T\d{6}Z")
TEXTS = {"SUMMARY", "DESCRIPTION", "CATEGORIES", "NAME", "X-WR-CALNAME"}
EVENT_NEEDS = ("UID", "DTSTAMP", "DTSTART", "DTEND", "SEQUENCE", "LAST-MODIFIED", "SUMMARY", "URL")

Line = tuple[str, dict[str, str], str]


def unfolded(text: bytes) -> list[str]:
    """The content lines; wrong lengths, line ends and characters cut in two are refused."""
    assert text.endswith(b"\r\n")
    physical = text[:-2].split(b"\r\n")
    for line in physical:
        assert b"\r" not in line
        assert b"\n" not in line
        assert len(line) <= 75, line
        line.decode("utf-8")  # A fold never stands within a character.
    lines: list[bytes] = []
    for line in physical:
        if line.startswith(b" "):
            lines[-1] += line[1:]
        else:
            assert line, "an empty line"
            lines.append(line)
    return [line.decode("utf-8") for line in lines]


def content(line: str) -> Line:
    """Name, parameters and value of a line."""
    head, mark, value = line.partition(":")
    assert mark == ":", line
    name, *parameters = head.split(";")
    assert NAME.fullmatch(name), line
    found = dict(each.split("=", 1) for each in parameters)
    if name in TEXTS:
        assert not re.search(r"[\\;,]", re.sub(r"\\[\\;,nN]", "", value)), line
    return name, found, value


def events(text: bytes) -> list[dict[str, Line]]:
    """The events of a calendar, after the whole was checked."""
    lines = [content(line) for line in unfolded(text)]
    stack: list[str] = []
    found: list[dict[str, Line]] = []
    for name, parameters, value in lines:
        if name == "BEGIN":
            stack.append(value)
            if value == "VEVENT":
                found.append({})
        elif name == "END":
            assert stack.pop() == value
        elif stack[-1] == "VEVENT":
            assert name not in found[-1], f"{name} twice"
            found[-1][name] = (name, parameters, value)
    assert stack == []
    assert lines[0] == ("BEGIN", {}, "VCALENDAR")
    assert lines[-1] == ("END", {}, "VCALENDAR")
    names = Counter(name for name, _, _ in lines)
    assert (names["PRODID"], names["VERSION"], names["METHOD"]) == (1, 1, 0)
    zones = [value for name, _, value in lines if name == "TZID"]
    for event in found:
        _require_whole(event, zones)
    uids = [event["UID"][2] for event in found]
    assert len(set(uids)) == len(uids)
    return found


def _require_whole(event: dict[str, Line], zones: list[str]) -> None:
    assert [name for name in EVENT_NEEDS if name not in event] == []
    assert STAMP.fullmatch(event["DTSTAMP"][2])
    assert STAMP.fullmatch(event["LAST-MODIFIED"][2])
    starts, ends = event["DTSTART"], event["DTEND"]
    assert starts[1] == ends[1]
    assert starts[2] < ends[2]
    if starts[1] == {"VALUE": "DATE"}:
        assert re.fullmatch(r"\d{8}", starts[2])
    else:
        assert starts[1]["TZID"] in zones
        assert re.fullmatch(r"\d{8}T\d{6}", starts[2])
