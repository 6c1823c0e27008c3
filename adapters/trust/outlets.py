"""Ways in which a checkpoint leaves the machine, for whoever can change this machine cannot change what has left it.

A folder (a share, a removable disk), a web address, mail, a printed QR code, and witnesses. Each sends once and raises when it did not
work; trying again is the caller's.
"""

from __future__ import annotations

import http.client
import os
import re
import urllib.request
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from email.message import EmailMessage
from io import BytesIO, StringIO
from pathlib import Path
from typing import Final, Literal
from urllib.parse import urlsplit

import segno

from adapters.log.checkpoints import Checkpoint, Contradiction
from adapters.log.cosignatures import WitnessKey
from adapters.log.handover import Handover
from adapters.log.keys import sync_folder
from adapters.log.notes import InvalidNote, Note
from adapters.log.witness_client import WitnessClient, WitnessFailure
from adapters.messages.mail import MailFailed, MailServer
from adapters.settings import Settings, SettingsError
from adapters.trust.notary import Notary

SUFFIX: Final = ".checkpoint"
LETTER_SUFFIX: Final = ".handover"
TIMEOUT: Final = 15.0
"""Seconds that an address or a mail server has for its answer."""


class OutletFailed(Exception):
    """A checkpoint did not leave by this way; it may be tried again. The message is Chinese."""


def write(note: bytes, folder: Path) -> Path:
    """Put a checkpoint into a folder as `<size>.checkpoint`, whole or not at all, and return its path.

    The same checkpoint again gathers signatures; another one of the same size is never written over: that raises Contradiction, for
    then the log has signed two histories.
    """
    new = Note.parse(note)
    path = folder / f"{Checkpoint.parse(new.text).size:012d}{SUFFIX}"
    _make(folder)
    if path.exists():
        kept = Note.parse(path.read_bytes())
        if kept.text != new.text:
            raise Contradiction(f"{path} 是同样条数的另一个检查点：日志签署了两种历史")
        new = kept.signed(*new.signatures)
    _put(new.encode(), path)
    return path


def write_letter(letter: bytes, folder: Path) -> Path:
    """Put a key's handover note beside the checkpoints as `<id of the old key>.handover`; returns its path."""
    path = folder / f"{Handover.parse(Note.parse(letter).text).old.key_id.hex()}{LETTER_SUFFIX}"
    _make(folder)
    _put(letter, path)
    return path


def _make(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OutletFailed(f"无法建立 {folder}：{error.strerror}") from error


def _put(data: bytes, path: Path) -> None:
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with draft.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
    except OSError as error:
        raise OutletFailed(f"无法写入 {path.parent}：{error.strerror}") from error
    finally:
        draft.unlink(missing_ok=True)
    sync_folder(path.parent)


def written(folder: Path) -> list[Path]:
    """The checkpoints in a folder, the smallest first."""
    return sorted(folder.glob(f"*{SUFFIX}")) if folder.is_dir() else []


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """A redirect is not followed: only the address that was configured gets the note."""

    def redirect_request(self, *_: object, **__: object) -> None:
        """Refused."""


def post(note: bytes, url: str, *, timeout: float = TIMEOUT) -> int:
    """Send a checkpoint as text to an http or https address; the status, which is 200 to 299, or OutletFailed."""
    if urlsplit(url).scheme not in {"http", "https"}:
        raise SettingsError(f"checkpoint_webhook must be an http or https address, not {url!r}")
    request = urllib.request.Request(  # noqa: S310 - the scheme was checked
        url, data=note, headers={"Content-Type": "text/plain; charset=utf-8"}, method="POST"
    )
    try:
        with urllib.request.build_opener(_NoRedirect).open(request, timeout=timeout) as answer:
            return int(answer.status)
    except (OSError, http.client.HTTPException, ValueError) as error:
        raise OutletFailed(f"检查点未能送达 {urlsplit(url).hostname}：{error}") from error


def mail(note: bytes, server: MailServer, to: Sequence[str], *, timeout: float = TIMEOUT) -> None:
    """Mail a checkpoint: readable in the text, and exact to the byte in the attachment. Raises OutletFailed."""
    checkpoint = Checkpoint.parse(Note.parse(note).text)
    message = EmailMessage()
    message["Subject"] = f"检查点 {checkpoint.origin} 第 {checkpoint.size} 条"
    message["From"] = server.sender
    message["To"] = ", ".join(to)
    message.set_content(
        "请妥善保存本邮件。日后可用它核对日志是否被改动：\n"
        "mingpai log verify --checkpoint 附件 --key 公钥\n\n" + note.decode()
    )
    name = f"{checkpoint.size:012d}{SUFFIX}"
    message.add_attachment(note, maintype="application", subtype="octet-stream", filename=name)
    try:
        server.send(message, timeout=timeout)
    except MailFailed as error:
        raise OutletFailed(str(error)) from error


def qr(note: bytes, kind: Literal["svg", "png", "terminal"] = "svg", *, scale: int = 4) -> bytes:
    """A checkpoint as a QR code to print; scanned, it is the note again.

    Where the cosignatures do not fit (some 2,900 bytes), only the first signature, the log's own, is kept.
    """
    parsed = Note.parse(note)
    try:
        code = segno.make(note.decode(), mode="byte", encoding="utf-8", micro=False)
    except segno.DataOverflowError:
        own = Note(parsed.text, parsed.signatures[:1]).encode().decode()
        code = segno.make(own, mode="byte", encoding="utf-8", micro=False)
    if kind == "terminal":
        text = StringIO()
        code.terminal(text, compact=True)
        return text.getvalue().encode()
    picture = BytesIO()
    code.save(picture, kind=kind, scale=scale, light="#fff")
    return picture.getvalue()


@dataclass(frozen=True, slots=True)
class KnownWitness:
    """A witness by its key, and the address where it is asked (None: it is asked no more)."""

    key: WitnessKey
    url: str | None

    @classmethod
    def parse(cls, line: str) -> KnownWitness:
        """Read "URL VKEY" of the setting; raises SettingsError."""
        found = re.fullmatch(r"(\S+)\s+(\S+)", line)
        if found is None or not re.match(r"https?://|-$", found[1]):
            raise SettingsError(f'a witness is written "URL VKEY", not {line!r}')
        try:
            key = WitnessKey.parse(found[2])
        except InvalidNote as error:
            raise SettingsError(f"the key of witness {found[1]} is wrong: {error}") from error
        return cls(key, None if found[1] == "-" else found[1])


def witnesses(settings: Settings) -> tuple[KnownWitness, ...]:
    """The configured witnesses; raises SettingsError."""
    return tuple(map(KnownWitness.parse, settings.witnesses))


def offer(
    notary: Notary, note: bytes, known: Iterable[KnownWitness], *, timeout: float = TIMEOUT
) -> tuple[bytes, list[WitnessFailure]]:
    """Ask the witnesses to cosign; the note with all that came, kept by the notary, and what went wrong with the others.

    A WitnessConflict among the failures means that this log was cut, put back or forked: find out why.
    """
    failures = []
    for witness in known:
        if witness.url is None:
            continue
        client = WitnessClient(witness.url, witness.key, timeout=timeout)
        try:
            note = notary.attach(note, *client.cosign(note, notary.consistency))
        except WitnessFailure as failure:
            failures.append(failure)
    return note, failures
