"""One mail a day for who wants one: everything in it, once, and never two of a day."""

from __future__ import annotations

import threading
from datetime import datetime, time, timedelta
from pathlib import Path

from adapters.messages.carrying import Carried, carry
from adapters.messages.contacts import set_contact
from adapters.messages.digests import digests
from adapters.messages.spreading import digest_at, spread
from domain.policy.timing import Timing
from domain.values import SHANGHAI
from tests.adapters.messages.scene import DAY, MINUTE, NINE, mailbox, scene


def test_a_day_s_messages_go_out_in_one_mail(tmp_path: Path, database_url: str) -> None:
    with mailbox() as box:
        here = scene(tmp_path, database_url, smtp_url=f"smtp://127.0.0.1:{box.port}")
        account = here.reader("daily")
        here.say(thread="a", facts={"year": 2026, "count": 12}, moment=NINE - 3 * DAY)
        here.say(thread="a", facts={"year": 2026, "count": 9}, moment=NINE - DAY)
        here.say("grant.paid", facts={"studio": "甲工作室", "amount": "20,000"}, link="/grants/1")
        spread(here.house, NINE)
        assert carry(here.house, NINE) == Carried()
        assert digests(here.house, NINE) == 1
        assert digests(here.house, NINE) == 0
        assert carry(here.house, NINE) == Carried(sent=1)
        gathered = here.rows(state="gathered")
        (row,) = here.rows(channel="mail")
        here.house.close()
    assert [each.digest for each in gathered] == [row.id] * 3
    (mail,) = box.mails
    assert mail["Subject"] == "2026年11月2日（星期一）提醒：2 项"
    assert mail["Message-ID"] == f"<{row.id}@city.example>"
    assert mail["To"].addresses[0].addr_spec == f"person{account.hex[:6]}@union.example"
    plain = mail.get_body(("plain",))
    assert plain is not None
    text = plain.get_content()
    assert "请报送 9 个工作室的结果（同一事项另有 1 条较早的提醒）" in text
    assert "补助已拨付：甲工作室" in text
    assert "12 个" not in text
    assert text.count("期限：2026年12月31日（星期四）") == 2
    assert "https://register.example/grants/1" in text


def test_what_comes_after_the_hour_waits_for_the_next_day(
    tmp_path: Path, database_url: str
) -> None:
    with mailbox() as box:
        here = scene(tmp_path, database_url, smtp_url=f"smtp://127.0.0.1:{box.port}")
        here.reader("daily")
        here.say()
        spread(here.house, NINE)
        assert digests(here.house, NINE - MINUTE) == 0
        assert digests(here.house, NINE) == 1
        here.say()  # due at nine, and late
        here.say(moment=NINE + timedelta(hours=6))
        for hour in range(1, 24):
            now = NINE + timedelta(hours=hour)
            spread(here.house, now)
            assert digests(here.house, now) == 0
        assert digests(here.house, NINE + DAY) == 1
        assert carry(here.house, NINE + DAY) == Carried(sent=2)
        here.house.close()
    assert [mail["Subject"] for mail in box.mails] == [
        "2026年11月2日（星期一）提醒：1 项",
        "2026年11月3日（星期二）提醒：2 项",
    ]


def test_after_forty_days_off_there_is_one_digest(tmp_path: Path, sqlite_url: str) -> None:
    here = scene(tmp_path, sqlite_url)
    here.reader("daily")
    for day in range(40):
        here.say(moment=NINE + day * DAY)
    back = NINE + 42 * DAY + timedelta(hours=5)
    spread(here.house, back)
    assert digests(here.house, back) == 1
    assert len(here.rows(state="gathered")) == 40
    assert len(here.rows(channel="mail")) == 1
    here.house.close()


def test_two_at_once_make_one_digest_each(tmp_path: Path, database_url: str) -> None:
    here = scene(tmp_path, database_url)
    for _ in range(5):
        here.reader("daily")
    for _ in range(3):
        here.say()
    together, made = threading.Barrier(3), []

    def work() -> None:
        together.wait()
        spread(here.house, NINE)
        made.append(digests(here.house, NINE))

    threads = [threading.Thread(target=work) for _ in range(3)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    made.append(digests(here.house, NINE))
    mails = here.rows(channel="mail")
    assert sum(made) == len(mails) == 5
    assert len({each.target for each in mails}) == 5
    assert len(here.rows(channel="digest")) == 15
    here.house.close()


def test_the_hour_is_the_federation_s(tmp_path: Path, sqlite_url: str) -> None:
    here = scene(tmp_path, sqlite_url)
    here.timing(hour=time(17, 30))
    here.reader("daily")
    here.say()
    spread(here.house, NINE)
    assert digests(here.house, NINE + timedelta(hours=8)) == 0
    assert digests(here.house, NINE + timedelta(hours=8, minutes=30)) == 1
    here.house.close()


def test_a_message_without_a_text_stops_alone(tmp_path: Path, sqlite_url: str) -> None:
    here = scene(tmp_path, sqlite_url)
    here.reader("daily")
    here.say(facts={})
    here.say()
    spread(here.house, NINE)
    assert digests(here.house, NINE) == 1
    (dead,) = here.rows(state="dead")
    assert "模板 zh/assessment.union_due.txt" in dead.error
    assert len(here.rows(state="gathered")) == 1
    here.house.close()


def test_nothing_but_broken_messages_makes_no_mail(tmp_path: Path, sqlite_url: str) -> None:
    here = scene(tmp_path, sqlite_url)
    here.reader("daily")
    here.say(facts={})
    spread(here.house, NINE)
    assert digests(here.house, NINE) == 0
    assert here.rows(channel="mail") == []
    here.house.close()


def test_who_wants_no_mail_any_more_gets_none(tmp_path: Path, sqlite_url: str) -> None:
    here = scene(tmp_path, sqlite_url)
    account = here.reader("daily")
    here.say()
    spread(here.house, NINE)
    set_contact(here.house, account, NINE, email=None)
    assert digests(here.house, NINE) == 0
    assert {row.state for row in here.rows()} == {"dropped"}
    here.house.close()


def test_a_message_belongs_to_the_next_hour_in_its_zone() -> None:
    def at(text: str) -> datetime:
        return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)

    timing = Timing(hour=time(9))
    assert digest_at(at("2026-11-02 09:00"), timing) == at("2026-11-02 09:00")
    assert digest_at(at("2026-11-02 09:00:01"), timing) == at("2026-11-03 09:00")
    assert digest_at(at("2026-11-02 00:10"), timing) == at("2026-11-02 09:00")
