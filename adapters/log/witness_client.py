"""The log's side of tlog-witness: submit a checkpoint, bring home a verified cosignature."""

from __future__ import annotations

import http.client
import urllib.request
from time import monotonic
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from adapters.log.checkpoints import Checkpoint, parse_decimal
from adapters.log.notes import InvalidNote, Note
from adapters.log.witness import SIZE_TYPE, Request

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from adapters.log.cosignatures import WitnessKey
    from adapters.log.notes import Signature

MAX_ANSWER_BYTES = 65_536
ATTEMPTS = 4


class WitnessFailure(Exception):
    """No cosignature was obtained. The message is Chinese."""


class WitnessUnreachable(WitnessFailure):
    """The witness did not answer, or not sensibly; try again later."""


class WitnessRefused(WitnessFailure):
    """The witness said no; status: its HTTP status."""

    def __init__(self, message: str, status: int) -> None:
        super().__init__(message)
        self.status = status


class WitnessConflict(WitnessRefused):
    """The witness has cosigned a history of this log that contradicts ours. Find out why.

    size: that of the checkpoint submitted; latest: that of the one cosigned. If it is larger, and the
    checkpoint was our newest, then our log was cut or put back.
    """

    def __init__(self, witness: str, size: int, latest: int) -> None:
        super().__init__(
            f"见证者 {witness} 已联署 {latest} 条的历史，与提交的 {size} 条的检查点不符",
            http.HTTPStatus.CONFLICT,
        )
        self.size = size
        self.latest = latest


class _AsAnswered(urllib.request.HTTPErrorProcessor):
    """Every status is an answer: nothing is raised, and no redirect sends a submission elsewhere."""

    def http_response(
        self, request: urllib.request.Request, response: http.client.HTTPResponse
    ) -> http.client.HTTPResponse:
        """The response as it came."""
        return response

    https_response = http_response


class WitnessClient:
    """Speaks with one witness whose key is known beforehand."""

    def __init__(self, prefix: str, key: WitnessKey, *, timeout: float = 10.0) -> None:
        """prefix: the submission prefix, http or https; timeout: seconds for each answer."""
        address = urlsplit(prefix)
        if address.scheme not in {"http", "https"} or not address.hostname:
            raise ValueError(f"a witness is reached by http or https, not {prefix!r}")
        self._url = prefix.rstrip("/") + "/add-checkpoint"
        self.key = key
        self._timeout = timeout
        self._opener = urllib.request.build_opener(_AsAnswered)

    def cosign(
        self, note: bytes, prove: Callable[[int, int], Sequence[bytes]], *, known: int = 0
    ) -> tuple[Signature, ...]:
        """The witness's verified cosignatures over the log's signed checkpoint.

        prove(old, new): the consistency proof between two sizes of our log; known: the size that the
        witness cosigned last, if remembered; otherwise it tells us. Raises WitnessFailure.
        """
        size = Checkpoint.parse(Note.parse(note).text).size
        old = min(known, size)
        for _ in range(ATTEMPTS):
            proof = tuple(prove(old, size)) if 0 < old < size else ()
            status, kind, body = self._post(Request(old, proof, note).encode())
            if status == http.HTTPStatus.OK:
                return self._verified(note, body)
            if status != http.HTTPStatus.CONFLICT:
                words = body.decode(errors="replace").strip()[:200]
                raise WitnessRefused(
                    f"见证者 {self.key.name} 拒绝联署（{status}）：{words}", status
                )
            latest = _size(kind, body)
            if latest is None:
                raise WitnessUnreachable(f"见证者 {self.key.name} 的答复不合规定")
            if latest == old or latest > size:
                raise WitnessConflict(self.key.name, size, latest)
            old = latest
        raise WitnessUnreachable(f"见证者 {self.key.name} 的记录一直在变，请稍后再试")

    def _verified(self, note: bytes, lines: bytes) -> tuple[Signature, ...]:
        """Only what is this witness's own and right is taken over; the rest of the answer is ignored."""
        try:
            text = Note.parse(note).text
            return Note.parse(f"{text}\n".encode() + lines).verify([self.key])
        except InvalidNote as error:
            raise WitnessUnreachable(f"见证者 {self.key.name} 的联署无效：{error}") from error

    def _post(self, body: bytes) -> tuple[int, str, bytes]:
        request = urllib.request.Request(  # noqa: S310 - the scheme was checked
            self._url, data=body, headers={"Content-Type": "text/plain"}, method="POST"
        )
        deadline = monotonic() + self._timeout
        try:
            with self._opener.open(request, timeout=self._timeout) as answer:
                return answer.status, answer.headers.get_content_type(), _read(answer, deadline)
        except (OSError, http.client.HTTPException) as error:
            raise WitnessUnreachable(f"无法连接见证者 {self.key.name}：{error}") from error


def _read(answer: http.client.HTTPResponse, deadline: float) -> bytes:
    """The body, piece by piece as it comes, so that a trickle does not hold us for ever."""
    body = b""
    while piece := answer.read1(MAX_ANSWER_BYTES):
        body += piece
        if len(body) > MAX_ANSWER_BYTES:
            raise WitnessUnreachable("见证者的答复过长")
        if monotonic() > deadline:
            raise WitnessUnreachable("见证者的答复过慢")
    return body


def _size(kind: str, body: bytes) -> int | None:
    """The size in a 409 answer: decimal and a newline, under its own content type."""
    text = body.decode("ascii", errors="replace")
    return parse_decimal(text[:-1]) if kind == SIZE_TYPE and text.endswith("\n") else None
