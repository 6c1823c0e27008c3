"""Next year's holidays, invented, and when an operator puts them into the home."""

from __future__ import annotations

from datetime import date

from tests.domain.persons import at

CALENDAR_ON = at("2026-11-28", "14:00")
NAMED = (
    ("元旦", ("01-01",), True),
    ("春节", ("02-05", "02-08", "02-09", "02-10", "02-11"), True),
    ("春节", ("02-20",), False),
    ("清明节", ("04-05",), True),
    ("劳动节", ("05-03", "05-04", "05-05"), True),
    ("国庆节", ("10-01", "10-04", "10-05", "10-06", "10-07"), True),
)
CALENDAR = {
    "year": 2027,
    "papers": ["国办发明电〔2026〕9号"],
    "days": [
        {"name": name, "date": f"2027-{day}", "isOffDay": off}
        for name, days, off in NAMED
        for day in days
    ],
}

HOLIDAYS = {date.fromisoformat(f"2027-{day}"): off for _, days, off in NAMED for day in days}
"""Each day that is not as its weekday: whether it is off."""
