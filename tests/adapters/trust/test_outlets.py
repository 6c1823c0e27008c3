"""Checkpoints leave the machine by real ways: a folder, HTTP, mail, a picture, a witness."""

from __future__ import annotations

import os
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP as SMTP_POLICY
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, Session
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from flask import Flask, Response, redirect, request
from werkzeug.serving import make_server

from adapters.log import tables
from adapters.log.checkpoints import Contradiction
from adapters.log.engine import create_engine
from adapters.log.keys import write_private
from adapters.log.notes import Note, Signer, sign
from adapters.log.recorder import LogRecorder
from adapters.log.witness_client import WitnessConflict, WitnessUnreachable
from adapters.messages.mail import MailServer
from adapters.settings import Settings, SettingsError
from adapters.trust import extension, outlets
from adapters.trust.notary import Notary, open_notary
from adapters.trust.outlets import KnownWitness, OutletFailed
from adapters.trust.publishing import publish
from tests.adapters.log.small_log import SmallLog, private
from tests.tamper.scene import AT, EVENTS, WITNESS, rewrite
from web.witness import WitnessSettings, create_witness, open_witness

ORIGIN = "register.example/city"
NOTE = SmallLog.of_size(1234).note()


@contextmanager
def serving(app: Flask) -> Iterator[str]:
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@contextmanager
def mailbox(**given: object) -> Iterator[tuple[int, list[EmailMessage]]]:
    """A mail server; its port, and what arrives."""
    arrived: list[EmailMessage] = []

    class Keep:
        async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:
            assert isinstance(envelope.content, bytes)
            arrived.append(message_from_bytes(envelope.content, policy=SMTP_POLICY))
            return "250 kept"

    class AnyPort(Controller):
        def _trigger_server(self) -> None:
            self.port = self.server.sockets[0].getsockname()[1]
            super()._trigger_server()

    controller = AnyPort(Keep(), hostname="127.0.0.1", port=0, **given)
    controller.start()
    try:
        yield controller.port, arrived
    finally:
        controller.stop()


# A folder


def test_a_checkpoint_is_written_under_its_size(tmp_path: Path) -> None:
    path = outlets.write(NOTE, tmp_path / "out")
    assert path == tmp_path / "out" / "000000001234.checkpoint"
    assert path.read_bytes() == NOTE
    assert outlets.written(tmp_path / "out") == [path]
    assert list((tmp_path / "out").iterdir()) == [path]


def test_the_same_checkpoint_gathers_signatures(tmp_path: Path) -> None:
    outlets.write(NOTE, tmp_path)
    witness = Signer("w.example", private("w"))
    more = Note.parse(NOTE).signed(witness.sign(Note.parse(NOTE).text)).encode()
    path = outlets.write(more, tmp_path)
    assert path.read_bytes() == more
    outlets.write(NOTE, tmp_path)
    assert path.read_bytes() == more


def test_another_checkpoint_of_the_same_size_is_not_written_over_it(tmp_path: Path) -> None:
    path = outlets.write(NOTE, tmp_path)
    with pytest.raises(Contradiction):
        outlets.write(SmallLog.of_size(1234, "another").note(), tmp_path)
    assert path.read_bytes() == NOTE


def test_a_folder_that_cannot_be_written_fails_and_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(OutletFailed):
        outlets.write(NOTE, tmp_path / "file" / "folder")

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OutletFailed):
        outlets.write(NOTE, tmp_path / "out")
    assert list((tmp_path / "out").iterdir()) == []


# A web address


def hook(answer: Callable[[], Response | tuple[str, int] | str]) -> tuple[Flask, list[bytes]]:
    app, got = Flask(__name__), []

    @app.post("/hook")
    def take() -> object:
        assert request.headers["Content-Type"] == "text/plain; charset=utf-8"
        got.append(request.get_data())
        return answer()

    return app, got


def test_a_checkpoint_is_posted_as_it_is() -> None:
    app, got = hook(lambda: ("kept", 201))
    with serving(app) as url:
        assert outlets.post(NOTE, f"{url}/hook") == 201
    assert got == [NOTE]


@pytest.mark.parametrize("status", [400, 404, 500, 503])
def test_a_refusal_is_a_failure(status: int) -> None:
    app, _ = hook(lambda: ("no", status))
    with serving(app) as url, pytest.raises(OutletFailed):
        outlets.post(NOTE, f"{url}/hook")


def test_a_redirect_is_not_followed() -> None:
    app, got = hook(lambda: redirect("/hook", 307))  # type: ignore[arg-type, return-value] # werkzeug's response
    with serving(app) as url, pytest.raises(OutletFailed):
        outlets.post(NOTE, f"{url}/hook")
    assert got == [NOTE]


def test_nobody_there_is_a_failure() -> None:
    with serving(Flask(__name__)) as url:
        pass
    with pytest.raises(OutletFailed):
        outlets.post(NOTE, f"{url}/hook", timeout=1)


@pytest.mark.parametrize("url", ["file:///etc/passwd", "ftp://example.org/x", "hook"])
def test_only_web_addresses_are_posted_to(url: str) -> None:
    with pytest.raises(SettingsError):
        outlets.post(NOTE, url)


