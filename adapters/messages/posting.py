"""Posting to a web address: once, no redirect followed, nothing read but a short answer, and never for long.

Where a federation forbids addresses of private networks, the name is resolved here, every address that it has is
looked at, and the connection is made to one of those that were looked at, so that a name cannot change in between.
"""

from __future__ import annotations

import http.client
import ipaddress
import socket
import ssl
import threading
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

TIMEOUT: Final = 10.0
"""Seconds that connecting and each part of the answer may take; the whole takes at most three times that."""

LONGEST_ANSWER: Final = 4_096
_NAT64: Final = ipaddress.IPv6Network("64:ff9b::/96")
_Address = ipaddress.IPv4Address | ipaddress.IPv6Address


class PostFailed(Exception):
    """There was no answer; the message is Chinese. final: another try would not help."""

    def __init__(self, message: str, *, final: bool = False) -> None:
        super().__init__(message)
        self.final = final


@dataclass(frozen=True, slots=True)
class Answer:
    """What was answered: status, the header Retry-After, and the beginning of the body."""

    status: int
    retry_after: str | None
    body: bytes


def post(
    url: str,
    body: bytes,
    headers: Mapping[str, str],
    *,
    private: bool,
    timeout: float = TIMEOUT,
) -> Answer:
    """Post once; private: whether addresses of private networks may be connected to. Raises PostFailed."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    port = parts.port or (443 if parts.scheme == "https" else 80)
    addresses = resolve(host, port)
    if not private:
        require_public(host, addresses)
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    connection = _Pinned(host, port, addresses, parts.scheme == "https", timeout)
    guard = threading.Timer(3 * timeout, connection.cut)
    guard.daemon = True
    guard.start()
    try:
        connection.request("POST", path, body, dict(headers))
        answer = connection.getresponse()
        return Answer(answer.status, answer.headers["Retry-After"], answer.read(LONGEST_ANSWER))
    except (OSError, http.client.HTTPException, ValueError) as error:
        raise PostFailed(f"未能送达 {host}：{_words(error)}") from error
    finally:
        guard.cancel()
        connection.close()


def resolve(host: str, port: int) -> list[str]:
    """The addresses of a name. Raises PostFailed."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise PostFailed(f"无法解析主机名 {host}") from error
    return list(dict.fromkeys(str(address[0]) for *_, address in found))


def require_public(host: str, addresses: list[str]) -> None:
    """Refuse a name of which any address is not of the public net. Raises PostFailed."""
    for text in addresses:
        if not is_public(text):
            told = f"{host} 的地址 {text} 属于内部网络，本联合会的设置不允许"
            raise PostFailed(told, final=True)


def is_public(text: str) -> bool:
    """Whether an address is one of the public net, also where it wraps another."""
    address: _Address = ipaddress.ip_address(text.partition("%")[0])
    if isinstance(address, ipaddress.IPv6Address):
        inner = address.ipv4_mapped or address.sixtofour
        if inner is None and address in _NAT64:
            inner = ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
        if inner is not None:
            address = inner
        elif address.teredo is not None:
            return False
    return address.is_global and not address.is_multicast and not address.is_reserved


class _Pinned(http.client.HTTPConnection):
    """A connection to one of some addresses, which speaks to the host by its name."""

    def __init__(
        self, host: str, port: int, addresses: list[str], tls: bool, timeout: float
    ) -> None:
        super().__init__(host, port, timeout=timeout)
        self.default_port = 443 if tls else 80  # what the Host header leaves out
        self._addresses = addresses
        self._tls = ssl.create_default_context() if tls else None
        self._open: socket.socket | None = None

    def connect(self) -> None:
        """Connect to the first address that answers."""
        failure: OSError = OSError("no address")
        for address in self._addresses:
            try:
                found = socket.create_connection((address, self.port), self.timeout)
            except OSError as error:
                failure = error
                continue
            self.sock = self._open = found
            if self._tls is not None:
                wrapped = self._tls.wrap_socket(
                    found, server_hostname=self.host, do_handshake_on_connect=False
                )
                self.sock = self._open = wrapped
                wrapped.do_handshake()
            return
        raise failure

    def cut(self) -> None:
        """End it from another thread, however slowly the other side drips.

        The library forgets its socket once the answer has begun, so we remember it ourselves.
        """
        if (found := self._open) is not None:
            with suppress(OSError):
                socket.socket.shutdown(found, socket.SHUT_RDWR)


def _words(error: Exception) -> str:
    if isinstance(error, TimeoutError):
        return "等待答复超时"
    if isinstance(error, ssl.SSLCertVerificationError):
        return "对方的证书不可信"
    if isinstance(error, ConnectionRefusedError):
        return "连接被拒绝"
    if isinstance(error, http.client.HTTPException | ConnectionError):
        return "连接中断，或答复无法识别"
    return (error.strerror if isinstance(error, OSError) else None) or type(error).__name__
