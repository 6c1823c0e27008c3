"""A witness as a web service of its own: it cosigns the checkpoints of the logs that it was told of.

Run it on another machine, under another administrator, than the log it watches.
"""

from __future__ import annotations

from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING

from flask import Flask, Response, request

from adapters.log.keys import UnsafeKeyFile, create_cosigner, load_cosigner
from adapters.log.notes import VerifierKey
from adapters.log.stores import open_store
from adapters.log.witness import MAX_REQUEST_BYTES, Answer, Witness

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class WitnessSettings:
    """home: the folder of its key and store; name: its own name; logs: the vkey lines of the logs.

    A log's origin is its key's name. Two lines of one name are two keys of one log, as after a handover.
    """

    home: Path
    name: str
    logs: tuple[str, ...]


def open_witness(settings: WitnessSettings) -> Witness:
    """The witness of these settings, with its key made on first use; raises MalformedKey, UnsafeKeyFile."""
    path = settings.home / "witness.key"
    known: dict[str, list[VerifierKey]] = {}
    for key in map(VerifierKey.parse, settings.logs):
        known.setdefault(key.name, []).append(key)
    cosigner = load_cosigner(path) if path.exists() else create_cosigner(path, settings.name)
    if cosigner.name != settings.name:
        raise UnsafeKeyFile(f"密钥文件 {path} 属于“{cosigner.name}”，而不是“{settings.name}”")
    return Witness(open_store(f"sqlite:///{settings.home / 'witness.sqlite'}"), cosigner, known)


def create_witness(settings: WitnessSettings, *, witness: Witness | None = None) -> Flask:
    """The service: POST /add-checkpoint (C2SP tlog-witness), GET /vkey, GET /latest?origin=…"""
    serving = open_witness(settings) if witness is None else witness
    app = Flask(__name__, static_folder=None)
    app.config["MAX_CONTENT_LENGTH"] = MAX_REQUEST_BYTES

    @app.post("/add-checkpoint")
    def add_checkpoint() -> Response:
        """Cosign a checkpoint that continues the last one."""
        return _respond(serving.add_checkpoint(request.get_data(cache=False)))

    @app.get("/vkey")
    def vkey() -> Response:
        """The witness's public key."""
        return _respond(Answer(HTTPStatus.OK, f"{serving.vkey}\n".encode()))

    @app.get("/latest")
    def latest() -> Response:
        """The last checkpoint cosigned for a log, for monitors to compare with what they were shown."""
        note = serving.latest(request.args.get("origin", ""))
        if note is None:
            return _respond(Answer(HTTPStatus.NOT_FOUND, b"nothing cosigned\n"))
        return _respond(Answer(HTTPStatus.OK, note))

    return app


def _respond(answer: Answer) -> Response:
    response = Response(answer.body, answer.status, content_type=answer.content_type)
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response
