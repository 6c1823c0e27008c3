"""The witness's journey over real HTTP on the loopback, with the log's own client."""

from __future__ import annotations

import http.client
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from flask import Flask, Response
from werkzeug.serving import make_server

from adapters.log.checkpoints import SignedCheckpoints
from adapters.log.cosignatures import WitnessKey
from adapters.log.keys import UnsafeKeyFile
from adapters.log.notes import MalformedKey, Note
from adapters.log.proofs import verify_proof_file
from adapters.log.stores import open_store
from adapters.log.witness import MAX_REQUEST_BYTES, SIZE_TYPE, Request
from adapters.log.witness_client import (
    MAX_ANSWER_BYTES,
    WitnessClient,
    WitnessConflict,
    WitnessRefused,
    WitnessUnreachable,
)
from tests.adapters.log.small_log import ORIGIN, SmallLog, cosigner
from web.witness import WitnessSettings, create_witness, open_witness

NAME = "witness.example/w1"
LOG_KEY = str(SmallLog().signer.vkey)


@contextmanager
def serving(app: Flask) -> Iterator[str]:
    """Serve an application on a free port of the loopback; lend its address."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def settings(tmp_path: Path, *logs: str) -> WitnessSettings:
    return WitnessSettings(tmp_path / "witness", NAME, logs or (LOG_KEY,))


@pytest.fixture
def address(tmp_path: Path) -> Iterator[str]:
    with serving(create_witness(settings(tmp_path))) as url:
        yield url


@pytest.fixture
def client(address: str, tmp_path: Path) -> WitnessClient:
    key = WitnessKey.parse(open_witness(settings(tmp_path)).vkey)
    return WitnessClient(f"{address}/", key, timeout=5)


def call(address: str, method: str, path: str, body: bytes = b"") -> tuple[int, str, bytes]:
    connection = http.client.HTTPConnection(urlsplit(address).netloc, timeout=5)
    try:
        connection.request(method, path, body)
        answer = connection.getresponse()
        return answer.status, answer.headers.get("Content-Type", ""), answer.read()
    finally:
        connection.close()


def test_a_log_grows_under_the_eyes_of_a_witness(client: WitnessClient, tmp_path: Path) -> None:
    log = SmallLog.of_size(300)
    signed = SignedCheckpoints(open_store(f"sqlite:///{tmp_path / 'signed'}"), log.signer)
    for size in (0, 3, 3, 270, 300):
        note = signed.sign(size, log.checkpoint(size).root, log.prove)
        signed.attach(note, *client.cosign(note, log.prove))
    file = log.proof_file(7, note=signed.last()).encode()
    shown = verify_proof_file(file, LOG_KEY, [client.key], quorum=1)
    assert [key for key, _ in shown.witnesses] == [client.key]


def test_a_client_that_forgot_is_told_where_the_witness_stands(client: WitnessClient) -> None:
    log = SmallLog.of_size(20)
    client.cosign(log.note(5), log.prove)
    asked: list[tuple[int, int]] = []

    def prove(old: int, new: int) -> list[bytes]:
        asked.append((old, new))
        return log.prove(old, new)

    assert len(client.cosign(log.note(12), prove)) == 1
    assert len(client.cosign(log.note(20), prove, known=12)) == 1
    assert len(client.cosign(log.note(20), prove, known=5)) == 1
    assert asked == [(5, 12), (12, 20), (5, 20)]


def test_a_rewritten_history_is_reported_as_a_conflict(client: WitnessClient) -> None:
    log = SmallLog.of_size(20)
    client.cosign(log.note(), log.prove)
    for fork in (SmallLog.of_size(20, "fork"), SmallLog.of_size(19)):
        with pytest.raises(WitnessConflict, match=f"{NAME} 已联署 20 条") as conflict:
            client.cosign(fork.note(), fork.prove)
        assert (conflict.value.size, conflict.value.latest) == (len(fork.entries), 20)
    longer = SmallLog.of_size(25, "fork")
    with pytest.raises(WitnessRefused, match=f"{NAME} 拒绝联署（422）") as refusal:
        client.cosign(longer.note(), longer.prove)
    assert refusal.value.status == 422


def test_an_unknown_log_and_an_unknown_key_are_refused(client: WitnessClient) -> None:
    stranger = SmallLog([b"a"], seed="stranger")
    with pytest.raises(WitnessRefused) as refusal:
        client.cosign(stranger.note(), stranger.prove)
    assert refusal.value.status == 403


def test_the_answers_are_the_ones_that_the_protocol_prescribes(address: str) -> None:
    log = SmallLog.of_size(8)
    first = call(address, "POST", "/add-checkpoint", Request(0, (), log.note(5)).encode())
    assert first[:2] == (200, "text/plain; charset=utf-8")
    assert first[2].decode().startswith(f"— {NAME} ")
    again = call(address, "POST", "/add-checkpoint", Request(0, (), log.note(5)).encode())
    assert again == (409, SIZE_TYPE, b"5\n")
    proof = tuple(log.prove(5, 8))
    wrong = Request(5, proof[::-1], log.note()).encode()
    assert call(address, "POST", "/add-checkpoint", wrong)[0] == 422
    right = Request(5, proof, log.note()).encode()
    assert call(address, "POST", "/add-checkpoint", right)[0] == 200
    assert call(address, "POST", "/add-checkpoint", b"old 0")[0] == 400
    assert call(address, "POST", "/add-checkpoint", b"a" * (MAX_REQUEST_BYTES + 1))[0] == 413
    assert call(address, "GET", "/add-checkpoint")[0] == 405


def test_the_key_and_the_last_checkpoint_can_be_read_by_monitors(
    address: str, client: WitnessClient
) -> None:
    log = SmallLog.of_size(8)
    status, _, line = call(address, "GET", "/vkey")
    assert (status, line.decode()) == (200, f"{client.key}\n")
    assert call(address, "GET", f"/latest?origin={ORIGIN}")[0] == 404
    client.cosign(log.note(), log.prove)
    status, _, note = call(address, "GET", f"/latest?origin={ORIGIN}")
    assert status == 200
    assert len(Note.parse(note).verify([client.key, log.signer.vkey])) == 2


def test_a_witness_keeps_its_key_and_its_memory_over_a_restart(tmp_path: Path) -> None:
    log, fork = SmallLog.of_size(8), SmallLog.of_size(8, "fork")
    known = []
    for story in (log, fork):
        with serving(create_witness(settings(tmp_path))) as url:
            key = WitnessKey.parse(call(url, "GET", "/vkey")[2].decode())
            known.append(key)
            client = WitnessClient(url, key)
            if story is log:
                client.cosign(log.note(), log.prove)
            else:
                with pytest.raises(WitnessConflict):
                    client.cosign(fork.note(), fork.prove)
    assert known[0] == known[1]


def test_a_witness_does_not_start_under_anothers_name(tmp_path: Path) -> None:
    open_witness(settings(tmp_path))
    with pytest.raises(UnsafeKeyFile):
        open_witness(WitnessSettings(tmp_path / "witness", "other", (LOG_KEY,)))
    with pytest.raises(MalformedKey):
        open_witness(settings(tmp_path, "not a key"))


def pretending(answer: Callable[[], Response]) -> Flask:
    app = Flask(__name__, static_folder=None)
    app.add_url_rule("/add-checkpoint", "any", answer, methods=["POST"])
    return app


LOG = SmallLog.of_size(6)
AT = datetime(2026, 1, 1, tzinfo=UTC)
OTHER_TREE = cosigner(NAME).cosign(SmallLog.of_size(6, "fork").checkpoint(), AT).line()
OTHER_KEY = cosigner("other").cosign(LOG.checkpoint(), AT).line()
RIGHT = cosigner(NAME).cosign(LOG.checkpoint(), AT).line()


@pytest.mark.parametrize(
    "body", ["", "\n", OTHER_TREE, OTHER_KEY, RIGHT + OTHER_TREE, RIGHT[:-1], "<html>"]
)
def test_an_answer_without_a_right_cosignature_is_not_taken(body: str) -> None:
    with serving(pretending(lambda: Response(body, 200))) as url:
        client = WitnessClient(url, cosigner(NAME).vkey)
        with pytest.raises(WitnessUnreachable):
            client.cosign(LOG.note(), LOG.prove)


def test_lines_of_unknown_keys_in_an_answer_are_ignored() -> None:
    with serving(pretending(lambda: Response(OTHER_KEY + RIGHT, 200))) as url:
        found = WitnessClient(url, cosigner(NAME).vkey).cosign(LOG.note(), LOG.prove)
    assert [line.line() for line in found] == [RIGHT]


@pytest.mark.parametrize(
    ("body", "kind", "failure"),
    [
        ("0\n", SIZE_TYPE, WitnessConflict),
        ("7\n", SIZE_TYPE, WitnessConflict),
        ("3", SIZE_TYPE, WitnessUnreachable),
        ("03\n", SIZE_TYPE, WitnessUnreachable),
        ("-3\n", SIZE_TYPE, WitnessUnreachable),
        ("", SIZE_TYPE, WitnessUnreachable),
        ("3\n", "text/plain", WitnessUnreachable),
        ("é\n", SIZE_TYPE, WitnessUnreachable),
    ],
)
def test_a_conflict_that_leads_nowhere_is_not_repeated(
    body: str, kind: str, failure: type[Exception]
) -> None:
    calls = []

    def answer() -> Response:
        calls.append(1)
        return Response(body, 409, content_type=kind)

    with serving(pretending(answer)) as url, pytest.raises(failure):
        WitnessClient(url, cosigner(NAME).vkey).cosign(LOG.note(), LOG.prove)
    assert len(calls) == 1


def test_an_older_cosignature_does_not_stand_in_for_a_missing_one() -> None:
    note = LOG.note() + RIGHT.encode()
    with serving(pretending(lambda: Response(OTHER_KEY, 200))) as url:
        client = WitnessClient(url, cosigner(NAME).vkey)
        with pytest.raises(WitnessUnreachable):
            client.cosign(note, LOG.prove)


def test_a_witness_that_changes_its_mind_for_ever_is_given_up() -> None:
    sizes = iter(range(1, 6))
    app = pretending(lambda: Response(f"{next(sizes)}\n", 409, content_type=SIZE_TYPE))
    with serving(app) as url, pytest.raises(WitnessUnreachable):
        WitnessClient(url, cosigner(NAME).vkey).cosign(LOG.note(), LOG.prove)


def test_a_submission_is_not_redirected() -> None:
    app = pretending(lambda: Response("", 307, headers={"Location": "http://127.0.0.1:9/x"}))
    with serving(app) as url, pytest.raises(WitnessRefused) as refusal:
        WitnessClient(url, cosigner(NAME).vkey).cosign(LOG.note(), LOG.prove)
    assert refusal.value.status == 307


def test_an_endless_answer_is_cut_short() -> None:
    with serving(pretending(lambda: Response(b"a" * (MAX_ANSWER_BYTES + 1), 200))) as url:
        client = WitnessClient(url, cosigner(NAME).vkey)
        with pytest.raises(WitnessUnreachable, match="过长"):
            client.cosign(LOG.note(), LOG.prove)


def test_an_answer_that_trickles_is_given_up() -> None:
    pause = threading.Event()

    def trickle() -> Iterator[bytes]:
        for _ in range(500):
            pause.wait(0.01)
            yield b"a"

    with serving(pretending(lambda: Response(trickle(), 200))) as url:
        client = WitnessClient(url, cosigner(NAME).vkey, timeout=0.2)
        with pytest.raises(WitnessUnreachable, match="过慢"):
            client.cosign(LOG.note(), LOG.prove)
        pause.set()


def test_a_witness_that_is_away_is_unreachable() -> None:
    with serving(pretending(lambda: Response(""))) as url:
        pass
    with pytest.raises(WitnessUnreachable):
        WitnessClient(url, cosigner(NAME).vkey, timeout=2).cosign(LOG.note(), LOG.prove)


@pytest.mark.parametrize("prefix", ["file:///etc", "ftp://127.0.0.1", "127.0.0.1", "http:///x", ""])
def test_a_witness_is_reached_by_http_only(prefix: str) -> None:
    with pytest.raises(ValueError, match="http"):
        WitnessClient(prefix, cosigner(NAME).vkey)
