"""A small witness: cosigns a log's checkpoint only when it continues the last one cosigned.

`Witness.add_checkpoint` takes the body of C2SP tlog-witness's add-checkpoint call and gives the answer;
web/witness.py puts HTTP around it. The check against the last tree and the saving of the new one are one
transaction, on disk before the cosignature leaves, so two forks can never both be cosigned.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from http import HTTPStatus
from typing import TYPE_CHECKING

from sqlalchemy import BigInteger, Column, LargeBinary, MetaData, Table, Text, select

from adapters.log import merkle
from adapters.log.checkpoints import Checkpoint, Contradiction, check_extends, parse_decimal
from adapters.log.cosignatures import cosigned_seconds
from adapters.log.notes import InvalidNote, MalformedNote, Note, VerifierKey, encode_base64
from adapters.log.proofs import parse_hashes
from adapters.log.stores import reading, writing

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from sqlalchemy import Connection, Engine

    from adapters.log.cosignatures import Cosigner

MAX_REQUEST_BYTES = 262_144
SIZE_TYPE = "text/x.tlog.size"
TEXT_TYPE = "text/plain; charset=utf-8"

_tables = MetaData()
_cosigned = Table(
    "cosigned",
    _tables,
    Column("origin", Text, primary_key=True),
    Column("size", BigInteger, nullable=False),
    Column("root", LargeBinary, nullable=False),
    Column("note", LargeBinary, nullable=False),
)
_forks = Table(
    "forks",
    _tables,
    Column("origin", Text, primary_key=True),
    Column("size", BigInteger, primary_key=True),
    Column("root", LargeBinary, primary_key=True),
    Column("cosigned", LargeBinary, nullable=False),
    Column("refused", LargeBinary, nullable=False),
)
MAX_FORKS = 1_000
"""How many pairs of contradicting notes are kept as evidence, for each log."""


@dataclass(frozen=True, slots=True)
class Request:
    """An add-checkpoint call: the size the log believes we know, the proof from there, the checkpoint."""

    old_size: int
    proof: tuple[bytes, ...]
    note: bytes

    def encode(self) -> bytes:
        """The request's body."""
        lines = [f"old {self.old_size}", *map(encode_base64, self.proof), "", ""]
        return "\n".join(lines).encode() + self.note

    @classmethod
    def parse(cls, body: bytes) -> Request:
        """Read a request's body; raises MalformedNote."""
        if len(body) > MAX_REQUEST_BYTES:
            raise MalformedNote(f"the request is longer than {MAX_REQUEST_BYTES} bytes")
        head, gap, note = body.partition(b"\n\n")
        try:
            lines = head.decode("ascii").split("\n")
        except UnicodeDecodeError as error:
            raise MalformedNote("the request does not begin in ASCII") from error
        first = lines.pop(0)
        old = parse_decimal(first.removeprefix("old ")) if first.startswith("old ") else None
        if not gap or old is None:
            raise MalformedNote(
                "the request must be: old SIZE, proof lines, empty line, checkpoint"
            )
        return cls(old, parse_hashes(lines), note)


@dataclass(frozen=True, slots=True)
class Answer:
    """The HTTP answer to a request."""

    status: int
    body: bytes
    content_type: str = TEXT_TYPE


