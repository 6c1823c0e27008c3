"""A witness for tests, and how a log asks it."""

from __future__ import annotations

from datetime import UTC, datetime

from adapters.log.notes import Note
from adapters.log.stores import open_store
from adapters.log.witness import SIZE_TYPE, TEXT_TYPE, Answer, Request, Witness
from tests.adapters.log.small_log import ORIGIN, SmallLog, cosigner

NAME = "witness.example/w1"
NOW = datetime(2026, 11, 20, 8, 30, tzinfo=UTC)


def make(url: str, name: str = NAME) -> Witness:
    log = SmallLog()
    keys = {ORIGIN: [log.signer.vkey]}
    return Witness(open_store(url), cosigner(name), keys, clock=lambda: NOW)


def ask(witness: Witness, log: SmallLog, old: int = 0, size: int | None = None) -> Answer:
    size = len(log.entries) if size is None else size
    proof = log.prove(old, size) if 0 < old < size else []
    return witness.add_checkpoint(Request(old, tuple(proof), log.note(size)).encode())


def cosigned(answer: Answer, log: SmallLog, size: int | None = None, name: str = NAME) -> bool:
    note = Note.parse(log.note(size) + answer.body)
    found = note.verify([cosigner(name).vkey])
    return answer.status == 200 and answer.content_type == TEXT_TYPE and len(found) == 1


def conflict(size: int) -> Answer:
    return Answer(409, f"{size}\n".encode(), SIZE_TYPE)
