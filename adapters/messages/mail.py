"""Mail: handed to the operator's own server, by SMTP as it is, with STARTTLS, or within TLS."""

from __future__ import annotations

import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path
from types import TracebackType
from typing import Final, Literal, Self
from urllib.parse import unquote, urlsplit

from adapters.log.keys import read_private
from adapters.settings import Settings, SettingsError

TIMEOUT: Final = 15.0
"""Seconds that a mail server has for each of its answers."""

_PORTS: Final = {"smtp": 25, "smtp+starttls": 587, "smtps": 465}


class MailFailed(Exception):
    """A mail was not handed in; the message is Chinese and names no address.

    final: it will not be taken another time either; unreachable: the fault is the server's, or how we reach it, and
    so concerns every mail; code: the server's answer, if it gave one.
    """

    def __init__(
        self,
        message: str,
        *,
        final: bool = False,
        unreachable: bool = False,
        code: int | None = None,
    ) -> None:
        super().__init__(message)
        self.final = final
        self.unreachable = unreachable
        self.code = code


@dataclass(frozen=True, slots=True)
class MailServer:
    """Where mail is handed in; user is empty where none is asked for."""

    host: str
    port: int
    security: Literal["none", "starttls", "tls"]
    sender: str
    user: str = ""
    password: str = ""
    authority: Path | None = None

    @classmethod
    def of(cls, settings: Settings) -> MailServer | None:
        """The configured one, or None; raises SettingsError, and UnsafeKeyFile for the password's file."""
        if not settings.smtp_url:
            return None
        address = urlsplit(settings.smtp_url)
        if address.scheme not in _PORTS or not address.hostname or not settings.mail_from:
            raise SettingsError(
                "smtp_url must be smtp://, smtp+starttls:// or smtps://, and mail_from must be given"
            )
        user = unquote(address.username or "")
        return cls(
            address.hostname,
            address.port or _PORTS[address.scheme],
            {"smtps": "tls", "smtp+starttls": "starttls"}.get(address.scheme, "none"),  # type: ignore[arg-type] # one of the three
            settings.mail_from,
            user,
            read_private(settings.smtp_password_file) if user else "",
            settings.smtp_ca_file,
        )

    def open(self, timeout: float = TIMEOUT) -> smtplib.SMTP:
        """A session, ready to take mail; raises OSError and SMTPException."""
        context = ssl.create_default_context()
        if self.authority is not None:
            context.load_verify_locations(self.authority)
        if self.security == "tls":
            server: smtplib.SMTP = smtplib.SMTP_SSL(
                self.host, self.port, timeout=timeout, context=context
            )
        else:
            server = smtplib.SMTP(self.host, self.port, timeout=timeout)
        try:
            if self.security == "starttls":
                server.starttls(context=context)
            if self.user:
                server.login(self.user, self.password)
        except BaseException:
            server.close()
            raise
        return server

    def send(self, message: EmailMessage, *, timeout: float = TIMEOUT) -> None:
        """Hand in one message; raises MailFailed unless every addressee was accepted."""
        with Postman(self, timeout) as postman:
            postman.send(message)


class Postman:
    """Hands in one mail after the other, over one session as long as that lasts."""

    def __init__(self, server: MailServer, timeout: float = TIMEOUT) -> None:
        self._server = server
        self._timeout = timeout
        self._session: smtplib.SMTP | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, _type: type[BaseException] | None, _error: object, _trace: TracebackType | None
    ) -> None:
        self.close()

    def send(self, message: EmailMessage) -> None:
        """Hand in one message; raises MailFailed unless every addressee was accepted."""
        with self._failures():
            session = self._ready()
        try:
            with self._failures(about_message=True):
                refused = session.send_message(message)
        except MailFailed:
            self.close()
            raise
        if refused:
            raise MailFailed("邮件服务器拒收了部分收件人", final=True)

    def _ready(self) -> smtplib.SMTP:
        if self._session is not None:
            with suppress(OSError, smtplib.SMTPException):  # it may have gone to sleep
                if self._session.noop()[0] == 250:
                    return self._session
            self.close()
        self._session = self._server.open(self._timeout)
        return self._session

    def close(self) -> None:
        """Take leave of the server."""
        session, self._session = self._session, None
        if session is not None:
            with suppress(OSError, smtplib.SMTPException):
                session.quit()
            session.close()

    @contextmanager
    def _failures(self, *, about_message: bool = False) -> Iterator[None]:
        """What went wrong, in one form. A sender who is refused is a matter of our settings."""
        host = self._server.host
        try:
            yield
        except smtplib.SMTPRecipientsRefused as error:
            code = next(iter(error.recipients.values()))[0]
            told = f"邮件服务器拒收这个收件人（{code}）"
            raise MailFailed(told, final=500 <= code < 600, code=code) from error
        except smtplib.SMTPSenderRefused as error:
            told = f"邮件服务器拒收发件人（{error.smtp_code}），请检查 mail_from"
            raise MailFailed(told, unreachable=True, code=error.smtp_code) from error
        except smtplib.SMTPDataError as error:
            code = error.smtp_code
            told = f"邮件服务器拒收邮件（{code}）"
            raise MailFailed(told, final=500 <= code < 600, code=code) from error
        except OSError as error:  # smtplib's errors are such
            told = f"邮件未能交给 {host}：{_words(error)}"
            raise MailFailed(told, unreachable=not about_message) from error


_WORDS: Final = (
    (ssl.SSLCertVerificationError, "服务器的证书不可信"),
    (smtplib.SMTPServerDisconnected, "连接中断"),
    (smtplib.SMTPNotSupportedError, "服务器不支持所要求的加密或登录方式"),
)


def _words(error: OSError) -> str:
    """What went wrong, without what was sent."""
    if str(error).endswith("timed out"):  # smtplib wraps what happens while it reads
        return "等待答复超时"
    for kind, told in _WORDS:
        if isinstance(error, kind):
            return told
    if isinstance(error, smtplib.SMTPResponseException):
        return f"服务器答复 {error.smtp_code}"
    return error.strerror or type(error).__name__
