"""Letters: mails as they go out. Plain text and a simple page, headers in Chinese, and an id that stays the same.

A letter that is handed in twice, because the machine fell in between, has the same Message-ID, by which mail servers
and readers drop the second.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr
from typing import Any, Final
from uuid import UUID

from adapters.messages.deliveries import delivery_id
from adapters.messages.telling import Row, Teller
from adapters.messages.texts import TemplateFailed, Text, as_html
from domain.values import local

_LABEL: Final = {"zh": "前往办理", "en": "Open"}
_NEVER: Final = "9999"
_LINK: Final = {"zh": "办理：", "en": "Open: "}


@dataclass(frozen=True, slots=True)
class Envelope:
    """To whom a letter goes, and how it is known. delivery: its id; sender: as the settings name it."""

    delivery: UUID
    sender: str
    email: str
    name: str
    language: str
    now: datetime

    @property
    def domain(self) -> str:
        """The part of the sender's address after the @."""
        return parseaddr(self.sender)[1].rpartition("@")[2] or "localhost"


def single(envelope: Envelope, teller: Teller, message: Row) -> EmailMessage:
    """One message as a letter. Raises TemplateFailed."""
    text = teller.text(message, envelope.language)
    about = teller.about(message, envelope.language)
    footer = teller.texts.footer(about, teller.preferences(), envelope.language)
    letter = _letter(envelope, text, about.link, footer)
    federation = str(message["federation"])
    _list(letter, about.federation, federation, envelope)
    thread = delivery_id("thread", message["thread"], envelope.email)
    letter["References"] = f"<{thread}@{envelope.domain}>"
    return letter


def digest(envelope: Envelope, teller: Teller, found: Sequence[Row], day: date) -> EmailMessage:
    """Several messages as one letter, the newest of each thread, what is due first coming first.

    found: rows of `messages`, the oldest first; day: whose digest it is. Raises TemplateFailed where none can be told.
    """
    language = envelope.language
    newest: dict[str, Row] = {each["thread"]: each for each in found}
    threads = [each["thread"] for each in found]
    items: list[dict[str, Any]] = []
    failure: TemplateFailed | None = None
    for thread, each in newest.items():
        try:
            subject = teller.text(each, language).subject
        except TemplateFailed as error:
            failure = error
            continue
        more, due = threads.count(thread) - 1, each["due_on"]
        link = teller.link(each)
        items.append({"subject": subject, "more": more, "due": due, "link": link})
    items.sort(key=lambda item: item["due"] or _NEVER)
    if failure is not None and not items:
        raise failure
    given = {"day": day.isoformat(), "items": items}
    page = teller.texts.page("_digest", given, language)
    subject, _, body = page.strip().partition("\n")
    last = found[-1]
    about = teller.about(last, language)
    footer = teller.texts.footer(about, teller.preferences(), language)
    letter = _letter(envelope, Text(subject.strip(), body.strip()), "", footer)
    _list(letter, about.federation, str(last["federation"]), envelope)
    return letter


def _letter(envelope: Envelope, text: Text, link: str, footer: str) -> EmailMessage:
    letter = EmailMessage(policy=SMTP)
    name, sender = parseaddr(envelope.sender)
    letter["Subject"] = text.subject
    letter["From"] = _address(name or "铭牌", sender)
    letter["To"] = _address(envelope.name, envelope.email)
    letter["Date"] = format_datetime(local(envelope.now))
    letter["Message-ID"] = f"<{envelope.delivery}@{envelope.domain}>"
    letter["Auto-Submitted"] = "auto-generated"
    language = envelope.language
    action = f"\n\n{_LINK[language]}{link}" if link else ""
    plain = f"{text.body}{action}\n\n-- \n{footer}\n"
    letter.set_content(plain, cte="base64")
    page = as_html(text, link, _LABEL[language], footer, language)
    letter.add_alternative(page, subtype="html", cte="base64")
    letter["Content-Language"] = "zh-CN" if language == "zh" else "en"
    return letter


def _list(letter: EmailMessage, federation: str, id: str, envelope: Envelope) -> None:
    """All letters of a federation are one list, which readers can sort by."""
    letter["List-Id"] = f"{federation} <{id}.mingpai.{envelope.domain}>"


def _address(name: str, email: str) -> Address:
    user, _, domain = email.rpartition("@")
    return Address(" ".join(name.split()), user, domain)
