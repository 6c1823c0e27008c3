"""Headers that tell browsers what our pages never do, and how much anyone may ask."""

from __future__ import annotations

from flask import Flask, Response, request
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address

CONTENT_POLICY = (
    "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; "
    "form-action 'self'; frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": CONTENT_POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}
YEAR = 365 * 24 * 3600

limiter = Limiter(
    get_remote_address, storage_uri="memory://", default_limits=[], headers_enabled=True
)
"""Counts in memory: one server process serves a federation."""

SIGN_IN_LIMIT = "10 per minute; 100 per hour"
OBJECTION_LIMIT = "5 per minute; 30 per hour"
FEED_LIMIT = "30 per minute; 600 per hour"
"""Of one address, behind which a whole office may sit."""


def install(app: Flask) -> None:
    """Put the headers on every response, and start counting."""
    app.config.setdefault("RATELIMIT_ENABLED", True)
    limiter.init_app(app)

    @app.after_request
    def _headers(response: Response) -> Response:
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        if request.is_secure:
            response.headers.setdefault("Strict-Transport-Security", f"max-age={YEAR}")
        if not request.path.startswith("/static/"):
            response.headers.setdefault("Cache-Control", "private, no-cache")
        return response
