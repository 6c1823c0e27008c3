"""One checkpoint by every way that is configured; a way that fails does not stop the others."""

from __future__ import annotations

from dataclasses import dataclass

from adapters.log.checkpoints import Contradiction
from adapters.log.keys import UnsafeKeyFile
from adapters.log.witness_client import WitnessFailure
from adapters.messages.mail import MailServer
from adapters.settings import Settings, SettingsError
from adapters.trust import outlets
from adapters.trust.notary import Notary
from adapters.trust.outlets import OutletFailed

Failure = OutletFailed | WitnessFailure | Contradiction | SettingsError | UnsafeKeyFile
_FAILURES = (OutletFailed, WitnessFailure, Contradiction, SettingsError, UnsafeKeyFile)


@dataclass(frozen=True, slots=True)
class Published:
    """The checkpoint with its cosignatures, the ways it went (`witness`, `folder`, `webhook`, `mail`), and those it did not."""

    note: bytes
    sent: tuple[str, ...]
    failed: tuple[tuple[str, Failure], ...]


def publish(notary: Notary, settings: Settings, note: bytes) -> Published:
    """Offer a signed checkpoint to the witnesses, then carry it out by folder, web address and mail, as configured."""
    sent, failed = list[str](), list[tuple[str, Failure]]()
    try:
        asked = [witness for witness in outlets.witnesses(settings) if witness.url]
        note, refused = outlets.offer(notary, note, asked)
        failed += [("witness", failure) for failure in refused]
        sent += ["witness"] if len(refused) < len(asked) else []
    except _FAILURES as failure:
        failed.append(("witness", failure))
    for way, go in (("folder", _folder), ("webhook", _webhook), ("mail", _mail)):
        try:
            sent += [way] if go(notary, settings, note) else []
        except _FAILURES as failure:
            failed.append((way, failure))
    return Published(note, tuple(sent), tuple(failed))


def _folder(notary: Notary, settings: Settings, note: bytes) -> bool:
    for letter in notary.letters():
        outlets.write_letter(letter, settings.checkpoints)
    outlets.write(note, settings.checkpoints)
    return True


def _webhook(_: Notary, settings: Settings, note: bytes) -> bool:
    if settings.checkpoint_webhook:
        outlets.post(note, settings.checkpoint_webhook)
    return bool(settings.checkpoint_webhook)


def _mail(_: Notary, settings: Settings, note: bytes) -> bool:
    server = MailServer.of(settings) if settings.checkpoint_mail_to else None
    if server is not None:
        outlets.mail(note, server, settings.checkpoint_mail_to)
    return server is not None
