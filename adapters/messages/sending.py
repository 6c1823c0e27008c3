"""Sending one delivery by its way, and saying what became of it; nothing is written here but by the receiver."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID, uuid4

import sqlalchemy as sa

from adapters.log.ciphers import InvalidToken
from adapters.log.engine import reading
from adapters.log.keystore import KeyLost
from adapters.messages import letters
from adapters.messages.contacts import contact
from adapters.messages.endpoints import Endpoint, allows_private, endpoint
from adapters.messages.following import said_of_event
from adapters.messages.forms import Outcome, Said, outcome, request
from adapters.messages.letters import Envelope
from adapters.messages.mail import MailFailed, MailServer, Postman
from adapters.messages.outbox import messages
from adapters.messages.posting import TIMEOUT, PostFailed, post
from adapters.messages.tables import deliveries
from adapters.messages.telling import Row, Teller, address
from adapters.messages.texts import TemplateFailed
from adapters.views.shape import FOREVER
from adapters.views.tables import accounts
from domain.errors import NotFound
from domain.values import local

if TYPE_CHECKING:
    from email.message import EmailMessage

    from adapters.bootstrap import House

SHUT: Final = "密封的地址或密钥无法解开，请重新填写"

Due = Any


def try_out(house: House, to: Endpoint, now: datetime, *, timeout: float = TIMEOUT) -> Outcome:
    """Tell an endpoint that this is a trial, now, once; nothing is kept of it."""
    id = str(uuid4())
    text = "这是一条测试消息，收到即表示接收地址可用。"
    link = address(house.settings, "/")
    data = {"id": id, "title": "测试", "text": text, "link": link}
    said = Said(id, "test", now.isoformat(), "测试", text, link, data)
    return Sender(house, now, timeout).tell(to, said)


class Sender:
    """Sends deliveries of one run, with one session to the mail server."""

    def __init__(self, house: House, now: datetime, timeout: float) -> None:
        self._house = house
        self._now = now
        self._timeout = timeout
        self._teller = Teller(house)

    @cached_property
    def _postman(self) -> Postman | None:
        server = MailServer.of(self._house.settings)
        return Postman(server, self._timeout) if server else None

    def close(self) -> None:
        """Leave the mail server."""
        if "_postman" in vars(self) and self._postman is not None:
            self._postman.close()

    def send(self, each: Due) -> Outcome:
        """One row of `deliveries`. What one message brings with it stops that message only."""
        try:
            return self._mail(each) if each.channel == "mail" else self._program(each)
        except TemplateFailed as error:
            return Outcome("dead", error=str(error))
        except (InvalidToken, KeyLost):
            return Outcome("dead", error=SHUT)

    def _program(self, each: Due) -> Outcome:
        try:
            to = endpoint(self._house, each.target)
        except NotFound:
            return Outcome("dropped", error="接收地址已删除")
        if not to.enabled:
            return Outcome("dropped", error="接收地址已停用")
        if each.position is not None:
            said = said_of_event(self._house, each.id, each.position)
        else:
            said = self._said(each.id, self._message(each.message))
        return self.tell(to, said)

    def tell(self, to: Endpoint, said: Said) -> Outcome:
        """Post to an endpoint now."""
        if not to.url or (to.form == "webhook" and not to.secret):
            return Outcome("dead", error=SHUT)
        private = allows_private(self._house, to.federation)
        # Receivers compare the time of signing with their own clock, whichever moment this run is about.
        at = self._house.clock()
        made = request(to.form, to.url, to.secret, said, at)
        try:
            answer = post(made.url, made.body, made.headers, private=private, timeout=self._timeout)
        except PostFailed as error:
            return Outcome("dead" if error.final else "retry", error=str(error))
        return outcome(to.form, answer, at)

    def _said(self, delivery: UUID, message: Row) -> Said:
        text, link = self._teller.text(message), self._teller.link(message)
        data = {
            "id": str(message["id"]),
            "kind": message["kind"],
            "federation": str(message["federation"]),
            "organisation": str(message["organisation"]),
            "role": message["role"],
            "thread": message["thread"],
            "step": message["step"],
            "due_on": message["due_on"],
            "title": text.subject,
            "text": text.body,
            "link": link,
        }
        at = message["moment"]
        return Said(str(delivery), message["kind"], at, text.subject, text.body, link, data)

    def _mail(self, each: Due) -> Outcome:
        if self._postman is None:
            return Outcome("later", error="没有配置邮件服务器（smtp_url）")
        name, to = self._name(each.target), contact(self._house, each.target)
        if name is None or to.email is None:
            return Outcome("dropped", error="账号已停用，或不再有电子邮箱")
        sender = self._house.settings.mail_from
        envelope = Envelope(each.id, sender, to.email, name, to.language, self._now)
        letter = self._letter(each, envelope)
        if letter is None:
            return Outcome("dropped", error="摘要中没有可发送的消息")
        try:
            self._postman.send(letter)
        except MailFailed as error:
            answer = str(error.code) if error.code else None
            state = "dead" if error.final else "later" if error.unreachable else "retry"
            return Outcome(state, answer, str(error))
        return Outcome("sent", "250")

    def _letter(self, each: Due, envelope: Envelope) -> EmailMessage | None:
        if each.message is not None:
            return letters.single(envelope, self._teller, self._message(each.message))
        found = self._gathered(each.id)
        day = local(datetime.fromisoformat(each.made_at)).date()
        return letters.digest(envelope, self._teller, found, day) if found else None

    def _message(self, id: UUID) -> Row:
        with reading(self._house.engine) as connection:
            wanted = sa.select(messages).where(messages.c.id == id)
            return dict(connection.execute(wanted).one()._mapping)  # noqa: SLF001 - a public name

    def _gathered(self, digest: UUID) -> Sequence[Row]:
        """The messages of a digest, the oldest first."""
        wanted = (
            sa.select(messages)
            .join_from(messages, deliveries, deliveries.c.message == messages.c.id)
            .where(deliveries.c.digest == digest, deliveries.c.state == "gathered")
            .order_by(messages.c.moment, messages.c.created_at, messages.c.id)
        )
        with reading(self._house.engine) as connection:
            return [dict(row._mapping) for row in connection.execute(wanted)]  # noqa: SLF001 - as above

    def _name(self, account: UUID) -> str | None:
        """An account's name; None where it is disabled or not there."""
        c = accounts.table.c
        wanted = sa.select(c.name).where(
            c.id == str(account),
            c.until == sa.literal_column(str(FOREVER)),
            c.disabled.is_not(True),
        )
        with reading(self._house.engine) as connection:
            found: str | None = connection.execute(wanted).scalar()
        return found