class Witness:
    """Keeps the latest tree of each known log and cosigns what continues it."""

    def __init__(
        self,
        engine: Engine,
        cosigner: Cosigner,
        logs: Mapping[str, Sequence[VerifierKey]],
        *,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        """engine: from stores.open_store(); logs: the trusted keys by origin; clock: gives aware times."""
        self._engine = engine
        self._cosigner = cosigner
        self._logs = {origin: tuple(keys) for origin, keys in logs.items()}
        self._clock = clock
        with writing(engine, "witness") as connection:
            _tables.create_all(connection)

    @property
    def vkey(self) -> str:
        """The witness's public key line."""
        return str(self._cosigner.vkey)

    def add_checkpoint(self, body: bytes) -> Answer:
        """Answer one add-checkpoint call, with the statuses that C2SP tlog-witness prescribes.

        200 with the cosignature line, 400 malformed, 403 no trusted signature, 404 unknown log, 409 the
        old size is not the one we know (which is the answer's body) or the tree contradicts the one
        cosigned at the same size, 422 the consistency proof is wrong.
        """
        try:
            request = Request.parse(body)
            note = Note.parse(request.note)
            checkpoint = Checkpoint.parse(note.text)
        except InvalidNote as error:
            return _refusal(HTTPStatus.BAD_REQUEST, str(error))
        keys = self._logs.get(checkpoint.origin)
        if keys is None:
            return _refusal(HTTPStatus.NOT_FOUND, "this witness does not know the log")
        try:
            signatures = note.verify(keys)
        except InvalidNote as error:
            return _refusal(HTTPStatus.FORBIDDEN, str(error))
        if request.old_size > checkpoint.size:
            return _refusal(HTTPStatus.BAD_REQUEST, "the old size is above the checkpoint's")
        # Anyone may add lines of unknown keys to a note: only what was verified is kept.
        return self._check_and_save(request, checkpoint, Note(note.text, signatures))

    def latest(self, origin: str) -> bytes | None:
        """The last note of this log that was cosigned, with the cosignature; None before the first."""
        with reading(self._engine) as connection:
            query = select(_cosigned.c.note).where(_cosigned.c.origin == origin)
            note: bytes | None = connection.execute(query).scalar()
        return note

    def forks(self, origin: str) -> list[tuple[bytes, bytes]]:
        """Pairs of notes, both signed by the log, that contradict each other: (cosigned, refused)."""
        query = select(_forks.c.cosigned, _forks.c.refused).where(_forks.c.origin == origin)
        with reading(self._engine) as connection:
            return [(row[0], row[1]) for row in connection.execute(query.order_by(_forks.c.size))]

    def _check_and_save(self, request: Request, new: Checkpoint, note: Note) -> Answer:
        """The atomic part: compare with the last tree, save the new one, and only then hand out."""
        with writing(self._engine, "witness") as connection:
            known = self._known(connection, new.origin)
            old = Checkpoint.parse(known.text) if known else _nothing(new.origin)
            if request.old_size != old.size:
                return _conflict(old.size)
            try:
                check_extends(old, new, request.proof)
            except Contradiction:
                if known:
                    _keep_evidence(connection, new, known.encode(), note.encode())
                return _conflict(old.size)
            except merkle.InvalidProof as error:
                return _refusal(HTTPStatus.UNPROCESSABLE_ENTITY, str(error))
            line = self._cosigner.cosign(new, self._now(known))
            _save(connection, new, note.signed(line).encode())
        return Answer(HTTPStatus.OK, line.line().encode())

    def _now(self, known: Note | None) -> datetime:
        """The time to state: never before the last one, even if the clock was set back."""
        mine = [s for s in known.signatures if s.by(self._cosigner.vkey)] if known else []
        last = max((cosigned_seconds(s) for s in mine), default=0)
        return max(self._clock(), datetime.fromtimestamp(last, UTC))

    def _known(self, connection: Connection, origin: str) -> Note | None:
        query = select(_cosigned.c.note).where(_cosigned.c.origin == origin)
        note = connection.execute(query).scalar()
        return None if note is None else Note.parse(note)


def _nothing(origin: str) -> Checkpoint:
    return Checkpoint(origin, 0, merkle.EMPTY_ROOT)


def _save(connection: Connection, new: Checkpoint, note: bytes) -> None:
    values = {"size": new.size, "root": new.root, "note": note}
    row = _cosigned.update().where(_cosigned.c.origin == new.origin).values(values)
    if connection.execute(row).rowcount == 0:
        connection.execute(_cosigned.insert().values(origin=new.origin, **values))


def _keep_evidence(
    connection: Connection, new: Checkpoint, cosigned: bytes, refused: bytes
) -> None:
    kept = select(_forks.c.size, _forks.c.root).where(_forks.c.origin == new.origin)
    rows = {(row[0], row[1]) for row in connection.execute(kept)}
    if (new.size, new.root) not in rows and len(rows) < MAX_FORKS:
        connection.execute(
            _forks.insert().values(
                origin=new.origin, size=new.size, root=new.root, cosigned=cosigned, refused=refused
            )
        )


def _refusal(status: HTTPStatus, reason: str) -> Answer:
    return Answer(status, f"{reason}\n".encode())


def _conflict(size: int) -> Answer:
    return Answer(HTTPStatus.CONFLICT, f"{size}\n".encode(), SIZE_TYPE)
