"""A calendar as iCalendar text (RFC 5545, with the names and the refresh interval of RFC 7986)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event, Timezone, TimezoneStandard, vText

from adapters.feeds.entries import Entry, Told

ZONE = "Asia/Shanghai"
OFFSET = timedelta(hours=8)
REFRESH = timedelta(hours=4)
"""How often a client is asked to look again."""

MEDIA_TYPE = "text/calendar; charset=utf-8"
SECOND = timedelta(seconds=1)
DAY = timedelta(days=1)


def rendered(name: str, told: Iterable[Told], base: str) -> bytes:
    """The text of a calendar; `base` is the address that paths of ours are put behind.

    The same entries always give the same bytes: nothing in them is of the moment they were asked for.
    """
    calendar = Calendar()
    for key, value in (
        ("prodid", "-//Mingpai//Calendar feed//ZH"),
        ("version", "2.0"),
        ("calscale", "GREGORIAN"),
        ("name", name),
        ("x-wr-calname", name),
        ("x-wr-timezone", ZONE),
    ):
        calendar.add(key, value)
    calendar.add("refresh-interval", REFRESH, parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", vText("PT4H"))
    calendar.add_component(_zone())
    for each in sorted(told, key=lambda each: (str(each.entry.starts), each.entry.uid)):
        calendar.add_component(_event(each, base))
    text: bytes = calendar.to_ical()
    return text


def _zone() -> Timezone:
    """China's one zone, without summer time since 1991."""
    standard = TimezoneStandard()
    standard.add("dtstart", datetime(1991, 9, 15, 1))  # noqa: DTZ001 - on the zone's own clocks
    standard.add("tzoffsetfrom", OFFSET)
    standard.add("tzoffsetto", OFFSET)
    standard.add("tzname", "CST")
    zone = Timezone()
    zone.add("tzid", ZONE)
    zone.add_component(standard)
    return zone


def _event(told: Told, base: str) -> Event:
    entry, event = told.entry, Event()
    event.add("uid", entry.uid)
    stamp = told.changed_at.astimezone(UTC).replace(microsecond=0)
    event.add("dtstamp", stamp)
    event.add("last-modified", stamp)
    event.add("sequence", told.sequence)
    event.add("status", "CANCELLED" if told.cancelled else "CONFIRMED")
    event.add("summary", entry.summary)
    event.add("description", f"{entry.text}\n{base}{entry.link}")
    event.add("url", f"{base}{entry.link}")
    event.add("categories", [entry.category])
    event.add("class", "PRIVATE")
    event.add("transp", "TRANSPARENT")
    _set_time(event, entry)
    return event


def _set_time(event: Event, entry: Entry) -> None:
    """Days or moments; the end of iCalendar is the first that does not belong to it any more."""
    if isinstance(entry.starts, datetime) and isinstance(entry.ends, datetime):
        event.add("dtstart", _local(entry.starts))
        event.add("dtend", _local(max(entry.ends, entry.starts + SECOND)))
    else:
        event.add("dtstart", entry.starts)
        event.add("dtend", entry.ends + DAY)


def _local(moment: datetime) -> datetime:
    return _whole(moment).astimezone(ZoneInfo(ZONE))


def _whole(moment: datetime) -> datetime:
    """The next whole second, so that a day's last microsecond becomes the midnight after it."""
    whole = moment.astimezone(UTC).replace(microsecond=0)
    return whole + SECOND if moment.microsecond else whole
