"""Mail as a server takes it, refuses it, is slow, or dies: nothing is lost, and nothing is sent twice."""

from __future__ import annotations

import itertools
import re
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from email import policy
from email.parser import BytesParser
from pathlib import Path

import pytest

from adapters.messages.carrying import Carried, carry
from adapters.messages.contacts import set_contact
from adapters.messages.deliveries import ATTEMPTS, resend, resend_all
from adapters.messages.spreading import spread
from adapters.settings import Settings, SettingsError
from domain.values import Role
from tests.adapters.messages.scene import DAY, MINUTE, NINE, certificate, mailbox, scene


def test_a_message_arrives_as_a_mail_that_any_program_reads(
    tmp_path: Path, database_url: str
) -> None:
    with mailbox() as box:
        here = scene(tmp_path, database_url, smtp_url=f"smtp://127.0.0.1:{box.port}")
        account = here.reader()
        here.say()
        assert spread(here.house, NINE) == 1
        assert carry(here.house, NINE) == Carried(sent=1)
        here.house.close()
    (tmp_path / "mail.eml").write_bytes(box.raw[0])
    with (tmp_path / "mail.eml").open("rb") as file:
        mail = BytesParser(policy=policy.default).parse(file)
    (row,) = box.to
    assert row == [f"person{account.hex[:6]}@union.example"]
    assert mail["Subject"] == "2026 年度考核：请报送 12 个工作室的结果"
    assert mail["From"].addresses[0].display_name == "示例市总工会"
    assert mail["To"].addresses[0].display_name == "张1"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["Date"].datetime == NINE
    assert mail["Date"].datetime.utcoffset() == timedelta(hours=8)
    assert re.fullmatch(r"<[0-9a-f-]{36}@city\.example>", mail["Message-ID"])
    assert mail["List-Id"].startswith("示例市总工会 <")
    assert mail.get_content_type() == "multipart/alternative"
    plain, page = mail.get_body(("plain",)), mail.get_body(("html",))
    assert plain is not None
    assert page is not None
    assert "期限：2026年12月31日（星期四）" in plain.get_content()
    assert "办理：https://register.example/assessments?year=2026" in plain.get_content()
    assert "您在东区总工会的角色是“推荐单位工会”" in plain.get_content()
    assert '<a href="https://register.example/assessments?year=2026">' in page.get_content()
    assert not re.search(r"<(img|script|link|iframe)|src=|@import|url\(", page.get_content())
    assert all(line.isascii() and len(line) < 999 for line in box.raw[0].split(b"\r\n"))


def test_an_english_reader_gets_english(tmp_path: Path, sqlite_url: str) -> None:
    with mailbox() as box:
        here = scene(tmp_path, sqlite_url, smtp_url=f"smtp://127.0.0.1:{box.port}")
        here.reader(language="en")
        here.say()
        spread(here.house, NINE)
        carry(here.house, NINE)
        here.house.close()
    (mail,) = box.mails
    plain = mail.get_body(("plain",))
    assert plain is not None
    assert "Thursday, 31 December 2026" in plain.get_content()
    assert mail["Content-Language"] == "en"


def test_what_was_sent_is_not_sent_again(tmp_path: Path, database_url: str) -> None:
    with mailbox() as box:
        here = scene(tmp_path, database_url, smtp_url=f"smtp://127.0.0.1:{box.port}")
        here.reader()
        for _ in range(3):
            here.say()
        for _ in range(3):
            spread(here.house, NINE)
            carry(here.house, NINE)
        here.house.close()
    assert len(box.raw) == 3
    assert box.sessions == 1


