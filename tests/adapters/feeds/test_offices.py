"""What stands in the calendars of a small town: each office's own, with exact ends and in both languages."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from uuid import UUID

import pytest

from adapters.feeds.addresses import Addresses
from adapters.feeds.entries import Entry
from adapters.feeds.feed import feed
from adapters.feeds.offices import Agenda, Office
from adapters.matters import tasks
from adapters.messages.contacts import set_contact
from adapters.messages.texts import Texts
from domain.errors import NotFound
from domain.policy.timing import Timing
from domain.values import start_of
from tests.adapters.feeds.reading import events
from tests.pages.town import Town, town


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    found = town(tmp_path_factory.mktemp("town"))
    yield found
    found.house.close()


def office(lived: Town, who: str) -> Office:
    _, role, organisation = lived.accounts[who]
    return Office(role, organisation)


def agenda(lived: Town, *who: str, language: str = "zh") -> dict[str, Entry]:
    """The entries of somebody's offices, by their thread."""
    house, at = lived.house, lived.now
    offices = [office(lived, name) for name in who]
    texts = Texts(house.settings.home)
    found = Agenda(house.queries, texts, offices, at, language).entries(tasks(house, at, offices))
    threads = {each.thread: each for each in found}
    assert len(threads) == len(found)
    return threads


def test_a_notice_lasts_from_its_first_day_to_the_exact_end(lived: Town) -> None:
    entry = agenda(lived, "unit0")[f"notice:{lived.running}"]
    row = lived.house.queries.one("notices", lived.running)
    assert entry.starts == start_of(date.fromisoformat(row["starts_on"]))
    assert entry.ends == datetime.fromisoformat(row["objections_until"])
    assert entry.summary == "公示：2027 年申报"
    assert entry.text == f"截止：{row['ends_on']} 24:00（北京时间）"


def test_a_call_lasts_from_its_opening_to_its_deadline(lived: Town) -> None:
    entry = agenda(lived, "union0")[f"call:{lived.call}"]
    row = lived.house.queries.one("calls", lived.call)
    assert (entry.starts.isoformat(), entry.ends.isoformat()) == (row["opens_at"], row["deadline"])
    assert entry.link == f"/calls/{lived.call}"


def test_visits_are_those_to_studios_of_one_s_own_tree(lived: Town) -> None:
    visits = {
        who: sorted(
            entry.summary for thread, entry in agenda(lived, who).items() if "visit:" in thread
        )
        for who in ("officer", "unit1", "unit0")
    }
    assert visits == {
        "officer": ["实地考察：2 个工作室"],
        "unit1": ["实地考察：王1创新工作室"],
        "unit0": [],
    }


def test_a_year_s_assessment_stands_on_its_days(lived: Town) -> None:
    opened = lived.did(
        lived.register.assessments.open, "officer",
        federation=lived.city, policy="story-2024", year=2027,
    )  # fmt: skip
    entry = agenda(lived, "union1")[f"campaign:{opened}"]
    row = lived.house.queries.one("campaigns", opened)
    assert entry.whole_days
    assert (str(entry.starts), str(entry.ends)) == (row["opens_on"], row["due_on"])
    assert entry.summary == "2027年度考核（试市总工会）"


def test_duties_are_those_of_the_office_alone(lived: Town) -> None:
    duties = {
        who: {
            thread.split(":")[0]
            for thread, entry in agenda(lived, who).items()
            if entry.category == "待办"
        }
        for who in ("officer", "unit2")
    }
    assert duties["officer"] - duties["unit2"] != set()
    assert all(
        entry.whole_days for entry in agenda(lived, "officer").values() if entry.category == "待办"
    )


def test_who_holds_two_offices_finds_everything_once(lived: Town) -> None:
    both = agenda(lived, "officer", "union0")
    assert set(both) >= set(agenda(lived, "officer")) | set(agenda(lived, "union0"))


def test_a_calendar_is_written_in_the_person_s_language(lived: Town) -> None:
    account, house = lived.accounts["officer"][0], lived.house
    Addresses(house.engine)

    def summaries() -> set[str]:
        text = feed(
            house.engine, house.queries, Texts(house.settings.home), account,
            tasks(house, lived.now, [office(lived, "officer")]), now=lived.now, base="https://r.example",
        )  # fmt: skip
        assert "周某".encode() not in text
        return {each["SUMMARY"][2] for each in events(text)}

    assert "公示：2027 年申报" in summaries()
    set_contact(house, account, lived.now, email=None, language="en")
    assert "Public notice: 2027 年申报" in summaries()


def test_a_moved_due_day_keeps_its_uid(lived: Town) -> None:
    before = agenda(lived, "officer")
    directory, (account, role, city) = lived.register.directory, lived.accounts["admin"]
    mandate = directory.mandate(
        account, role=role, organisation=city, at=lived.now, request_id="timing"
    )
    directory.set_timing(mandate, city, Timing(name_within_days=60, match_within_days=77))
    after = agenda(lived, "officer")
    assert {thread: entry.uid for thread, entry in after.items()} == {
        thread: entry.uid for thread, entry in before.items()
    }


def test_an_account_that_there_is_not_has_no_calendar(lived: Town) -> None:
    house = lived.house
    with pytest.raises(NotFound):
        feed(
            house.engine, house.queries, Texts(house.settings.home), UUID(int=1), [],
            now=lived.now, base="",
        )  # fmt: skip