# Mail


def mail_settings(tmp_path: Path, url: str) -> Settings:
    return Settings.at(tmp_path, smtp_url=url, mail_from="register@city.example")


def test_a_mail_carries_the_note_readable_and_exact(tmp_path: Path) -> None:
    with mailbox() as (port, arrived):
        server = MailServer.of(mail_settings(tmp_path, f"smtp://127.0.0.1:{port}"))
        assert server is not None
        outlets.mail(NOTE, server, ["audit@city.example", "province@example.org"])
    (message,) = arrived
    assert message["Subject"] == f"检查点 {ORIGIN} 第 1234 条"
    assert message["To"] == "audit@city.example, province@example.org"
    body = message.get_body()
    assert body is not None
    assert NOTE.decode() in body.get_content()
    (attached,) = message.iter_attachments()
    assert attached.get_content() == NOTE
    assert attached.get_filename() == "000000001234.checkpoint"


def test_the_password_comes_from_a_file_of_its_own(tmp_path: Path) -> None:
    write_private(tmp_path / "smtp.password", b"secret\n")
    seen: list[tuple[bytes, bytes]] = []

    def check(_s: SMTP, _session: object, _envelope: object, _how: str, data: object) -> AuthResult:
        seen.append((data.login, data.password))  # type: ignore[attr-defined] # LoginPassword
        return AuthResult(success=True)

    with mailbox(authenticator=check, auth_require_tls=False) as (port, arrived):
        server = MailServer.of(mail_settings(tmp_path, f"smtp://us%40er@127.0.0.1:{port}"))
        assert server is not None
        outlets.mail(NOTE, server, ["audit@city.example"])
    assert len(arrived) == 1
    assert seen == [(b"us@er", b"secret")]


def test_a_server_without_starttls_gets_nothing_when_it_is_demanded(tmp_path: Path) -> None:
    with mailbox() as (port, arrived):
        server = MailServer.of(mail_settings(tmp_path, f"smtp+starttls://127.0.0.1:{port}"))
        assert server is not None
        with pytest.raises(OutletFailed):
            outlets.mail(NOTE, server, ["audit@city.example"])
    assert arrived == []