def test_who_holds_the_office_now_and_wants_mail_is_written_to(
    tmp_path: Path, database_url: str
) -> None:
    with mailbox() as box:
        here = scene(tmp_path, database_url, smtp_url=f"smtp://127.0.0.1:{box.port}")
        wanted = here.reader()
        here.reader(muted=("assessment.union_due",))
        set_contact(
            here.house, here.account(here.east), NINE, email="off@union.example", mail="off"
        )
        here.account(here.east)
        elsewhere = here.account(here.place("西区总工会", here.city))
        set_contact(here.house, elsewhere, NINE, email="west@union.example", mail="each")
        auditor = here.account(here.east, role=Role.AUDITOR)
        set_contact(here.house, auditor, NINE, email="auditor@union.example", mail="each")
        gone, revoked = here.reader(), here.reader()
        directory = here.house.register.directory
        admin = here.account(here.city, role=Role.ADMINISTRATOR)
        first, second = (
            directory.mandate(
                admin, role=Role.ADMINISTRATOR, organisation=here.city, at=NINE, request_id=id
            )
            for id in "12"
        )
        directory.disable_account(first, gone, "离职")
        directory.revoke_role(second, revoked, Role.RECOMMENDING_UNION, here.east)
        here.say()
        spread(here.house, NINE)
        assert [each.target for each in here.rows()] == [wanted]
        here.house.close()


def test_a_mail_server_that_is_down_for_a_month_loses_nothing(
    tmp_path: Path, database_url: str
) -> None:
    here = scene(tmp_path, database_url)
    for _ in range(2):
        here.reader()
    here.say()
    spread(here.house, NINE)
    for day in range(30):
        found = carry(here.house, NINE + day * DAY)
        assert (found.sent, found.dead) == (0, 0)
    rows = here.rows()
    assert {(row.state, row.attempts) for row in rows} == {("waiting", 0)}
    assert any("连接" in (row.error or "") or "refused" in (row.error or "") for row in rows)
    port = int(here.house.settings.smtp_url.rpartition(":")[2])
    with mailbox(port) as box:
        assert carry(here.house, NINE + 30 * DAY).sent == 2
    assert len({mail["Message-ID"] for mail in box.mails}) == 2
    here.house.close()


def test_without_a_mail_server_nothing_waits_for_one(tmp_path: Path, sqlite_url: str) -> None:
    here = scene(tmp_path, sqlite_url, smtp_url="")
    here.reader()
    here.say()
    assert spread(here.house, NINE) == 1
    assert here.rows() == []
    here.house.close()


@pytest.mark.parametrize(
    ("reply", "state", "error"),
    [
        ("550 no such user", "dead", "邮件服务器拒收这个收件人（550）"),
        ("450 mailbox busy", "waiting", "邮件服务器拒收这个收件人（450）"),
    ],
)
def test_a_refused_addressee(
    tmp_path: Path, sqlite_url: str, reply: str, state: str, error: str
) -> None:
    with mailbox() as box:
        box.rcpt = lambda _address: reply
        here = scene(tmp_path, sqlite_url, smtp_url=f"smtp://127.0.0.1:{box.port}")
        here.reader()
        here.say()
        spread(here.house, NINE)
        carry(here.house, NINE)
        (row,) = here.rows()
        here.house.close()
    assert (row.state, row.attempts, row.error, row.answer) == (state, 1, error, reply[:3])


def test_one_bad_address_does_not_stop_the_others(tmp_path: Path, sqlite_url: str) -> None:
    with mailbox() as box:
        here = scene(tmp_path, sqlite_url, smtp_url=f"smtp://127.0.0.1:{box.port}")
        bad = here.reader()
        box.rcpt = lambda to: "550 no" if bad.hex[:6] in to else None
        for _ in range(4):
            here.reader()
        here.say()
        spread(here.house, NINE)
        assert carry(here.house, NINE) == Carried(sent=4, dead=1)
        assert resend_all(here.house.engine, bad, NINE) == 1
        box.rcpt = lambda _to: None
        assert carry(here.house, NINE + MINUTE) == Carried(sent=1)
        here.house.close()


def test_a_server_that_says_later_is_asked_eight_times_in_a_day(
    tmp_path: Path, database_url: str
) -> None:
    with mailbox() as box:
        box.data = lambda _server: "451 try again later"
        here = scene(tmp_path, database_url, smtp_url=f"smtp://127.0.0.1:{box.port}")
        here.reader()
        here.say()
        spread(here.house, NINE)
        tried, at = [], NINE
        while not tried or here.rows()[0].state == "waiting":
            if carry(here.house, at) != Carried():
                tried.append(at - NINE)
            at += 5 * MINUTE
        (row,) = here.rows()
        assert (row.state, row.attempts, len(tried)) == ("dead", ATTEMPTS, ATTEMPTS)
        assert timedelta(hours=20) < tried[-1] < timedelta(hours=36)
        assert row.error == "邮件服务器拒收邮件（451）"
        box.data = lambda _server: None
        resend(here.house.engine, row.id, at)
        assert carry(here.house, at) == Carried(sent=1)
        here.house.close()


