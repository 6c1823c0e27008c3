"""From the real recorder to a file in a stranger's hands: sign, cosign, prove, verify."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from uuid import UUID

import pytest
from eventsourcing.persistence import StoredEvent
from sqlalchemy import Engine, make_url

from adapters.log import leaf, merkle, tables
from adapters.log.checkpoints import Contradiction, SignedCheckpoints
from adapters.log.engine import create_engine, reading
from adapters.log.notes import Note
from adapters.log.proofs import ProofFile, verify_proof_file
from adapters.log.recorder import LogRecorder
from adapters.log.stores import open_store
from adapters.log.tree import StoredTree
from adapters.log.witness import Request, Witness
from tests.adapters.log.small_log import ORIGIN, SmallLog, cosigner

EVENTS = [StoredEvent(UUID(int=7), n, "studio.named", f'{{"n":{n}}}'.encode()) for n in range(300)]
SIGNER = SmallLog().signer


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    engine = create_engine(database_url)
    tables.create(engine)
    yield engine
    engine.dispose()


@pytest.fixture
def signed(tmp_path: Path) -> SignedCheckpoints:
    return SignedCheckpoints(open_store(f"sqlite:///{tmp_path / 'signed.sqlite'}"), SIGNER)


def checkpoint(engine: Engine, signed: SignedCheckpoints) -> bytes:
    with reading(engine) as connection:
        stored = StoredTree(connection)
        tree = stored.tree()
        return signed.sign(
            tree.size, tree.root, lambda old, new: merkle.consistency_proof(old, new, stored)
        )


def prove(engine: Engine, note: bytes, position: int) -> bytes:
    index = position - 1
    with reading(engine) as connection:
        stored = StoredTree(connection)
        path = merkle.inclusion_proof(index, stored.tree().size, stored)
    return ProofFile(index, tuple(path), note, leaf.encode(EVENTS[index])).encode()


def test_an_event_can_be_shown_to_a_stranger(
    engine: Engine, signed: SignedCheckpoints, tmp_path: Path
) -> None:
    recorder = LogRecorder(engine)
    witness = Witness(
        open_store(f"sqlite:///{tmp_path / 'w'}"), cosigner("w"), {ORIGIN: [SIGNER.vkey]}
    )
    sizes = []
    for first, last in ((0, 0), (0, 3), (3, 260), (260, 300)):
        if first < last:
            recorder.insert_events(EVENTS[first:last])
        note = checkpoint(engine, signed)
        with reading(engine) as connection:
            stored = StoredTree(connection)
            proof = merkle.consistency_proof(first, last, stored) if 0 < first < last else []
        answer = witness.add_checkpoint(Request(first, tuple(proof), note).encode())
        assert answer.status == 200
        line = Note.parse(note + answer.body).signatures[-1]
        sizes.append(verify_size(signed.attach(note, line)))
    assert sizes == [0, 3, 260, 300]
    for position in (1, 2, 256, 257, 300):
        file = prove(engine, signed.last() or b"", position)
        shown = verify_proof_file(file, str(SIGNER.vkey), [witness.vkey], quorum=1)
        assert leaf.decode(shown.leaf) == EVENTS[position - 1]


def verify_size(note: bytes) -> int:
    return int(Note.parse(note).text.split("\n")[1])


def test_an_old_copy_of_the_events_written_on_is_not_signed(
    sqlite_url: str, signed: SignedCheckpoints, tmp_path: Path
) -> None:
    engine = create_engine(sqlite_url)
    tables.create(engine)
    LogRecorder(engine).insert_events(EVENTS[:10])
    backup = tmp_path / "backup.sqlite"
    with closing(sqlite3.connect(make_url(sqlite_url).database or "")) as connection:
        connection.execute("VACUUM INTO ?", (str(backup),))
    LogRecorder(engine).insert_events(EVENTS[10:20])
    checkpoint(engine, signed)
    engine.dispose()

    restored = create_engine(f"sqlite:///{backup}")
    with pytest.raises(Contradiction):
        checkpoint(restored, signed)
    others = [StoredEvent(UUID(int=8), n, "studio.denamed", b"{}") for n in range(15)]
    LogRecorder(restored).insert_events(others)
    with pytest.raises(merkle.InvalidProof):
        checkpoint(restored, signed)
    restored.dispose()
    assert len(signed.all()) == 1
