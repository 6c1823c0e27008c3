"""What the log shows to everyone: its public key and the last checkpoint it signed. Nothing is made or signed here."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import make_url

from adapters.log import keys
from adapters.log.checkpoints import Checkpoint, last_signed
from adapters.log.notes import Note
from adapters.log.stores import open_store
from adapters.settings import Settings


@dataclass(frozen=True, slots=True)
class Shown:
    """A signed checkpoint, and the log's public key line where its file can be read."""

    note: bytes
    checkpoint: Checkpoint
    vkey: str | None

    @property
    def text(self) -> str:
        """The note as text."""
        return self.note.decode()


def shown(settings: Settings) -> Shown | None:
    """What was last signed; None where nothing was."""
    if not _is_there(settings.checkpoints_url):
        return None
    store = open_store(settings.checkpoints_url)
    try:
        note = last_signed(store, settings.origin)
    finally:
        store.dispose()
    if note is None:
        return None
    return Shown(note, Checkpoint.parse(Note.parse(note).text), _vkey(settings))


def _is_there(url: str) -> bool:
    """Whether the store exists: opening a SQLite file that does not would make it."""
    parsed = make_url(url)
    return parsed.get_backend_name() != "sqlite" or Path(str(parsed.database)).exists()


def _vkey(settings: Settings) -> str | None:
    try:
        signer = keys.load_signer(settings.signing_key_file)
    except keys.UnsafeKeyFile:
        return None
    return str(signer.vkey) if signer.name == settings.origin else None