@contextmanager
def dying() -> Iterator[tuple[int, list[bytes]]]:
    """A mail server that takes a message and falls before it answers."""
    got: list[bytes] = []
    listener = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        while True:
            try:
                talk, _ = listener.accept()
            except OSError:
                return
            with talk, talk.makefile("rwb", buffering=0) as file:
                file.write(b"220 here\r\n")
                for line in file:
                    if line.upper().startswith(b"DATA"):
                        file.write(b"354 go on\r\n")
                        got.append(
                            b"".join(itertools.takewhile(lambda part: part != b"\r\n", file))
                        )
                        break
                    file.write(b"250 fine\r\n")
                talk.shutdown(socket.SHUT_RDWR)

    thread = threading.Thread(target=serve)
    thread.start()
    try:
        yield listener.getsockname()[1], got
    finally:
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        thread.join()


def test_a_server_that_dies_in_mid_message_gets_the_same_mail_later(
    tmp_path: Path, sqlite_url: str
) -> None:
    with dying() as (port, got):
        here = scene(tmp_path, sqlite_url, smtp_url=f"smtp://127.0.0.1:{port}")
        here.reader()
        here.say()
        spread(here.house, NINE)
        assert carry(here.house, NINE) == Carried(retried=1)
        (row,) = here.rows()
        assert (row.attempts, row.error) == (1, "邮件未能交给 127.0.0.1：连接中断")
    with mailbox(port) as box:
        assert carry(here.house, NINE + 2 * MINUTE) == Carried(sent=1)
    here.house.close()
    assert f"<{row.id}@city.example>".encode() in got[0]
    assert box.mails[0]["Message-ID"] == f"<{row.id}@city.example>"


def test_a_server_that_never_answers_is_not_waited_for_for_ever(
    tmp_path: Path, sqlite_url: str
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        here = scene(tmp_path, sqlite_url, smtp_url=f"smtp://127.0.0.1:{port}")
        for _ in range(20):
            here.reader()
        here.say()
        spread(here.house, NINE)
        assert carry(here.house, NINE, timeout=0.2) == Carried(retried=1)
        assert {row.attempts for row in here.rows()} == {0}
        assert {row.error for row in here.rows()} == {None, "邮件未能交给 127.0.0.1：等待答复超时"}
        here.house.close()


@pytest.mark.parametrize("scheme", ["smtp+starttls", "smtps"])
def test_mail_goes_encrypted_by_a_certificate_that_the_settings_believe(
    tmp_path: Path, sqlite_url: str, scheme: str
) -> None:
    context, authority = certificate(tmp_path)
    given = {"tls_context": context, "require_starttls": True}
    with mailbox(**(given if scheme == "smtp+starttls" else {"ssl_context": context})) as box:
        url = f"{scheme}://localhost:{box.port}"
        here = scene(tmp_path / "a", sqlite_url, smtp_url=url, smtp_ca_file=authority)
        here.reader()
        here.say()
        spread(here.house, NINE)
        assert carry(here.house, NINE) == Carried(sent=1)
        here.house.close()
    assert len(box.raw) == 1


def test_mail_does_not_go_to_a_server_that_nobody_vouches_for(
    tmp_path: Path, sqlite_url: str
) -> None:
    context, _ = certificate(tmp_path)
    with mailbox(tls_context=context, require_starttls=True) as box:
        url = f"smtp+starttls://localhost:{box.port}"
        here = scene(tmp_path / "a", sqlite_url, smtp_url=url)
        here.reader()
        here.say()
        spread(here.house, NINE)
        assert carry(here.house, NINE) == Carried(retried=1)
        assert here.rows()[0].error == "邮件未能交给 localhost：服务器的证书不可信"
        here.house.close()
    assert box.raw == []


def test_the_address_of_the_pages_is_one(tmp_path: Path) -> None:
    assert Settings.at(tmp_path, public_url="https://a.example/x/").public_url.endswith("/x")
    with pytest.raises(SettingsError, match="public_url"):
        Settings.at(tmp_path, public_url="a.example")
