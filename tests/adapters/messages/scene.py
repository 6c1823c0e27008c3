"""A small house with offices, a mail server and a web server, all real, for what goes out."""

from __future__ import annotations

import itertools
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP as SMTP_POLICY
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import sqlalchemy as sa
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from flask import Flask, Response, request
from werkzeug.serving import make_server

from adapters.bootstrap import House, build
from adapters.log.engine import writing
from adapters.messages.contacts import set_contact
from adapters.messages.endpoints import Endpoint, Wish, add_endpoint
from adapters.messages.outbox import message_id, post
from adapters.messages.tables import deliveries
from adapters.outside import ensure
from adapters.settings import Settings
from domain.matters import Message
from domain.model.organisation import Kind
from domain.policy.timing import Timing
from domain.values import Actor, Mandate, Role

NINE = datetime(2026, 11, 2, 1, tzinfo=UTC)
"""Nine in the morning in Shanghai, on a Monday."""
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)


@dataclass
class Scene:
    """A federation `city` with a union `east`, and a clock that stands where it is put."""

    house: House
    now: datetime = NINE
    ids: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    def __post_init__(self) -> None:
        ensure(self.house.engine)
        directory = self.house.register.directory
        self.city = directory.found(self.mandate(), name="示例市总工会", code="city")
        self.east = self.place("东区总工会", self.city)

    def mandate(self) -> Mandate:
        return Mandate(Actor(None, None, "setup"), Role.RULE, self.now, str(uuid4()))

    def place(self, name: str, parent: UUID) -> UUID:
        return self.house.register.directory.register_organisation(
            self.mandate(), name=name, kind=Kind.RECOMMENDING_UNION, parent=parent, code=""
        )

    def timing(self, **settings: Any) -> None:
        officer = self.account(self.city, role=Role.CITY_OFFICER)
        held = self.house.register.directory.mandate(
            officer,
            role=Role.CITY_OFFICER,
            organisation=self.city,
            at=self.now,
            request_id=str(uuid4()),
        )
        self.house.register.directory.set_timing(held, self.city, Timing(**settings))

    def account(self, *places: UUID, role: Role = Role.RECOMMENDING_UNION) -> UUID:
        directory, number = self.house.register.directory, next(self.ids)
        account = directory.open_account(
            self.mandate(), username=f"person{number}", name=f"张{number}", home=places[0]
        )
        for place in places:
            directory.grant_role(self.mandate(), account, role, place)
        return account

    def reader(self, mail: str = "each", **more: Any) -> UUID:
        """Someone at `east` who is reached by mail."""
        account = self.account(self.east)
        email = f"person{account.hex[:6]}@union.example"
        set_contact(self.house, account, self.now, email=email, mail=mail, **more)
        return account

    def program(self, url: str, form: str = "webhook", **more: Any) -> Endpoint:
        wish = Wish(form, "接收方", url, **{"kinds": ("*",), **more})
        return add_endpoint(self.house, uuid4(), self.city, wish, by=None, now=self.now)

    def say(self, kind: str = "assessment.union_due", **but: Any) -> UUID:
        """Put a message to `east` into the outbox; its id."""
        number = next(self.ids)
        given: dict[str, Any] = {
            "key": f"key-{number}",
            "kind": kind,
            "federation": self.city,
            "organisation": self.east,
            "role": Role.RECOMMENDING_UNION,
            "thread": f"{kind}:{number}",
            "facts": {"year": 2026, "count": 12},
            "link": "/assessments?year=2026",
            "moment": self.now,
            "due_on": date(2026, 12, 31),
            "step": "before-60",
            **but,
        }
        with writing(self.house.engine) as connection:
            assert post(connection, [Message(**given)], self.now) == 1
        return message_id(given["key"])

    def rows(self, **values: Any) -> list[Any]:
        """Deliveries, the oldest first."""
        wanted = sa.select(deliveries).order_by(deliveries.c.made_at, deliveries.c.id)
        for name, value in values.items():
            wanted = wanted.where(deliveries.c[name] == value)
        with self.house.engine.connect() as connection:
            return list(connection.execute(wanted))


