"""The forms in which programs are told: a signed webhook, and what three makers' group robots take.

Webhooks follow the Standard Webhooks convention: headers webhook-id, webhook-timestamp and webhook-signature
(`v1,` and the base64 of HMAC-SHA256 over id.timestamp.body), secrets as `whsec_` and base64. Robots answer 200
whatever happened and say in the body whether it was taken: errcode 0 (WeCom, DingTalk), code 0 (Feishu).
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any, Final
from urllib.parse import urlencode, urlsplit

from adapters.messages.posting import Answer
from domain.errors import Invalid

FORMS: Final = {
    "webhook": "Webhook",
    "wecom": "企业微信群机器人",
    "dingtalk": "钉钉群机器人",
    "feishu": "飞书群机器人",
}
"""The forms and what they are called."""

_LONGEST: Final = {"wecom": 2_048, "dingtalk": 16_000, "feishu": 16_000}
"""Bytes of text that a robot takes."""

_BUSY: Final = {"wecom": {-1, 45009}, "dingtalk": {-1, 130101, 410100}, "feishu": {9499, 11232}}
"""Codes that mean: not now. Every other one means that the settings are wrong."""

_AGAIN: Final = {408, 425, 429}
"""Statuses of 400 to 499 after which another try makes sense."""


@dataclass(frozen=True, slots=True)
class Said:
    """What a program is told. kind: of message, or an event's topic; data: for programs; the rest is for people."""

    id: str
    kind: str
    at: str
    title: str
    text: str
    link: str
    data: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Request:
    """What is posted where."""

    url: str
    body: bytes
    headers: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one attempt. wait: seconds that the receiver asks for.

    state: sent, retry, dead, dropped, or later: it could not even be tried.
    """

    state: str
    answer: str | None = None
    error: str | None = None
    wait: float | None = None


def new_secret() -> str:
    """A secret for a webhook, as the convention writes it."""
    return f"whsec_{base64.b64encode(secrets.token_bytes(32)).decode()}"


def masked(form: str, url: str) -> str:
    """An address as it is shown: of a robot's, which lets anyone speak, only where it is and how it ends."""
    if form == "webhook":
        return url
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}/…{url[-4:]}"


def require_secret(form: str, secret: str) -> None:
    """Refuse what is no secret of a form. Raises Invalid."""
    if form == "wecom":
        raise Invalid("secret_not_used", "企业微信群机器人不需要密钥", field="secret")
    if form == "webhook":
        try:
            size = len(_key(secret))
        except ValueError:
            size = 0
        if not secret.startswith("whsec_") or not 24 <= size <= 64:
            told = "密钥应为 whsec_ 加 24 至 64 字节的 base64"
            raise Invalid("secret_malformed", told, field="secret")


def request(form: str, url: str, secret: str | None, said: Said, now: datetime) -> Request:
    """What is posted, signed as of `now`."""
    if form == "webhook":
        return _webhook(url, secret or "", said, now)
    text = _cut(f"{said.title}\n{said.text}\n{said.link}".strip(), _LONGEST[form])
    if form == "wecom":
        return _json(url, {"msgtype": "text", "text": {"content": text}})
    if form == "dingtalk":
        signed = _dingtalk(url, secret, now) if secret else url
        return _json(signed, {"msgtype": "text", "text": {"content": text}})
    return _json(url, _feishu(said, secret, now))


def outcome(form: str, answer: Answer, now: datetime) -> Outcome:
    """What an answer means."""
    status = answer.status
    if 200 <= status < 300:
        return _robot(form, answer) if form != "webhook" else Outcome("sent", str(status))
    wait = _wait(answer.retry_after, now)
    if 300 <= status < 500 and status not in _AGAIN:
        return Outcome("dead", str(status), f"对方答复 {status}，不再重试")
    return Outcome("retry", str(status), f"对方答复 {status}", wait)


def _webhook(url: str, secret: str, said: Said, now: datetime) -> Request:
    body = _dump({"type": said.kind, "timestamp": said.at, "data": said.data})
    stamp = str(int(now.timestamp()))
    signed = b".".join((said.id.encode(), stamp.encode(), body))
    mac = base64.b64encode(hmac.digest(_key(secret), signed, hashlib.sha256)).decode()
    signature = {
        "webhook-id": said.id,
        "webhook-timestamp": stamp,
        "webhook-signature": f"v1,{mac}",
    }
    return Request(url, body, {**_headers(), **signature})


def _dingtalk(url: str, secret: str, now: datetime) -> str:
    """Milliseconds, and an HMAC under the secret, in the query."""
    stamp = str(int(now.timestamp() * 1000))
    mac = hmac.digest(secret.encode(), f"{stamp}\n{secret}".encode(), hashlib.sha256)
    query = urlencode({"timestamp": stamp, "sign": base64.b64encode(mac).decode()})
    return f"{url}{'&' if '?' in url else '?'}{query}"


def _feishu(said: Said, secret: str | None, now: datetime) -> dict[str, Any]:
    """A post, in which no words of a name can call somebody; the HMAC is over nothing, under stamp and secret."""
    lines = [[{"tag": "text", "text": _cut(said.text, _LONGEST["feishu"])}]]
    if said.link:
        lines.append([{"tag": "a", "text": "办理", "href": said.link}])
    post = {"zh_cn": {"title": said.title, "content": lines}}
    body: dict[str, Any] = {"msg_type": "post", "content": {"post": post}}
    if secret:
        stamp = str(int(now.timestamp()))
        mac = hmac.digest(f"{stamp}\n{secret}".encode(), b"", hashlib.sha256)
        body = {"timestamp": stamp, "sign": base64.b64encode(mac).decode(), **body}
    return body


def _robot(form: str, answer: Answer) -> Outcome:
    try:
        told = json.loads(answer.body)
        code = told["code"] if form == "feishu" and "code" in told else None
        if code is None:
            code = told["StatusCode" if form == "feishu" else "errcode"]
    except (ValueError, TypeError, KeyError):
        return Outcome("retry", str(answer.status), "机器人的答复无法识别")
    if code == 0:
        return Outcome("sent", f"{answer.status} 0")
    words = str(told.get("errmsg") or told.get("msg") or "")[:200]
    state = "retry" if code in _BUSY[form] else "dead"
    return Outcome(state, f"{answer.status} {code}", f"机器人拒收：{code} {words}".strip())


def _wait(retry_after: str | None, now: datetime) -> float | None:
    """Seconds that Retry-After asks for, at most a day; none where it says nothing that we understand."""
    if retry_after is None:
        return None
    try:
        seconds = float(int(retry_after))
    except ValueError:
        try:
            seconds = (parsedate_to_datetime(retry_after) - now).total_seconds()
        except (ValueError, TypeError):
            return None
    return min(max(seconds, 0.0), timedelta(days=1).total_seconds())


def _key(secret: str) -> bytes:
    try:
        return base64.b64decode(secret.removeprefix("whsec_"), validate=True)
    except binascii.Error as error:
        raise ValueError("not base64") from error


def _json(url: str, body: Mapping[str, Any]) -> Request:
    return Request(url, _dump(body), _headers())


def _dump(body: Mapping[str, Any]) -> bytes:
    return json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()


def _headers() -> dict[str, str]:
    return {"Content-Type": "application/json; charset=utf-8", "User-Agent": "Mingpai"}


def _cut(text: str, most: int) -> str:
    """At most so many bytes, never half a character."""
    raw = text.encode()
    return text if len(raw) <= most else raw[: most - 3].decode(errors="ignore") + "…"
