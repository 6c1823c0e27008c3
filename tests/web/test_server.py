"""The real server: a story over HTTP, and what happens to requests under way when it is told to stop."""

from __future__ import annotations

import json
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

import pytest

from adapters.bootstrap import build
from adapters.settings import Settings
from tests.journeys.town import API, PASSWORD
from web.setup import ensure_setup_token

ROOT = Path(__file__).resolve().parents[2]
START = """
import sys
from adapters.settings import Settings
from web.server import serve
if __name__ == "__main__":
    home, database, port = sys.argv[1:]
    serve(Settings.at(home, database_url=database, port=port))
"""


@dataclass
class Server:
    """A server of our own, and how to ask it."""

    process: subprocess.Popen[bytes]
    port: int

    def connect(self) -> HTTPConnection:
        return HTTPConnection("127.0.0.1", self.port, timeout=20)

    def ask(self, method: str, path: str, body: Any = None, **headers: str) -> tuple[int, Any]:
        connection = self.connect()
        sent = None if body is None else json.dumps(body)
        told = {"Content-Type": "application/json", **headers} if sent else headers
        connection.request(method, f"{API}{path}", sent, told)
        answer = connection.getresponse()
        found = answer.status, json.loads(answer.read() or b"null")
        connection.close()
        return found


def free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port: int = taken.getsockname()[1]
    return port


@contextmanager
def serving(home: Path, database: str) -> Iterator[Server]:
    """A server on a home, asked until it answers, and stopped in the end."""
    script, port = home / "start.py", free_port()
    script.write_text(START)
    command = [sys.executable, str(script), str(home), database, str(port)]
    log = (home / "server.log").open("wb")
    process = subprocess.Popen(
        command,
        cwd=ROOT,
        env={"PYTHONPATH": str(ROOT), "PATH": "/usr/bin"},
        stdout=log,
        stderr=subprocess.STDOUT,
    )
    server = Server(process, port)
    try:
        await_answer(server)
        yield server
    finally:
        process.terminate()
        process.wait(30)
        log.close()


def await_answer(server: Server) -> None:
    """Return once the server answers; fail if it ends before that."""
    while True:
        try:
            assert server.ask("GET", "/session")[0] == 401
        except ConnectionError:
            with pytest.raises(subprocess.TimeoutExpired):
                server.process.wait(0.2)
        else:
            return


def found(server: Server, token: str) -> tuple[str, str]:
    """Set up a federation over HTTP; returns its id and a bearer token of the administrator."""
    body = {
        "token": token,
        "federation": {"name": "某市总工会", "code": "1"},
        "username": "admin",
        "name": "管理员",
        "password": PASSWORD,
    }
    status, founded = server.ask("POST", "/setup", body)
    assert status == 201, founded
    connection = server.connect()
    sign_in = json.dumps({"username": "admin", "password": PASSWORD})
    connection.request("POST", f"{API}/session", sign_in, {"Content-Type": "application/json"})
    answer = connection.getresponse()
    session, cookie = json.loads(answer.read()), answer.headers["Set-Cookie"].split(";")[0]
    headers = {"Cookie": cookie, "X-CSRFToken": session["csrf_token"]}
    status, issued = server.ask("POST", "/tokens", {"name": "程序"}, **headers)
    assert status == 201, issued
    return founded["federation"], issued["secret"]


@pytest.fixture
def token(tmp_path: Path, database_url: str) -> str:
    house = build(Settings.at(tmp_path, database_url=database_url))
    made = ensure_setup_token(house)
    house.close()
    assert made is not None
    return made


def test_a_federation_begins_over_http_and_is_there_after_a_restart(
    tmp_path: Path, database_url: str, token: str
) -> None:
    with serving(tmp_path, database_url) as server:
        city, secret = found(server, token)
        who = {
            "Authorization": f"Bearer {secret}",
            "X-Mingpai-Role": f"administrator@{city}",
            "Idempotency-Key": "first-union",
        }
        union = {"name": "滨湖区总工会", "kind": "recommending_union", "parent": city}
        status, first = server.ask("POST", "/organisations", union, **who)
        assert status == 201
    with serving(tmp_path, database_url) as server:
        assert server.ask("POST", "/organisations", union, **who) == (201, first)
        status, page = server.ask("GET", "/organisations?sort=name", **who)
        assert [each["name"] for each in page["items"]] == ["某市总工会", "滨湖区总工会"]


def test_a_request_under_way_is_finished_when_the_server_is_told_to_stop(
    tmp_path: Path, sqlite_url: str
) -> None:
    house = build(Settings.at(tmp_path, database_url=sqlite_url))
    token = ensure_setup_token(house)
    house.close()
    with serving(tmp_path, sqlite_url) as server:
        city, secret = found(server, str(token))
        content = b"%PDF-1.7 " + b"x" * 200_000
        upload = server.connect()
        upload.putrequest("POST", f"{API}/evidence?name=proof.pdf")
        upload.putheader("Authorization", f"Bearer {secret}")
        upload.putheader("X-Mingpai-Role", f"administrator@{city}")
        upload.putheader("Content-Length", str(len(content)))
        upload.endheaders(content[:100_000])
        # Another request answered shows that the server has had time to take this one up.
        assert server.ask("GET", "/session")[0] == 401
        server.process.send_signal(signal.SIGTERM)
        upload.send(content[100_000:])
        answer = upload.getresponse()
        assert (answer.status, json.loads(answer.read())["size"]) == (201, len(content))
        assert server.process.wait(30) == 0
