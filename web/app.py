"""The application factory: everything that answers HTTP is put together here.

`web.api` holds the JSON API, one blueprint a desk. The pages come in through one hook: where the package `web.pages`
exists, its `register(app)` is called last; it may add blueprints, and set `services().error_page` to show errors to
people. Templates are in web/templates, static files in web/static.
"""

from __future__ import annotations

import os
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from secrets import token_bytes
from typing import Any

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from adapters.answers import Answers
from adapters.bootstrap import House
from adapters.commits import Commits
from adapters.credentials import Credentials
from adapters.evidence import EvidenceStore
from adapters.feeds.addresses import Addresses
from adapters.messages.texts import Texts
from web import api, auth, errors, security
from web.context import EXTENSION, Services

LARGEST_BODY = 4 * 1024 * 1024
"""Bytes of a request; uploads of evidence have a limit of their own."""


def create_app(
    house: House,
    *,
    credentials: Credentials | None = None,
    evidence: EvidenceStore | None = None,
    pages: bool = True,
    **config: Any,
) -> Flask:
    """The application on a house. `config` overrides Flask's settings, in capitals, as tests do.

    TRUSTED_PROXIES is how many proxies of ours stand in front: only then are their headers believed about who asks
    and whether it was over https.
    """
    app = Flask(__name__)
    app.config.update(
        SECRET_KEY=_secret(house.settings.secret_key_file),
        MAX_CONTENT_LENGTH=LARGEST_BODY,
        MAX_FORM_PARTS=200,
    )
    app.config.update(config)
    app.json.ensure_ascii = False  # type: ignore[attr-defined] # the default provider has it
    app.extensions[EXTENSION] = Services(
        house=house,
        credentials=credentials or Credentials(house.engine),
        evidence=evidence or EvidenceStore(house.engine, house.settings.evidence),
        answers=Answers(house.engine),
        commits=Commits(house.engine, house.register),
        texts=Texts(house.settings.home),
        feeds=Addresses(house.engine),
    )
    if proxies := app.config.get("TRUSTED_PROXIES", 0):
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=proxies, x_proto=proxies, x_host=proxies)  # type: ignore[method-assign] # as Flask's own guide does
    errors.install(app)
    auth.install(app)
    security.install(app)
    api.install(app)
    if pages and find_spec("web.pages") is not None:
        import_module("web.pages").register(app)
    return app


def _secret(path: Path) -> bytes:
    """The key that signs sessions, made on first use, for its owner's eyes only."""
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_bytes()
    with os.fdopen(handle, "wb") as file:
        file.write(token_bytes(32))
        file.flush()
        os.fsync(file.fileno())
    return path.read_bytes()
