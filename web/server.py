"""Serving: granian in front of the application, one worker process with threads, on the loopback by default.

The house is built in the worker, from settings that are handed over as they are. When told to stop (SIGTERM), the server
takes no new requests and finishes those under way.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from granian.constants import HTTPModes, Interfaces
from granian.http import HTTP1Settings
from granian.server import Server

from adapters.bootstrap import House, build
from adapters.garbage import settle
from adapters.settings import Settings
from web.app import create_app
from web.witness import WitnessSettings, create_witness

THREADS = 16
"""Requests worked on at once. SQLite has one writer at a time; readers do not wait for it."""

PATIENCE = 30
"""Seconds that requests under way have to finish, once the server was told to stop."""

Beside = Callable[[House], None]
"""What runs beside the web in the same process, such as the scheduler; it is started with the house."""


def serve(
    settings: Settings,
    *,
    host: str | None = None,
    port: int | None = None,
    beside: Beside | None = None,
    proxies: int = 0,
    log_access: bool = False,
) -> None:
    """Serve until told to stop. `beside` must be a function of a module: the worker imports it.

    `proxies` is how many of ours stand in front, whose word on the asker's address and on https is believed.
    """
    server = Server(
        "web.server",
        address=host or settings.host,
        port=settings.port if port is None else port,
        interface=Interfaces.WSGI,
        workers=1,
        blocking_threads=THREADS,
        http=HTTPModes.http1,
        http1_settings=HTTP1Settings(header_read_timeout=15_000),
        workers_kill_timeout=PATIENCE,
        log_access=log_access,
        respawn_failed_workers=True,
    )
    server.serve(target_loader=partial(_load, settings, beside, proxies), wrap_loader=False)


def _load(settings: Settings, beside: Beside | None, proxies: int) -> Any:
    """The application, built in the worker."""
    house = build(settings)
    app = create_app(house, TRUSTED_PROXIES=proxies)
    if beside is not None:
        beside(house)
    settle()
    return app


def serve_witness(settings: WitnessSettings, *, host: str, port: int) -> None:
    """Serve a witness until told to stop."""
    server = Server(
        "web.server",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=1,
        blocking_threads=2,
        workers_kill_timeout=PATIENCE,
        respawn_failed_workers=True,
    )
    server.serve(target_loader=partial(create_witness, settings), wrap_loader=False)