def scene(home: Path, database_url: str, **settings: Any) -> Scene:
    """A scene on a database; by default its mail server is nowhere."""
    given = {
        "smtp_url": f"smtp://127.0.0.1:{free_port()}",
        "mail_from": "示例市总工会 <register@city.example>",
        "public_url": "https://register.example",
        **settings,
    }
    made: list[Scene] = []
    house = build(
        Settings.at(home, database_url=database_url, **given),
        clock=lambda: made[0].now if made else NINE,
    )
    made.append(Scene(house))
    return made[0]


def free_port() -> int:
    """A port on which nobody listens."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port


@dataclass
class Mailbox:
    """A mail server: what arrived, and its answers, which a test may set."""

    port: int = 0
    raw: list[bytes] = field(default_factory=list)
    to: list[list[str]] = field(default_factory=list)
    rcpt: Callable[[str], str | None] = lambda _address: None
    data: Callable[[SMTP], str | None] = lambda _server: None
    sessions: int = 0

    @property
    def mails(self) -> list[EmailMessage]:
        return [message_from_bytes(each, policy=SMTP_POLICY) for each in self.raw]

    async def handle_EHLO(
        self, _s: SMTP, session: Session, _e: Envelope, hostname: str, responses: list[str]
    ) -> list[str]:
        session.host_name = hostname
        self.sessions += 1
        return responses

    async def handle_RCPT(
        self, _s: SMTP, _session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        refusal = self.rcpt(address)
        if refusal is None:
            envelope.rcpt_tos.append(address)
        return refusal or "250 OK"

    async def handle_DATA(self, server: SMTP, _session: Session, envelope: Envelope) -> str:
        refusal = self.data(server)
        if refusal is not None:
            return refusal
        assert isinstance(envelope.content, bytes)
        self.raw.append(envelope.content)
        self.to.append(envelope.rcpt_tos)
        return "250 kept"


@contextmanager
def mailbox(port: int = 0, **given: Any) -> Iterator[Mailbox]:
    """A mail server on any port."""
    box = Mailbox()

    class AnyPort(Controller):
        def _trigger_server(self) -> None:
            self.port = self.server.sockets[0].getsockname()[1]
            super()._trigger_server()

    controller = AnyPort(box, hostname="127.0.0.1", port=port, **given)
    controller.start()
    box.port = controller.port
    try:
        yield box
    finally:
        controller.stop()


@dataclass
class Hook:
    """A web server: what was posted, and its answer, which a test may set."""

    url: str = ""
    got: list[tuple[str, dict[str, str], bytes]] = field(default_factory=list)
    answer: Callable[[], Response] = lambda: Response("ok")


@contextmanager
def hook(context: ssl.SSLContext | None = None) -> Iterator[Hook]:
    """A web server on any port."""
    app, taken = Flask(__name__), Hook()

    @app.post("/<path:path>")
    def take(path: str) -> Response:
        headers = {name.lower(): value for name, value in request.headers.items()}
        taken.got.append((request.full_path.rstrip("?"), headers, request.get_data()))
        return taken.answer()

    server = make_server("127.0.0.1", 0, app, threaded=True, ssl_context=context)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    taken.url = f"http{'s' if context else ''}://127.0.0.1:{server.server_port}/hook"
    try:
        yield taken
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def certificate(folder: Path) -> tuple[ssl.SSLContext, Path]:
    """A certificate for localhost that nobody vouches for: a server's context, and the file to believe it by."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    begins = datetime.now(UTC) - timedelta(hours=1)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(begins)
        .not_valid_after(begins + timedelta(hours=2))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    secret = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    public = folder / "authority.pem"
    public.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    both = folder / "server.pem"
    both.write_bytes(secret + public.read_bytes())
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(both)
    return context, public
