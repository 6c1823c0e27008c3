"""Personal data in a log that never forgets: each person has a data key, the events hold ciphertext only.

Erasing a person is destroying the key: the events, their hashes and every proof stay as they are. The keys
live in a store of their own (keystore.py), so an old copy of the events brings nobody back. After the
*keys* were restored from a backup, call `destroy_all` with everyone whom the log says was erased: the log
knows, the backup may not.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from time import monotonic
from typing import TYPE_CHECKING, Any
from uuid import UUID

from eventsourcing.persistence import Transcoding

from adapters.log import keys
from adapters.log.ciphers import LETTERS, DataKey, place_of
from adapters.log.keystore import KeyLost, KeyStore
from domain.errors import Invalid, Refused
from domain.sealed import Sealed

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime
    from pathlib import Path

    from sqlalchemy import Engine


class Sealer:
    """Seals and reveals, and destroys keys; implements the domain's `Sealing` port. Thread-safe."""

    def __init__(
        self,
        store: KeyStore,
        *,
        cipher: str = "aes-256-gcm",
        cached: int = 4096,
        fresh: float = 1.0,
    ) -> None:
        """cipher: for what is sealed from now on; cached: how many people's keys are kept in memory.

        fresh: the cache is compared with the store after so many seconds, since another process may
        have destroyed keys meanwhile.
        """
        if cipher not in LETTERS:
            raise ValueError(f"unknown cipher {cipher!r}; known are {', '.join(LETTERS)}")
        self._store = store
        self._cipher = cipher
        self._cached = cached
        self._fresh = fresh
        self._lock = threading.Lock()
        self._keys: OrderedDict[UUID, DataKey | None] = OrderedDict()
        self._generation = 0
        self._epoch = store.epoch()
        self._checked = monotonic()

    def seal(self, subject: UUID, field: str, plaintext: str) -> Sealed:
        """Seal one value; the person's key is durably saved before this returns.

        Raises Refused("subject_erased") when the person's key was destroyed, and Invalid("not_text") for
        text that is not Unicode.
        """
        key = self._find(subject, create=True)
        if key is None:
            message = "该人员的个人信息已依法删除，不能再登记"
            raise Refused("subject_erased", message, field=field, subject=str(subject))
        try:
            token = key.seal(self._cipher, place_of(subject, field), plaintext)
        except UnicodeEncodeError as error:
            raise Invalid("not_text", "含有无法识别的字符", field=field) from error
        return Sealed(subject, field, token)

    def reveal(self, sealed: Sealed) -> str | None:
        """The plain words, or None when the person was erased.

        Raises ciphers.InvalidToken when the token was tampered with or moved, KeyLost when the key was
        never destroyed and yet is not there.
        """
        key = self._find(sealed.subject)
        if key is None:
            return None
        return key.open(sealed.token, place_of(sealed.subject, sealed.field))

    def erased_at(self, subject: UUID) -> datetime | None:
        """When the person's key was destroyed (UTC), if it was."""
        return self._store.destroyed_at(subject)

    def prefetch(self, subjects: Iterable[UUID]) -> None:
        """Load many people's keys at once, before a page or an export reveals them one by one."""
        self._refresh()
        with self._lock:
            missing = [s for s in dict.fromkeys(subjects) if s not in self._keys]
        self._read(missing)

    def create_all(self, subjects: Iterable[UUID]) -> None:
        """Make many people's keys in one transaction, before an import seals under them."""
        wanted = list(dict.fromkeys(subjects))
        self._store.create(wanted)
        self.prefetch(wanted)

    def destroy(self, subject: UUID) -> None:
        """Destroy one person's key for ever; safe to repeat, and also for someone who has no key yet."""
        self.destroy_all([subject])

    def destroy_all(self, subjects: Iterable[UUID]) -> int:
        """Destroy many people's keys; returns how many were not destroyed before."""
        try:
            return self._store.destroy(subjects)
        finally:
            self._forget()

    def rotate_master(self, new: bytes) -> int:
        """Wrap every key anew under another 32-byte master key; the events are not touched."""
        return self._store.rotate(new)

    def _find(self, subject: UUID, *, create: bool = False) -> DataKey | None:
        """The key from memory or store, or None for a destroyed one; raises KeyLost for no trace."""
        self._refresh()
        with self._lock:
            if subject in self._keys:
                self._keys.move_to_end(subject)
                return self._keys[subject]
        found = self._read([subject])
        if subject not in found and create:
            self._store.create([subject])
            found = self._read([subject])
        if subject not in found:
            raise KeyLost(f"个人密钥库中没有 {subject} 的密钥，也没有销毁记录")
        return found[subject]

    def _read(self, subjects: Sequence[UUID]) -> dict[UUID, DataKey | None]:
        generation = self._generation
        found = {
            subject: None if raw is None else DataKey(raw)
            for subject, raw in self._store.read(subjects).items()
        }
        with self._lock:
            if generation == self._generation:  # nothing was destroyed while we read
                self._keys.update(found)
                while len(self._keys) > self._cached:
                    self._keys.popitem(last=False)
        return found

    def _refresh(self) -> None:
        """Drop the cache if any process has destroyed keys since we last looked."""
        if monotonic() - self._checked < self._fresh:
            return
        epoch = self._store.epoch()
        if epoch != self._epoch:
            self._forget()
        self._epoch, self._checked = epoch, monotonic()

    def _forget(self) -> None:
        with self._lock:
            self._generation += 1
            self._keys.clear()


def open_sealer(
    engine: Engine, path: Path, *, cipher: str = "aes-256-gcm", create: bool = False
) -> Sealer:
    """A sealer whose master key is in a file of mode 600.

    create: make the master key if there is neither the file nor anything in the store; a key that is
    missing while the store holds something was lost, and another one would not help. Raises
    keys.UnsafeKeyFile or keystore.WrongMaster.
    """
    if create and not path.exists() and KeyStore.is_new(engine):
        keys.create_master(path)
    return Sealer(KeyStore(engine, lambda: _masters(path)), cipher=cipher)


def rotate_master_file(engine: Engine, path: Path) -> int:
    """Make a new master key and wrap every key under it; returns how many keys were wrapped.

    Safe to repeat after an interruption: it goes on with the new key that waits in `<file>.next`. The old
    master key's file is replaced, which makes old copies of the keys' store unreadable.
    """
    waiting = _next(path)
    new = keys.load_master(waiting) if waiting.exists() else keys.create_master(waiting)
    count = KeyStore(engine, lambda: _masters(path)).rotate(new)
    waiting.replace(path)
    keys.sync_folder(path.parent)
    return count


def _masters(path: Path) -> list[bytes]:
    return [keys.load_master(p) for p in (path, _next(path)) if p == path or p.exists()]


def _next(path: Path) -> Path:
    return path.with_name(f"{path.name}.next")


class SealedAsToken(Transcoding):
    """How events store a sealed value: as ciphertext. Reading it back decrypts nothing."""

    type = Sealed
    name = "sealed"

    def encode(self, obj: Sealed) -> dict[str, Any]:
        """Subject, field and token under one letter each."""
        return {"s": obj.subject.hex, "f": obj.field, "c": obj.token}

    def decode(self, data: dict[str, Any]) -> Sealed:
        """The value with its token as it was stored."""
        return Sealed(UUID(hex=data["s"]), data["f"], data["c"])
