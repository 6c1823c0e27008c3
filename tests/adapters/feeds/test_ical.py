"""The text of a calendar: by the letter of the standard, and read by parsers of others."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import icalendar
import vobject

from adapters.feeds.entries import Entry, Told
from adapters.feeds.ical import rendered
from tests.adapters.feeds.reading import content, events, unfolded

BASE = "https://register.example"
NOW = datetime(2026, 11, 20, 8, 0, 0, 123456, UTC)
LONG = "关于做好二〇二六年度劳模和工匠人才创新工作室推荐申报工作的通知，" * 5 + "喆镕祎𠮷；a,b\\c"
DUTY = Entry(
    "assessment.union_due:f:u", "请报送 12 个工作室的结果", "期限：2026年12月31日\n办理", "/assessments",
    "待办", date(2026, 12, 31), date(2026, 12, 31),
)  # fmt: skip
NOTICE = Entry(
    "notice:n", f"公示：{LONG}", "截止：2026-11-26 24:00", "/notices/n", "公示",
    datetime(2026, 11, 19, 16, tzinfo=UTC), datetime(2026, 11, 26, 15, 59, 59, 999999, UTC),
)  # fmt: skip
CALL = Entry(
    "call:c", "申报", "截止：17:30", "/calls/c", "申报",
    datetime(2026, 9, 1, 1, tzinfo=UTC), datetime(2026, 9, 30, 9, 30, tzinfo=UTC),
)  # fmt: skip
TOLD = [Told(DUTY, 0, NOW), Told(NOTICE, 2, NOW), Told(CALL, 1, NOW, cancelled=True)]


def text() -> bytes:
    return rendered("铭牌：张三的工作日历", TOLD, BASE)


def test_each_line_is_of_75_octets_at_most_and_no_character_is_cut() -> None:
    lines = unfolded(text())
    assert any(len(line.encode()) > 75 for line in lines)
    assert [line for line in lines if line.startswith("X-WR-CALNAME")] == [
        "X-WR-CALNAME:铭牌：张三的工作日历"
    ]


def test_every_event_has_what_the_standard_and_clients_ask_for() -> None:
    found = {each["URL"][2]: each for each in events(text())}
    assert set(found) == {f"{BASE}/{place}" for place in ("assessments", "notices/n", "calls/c")}
    duty = found[f"{BASE}/assessments"]
    assert (duty["DTSTART"][2], duty["DTEND"][2]) == ("20261231", "20270101")
    assert duty["DTSTAMP"][2] == "20261120T080000Z"
    assert [found[url]["STATUS"][2] for url in sorted(found)] == [
        "CONFIRMED", "CANCELLED", "CONFIRMED",
    ]  # fmt: skip
    assert found[f"{BASE}/notices/n"]["SEQUENCE"][2] == "2"


def test_a_day_that_lasts_to_its_last_moment_ends_with_the_midnight_after_it() -> None:
    found = {each["URL"][2]: each for each in events(text())}
    assert found[f"{BASE}/notices/n"]["DTEND"] == (
        "DTEND", {"TZID": "Asia/Shanghai"}, "20261127T000000",
    )  # fmt: skip
    assert found[f"{BASE}/calls/c"]["DTEND"][2] == "20260930T173000"


def test_the_same_entries_always_give_the_same_bytes() -> None:
    assert rendered("甲", TOLD, BASE) == rendered("甲", reversed(TOLD), BASE)


def test_a_calendar_without_entries_is_one_still() -> None:
    lines = [content(line)[0] for line in unfolded(rendered("甲", [], BASE))]
    assert lines.count("BEGIN") == 3  # the calendar, its zone, the zone's one rule
    assert events(rendered("甲", [], BASE)) == []


def test_the_library_s_own_parser_gives_back_what_was_written() -> None:
    calendar = icalendar.Calendar.from_ical(text())
    found = {str(each["url"]): each for each in calendar.walk("VEVENT")}
    notice = found[f"{BASE}/notices/n"]
    assert str(notice["summary"]) == NOTICE.summary
    assert notice.decoded("dtend") == NOTICE.ends + timedelta(microseconds=1)
    assert found[f"{BASE}/assessments"].decoded("dtstart") == date(2026, 12, 31)
    assert calendar["refresh-interval"].params["VALUE"] == "DURATION"
    assert calendar.decoded("refresh-interval") == timedelta(hours=4)


def test_a_parser_of_others_reads_it_too() -> None:
    calendar = vobject.readOne(text().decode("utf-8"))
    found = {each.url.value: each for each in calendar.vevent_list}
    notice, duty = found[f"{BASE}/notices/n"], found[f"{BASE}/assessments"]
    assert notice.summary.value == NOTICE.summary
    ends = notice.dtend.value
    assert ends.astimezone(UTC) == datetime(2026, 11, 26, 16, tzinfo=UTC)
    assert ends.utcoffset() == ZoneInfo("Asia/Shanghai").utcoffset(ends.replace(tzinfo=None))
    assert (duty.dtstart.value, duty.dtend.value) == (date(2026, 12, 31), date(2027, 1, 1))
    assert duty.description.value.splitlines()[-1] == f"{BASE}/assessments"
    assert found[f"{BASE}/calls/c"].status.value == "CANCELLED"
