"""Verifies the whole register: every event and hash, every version, every checkpoint and signature, every file.

Everything is read once, in flat memory. The first thing that is wrong in each part is reported; for checkpoints and files, each thing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

from eventsourcing.persistence import Mapper, StoredEvent
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from adapters.log import scan
from adapters.log.keys import UnsafeKeyFile, load_signer
from adapters.log.notes import InvalidNote, VerifierKey
from adapters.log.scan import LogDamaged, Scan
from adapters.log.sm3 import check_sm3
from adapters.log.stores import open_store
from adapters.log.tree import Tree
from adapters.log.verification import Progress, verify_log, verify_streams
from adapters.trust import outlets
from adapters.trust.attachments import MARK, References
from adapters.trust.extension import read_checkpoint
from adapters.trust.history import History, read_history
from adapters.trust.report import Fault, Part, Report
from adapters.trust.succession import Succession, letters_beside

if TYPE_CHECKING:
    from adapters.bootstrap import House
    from adapters.log.checkpoints import Checkpoint

MOST: Final = 100
"""How many faults of the checkpoints, and of the files, are listed."""


@dataclass(frozen=True, slots=True)
class Premises:
    """What is verified. What is None is left out.

    engine: the log's; mapper: decodes its events; store: what was signed; key_file: the signing key's file, beside which its letters lie;
    folder: of checkpoints written out; evidence: of the files; witnesses: whose cosignatures may stand under a checkpoint.
    """

    engine: Engine
    mapper: Mapper[UUID] | None = None
    store: Engine | None = None
    key_file: Path | None = None
    folder: Path | None = None
    evidence: Path | None = None
    witnesses: tuple[outlets.KnownWitness, ...] = ()


def premises(house: House) -> Premises:
    """All there is of an assembled application; raises SettingsError."""
    settings = house.settings
    return Premises(
        engine=house.engine,
        mapper=house.register.mapper,
        store=open_store(settings.checkpoints_url),
        key_file=settings.signing_key_file,
        folder=settings.checkpoints,
        evidence=settings.evidence,
        witnesses=outlets.witnesses(settings),
    )


def verify(
    place: Premises,
    *,
    checkpoint: bytes | None = None,
    vkey: str | None = None,
    evidence: bool = True,
    progress: Progress | None = None,
) -> Report:
    """Verify everything and report. checkpoint, vkey: brought from outside, they show what was cut, rewritten or signed anew.

    Raises InvalidNote when the checkpoint or the key that was brought is itself not valid.
    """
    faults: list[Fault] = []
    trusted = VerifierKey.parse(vkey) if vkey is not None else None
    keys = _keys(place, trusted, faults)
    brought = _brought(checkpoint, keys, trusted)
    history = _history(place, keys, brought, faults)
    events = _Events(place.mapper, References() if evidence and place.evidence else None)
    tree = _log(place.engine, history, events, progress, faults)
    with _noted("log", faults):
        if history.sm3 is not None and check_sm3(place.engine, history.sm3) is False:
            faults.append(Fault("checkpoint", "记录与检查点的 SM3 根哈希不符"))
    files = events.compare(place.evidence, faults)
    return Report(
        size=tree.size,
        root=tree.root.hex(),
        vkey=str(keys.current) if keys else None,
        checkpoints=history.count,
        evidence=files,
        outside=brought.size if brought else None,
        faults=tuple(faults),
    )


def _keys(place: Premises, trusted: VerifierKey | None, faults: list[Fault]) -> Succession | None:
    """The keys of this log, as the signing key and its letters show them; the trusted one must be among them."""
    alone = Succession((trusted,)) if trusted is not None else None
    if place.key_file is None:
        return alone
    try:
        if not place.key_file.exists():
            return alone and Succession.after(alone.current, letters_beside(place.key_file))
        keys = Succession.beside(place.key_file, load_signer(place.key_file).vkey)
        if trusted is not None:
            keys.since(trusted)
    except (InvalidNote, UnsafeKeyFile) as error:
        faults.append(Fault("key", str(error)))
        return alone
    return keys


def _brought(
    note: bytes | None, keys: Succession | None, trusted: VerifierKey | None
) -> Checkpoint | None:
    if note is None:
        return None
    if keys is None:
        raise InvalidNote("核对检查点需要日志的公钥")
    return read_checkpoint(note, keys if trusted is None else keys.since(trusted))


def _history(
    place: Premises, keys: Succession | None, brought: Checkpoint | None, faults: list[Fault]
) -> History:
    """The roots that are known: brought along, remembered as signed, and written out."""
    history = History(keys, tuple(witness.key for witness in place.witnesses))
    if brought is not None:
        history.know(brought, "带来的检查点")
    try:
        read_history(history, place.store, place.folder)
    except (SQLAlchemyError, OSError, TypeError, ValueError) as error:
        history.faults.append(f"签署过的检查点无法读出：{error}")
    faults += [Fault("checkpoint", reason) for reason in history.faults[:MOST]]
    return history


def _log(
    engine: Engine,
    history: History,
    events: _Events,
    progress: Progress | None,
    faults: list[Fault],
) -> Tree:
    """Goes through the log, and through the versions; the tree, empty where it could not be told."""
    tree = Tree()
    with _noted("log", faults):
        tree = verify_log(engine, history.roots, progress, inspect=events.inspect)
        with _noted("stream", faults):
            verify_streams(engine)
    with _noted("database", faults):
        faults += [Fault("database", said) for said in Scan(engine).complaints()]
    return tree


@contextmanager
def _noted(part: Part, faults: list[Fault]) -> Iterator[None]:
    try:
        yield
    except LogDamaged as damage:
        faults.append(Fault(part, damage.reason, damage.first, damage.last))
    except (*scan.UNREADABLE, TypeError) as error:
        faults.append(Fault("database", f"数据库无法读出：{error}"))


class _Events:
    """Decodes every event that was verified, and collects what it refers to."""

    def __init__(self, mapper: Mapper[UUID] | None, references: References | None) -> None:
        self._decode: Callable[[StoredEvent], Any] | None = None
        if mapper is not None:
            self._decode = mapper.to_domain_event
        self._references = references
        self._first: Fault | None = None

    def inspect(self, position: int, stored: StoredEvent) -> None:
        """Decode one event; the first that cannot be decoded is remembered."""
        if self._decode is None:
            return
        try:
            event = self._decode(stored)
        except Exception as error:  # noqa: BLE001 - whatever it is, the event cannot be read
            reason = f"事件无法解读（{stored.topic}）：{type(error).__name__} {error}"
            self._first = self._first or Fault("event", reason, position, position)
            return
        if self._references is not None and MARK in stored.state:
            self._references.add(position, event)

    def compare(self, folder: Path | None, faults: list[Fault]) -> int:
        """Report what was found, compare the files, and return how many there are."""
        if self._first is not None:
            faults.append(self._first)
        if self._references is None or folder is None:
            return 0
        broken: list[Fault] = []
        for position, reason in self._references.broken(folder):
            if len(broken) < MOST:
                broken.append(Fault("evidence", reason, position, position))
        faults += broken
        count = len(self._references)
        self._references.close()
        return count


def verify_house(
    house: House,
    *,
    checkpoint: bytes | None = None,
    vkey: str | None = None,
    evidence: bool = True,
    progress: Progress | None = None,
) -> Report:
    """`verify` for an assembled application."""
    place = premises(house)
    try:
        return verify(place, checkpoint=checkpoint, vkey=vkey, evidence=evidence, progress=progress)
    finally:
        if place.store is not None:
            place.store.dispose()
