"""A log of a thousand events with its checkpoints, as it stands on the day before somebody meddles with it."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID, uuid5

import sqlalchemy as sa
from eventsourcing.persistence import StoredEvent
from sqlalchemy import Engine

from adapters.log import keys, leaf, tables
from adapters.log.cosignatures import Cosigner
from adapters.log.engine import create_engine, writing
from adapters.log.notes import Note, VerifierKey
from adapters.log.recorder import LogRecorder
from adapters.log.stores import open_store
from adapters.log.tree import Tree
from adapters.log.witness import Request, Witness
from adapters.trust import outlets
from adapters.trust.notary import Notary
from adapters.trust.report import Report
from adapters.trust.verify import Premises, verify
from tests.adapters.log.small_log import private

ORIGIN = "register.example/city"
SIZE = 1_000
SIGNED_AT = (100, 300, 700, SIZE)
AT = datetime(2026, 11, 20, 8, 30, tzinfo=UTC)
WITNESS = Cosigner("witness.example/w1", private("w1"))

_STUDIOS = 120
_TOPICS = ("studio.applied", "studio.reviewed", "studio.named", "studio.annually_checked")


def story(size: int = SIZE, seed: str = "city") -> list[StoredEvent]:
    """So many events of a hundred and twenty studios, in an order that mixes them; another seed is another history."""
    chance = random.Random(seed)
    versions = dict.fromkeys(range(_STUDIOS), 0)
    events = []
    for n in range(size):
        studio = chance.randrange(_STUDIOS)
        versions[studio] += 1
        state = f'{{"name":"劳模创新工作室{studio}号","year":{2019 + n % 8},"fen":{n * 1_000}}}'
        events.append(
            StoredEvent(
                uuid5(UUID(int=1), f"{seed} {studio}"),
                versions[studio],
                chance.choice(_TOPICS),
                state.encode(),
            )
        )
    return events


EVENTS = story()


@dataclass(frozen=True, slots=True)
class Scene:
    """Where everything of one log lies."""

    home: Path
    engine: Engine
    store: Engine

    @property
    def key_file(self) -> Path:
        return self.home / "signing.key"

    @property
    def folder(self) -> Path:
        return self.home / "checkpoints"

    def notary(self) -> Notary:
        return Notary(self.engine, self.store, self.key_file)

    def premises(self) -> Premises:
        known = outlets.KnownWitness(WITNESS.vkey, None)
        return Premises(self.engine, store=self.store, key_file=self.key_file, witnesses=(known,))

    def verify(self, checkpoint: bytes | None = None, vkey: str | None = None) -> Report:
        return verify(self.premises(), checkpoint=checkpoint, vkey=vkey)


@contextmanager
def opened(home: Path, log_url: str, store_url: str) -> Iterator[Scene]:
    """The scene whose databases are there."""
    engine, store = create_engine(log_url), open_store(store_url)
    try:
        yield Scene(home, engine, store)
    finally:
        engine.dispose()
        store.dispose()


@contextmanager
def set_up(home: Path, log_url: str, store_url: str) -> Iterator[Scene]:
    """A new scene: events recorded, four checkpoints signed on the way, the last cosigned by a witness."""
    with opened(home, log_url, store_url) as scene:
        tables.create(scene.engine)
        keys.create_signer(scene.key_file, ORIGIN)
        notary, done = scene.notary(), 0
        for size in SIGNED_AT:
            LogRecorder(scene.engine).insert_events(EVENTS[done:size])
            outlets.write(notary.checkpoint(), scene.folder)
            done = size
        cosign(scene, witness(home / "witness.sqlite", notary.vkey()))
        yield scene


@contextmanager
def on_sqlite(home: Path) -> Iterator[Scene]:
    """A new scene in SQLite files."""
    with set_up(home, *sqlite_urls(home)) as scene:
        yield scene


def sqlite_urls(home: Path) -> tuple[str, str]:
    return f"sqlite:///{home / 'log.sqlite'}", f"sqlite:///{home / 'signed.sqlite'}"


def witness(path: Path, vkey: str, cosigner: Cosigner = WITNESS) -> Witness:
    """A witness that knows the log."""
    return Witness(
        open_store(f"sqlite:///{path}"),
        cosigner,
        {ORIGIN: [VerifierKey.parse(vkey)]},
        clock=lambda: AT,
    )


def cosign(scene: Scene, by: Witness, known: int = 0) -> bytes:
    """The last checkpoint with the witness's cosignature attached."""
    notary = scene.notary()
    note = notary.last()
    assert note is not None
    answer = by.add_checkpoint(Request(known, (), note).encode())
    assert answer.status == 200
    return notary.attach(note, Note.parse(note + answer.body).signatures[-1])


def rewrite(engine: Engine, events: Sequence[StoredEvent]) -> None:
    """Puts other events into the log and computes everything anew from them, as one does who knows the code."""
    hashes = [leaf.hash_of(event) for event in events]
    tree, full = Tree().append(hashes)
    with writing(engine) as connection:
        for table in (tables.events, tables.nodes):
            connection.execute(table.delete())
        rows = [
            {"position": n, **vars(event), "leaf_hash": hash}
            for n, (event, hash) in enumerate(zip(events, hashes, strict=True), start=1)
        ]
        connection.execute(tables.events.insert(), rows)
        if full:
            connection.execute(tables.nodes.insert(), [node._asdict() for node in full])
        connection.execute(
            tables.tree.update().values(size=tree.size, root=tree.root, frontier=tree.frontier)
        )


def at(position: int) -> sa.ColumnElement[bool]:
    """The row of a position."""
    return tables.events.c.position == position