@pytest.fixture
def tls(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ssl.SSLContext:
    """A mail server's certificate for localhost, made now, and trusted by this process only."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(hours=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = tmp_path / "server.pem"
    secret = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    path.write_bytes(secret + certificate.public_bytes(serialization.Encoding.PEM))
    monkeypatch.setenv("SSL_CERT_FILE", str(path))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(path)
    return context


def test_mail_is_sent_over_starttls(tmp_path: Path, tls: ssl.SSLContext) -> None:
    with mailbox(tls_context=tls, require_starttls=True) as (port, arrived):
        server = MailServer.of(mail_settings(tmp_path, f"smtp+starttls://localhost:{port}"))
        assert server is not None
        outlets.mail(NOTE, server, ["audit@city.example"])
    assert len(arrived) == 1


def test_mail_is_sent_over_tls_from_the_first_byte(tmp_path: Path, tls: ssl.SSLContext) -> None:
    with mailbox(ssl_context=tls) as (port, arrived):
        server = MailServer.of(mail_settings(tmp_path, f"smtps://localhost:{port}"))
        assert server is not None
        outlets.mail(NOTE, server, ["audit@city.example"])
    assert len(arrived) == 1


def test_mail_is_not_sent_to_a_server_whose_certificate_nobody_vouches_for(
    tmp_path: Path, tls: ssl.SSLContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SSL_CERT_FILE")
    with mailbox(tls_context=tls, require_starttls=True) as (port, arrived):
        server = MailServer.of(mail_settings(tmp_path, f"smtp+starttls://localhost:{port}"))
        assert server is not None
        with pytest.raises(OutletFailed):
            outlets.mail(NOTE, server, ["audit@city.example"])
    assert arrived == []


def test_mail_settings_that_do_not_fit_are_named(tmp_path: Path) -> None:
    assert MailServer.of(Settings.at(tmp_path)) is None
    for url in ("127.0.0.1:25", "http://mail", "smtp://"):
        with pytest.raises(SettingsError):
            MailServer.of(mail_settings(tmp_path, url))
    with pytest.raises(SettingsError):
        MailServer.of(Settings.at(tmp_path, smtp_url="smtp://mail.example"))


# A picture


def test_a_checkpoint_is_a_picture_to_print() -> None:
    assert outlets.qr(NOTE, "svg").startswith(b"<?xml")
    assert outlets.qr(NOTE, "png").startswith(b"\x89PNG\r\n\x1a\n")
    assert "█" in outlets.qr(NOTE, "terminal").decode()


def test_more_cosignatures_than_fit_are_left_out_of_the_picture() -> None:
    note = Note.parse(NOTE)
    crowd = [Signer(f"w{n}.example", private(str(n))) for n in range(40)]
    crowded = note.signed(*(signer.sign(note.text) for signer in crowd)).encode()
    assert outlets.qr(crowded) == outlets.qr(NOTE)
    assert sign(note.text, SmallLog().signer).encode() == NOTE


# Witnesses


@pytest.fixture
def notary(tmp_path: Path, sqlite_url: str) -> Iterator[Notary]:
    engine = create_engine(sqlite_url)
    tables.create(engine)
    notary = open_notary(Settings.at(tmp_path / "home", origin=ORIGIN), engine)
    LogRecorder(engine).insert_events(EVENTS[:100])
    yield notary
    notary.close()
    engine.dispose()


@contextmanager
def witness(tmp_path: Path, vkey: str, name: str = "w1.example") -> Iterator[KnownWitness]:
    settings = WitnessSettings(tmp_path / name, name, (vkey,))
    opened = open_witness(settings)
    with serving(create_witness(settings, witness=opened)) as url:
        yield KnownWitness.parse(f"{url} {opened.vkey}")


def test_witnesses_cosign_and_the_notary_keeps_what_they_gave(
    tmp_path: Path, notary: Notary
) -> None:
    with (
        witness(tmp_path, notary.vkey()) as w1,
        witness(tmp_path, notary.vkey(), "w2.example") as w2,
    ):
        for last in (100, 200, 300):
            if last > 100:
                LogRecorder(notary._engine).insert_events(EVENTS[last - 100 : last])
            note, failures = outlets.offer(notary, notary.checkpoint(), [w1, w2])
            assert failures == []
            assert note == notary.last()
            known = [str(w1.key), str(w2.key)]
            shown = extension.verify_proof(
                notary.prove(last), notary.vkey(), witnesses=known, quorum=2
            )
            assert shown.checkpoint.size == last


def test_one_witness_that_is_gone_does_not_stop_the_others(tmp_path: Path, notary: Notary) -> None:
    with witness(tmp_path, notary.vkey(), "w0.example") as gone:
        pass
    with witness(tmp_path, notary.vkey()) as there:
        note, failures = outlets.offer(notary, notary.checkpoint(), [gone, there])
    assert [type(failure) for failure in failures] == [WitnessUnreachable]
    assert [line.name for line in Note.parse(note).signatures] == [ORIGIN, "w1.example"]


def test_a_log_that_was_cut_is_told_so_by_its_witness(tmp_path: Path, notary: Notary) -> None:
    with witness(tmp_path, notary.vkey()) as w1:
        outlets.offer(notary, notary.checkpoint(), [w1])
        rewrite(notary._engine, EVENTS[:50])
        home = tmp_path / "home"
        (home / "checkpoints.db").unlink()
        again = open_notary(Settings.at(home, origin=ORIGIN), notary._engine)
        _, failures = outlets.offer(again, again.checkpoint(), [w1])
        again.close()
    assert [type(failure) for failure in failures] == [WitnessConflict]


def test_a_witness_that_is_asked_no_more_is_not_asked(notary: Notary) -> None:
    line = f"- {WITNESS.vkey}"
    note = notary.checkpoint()
    assert outlets.offer(notary, note, [KnownWitness.parse(line)]) == (note, [])


@pytest.mark.parametrize(
    "line", ["", "https://w.example", "w.example {key}", "https://w.example x+1+y"]
)
def test_a_witness_that_is_written_wrongly_is_refused(line: str) -> None:
    with pytest.raises(SettingsError):
        KnownWitness.parse(line.format(key=WITNESS.vkey))


# All together


def test_a_checkpoint_goes_every_way_that_is_configured(tmp_path: Path, notary: Notary) -> None:
    app, got = hook(lambda: "ok")
    notary.rotate(AT)
    with (
        witness(tmp_path, notary.vkey()) as w1,
        serving(app) as url,
        mailbox() as (port, arrived),
    ):
        settings = Settings.at(
            tmp_path / "home",
            witnesses=f"{w1.url} {w1.key}",
            checkpoint_webhook=f"{url}/hook",
            checkpoint_mail_to="a@city.example, b@city.example",
            smtp_url=f"smtp://127.0.0.1:{port}",
            mail_from="register@city.example",
        )
        published = publish(notary, settings, notary.checkpoint())
    assert published.sent == ("witness", "folder", "webhook", "mail")
    assert published.failed == ()
    assert published.note == notary.last() == got[0]
    assert len(arrived) == 1
    files = sorted(path.suffix for path in (tmp_path / "home" / "checkpoints").iterdir())
    assert files == [".checkpoint", ".handover"]


def test_a_way_that_fails_does_not_stop_the_others(tmp_path: Path, notary: Notary) -> None:
    settings = Settings.at(
        tmp_path / "home",
        witnesses="nonsense",
        checkpoint_webhook="http://127.0.0.1:9/hook",
        checkpoint_mail_to="a@city.example",
        smtp_url="smtp://127.0.0.1:9",
        mail_from="register@city.example",
    )
    published = publish(notary, settings, notary.checkpoint())
    assert published.sent == ("folder",)
    assert [way for way, _ in published.failed] == ["witness", "webhook", "mail"]
