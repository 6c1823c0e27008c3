"""Programs are told in the forms they know, signed, once each, and left alone when they do not answer."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import re
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import timedelta
from functools import partial
from pathlib import Path
from time import monotonic
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import sqlalchemy as sa
from flask import Response, redirect
from sqlalchemy import Connection

from adapters.messages.carrying import Carried, carry
from adapters.messages.deliveries import ATTEMPTS, pause, resend_all
from adapters.messages.endpoints import Wish, add_endpoint, change_endpoint, remove_endpoint
from adapters.messages.following import follow_log
from adapters.messages.posting import PostFailed, is_public, post
from adapters.messages.sending import SHUT, try_out
from adapters.messages.spreading import spread
from adapters.messages.tables import endpoints
from domain.errors import Invalid
from tests.adapters.messages.scene import MINUTE, NINE, certificate, free_port, hook, scene


def test_a_webhook_is_signed_by_the_convention(tmp_path: Path, database_url: str) -> None:
    with hook() as taken:
        here = scene(tmp_path, database_url)
        to = here.program(taken.url)
        id = here.say()
        spread(here.house, NINE)
        assert carry(here.house, NINE) == Carried(sent=1)
        assert carry(here.house, NINE) == Carried()
        (row,) = here.rows()
        here.house.close()
    ((path, headers, body),) = taken.got
    assert path == "/hook"
    assert headers["webhook-id"] == str(row.id)
    assert headers["webhook-timestamp"] == str(int(NINE.timestamp()))
    assert to.secret is not None
    key = base64.b64decode(to.secret.removeprefix("whsec_"))
    signed = f"{row.id}.{headers['webhook-timestamp']}.".encode() + body
    mac = base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
    assert headers["webhook-signature"] == f"v1,{mac}"
    told = json.loads(body)
    assert (told["type"], told["data"]["id"]) == ("assessment.union_due", str(id))
    assert told["data"]["title"] == "2026 年度考核：请报送 12 个工作室的结果"
    assert told["data"]["link"] == "https://register.example/assessments?year=2026"
    assert (row.state, row.answer) == ("sent", "200")


def test_a_receiver_checks_it_as_the_guide_says(tmp_path: Path, sqlite_url: str) -> None:
    guide = (Path(__file__).parents[3] / "docs" / "webhooks.md").read_text("utf-8")
    (source,) = re.findall(r"```python\n(.*?)```", guide, re.S)
    told: dict[str, Any] = {}
    exec(source, told)
    with hook() as taken:
        here = scene(tmp_path, sqlite_url)
        to = here.program(taken.url)
        here.say()
        spread(here.house, NINE)
        carry(here.house, NINE)
        here.house.close()
    ((_, headers, body),) = taken.got
    assert told["genuine"](to.secret, headers, body)
    assert not told["genuine"](to.secret, headers, body + b" ")
    assert not told["genuine"]("whsec_AAAA", headers, body)


def ok(**body: Any) -> Callable[[], Response]:
    return lambda: Response(json.dumps(body), content_type="application/json")


def test_wecom_takes_text(tmp_path: Path, sqlite_url: str) -> None:
    with hook() as taken:
        taken.answer = ok(errcode=0, errmsg="ok")
        here = scene(tmp_path, sqlite_url)
        here.program(f"{taken.url}?key=abc", "wecom")
        here.say()
        spread(here.house, NINE)
        assert carry(here.house, NINE) == Carried(sent=1)
        here.house.close()
    ((path, _, body),) = taken.got
    assert path == "/hook?key=abc"
    told = json.loads(body)
    assert told["msgtype"] == "text"
    assert told["text"]["content"].startswith("2026 年度考核：请报送 12 个工作室的结果\n")
    assert told["text"]["content"].endswith("https://register.example/assessments?year=2026")


def test_a_long_text_is_cut_where_a_character_ends(tmp_path: Path, sqlite_url: str) -> None:
    with hook() as taken:
        taken.answer = ok(errcode=0)
        here = scene(tmp_path, sqlite_url)
        here.program(taken.url, "wecom")
        here.say("studio.returned", facts={"studio": "甲", "reason": "缺" * 3_000})
        spread(here.house, NINE)
        carry(here.house, NINE)
        here.house.close()
    content = json.loads(taken.got[0][2])["text"]["content"]
    assert 2_040 < len(content.encode()) <= 2_048
    assert content.endswith("缺…")


def test_dingtalk_is_signed_in_the_query(tmp_path: Path, sqlite_url: str) -> None:
    with hook() as taken:
        taken.answer = ok(errcode=0, errmsg="ok")
        here = scene(tmp_path, sqlite_url)
        here.program(f"{taken.url}?access_token=abc", "dingtalk", secret="SECxyz")
        here.say()
        spread(here.house, NINE)
        assert carry(here.house, NINE) == Carried(sent=1)
        here.house.close()
    ((path, _, body),) = taken.got
    query = parse_qs(urlsplit(path).query)
    stamp = str(int(NINE.timestamp() * 1000))
    mac = hmac.new(b"SECxyz", f"{stamp}\nSECxyz".encode(), hashlib.sha256).digest()
    assert query == {
        "access_token": ["abc"],
        "timestamp": [stamp],
        "sign": [base64.b64encode(mac).decode()],
    }
    assert json.loads(body)["msgtype"] == "text"


def test_feishu_is_signed_in_the_body_and_no_name_can_call_everyone(
    tmp_path: Path, sqlite_url: str
) -> None:
    with hook() as taken:
        taken.answer = ok(code=0, msg="success", data={})
        here = scene(tmp_path, sqlite_url)
        here.program(taken.url, "feishu", secret="xyz")
        here.say("studio.returned", facts={"studio": '<at user_id="all">', "reason": "缺件"})
        spread(here.house, NINE)
        assert carry(here.house, NINE) == Carried(sent=1)
        here.house.close()
    told = json.loads(taken.got[0][2])
    stamp = str(int(NINE.timestamp()))
    mac = hmac.new(f"{stamp}\nxyz".encode(), b"", hashlib.sha256).digest()
    assert (told["timestamp"], told["sign"]) == (stamp, base64.b64encode(mac).decode())
    assert told["msg_type"] == "post"
    lines = told["content"]["post"]["zh_cn"]["content"]
    assert [part["tag"] for line in lines for part in line] == ["text", "a"]


ROBOTS: list[tuple[str, dict[str, Any], str]] = [
    ("wecom", {"errcode": 93000, "errmsg": "invalid webhook url"}, "dead"),
    ("wecom", {"errcode": 45009, "errmsg": "api freq out of limit"}, "waiting"),
    ("dingtalk", {"errcode": 310000, "errmsg": "sign not match"}, "dead"),
    ("dingtalk", {"errcode": 130101, "errmsg": "send too fast"}, "waiting"),
    ("feishu", {"code": 19021, "msg": "sign match fail"}, "dead"),
    ("feishu", {"code": 11232, "msg": "frequency limited"}, "waiting"),
    ("feishu", {"StatusCode": 0, "StatusMessage": "success"}, "sent"),
    ("feishu", {"strange": True}, "waiting"),
]


def test_a_robot_says_in_the_body_whether_it_took_it(tmp_path: Path, sqlite_url: str) -> None:
    with hook() as taken:
        here = scene(tmp_path, sqlite_url)
        for form, body, state in ROBOTS:
            taken.answer = ok(**body)
            to = here.program(taken.url, form)
            here.say()
            spread(here.house, NINE)
            carry(here.house, NINE)
            (row,) = here.rows(target=to.id)
            assert row.state == state, (form, body)
            remove_endpoint(here.house, to.id, NINE)
        here.house.close()


ANSWERS = {204: "sent", 400: "dead", 404: "dead", 410: "dead"} | dict.fromkeys(
    (408, 425, 429, 500, 503), "waiting"
)


def test_what_an_answer_means(tmp_path: Path, sqlite_url: str) -> None:
    with hook() as taken:
        here = scene(tmp_path, sqlite_url)
        for status, state in ANSWERS.items():
            taken.answer = partial(Response, status=status)
            to = here.program(taken.url)
            here.say()
            spread(here.house, NINE)
            carry(here.house, NINE)
            (row,) = here.rows(target=to.id)
            assert (row.state, row.answer) == (state, str(status))
            remove_endpoint(here.house, to.id, NINE)
        here.house.close()


def test_a_redirect_is_not_followed(tmp_path: Path, sqlite_url: str) -> None:
    with hook() as taken:
        taken.answer = lambda: redirect("/other", 307)  # type: ignore[return-value] # werkzeug's
        here = scene(tmp_path, sqlite_url)
        here.program(taken.url)
        here.say()
        spread(here.house, NINE)
        assert carry(here.house, NINE) == Carried(dead=1)
        here.house.close()
    assert len(taken.got) == 1


@pytest.mark.parametrize("value", ["7200", "Mon, 02 Nov 2026 03:00:00 GMT"])
def test_who_asks_for_time_gets_it(tmp_path: Path, sqlite_url: str, value: str) -> None:
    with hook() as taken:
        taken.answer = lambda: Response(status=429, headers={"Retry-After": value})
        here = scene(tmp_path, sqlite_url)
        here.program(taken.url)
        here.say()
        spread(here.house, NINE)
        carry(here.house, NINE)
        assert here.rows()[0].next_at == (NINE + timedelta(hours=2)).isoformat(
            timespec="microseconds"
        )
        here.house.close()


def test_pauses_grow_and_are_the_same_when_asked_again(tmp_path: Path, sqlite_url: str) -> None:
    here = scene(tmp_path, sqlite_url)
    pauses = [pause(here.city, attempt) for attempt in range(1, ATTEMPTS)]
    assert pauses == sorted(pauses) == [pause(here.city, each) for each in range(1, ATTEMPTS)]
    assert timedelta(hours=20) < sum(pauses, timedelta()) < timedelta(hours=30)
    assert pauses != [pause(here.east, attempt) for attempt in range(1, ATTEMPTS)]
    here.house.close()


def test_one_that_is_down_keeps_nobody_else_waiting(tmp_path: Path, database_url: str) -> None:
    with hook() as taken:
        here = scene(tmp_path, database_url)
        down = here.program(f"http://127.0.0.1:{free_port()}/hook")
        up = here.program(taken.url)
        for _ in range(60):
            here.say()
        spread(here.house, NINE)
        assert carry(here.house, NINE) == Carried(sent=60, retried=1)
        assert sum(row.attempts for row in here.rows(target=down.id)) == 1
        assert {row.state for row in here.rows(target=up.id)} == {"sent"}
        here.house.close()
    assert len({headers["webhook-id"] for _, headers, _ in taken.got}) == 60


def test_dead_letters_go_out_when_they_are_sent_once_more(
    tmp_path: Path, database_url: str
) -> None:
    with hook() as taken:
        taken.answer = lambda: Response(status=404)
        here = scene(tmp_path, database_url)
        to = here.program(taken.url)
        for _ in range(3):
            here.say()
        spread(here.house, NINE)
        assert carry(here.house, NINE) == Carried(dead=3)
        taken.answer = lambda: Response("ok")
        assert resend_all(here.house.engine, to.id, NINE) == 3
        assert resend_all(here.house.engine, to.id, NINE) == 0
        assert carry(here.house, NINE) == Carried(sent=3)
        here.house.close()
    ids = [headers["webhook-id"] for _, headers, _ in taken.got]
    assert sorted(ids[:3]) == sorted(ids[3:])


def test_two_at_once_send_each_thing_once(tmp_path: Path, database_url: str) -> None:
    with hook() as taken:
        here = scene(tmp_path, database_url)
        here.program(taken.url)
        for _ in range(40):
            here.say()
        together, sent = threading.Barrier(3), []

        def work() -> None:
            together.wait()
            spread(here.house, NINE)
            sent.append(carry(here.house, NINE).sent)

        threads = [threading.Thread(target=work) for _ in range(3)]
        for each in threads:
            each.start()
        for each in threads:
            each.join()
        # Who had nothing to spread may have been too early to carry.
        sent.append(carry(here.house, NINE).sent)
        assert sum(sent) == 40
        assert {row.attempts for row in here.rows()} == {1}
        here.house.close()
    assert len(taken.got) == len({headers["webhook-id"] for _, headers, _ in taken.got}) == 40


def test_many_messages_are_spread_once(tmp_path: Path, database_url: str) -> None:
    here = scene(tmp_path, database_url)
    here.reader()
    here.program("http://127.0.0.1/a")
    for _ in range(250):
        here.say()
    assert spread(here.house, NINE) == 250
    assert spread(here.house, NINE) == 0
    assert len(here.rows()) == 500
    here.house.close()


def test_who_falls_after_sending_sends_again_under_the_same_id(
    tmp_path: Path, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with hook() as taken:
        here = scene(tmp_path, database_url)
        here.program(taken.url)
        here.say()
        spread(here.house, NINE)
        with monkeypatch.context() as patched:
            patched.setattr("adapters.messages.carrying._Run._mark", _fall)
            with pytest.raises(KeyboardInterrupt):
                carry(here.house, NINE)
        assert carry(here.house, NINE + MINUTE) == Carried()
        assert carry(here.house, NINE + 16 * MINUTE) == Carried(sent=1)
        here.house.close()
    first, second = (headers["webhook-id"] for _, headers, _ in taken.got)
    assert first == second


def _fall(*_: object) -> str:
    raise KeyboardInterrupt


def test_only_what_was_asked_for_is_told(tmp_path: Path, sqlite_url: str) -> None:
    here = scene(tmp_path, sqlite_url)
    all_of_it = here.program("http://127.0.0.1/a")
    group = here.program("http://127.0.0.1/b", kinds=("assessment.*", "grant.paid"))
    here.program("http://127.0.0.1/c", enabled=False)
    here.program("http://127.0.0.1/d", kinds=())
    other = here.house.register.directory.found(here.mandate(), name="他市总工会", code="o")
    add_endpoint(
        here.house,
        other,
        other,
        Wish("webhook", "他", "http://127.0.0.1/e", kinds=("*",)),
        by=None,
        now=NINE,
    )
    here.say()
    here.say("grant.decided", facts={"studio": "甲", "amount": "20,000"})
    spread(here.house, NINE)
    assert len(here.rows(target=all_of_it.id)) == 2
    assert len(here.rows(target=group.id)) == 1
    assert len(here.rows()) == 3
    here.house.close()


def test_a_message_whose_facts_are_wrong_stops_alone(tmp_path: Path, database_url: str) -> None:
    with hook() as taken:
        here = scene(tmp_path, database_url)
        here.program(taken.url)
        here.say(facts={"count": 12})
        here.say("no.such_kind")
        here.say()
        spread(here.house, NINE)
        assert carry(here.house, NINE) == Carried(sent=1, dead=2)
        errors = {row.error for row in here.rows(state="dead")}
        here.house.close()
    assert errors == {
        "没有模板 zh/no.such_kind.txt",
        "模板 zh/assessment.union_due.txt 出错：'year' is undefined",
    }


def test_what_waits_for_one_that_is_gone_is_dropped(tmp_path: Path, sqlite_url: str) -> None:
    here = scene(tmp_path, sqlite_url)
    gone, off = (here.program(f"http://127.0.0.1/{name}") for name in ("a", "b"))
    here.say()
    spread(here.house, NINE)
    remove_endpoint(here.house, gone.id, NINE)
    change_endpoint(here.house, off.id, Wish("webhook", "b", None, enabled=False, kinds=("*",)))
    assert carry(here.house, NINE) == Carried(dropped=1)
    assert {row.error for row in here.rows()} == {"接收地址已删除", "接收地址已停用"}
    here.house.close()


def test_a_run_ends_where_it_may_no_longer_act(tmp_path: Path, sqlite_url: str) -> None:
    with hook() as taken:
        here = scene(tmp_path, sqlite_url)
        here.program(taken.url)
        for _ in range(5):
            here.say()
        spread(here.house, NINE)
        allowed = iter((True, True))

        def check(_: Connection) -> None:
            if not next(allowed, False):
                raise PermissionError("another holds the lease")

        with pytest.raises(PermissionError):
            carry(here.house, NINE, check=check)
        assert carry(here.house, NINE, most=2) == Carried(sent=2)
        assert carry(here.house, NINE) == Carried(sent=1)
        here.house.close()
    assert len(taken.got) == 5


# Addresses


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("8.8.8.8", True),
        ("2400:3200::1", True),
        ("127.0.0.1", False),
        ("10.1.2.3", False),
        ("172.16.0.1", False),
        ("192.168.1.1", False),
        ("169.254.169.254", False),
        ("100.64.0.1", False),
        ("0.0.0.0", False),
        ("224.0.0.1", False),
        ("255.255.255.255", False),
        ("::1", False),
        ("fe80::1%eth0", False),
        ("fd00::1", False),
        ("::ffff:10.0.0.1", False),
        ("64:ff9b::a00:1", False),
        ("2002:a00:1::", False),
        ("::ffff:8.8.8.8", True),
    ],
)
def test_which_addresses_are_public(address: str, public: bool) -> None:
    assert is_public(address) is public


def test_a_private_address_is_refused_where_the_federation_forbids_it(
    tmp_path: Path, sqlite_url: str
) -> None:
    with hook() as taken:
        here = scene(tmp_path, sqlite_url)
        before = here.program(taken.url)
        here.timing(private_webhooks=False)
        for url in (taken.url, "http://localhost/hook", "http://[::1]/x", "http://127.1/x"):
            with pytest.raises(Invalid) as refused:
                here.program(url)
            assert (refused.value.code, refused.value.field) == ("url_private", "url")
        here.say()
        spread(here.house, NINE)
        assert carry(here.house, NINE) == Carried(dead=1)
        assert "属于内部网络" in here.rows(target=before.id)[0].error
        assert try_out(here.house, before, NINE).state == "dead"
        here.house.close()
    assert taken.got == []


def test_the_connection_goes_to_an_address_that_was_looked_at(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with hook() as taken:
        port = urlsplit(taken.url).port
        asked: list[str] = []

        def resolve(host: str, _port: int) -> list[str]:
            asked.append(host)
            return ["127.0.0.1"]

        monkeypatch.setattr("adapters.messages.posting.resolve", resolve)
        found = post(f"http://rebound.example:{port}/hook", b"{}", {}, private=True)
    assert (found.status, asked) == (200, ["rebound.example"])
    assert taken.got[0][1]["host"] == f"rebound.example:{port}"


def test_one_that_drips_is_cut_off() -> None:
    wake = threading.Event()

    def parts() -> Iterator[bytes]:
        while not wake.wait(0.05):
            yield b" "

    with hook() as taken:
        taken.answer = lambda: Response(parts())
        began = monotonic()
        with suppress(PostFailed):  # or the little that came is taken for the answer
            post(taken.url, b"{}", {}, private=True, timeout=0.2)
        took = monotonic() - began
        wake.set()
    assert took < 5


def test_a_server_is_believed_by_its_certificate_only(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    context, authority = certificate(tmp_path)
    with hook(context) as taken:
        url = taken.url.replace("127.0.0.1", "localhost")
        with pytest.raises(PostFailed, match="对方的证书不可信"):
            post(url, b"{}", {}, private=True)
        monkeypatch.setenv("SSL_CERT_FILE", str(authority))
        assert post(url, b"{}", {}, private=True).status == 200
        with pytest.raises(PostFailed, match="对方的证书不可信"):
            post(taken.url, b"{}", {}, private=True)  # by its number it is somebody else
    assert len(taken.got) == 1


BAD: list[tuple[dict[str, Any], str, str]] = [
    ({"form": "telegram"}, "form_unknown", "form"),
    ({"name": " "}, "name_missing", "name"),
    ({"kinds": ("grant.paid", "no.such")}, "kind_unknown", "kinds[1]"),
    ({"topics": ("studio.*", "stars.*")}, "topic_unknown", "topics[1]"),
    ({"secret": "short"}, "secret_malformed", "secret"),
    ({"secret": "whsec_AAAA"}, "secret_malformed", "secret"),
    ({"form": "wecom", "secret": "x"}, "secret_not_used", "secret"),
    ({"url": None}, "url_missing", "url"),
    ({"url": "ftp://a.example/"}, "url_malformed", "url"),
    ({"url": "a.example"}, "url_malformed", "url"),
    ({"url": "http://user:pass@a.example/"}, "url_malformed", "url"),
    ({"url": "http://a.example/#x"}, "url_malformed", "url"),
    ({"url": "http://a.example:99999/"}, "url_malformed", "url"),
    ({"url": "http://[::1/"}, "url_malformed", "url"),
    ({"url": "http://a.example/\r\nx"}, "url_malformed", "url"),
]


def test_bad_settings_are_refused_by_name(tmp_path: Path, sqlite_url: str) -> None:
    here = scene(tmp_path, sqlite_url)
    for change, code, field in BAD:
        wish = Wish(**{"form": "webhook", "name": "a", "url": "http://a.example/", **change})
        with pytest.raises(Invalid) as refused:
            add_endpoint(here.house, here.east, here.city, wish, by=None, now=NINE)
        assert (refused.value.code, refused.value.field) == (code, field)
    here.house.close()


def test_secrets_and_addresses_do_not_lie_open(tmp_path: Path, database_url: str) -> None:
    here = scene(tmp_path, database_url)
    to = here.program("https://robot.example/send?key=topsecret")
    with here.house.engine.connect() as connection:
        (row,) = connection.execute(sa.select(endpoints))
    assert "topsecret" not in str(row)
    assert to.secret is not None
    assert to.secret[6:20] not in str(row)
    here.house.close()


def test_with_another_key_file_an_endpoint_says_that_it_cannot_be_opened(
    tmp_path: Path, sqlite_url: str
) -> None:
    with hook() as taken:
        here = scene(tmp_path, sqlite_url)
        to = here.program(taken.url, topics=("*",))
        here.house.settings.secret_key_file.write_bytes(bytes(32))
        here.say()
        here.place("西区总工会", here.city)
        spread(here.house, NINE)
        assert follow_log(here.house, NINE) == 1
        assert carry(here.house, NINE) == Carried(dead=2)
        assert {row.error for row in here.rows()} == {SHUT}
        mended = change_endpoint(here.house, to.id, Wish("webhook", "a", taken.url, kinds=("*",)))
        assert mended.secret not in {None, to.secret}
        assert try_out(here.house, mended, NINE).state == "sent"
        here.house.close()


def test_a_webhook_is_never_without_a_secret(tmp_path: Path, sqlite_url: str) -> None:
    here = scene(tmp_path, sqlite_url)
    to = here.program("https://a.example/")
    same = change_endpoint(here.house, to.id, Wish("webhook", "a", None))
    new = change_endpoint(here.house, to.id, Wish("webhook", "a", None, secret=""))
    assert same.secret == to.secret
    assert new.secret not in {None, "", to.secret}
    robot = here.program("https://a.example/", "feishu", secret="x")
    assert change_endpoint(here.house, robot.id, Wish("feishu", "a", None, "")).secret is None
    here.house.close()
